"""The second stage of a training: the decoder learns to edit, from vertebra-level labels alone.

A diffusion autoencoder is trained on pairs of a noised patch and that patch's own code. The healthy edit renders a pair
that never occurs: the noise of a malignant vertebra with a code far on the healthy side. A decoder that has seen little
answers with another vertebra, or leaves the lesion in. This stage, which is ours and not the paper's, trains on just
these pairs, with the encoder and its fitted classifier frozen:

- A healthy patch is denoised with its own code moved to a random healthy logit: it stays what it is.
- A malignant patch is denoised with its healthy code. What comes out must look healthy to encoder and classifier
  (`evidence`), and must differ little from what its own code gives (`change`), so that the edit takes out what makes the
  vertebra malignant and nothing else. Of phantoms that exist without their lesions too, it must be just that twin (`twin`)
  instead: that is knowledge of a generator, which no table of patients has.

No mask is read: where the lesion is follows from the classifier, or from the twin.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .architecture import IMAGE_SIZE
from .augment import blur, gaussian, normalise, resample
from .classifier import LatentClassifier
from .dataset import SliceSet
from .diffusion import add_noise
from .errors import InputError
from .network import DiffusionAutoencoder, SemanticEncoder

MOVED_SHARE = 0.7
"""Share of the healthy patches whose code is moved; the others keep theirs, as in the first stage."""
EVIDENCE_MARGIN = 0.5
"""Below the median of healthy vertebrae by this much, the logit of an edit costs nothing any more."""
EVIDENCE_TIMESTEPS = (30, 550)
"""Before, the patch is nearly clean and nothing is left to decide; after, one step's estimate is too blurred to judge."""
JUDGED_ROTATION, JUDGED_ZOOM, JUDGED_SHIFT, JUDGED_BLUR, JUDGED_NOISE = 0.4, (0.9, 1.1), 3.0, (0.5, 1.2), 0.04
"""Radians, factor, pixels, pixels, normalised intensity: how an edit is disturbed before the encoder judges it. Without
that the decoder learns faint patterns which convince this one encoder instead of taking lesions out (expectation over
transformations; Athalye et al. 2018)."""
MEDIAN_BATCH = 64
FINISHED_SHARE = 0.3
"""Share of the malignant patches that are noised from their twin alone; of the others a random part of the lesion is left in. On
the way from noise to edit the sampler passes through such images, the lesion fading."""
TWIN_STRESS, TWIN_STEP = 9.0, 0.15
"""Pixels in which twins differ by so much or more (normalised intensity) count 1 + this times: they are few."""


@dataclass(frozen=True)
class EditLosses:
    """Weighted squared error of the noise, logit above what is healthy, size of the edit in normalised intensity, and weighted
    squared error of the noise that leads to the twin; of the last two the one that is not learnt from is NaN."""

    noise_error: Tensor
    evidence: Tensor
    change: Tensor
    twin: Tensor


class Judgement:
    """A latent classifier's view of images: how far their logit lies above what is healthy.

    Attributes:
        classifier: of an encoder's codes.
        healthy_logit: the median over the training set's healthy vertebrae; None until `prepare`.
    """

    def __init__(self, classifier: LatentClassifier, device: torch.device, healthy_logit: float | None = None) -> None:
        self.classifier = classifier
        self.healthy_logit = healthy_logit

        def tensor(values: object) -> Tensor:
            return torch.as_tensor(values, dtype=torch.float32, device=device)

        self._mean, self._scale, self._coef = (tensor(v) for v in (classifier.mean, classifier.scale, classifier.coef))

    def prepare(self, encoder: nn.Module, data: SliceSet, device: torch.device) -> None:
        """Takes the median logit of the healthy vertebrae's middle slices."""
        patches = normalise(data.central()[data.labels < 0.5]).to(device)
        with torch.no_grad():
            logits = torch.cat([self.logit(encoder(batch)) for batch in patches.split(MEDIAN_BATCH)])
        self.healthy_logit = float(logits.median())

    def logit(self, codes: Tensor) -> Tensor:
        """Logits of P(malignant) [B] of codes [B, Z]."""
        return ((codes - self._mean) / self._scale) @ self._coef + self.classifier.intercept

    def excess(self, codes: Tensor) -> Tensor:
        """Logits above the healthy median less its margin, 0 below; [B]."""
        return F.relu(self.logit(codes.float()) - (self.healthy_logit - EVIDENCE_MARGIN))  # type: ignore[operator]


