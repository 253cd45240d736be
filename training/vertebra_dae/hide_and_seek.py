"""Hide-and-Seek Attribution of one slice in PyTorch, step by step as published (Atad et al., arXiv 2512.06849).

An independent second implementation: the viewer's is in TypeScript. This one checks it and is its peer in benchmarks;
it favours plainness over speed. Images are [B, 1, 64, 64], masks boolean [64, 64]. Constants are those of the authors'
code at commit 8b8c647.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from .classifier import LOGIT_LIMIT, LatentClassifier
from .diffusion import TRAIN_STEPS, alpha_bars
from .network import DiffusionAutoencoder

INVERSION_STEPS = 250
RENDER_STEPS = 100
TARGET_PROBABILITY = 1e-5
ATTRIBUTION_THRESHOLD = 0.5
MIN_PIXELS = 5
SCORE_EPSILON = 1e-8
"""Keeps the score finite where the edit changes nothing."""

Mask = NDArray[np.bool_]


class ReferenceSampler:
    """The deterministic DDIM of the authors' code (Song et al. 2021, eq. 12), with x0 clamped to [-1, 1].

    Attributes:
        evaluations: images that the noise predictor has seen.
    """

    def __init__(self, network: DiffusionAutoencoder) -> None:
        self.network = network
        self.alphas = alpha_bars().tolist()
        self.evaluations = 0

    def invert(self, patches: Tensor, codes: Tensor) -> Tensor:
        """Patches -> stochastic codes x_T."""
        timesteps = range(0, TRAIN_STEPS, TRAIN_STEPS // INVERSION_STEPS)
        # After the last step nothing of the image is left: alphaBar 0.
        following = [*(self.alphas[t] for t in timesteps[1:]), 0.0]
        x = patches
        for t, alpha in zip(timesteps, following, strict=True):
            x = self._step(x, t, codes, alpha)
        return x

    def render(self, stochastic_codes: Tensor, codes: Tensor) -> Tensor:
        """Stochastic codes x_T -> images."""
        timesteps = range(0, TRAIN_STEPS, TRAIN_STEPS // RENDER_STEPS)
        preceding = [1.0, *(self.alphas[t] for t in timesteps[:-1])]
        x = stochastic_codes
        for t, alpha in zip(reversed(timesteps), reversed(preceding), strict=True):
            x = self._step(x, t, codes, alpha)
        return x

    def _step(self, x: Tensor, t: int, codes: Tensor, next_alpha: float) -> Tensor:
        """One evaluation at timestep t, then the move to `next_alpha`."""
        alpha = self.alphas[t]
        noise = self.network(x, torch.full((len(x),), t), codes)
        self.evaluations += len(x)
        x0 = ((x - (1 - alpha) ** 0.5 * noise) / alpha**0.5).clamp(-1, 1)
        noise = (x / alpha**0.5 - x0) / (1 / alpha - 1) ** 0.5
        return next_alpha**0.5 * x0 + (1 - next_alpha) ** 0.5 * noise


def probability(classifier: LatentClassifier, codes: Tensor) -> NDArray[np.float64]:
    """P(malignant) of semantic codes [B, Z] -> [B]."""
    standardised = (codes.double().numpy() - classifier.mean) / classifier.scale
    logits = np.clip(standardised @ classifier.coef + classifier.intercept, -LOGIT_LIMIT, LOGIT_LIMIT)
    return 1 / (1 + np.exp(-logits))


def healthy_code(
    classifier: LatentClassifier, code: Tensor, target_probability: float = TARGET_PROBABILITY
) -> Tensor:
    """The code [1, Z] moved along the classifier's normal until P(malignant) is the target probability."""
    standardised = (code.double().numpy() - classifier.mean) / classifier.scale
    logit = standardised @ classifier.coef + classifier.intercept
    target = np.log(target_probability / (1 - target_probability))
    direction = classifier.coef / (classifier.coef @ classifier.coef)
    moved = standardised + (target - logit)[:, None] * direction
    return torch.from_numpy((moved * classifier.scale + classifier.mean).astype(np.float32))


