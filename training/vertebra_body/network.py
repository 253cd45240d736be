"""A three-level U-Net (Cicek et al., MICCAI 2016) whose finest level only sharpens: most work is done at half resolution."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BLOCK_SHAPE = (40, 40, 48)
"""Voxels along z (superior), y (posterior), x (left); the middle voxel is where the user clicked."""
SPACING_MM = 1.4
WINDOW_HU = (-200.0, 900.0)
TISSUES = ("other", "disc", "canal", "posterior", "body")
CHANNELS = (12, 24, 40)
SHARP_CHANNELS = 8


def _convolve(channels_in: int, channels_out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(channels_in, channels_out, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm3d(channels_out),
        nn.ReLU(inplace=True),
    )


class BodyNet(nn.Module):
    """Outlines the body that holds the middle of a block.

    Input `block` [N, 2, 40, 40, 48]: attenuation scaled to -1..1 over WINDOW_HU, and 1 where the CT is known.
    Output `body` [N, 1, 40, 40, 48]: logit that a voxel belongs to the body at the middle, of none where no body is;
    `tissue` [N, 5, 20, 20, 24]: logits of TISSUES at half the resolution.
    """

    def __init__(self, channels: tuple[int, int, int] = CHANNELS) -> None:
        super().__init__()
        fine, middle, coarse = channels
        self.register_buffer("place", _places())
        self.stem = _convolve(5, fine, stride=2)
        self.fine_in = _convolve(fine, fine)
        self.down_middle = nn.Sequential(_convolve(fine, middle, stride=2), _convolve(middle, middle))
        self.down_coarse = nn.Sequential(
            _convolve(middle, coarse, stride=2), _convolve(coarse, coarse), _convolve(coarse, coarse)
        )
        self.up_middle = nn.Sequential(_convolve(coarse + middle, middle), _convolve(middle, middle))
        self.up_fine = nn.Sequential(_convolve(middle + fine, fine), _convolve(fine, fine))
        self.tissue = nn.Conv3d(fine, len(TISSUES), 1)
        self.to_sharp = nn.Conv3d(fine, SHARP_CHANNELS, 1)
        self.sharpen = _convolve(SHARP_CHANNELS + 2, SHARP_CHANNELS)
        self.body = nn.Conv3d(SHARP_CHANNELS, 1, 1)

    def forward(self, block: Tensor) -> tuple[Tensor, Tensor]:
        place = self.place.expand(block.shape[0], -1, -1, -1, -1)
        fine = self.fine_in(self.stem(torch.cat([block, place], dim=1)))
        middle = self.down_middle(fine)
        coarse = self.down_coarse(middle)
        middle = self.up_middle(torch.cat([_double(coarse), middle], dim=1))
        fine = self.up_fine(torch.cat([_double(middle), fine], dim=1))
        sharp = self.sharpen(torch.cat([_double(self.to_sharp(fine)), block], dim=1))
        return self.body(sharp), self.tissue(fine)


def _double(features: Tensor) -> Tensor:
    return F.interpolate(features, scale_factor=2, mode="trilinear", align_corners=False)


def _places() -> Tensor:
    """Distance from the middle along each axis, in units of 40 mm: [1, 3, z, y, x]."""
    axes = [(torch.arange(size) - (size - 1) / 2) * SPACING_MM / 40 for size in BLOCK_SHAPE]
    return torch.stack(torch.meshgrid(*axes, indexing="ij"))[None]


def scaled(hu: Tensor) -> Tensor:
    """Attenuation to -1..1 over WINDOW_HU."""
    low, high = WINDOW_HU
    return (hu.clamp(low, high) - low) * (2 / (high - low)) - 1