class EditObjective(Judgement):
    """Losses of the second stage.

    Args:
        second: another frozen encoder with the classifier of its codes, trained from another seed, that judges the edits
            too: an edit that must convince both can less easily do so by a pattern that only one of them sees.
    """

    def __init__(
        self,
        classifier: LatentClassifier,
        device: torch.device,
        healthy_logit: float | None = None,
        second: tuple[SemanticEncoder, Judgement] | None = None,
    ) -> None:
        super().__init__(classifier, device, healthy_logit)
        self.second = second

    def prepare_all(self, model: DiffusionAutoencoder, data: SliceSet, device: torch.device) -> None:
        """What is healthy, for every judge that does not know it yet."""
        judges = [(model.encoder, self), *([self.second] if self.second else [])]
        for encoder, judge in judges:
            if judge.healthy_logit is None:
                judge.prepare(encoder, data, device)

    def moved(self, codes: Tensor, logits: Tensor) -> Tensor:
        """Codes [B, Z] moved along the classifier's normal to these logits [B], as the method edits them."""
        step = (logits - self.logit(codes))[:, None] * (self._coef / (self._coef @ self._coef))
        return codes + step * self._scale

    def losses(
        self,
        model: DiffusionAutoencoder,
        patch: Tensor,
        ill: Tensor,
        timesteps: Tensor,
        noise: Tensor,
        alphas: Tensor,
        weights: Tensor,
        draw: EditDraw,
        twin: Tensor | None = None,
    ) -> EditLosses:
        """One batch. Nothing here waits for the device, and shapes follow from B and M alone (`captured`).

        Args:
            patch: normalised and augmented [B, 1, 64, 64]; timesteps [B].
            ill: which of them are of malignant vertebrae, [M].
            noise: like patch; alphas: alphaBar of every timestep; weights: of the noise error, [B].
            draw: what is random besides.
            twin: the malignant patches without their lesions, [M, 1, 64, 64]; with `draw.mixture`.
        """
        if self.healthy_logit is None:
            raise InputError("healthy_logit is unknown; prepare_all() comes first")
        batch = len(patch)
        with torch.no_grad():
            code = model.encode(patch).float()
            healthy = self.moved(code, draw.targets)
        moved = draw.moved.index_fill(0, ill, 0) > 0
        own = torch.where(moved[:, None], healthy, code)
        noisy = add_noise(patch, noise, timesteps, alphas)
        edited = noisy[ill] if twin is None else _noisy_edit(patch[ill], twin, noise[ill], timesteps[ill], alphas, draw)
        predicted = model(
            torch.cat([noisy, edited]), torch.cat([timesteps, timesteps[ill]]), torch.cat([own, healthy[ill]])
        ).float()
        errors = (predicted[:batch] - noise).square().flatten(1).mean(dim=1)
        evidence, change = self._edit(
            model, patch[ill], edited, timesteps[ill], predicted[batch:], predicted[:batch][ill].detach(), alphas, draw
        )
        off = torch.full_like(change, math.nan)
        if twin is not None:
            change, off = off, twin_error(predicted[batch:], edited, patch[ill], twin, timesteps[ill], alphas)
        return EditLosses((weights * errors).mean(), evidence, change, off)

    def _edit(
        self,
        model: DiffusionAutoencoder,
        patch: Tensor,
        noisy: Tensor,
        timesteps: Tensor,
        edited: Tensor,
        own: Tensor,
        alphas: Tensor,
        draw: EditDraw,
    ) -> tuple[Tensor, Tensor]:
        """Evidence and change of malignant patches: noise predicted with the healthy code and with their own."""
        if not len(noisy):
            nothing = torch.zeros((), device=noisy.device)
            return nothing, nothing
        alpha = alphas[timesteps].float()[:, None, None, None]
        # x0 = (x - sqrt(1 - a) eps) / sqrt(a) (Ho et al. 2020, eq. 15); two of them differ by sigma times the noises' difference.
        sigma = ((1 - alpha) / alpha).sqrt()
        change = ((1 / sigma).clamp(max=1) * (sigma * (edited - own)).abs()).mean()
        first, last = EVIDENCE_TIMESTEPS
        judged = (timesteps >= first) & (timesteps <= last)
        estimate = (noisy - (1 - alpha).sqrt() * edited) / alpha.sqrt()
        # What is not judged is replaced, so that no huge number meets the zero that it is multiplied with.
        shown = disturbed(torch.where(judged[:, None, None, None], estimate, patch), draw)
        excess = self.excess(model.encode(shown))
        if self.second:
            encoder, judge = self.second
            excess = (excess + judge.excess(encoder(shown))) / 2
        return (excess * judged).sum() / len(noisy), change


