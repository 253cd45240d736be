"""Intensity normalisation and the augmentations of Atad et al. (arXiv 2512.06849), batched in torch.

Each is applied with probability one half: rotation up to 33 degrees, superior-inferior flip, zoom by 0.85-1.15 along
anterior-posterior, Gaussian noise of 0.015 (in normalised units).

The extended set is ours, for cohorts of few patients and scanners: besides, shifts, zoom along superior-inferior, blur
and a change of contrast.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

PROBABILITY = 0.5
MAX_ROTATION = math.radians(33.0)
ZOOM_RANGE = (0.85, 1.15)
NOISE_SIGMA = 0.015
HIGH_QUANTILE = 0.995
MAX_SHIFT = 4.0
"""Pixels (extended)."""
GAMMA_RANGE = (0.75, 1.3)
"""Exponent applied to the normalised intensities (extended)."""
BLUR_RANGE = (0.3, 1.0)
"""Standard deviation in pixels (extended)."""
BLUR_REACH = 3
"""Pixels on each side of the blur's kernel."""


def normalise(raw: Tensor) -> Tensor:
    """(v - min) / (p99.5 - min) per patch, not clipped; raw [B, 1, 64, 64] in HU or any linear scale of it.

    A constant patch, which has no scale, becomes zero.
    """
    return _scaled(raw, *_scale(raw))


def _scale(raw: Tensor) -> tuple[Tensor, Tensor]:
    """Lowest value and span of each patch, [B, 1, 1, 1]."""
    flat = raw.flatten(1)
    low = flat.amin(dim=1)
    high = torch.quantile(flat, HIGH_QUANTILE, dim=1)
    span = torch.where(high > low, high - low, torch.ones_like(low))
    return low[:, None, None, None], span[:, None, None, None]


def _scaled(raw: Tensor, low: Tensor, span: Tensor) -> Tensor:
    return (raw - low) / span


def augment(
    raw: Tensor,
    generator: torch.Generator,
    *,
    extended: bool = False,
    noise_generator: torch.Generator | None = None,
) -> Tensor:
    """Randomly transformed and normalised copies of raw patches.

    Args:
        raw: [B, 1, 64, 64], rows anterior -> posterior, columns superior -> inferior.
        generator: decides the transformations; on the CPU.
        extended: our additions besides the authors' set.
        noise_generator: of the noise, on any device; `generator` where it is left out.
    """
    return augment_alike([raw], generator, extended=extended, noise_generator=noise_generator)[0]


def augment_alike(
    images: list[Tensor],
    generator: torch.Generator,
    *,
    extended: bool = False,
    noise_generator: torch.Generator | None = None,
) -> list[Tensor]:
    """`augment` of several images [B, 1, 64, 64] of the same patches by the same numbers; normalised by the first one's scale."""
    raw = images[0]
    batch = len(raw)

    def sometimes(low: float, high: float, otherwise: float) -> Tensor:
        """A number per patch, uniform in [low, high] with probability one half."""
        value = low + (high - low) * torch.rand(batch, generator=generator)
        chosen = torch.where(torch.rand(batch, generator=generator) < PROBABILITY, value, torch.full((batch,), otherwise))
        return chosen.to(raw.device)

    angle = sometimes(-MAX_ROTATION, MAX_ROTATION, 0.0)
    zoom = torch.stack([sometimes(*ZOOM_RANGE, 1.0), torch.ones(batch, device=raw.device)], dim=1)
    flip = sometimes(-1.0, -1.0, 1.0)
    shift = torch.zeros(batch, 2, device=raw.device)
    if extended:
        zoom[:, 1] = sometimes(*ZOOM_RANGE, 1.0)
        shift = torch.stack([sometimes(-MAX_SHIFT, MAX_SHIFT, 0.0) for _ in range(2)], dim=1)
    moved = [resample(image, angle, zoom, flip, shift) for image in images]
    if extended:
        sigma = sometimes(*BLUR_RANGE, 0.0)
        moved = [blur(image, sigma) for image in moved]
    scale = _scale(moved[0])
    patches = [_scaled(image, *scale) for image in moved]
    if extended:
        exponent = sometimes(*GAMMA_RANGE, 1.0)[:, None, None, None]
        # Only what is darker than all of the first image lies below 0.
        patches = [patch.clamp(min=0) ** exponent for patch in patches]
    noise = gaussian(raw.shape, noise_generator or generator).to(raw.device) * NOISE_SIGMA
    noise = noise * sometimes(1.0, 1.0, 0.0)[:, None, None, None]
    return [patch + noise for patch in patches]


def gaussian(shape: torch.Size, generator: torch.Generator) -> Tensor:
    """Normal numbers, drawn where the generator lives: millions a step, which a CPU would be long about."""
    return torch.randn(shape, generator=generator, device=generator.device)


def resample(raw: Tensor, angle: Tensor, zoom: Tensor, flip: Tensor, shift: Tensor) -> Tensor:
    """One bilinear resampling of [B, 1, 64, 64] for rotation, zoom, S-I flip and shift; beyond the border its last pixel is repeated.

    zoom and shift are [B, 2], A-P and S-I. grid_sample's x runs along columns (S-I) and y along rows (A-P), in halves
    of the image.
    """
    cos, sin = angle.cos(), angle.sin()
    offset = shift / (raw.shape[-1] / 2)
    columns = torch.stack([flip * cos / zoom[:, 1], -flip * sin / zoom[:, 1], offset[:, 1]], dim=1)
    rows = torch.stack([sin / zoom[:, 0], cos / zoom[:, 0], offset[:, 0]], dim=1)
    grid = F.affine_grid(torch.stack([columns, rows], dim=1), list(raw.shape), align_corners=False)
    return F.grid_sample(raw, grid, mode="bilinear", padding_mode="border", align_corners=False)


def blur(images: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur with its own sigma [B] per image (0: none); images [B, 1, 64, 64]."""
    distance = torch.arange(-BLUR_REACH, BLUR_REACH + 1, dtype=images.dtype, device=images.device)
    kernel = torch.exp(-(distance**2) / (2 * sigma.clamp(min=1e-3)[:, None] ** 2))
    kernel = kernel / kernel.sum(dim=1, keepdim=True)
    batch = len(images)
    padded = F.pad(images, [BLUR_REACH] * 4, mode="replicate").transpose(0, 1)
    along_rows = F.conv2d(padded, kernel[:, None, :, None], groups=batch)
    return F.conv2d(along_rows, kernel[:, None, None, :], groups=batch).transpose(0, 1)
