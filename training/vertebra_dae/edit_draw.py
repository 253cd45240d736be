"""Everything random in a step of the second stage of a training (`healthy_edit`)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .architecture import IMAGE_SIZE
from .augment import blur, gaussian, resample

MOVED_SHARE = 0.7
"""Share of the healthy patches whose code is moved; the others keep theirs, as in the first stage."""
JUDGED_ROTATION, JUDGED_ZOOM, JUDGED_SHIFT, JUDGED_BLUR, JUDGED_NOISE = 0.4, (0.9, 1.1), 3.0, (0.5, 1.2), 0.04
"""Radians, factor, pixels, pixels, normalised intensity: how an edit is disturbed before the encoder judges it. Without
that the decoder learns faint patterns which convince this one encoder instead of taking lesions out (expectation over
transformations; Athalye et al. 2018)."""
FINISHED_SHARE = 0.3
"""Share of the malignant patches that are noised from their twin alone; of the others a random part of the lesion is left in. On
the way from noise to edit the sampler passes through such images, the lesion fading."""


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
