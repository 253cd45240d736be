"""Intensity normalisation and the augmentations of Atad et al. (arXiv 2512.06849), batched in torch.

Each is applied with probability one half: rotation up to 33 degrees, superior-inferior flip, zoom by 0.85-1.15 along
anterior-posterior, Gaussian noise of 0.015 (in normalised units).
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


def normalise(raw: Tensor) -> Tensor:
    """(v - min) / (p99.5 - min) per patch, not clipped; raw [B, 1, 64, 64] in HU or any linear scale of it.

    A constant patch, which has no scale, becomes zero.
    """
    flat = raw.flatten(1)
    low = flat.amin(dim=1)
    high = torch.quantile(flat, HIGH_QUANTILE, dim=1)
    span = torch.where(high > low, high - low, torch.ones_like(low))
    return (raw - low[:, None, None, None]) / span[:, None, None, None]


def augment(raw: Tensor, generator: torch.Generator) -> Tensor:
    """Randomly transformed and normalised copies of raw patches.

    Args:
        raw: [B, 1, 64, 64], rows anterior -> posterior, columns superior -> inferior.
        generator: the only source of randomness, on the CPU.
    """
    batch = len(raw)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(batch, generator=generator)

    def chosen() -> Tensor:
        return torch.rand(batch, generator=generator) < PROBABILITY

    angle = torch.where(chosen(), uniform(-MAX_ROTATION, MAX_ROTATION), torch.zeros(batch))
    zoom = torch.where(chosen(), uniform(*ZOOM_RANGE), torch.ones(batch))
    flip = torch.where(chosen(), -torch.ones(batch), torch.ones(batch))
    patch = normalise(_resample(raw, angle, zoom, flip))
    noise = torch.randn(raw.shape, generator=generator) * NOISE_SIGMA
    return patch + torch.where(chosen()[:, None, None, None], noise, torch.zeros_like(noise))


def _resample(raw: Tensor, angle: Tensor, zoom: Tensor, flip: Tensor) -> Tensor:
    """One bilinear resampling for rotation, A-P zoom and S-I flip; beyond the border its last pixel is repeated.

    grid_sample's x runs along columns (S-I) and y along rows (A-P).
    """
    cos, sin = angle.cos(), angle.sin()
    zero = torch.zeros_like(angle)
    theta = torch.stack(
        [torch.stack([flip * cos, -flip * sin, zero], dim=1), torch.stack([sin / zoom, cos / zoom, zero], dim=1)], dim=1
    )
    grid = F.affine_grid(theta, list(raw.shape), align_corners=False)
    return F.grid_sample(raw, grid, mode="bilinear", padding_mode="border", align_corners=False)
