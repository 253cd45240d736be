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
from torch import Tensor

from .classifier import LatentClassifier
from .dataset import SliceSet
from .diffusion import add_noise
from .edit_draw import EditDraw, disturbed
from .errors import InputError
from .judgement import Judgement
from .network import DiffusionAutoencoder, SemanticEncoder

EVIDENCE_TIMESTEPS = (30, 550)
"""Before, the patch is nearly clean and nothing is left to decide; after, one step's estimate is too blurred to judge."""
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