@dataclass(frozen=True)
class EditDraw:
    """The random part of one batch, on the device.

    Attributes:
        mixture: how much of the way from patch to twin each of M patches has gone; only with twins.
        targets: healthy logits [B]; moved: above 0 where a healthy patch's code is moved to it, [B].
        angle, zoom, flip, shift, sigma, noise: how each of M edits is disturbed, as `resample` and `blur` take them;
            noise [M, 1, 64, 64].
    """

    targets: Tensor
    moved: Tensor
    angle: Tensor
    zoom: Tensor
    flip: Tensor
    shift: Tensor
    sigma: Tensor
    noise: Tensor
    mixture: Tensor | None = None


def _noisy_edit(patch: Tensor, twin: Tensor, noise: Tensor, timesteps: Tensor, alphas: Tensor, draw: EditDraw) -> Tensor:
    """Images on their way from patch to twin, noised; all [M, 1, 64, 64]."""
    assert draw.mixture is not None
    return add_noise(patch + draw.mixture[:, None, None, None] * (twin - patch), noise, timesteps, alphas)


def twin_error(
    predicted: Tensor, noisy: Tensor, patch: Tensor, twin: Tensor, timesteps: Tensor, alphas: Tensor
) -> Tensor:
    """Mean squared error of the noise [M, 1, 64, 64] whose removal from `noisy` leaves the twin, as an error of the image where
    that is the smaller (early timesteps) and up to ten times where the image is all noise (as `late_weight`)."""
    alpha = alphas[timesteps].float()[:, None, None, None]
    wanted = (noisy - alpha.sqrt() * twin) / (1 - alpha).sqrt()
    inverse_snr = (1 - alpha) / alpha
    weights = inverse_snr.clamp(max=1) * (1 + inverse_snr.clamp(max=9))
    stress = 1 + TWIN_STRESS * ((patch - twin).abs() / TWIN_STEP).clamp(max=1)
    return (weights * stress * (predicted - wanted).square()).mean()


def draw_edit(
    batch: int,
    ill: int,
    generator: torch.Generator,
    noise_generator: torch.Generator,
    device: torch.device,
    logits: tuple[float, float] = (-7.0, -3.5),
    twins: bool = False,
) -> EditDraw:
    """Draws for B patches, M of them malignant, with healthy logits from a range; `generator` is on the CPU, `noise_generator` anywhere."""

    def uniform(count: int, low: float, high: float) -> Tensor:
        return (low + (high - low) * torch.rand(count, generator=generator)).to(device)

    def pair(low: float, high: float) -> Tensor:
        return torch.stack([uniform(ill, low, high), uniform(ill, low, high)], dim=1)

    return EditDraw(
        targets=uniform(batch, *logits),
        moved=(uniform(batch, 0, 1) < MOVED_SHARE).float(),
        angle=uniform(ill, -JUDGED_ROTATION, JUDGED_ROTATION),
        zoom=pair(*JUDGED_ZOOM),
        flip=uniform(ill, -1, 1).sign(),
        shift=pair(-JUDGED_SHIFT, JUDGED_SHIFT),
        sigma=uniform(ill, *JUDGED_BLUR),
        noise=gaussian(torch.Size((ill, 1, IMAGE_SIZE, IMAGE_SIZE)), noise_generator).to(device),
        mixture=torch.where(uniform(ill, 0, 1) < FINISHED_SHARE, 1.0, uniform(ill, 0, 1)) if twins else None,
    )


def disturbed(images: Tensor, draw: EditDraw) -> Tensor:
    """Images [M, 1, 64, 64] turned, zoomed, shifted, flipped, blurred and made noisy; gradients pass through."""
    turned = resample(images, draw.angle, draw.zoom, draw.flip, draw.shift)
    return blur(turned, draw.sigma) + JUDGED_NOISE * draw.noise