@dataclass
class Candidate:
    """A 4-connected region of the thresholded difference map."""

    kind: str
    mask: Mask
    probability: float = float("nan")
    score: float = float("nan")

    @property
    def pixels(self) -> int:
        return int(self.mask.sum())


@dataclass(frozen=True)
class Attribution:
    """Everything that one slice gives; `images` and `masks` by their golden file names."""

    images: dict[str, NDArray[np.float32]]
    masks: dict[str, Mask]
    malignancy_probability: float
    healthy_probability: float
    candidates: list[Candidate]
    """The scored ones, blastic first."""
    evaluations: int


@torch.no_grad()
def attribute_slice(
    network: DiffusionAutoencoder,
    classifier: LatentClassifier,
    patch: NDArray[np.float32],
    body: Mask,
    batch: int = 1,
    target_probability: float = TARGET_PROBABILITY,
) -> Attribution:
    """Runs the whole method on one slice.

    Args:
        patch: normalised [64, 64].
        body: the vertebral body.
        batch: candidates harmonised at a time; the authors' code takes one.
        target_probability: P(malignant) of the healthy edit; the authors' unless a model asks for another.
    """
    sampler = ReferenceSampler(network)
    image = torch.from_numpy(patch.astype(np.float32))[None, None]
    code = network.encode(image)
    healthy = healthy_code(classifier, code, target_probability)
    stochastic = sampler.invert(image, code)
    reconstruction = sampler.render(stochastic, code)
    edit = sampler.render(stochastic, healthy)
    p_malignant, p_healthy = (float(probability(classifier, c)[0]) for c in (code, healthy))

    difference = (edit - reconstruction)[0, 0].numpy()
    suspect = {"blastic": strong_pixels(-difference, body), "lytic": strong_pixels(difference, body)}
    regions = [Candidate(kind, mask) for kind, pixels in suspect.items() for mask in components(pixels)]
    scored = [region for region in regions if region.pixels >= MIN_PIXELS]
    everything = suspect["blastic"] | suspect["lytic"]
    composites = [
        torch.where(torch.from_numpy(everything & ~region.mask), edit, reconstruction) for region in scored
    ]
    harmonised: list[Tensor] = []
    for start in range(0, len(scored), batch):
        images = torch.cat(composites[start : start + batch])
        codes = network.encode(images)
        harmonised.extend(sampler.render(sampler.invert(images, codes), codes).split(1))
    for region, result in zip(scored, harmonised, strict=True):
        region.probability = float(probability(classifier, network.encode(result))[0])
        region.score = (region.probability - p_healthy) / (p_malignant - p_healthy + SCORE_EPSILON)

    first = {"first_composite": composites[0], "first_harmonised": harmonised[0]} if scored else {}
    tensors = {"stochastic_code": stochastic, "reconstruction": reconstruction, "healthy_edit": edit, **first}
    return Attribution(
        images={
            "semantic_code": code.numpy(),
            "healthy_code": healthy.numpy(),
            **{name: tensor[0, 0].numpy() for name, tensor in tensors.items()},
        },
        masks={
            **{f"{kind}_candidates": mask for kind, mask in suspect.items()},
            **{f"{kind}_mask": kept_pixels(scored, kind, body.shape) for kind in suspect},
        },
        malignancy_probability=p_malignant,
        healthy_probability=p_healthy,
        candidates=scored,
        evaluations=sampler.evaluations,
    )


def strong_pixels(signed: NDArray[np.float32], body: Mask) -> Mask:
    """Pixels of the body strictly above the median of the positive values there."""
    positive = signed[body & (signed > 0)]
    return body & (signed > np.quantile(positive, 0.5)) if positive.size else np.zeros_like(body)


def components(mask: Mask) -> Iterator[Mask]:
    """The 4-connected components, in the order of their first pixel."""
    labels, count = ndimage.label(mask)
    return (labels == label for label in range(1, count + 1))


def kept_pixels(candidates: list[Candidate], kind: str, shape: tuple[int, ...]) -> Mask:
    """Union of the candidates of one kind whose score passes the threshold."""
    kept = np.zeros(shape, dtype=bool)
    for candidate in candidates:
        if candidate.kind == kind and candidate.score > ATTRIBUTION_THRESHOLD:
            kept |= candidate.mask
    return kept
