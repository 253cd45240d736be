"""Building blocks of the diffusion autoencoder: conditioned residual block, self-attention, timestep embedding.

The attribute names (`in_layers`, `emb_layers`, ...) are those of the published checkpoint's keys
(Preechakul et al., CVPR 2022, after Dhariwal & Nichol 2021); they are a file format, so they stay.
All feature maps are [B, C, H, W].
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MAX_GROUPS = 32
"""Groups of every GroupNorm; narrower layers use the greatest common divisor with their channels."""

MAX_PERIOD = 10000.0
"""Longest period of the sinusoidal timestep embedding (Vaswani et al. 2017)."""


def group_norm(channels: int, per_group: int | None = None) -> nn.GroupNorm:
    """GroupNorm with 32 groups, or gcd(32, C) where 32 does not divide C; or with so many channels a group, or gcd(these, C)."""
    groups = channels // math.gcd(per_group, channels) if per_group else math.gcd(MAX_GROUPS, channels)
    return nn.GroupNorm(groups, channels, eps=1e-5)


def zero_init(module: nn.Module) -> nn.Module:
    """Zeroes the parameters, so that a residual branch starts as the identity."""
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    return module


def timestep_embedding(timesteps: Tensor, size: int) -> Tensor:
    """Sinusoids of the timestep: [B] -> [B, size], cosines first, always float32.

    float32 even under autocast: at t near 1000 half precision would lose the phase.
    """
    half = size // 2
    exponents = torch.arange(half, dtype=torch.float32, device=timesteps.device) / half
    frequencies = torch.exp(-math.log(MAX_PERIOD) * exponents)
    phases = timesteps.float()[:, None] * frequencies[None]
    return torch.cat([phases.cos(), phases.sin()], dim=1)


class Resample(nn.Module):
    """Doubling by nearest neighbour ("up"), halving by 2x2 mean ("down"), or nothing (None)."""

    def __init__(self, direction: str | None) -> None:
        super().__init__()
        self.direction = direction

    def forward(self, x: Tensor) -> Tensor:
        if self.direction == "up":
            return F.interpolate(x, scale_factor=2, mode="nearest")
        if self.direction == "down":
            return F.avg_pool2d(x, kernel_size=2)
        return x


class ResBlock(nn.Module):
    """Residual block of the encoder: norm, SiLU, optional resampling, 3x3 convolution, plus the input.

    Args:
        direction: "up", "down" or None; the resampling acts before the convolution and on the skip path.
        per_group: channels of a GroupNorm's groups (`group_norm`).
    """

    def __init__(
        self, channels_in: int, channels_out: int, direction: str | None = None, per_group: int | None = None
    ) -> None:
        super().__init__()
        self.channels_in = channels_in
        self.channels_out = channels_out
        self.in_layers = nn.Sequential(
            group_norm(channels_in, per_group), nn.SiLU(), nn.Conv2d(channels_in, channels_out, 3, padding=1)
        )
        self.resample = Resample(direction)
        self.skip_connection: nn.Module = (
            nn.Identity() if channels_in == channels_out else nn.Conv2d(channels_in, channels_out, 1)
        )

    def first_half(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Features after the first convolution, and the skip path, both at the new resolution."""
        h = self.in_layers[1](self.in_layers[0](x))
        return self.in_layers[2](self.resample(h)), self.skip_connection(self.resample(x))

    def forward(self, x: Tensor) -> Tensor:
        h, skip = self.first_half(x)
        return skip + h


class ConditionedResBlock(ResBlock):
    """Residual block of the noise predictor, modulated by the timestep and by the semantic code.

    h = norm(h) * (1 + scale_t) + shift_t, then h * (1 + scale_z), SiLU, dropout, second convolution
    (Preechakul et al. 2022, eq. 7, with the code's shift left out as in the published checkpoint).
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        embed_channels: int,
        code_size: int,
        dropout: float,
        direction: str | None = None,
        per_group: int | None = None,
    ) -> None:
        super().__init__(channels_in, channels_out, direction, per_group)
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embed_channels, 2 * channels_out))
        self.cond_emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(code_size, channels_out))
        self.out_layers = nn.Sequential(
            group_norm(channels_out, per_group),
            nn.SiLU(),
            nn.Dropout(dropout),
            zero_init(nn.Conv2d(channels_out, channels_out, 3, padding=1)),
        )

    def forward(self, x: Tensor, time: Tensor, code: Tensor) -> Tensor:
        """x [B, C, H, W], time [B, embed_channels], code [B, code_size]."""
        h, skip = self.first_half(x)
        time_scale, time_shift = self.emb_layers(time)[..., None, None].chunk(2, dim=1)
        code_scale = self.cond_emb_layers(code)[..., None, None]
        h = (self.out_layers[0](h) * (1 + time_scale) + time_shift) * (1 + code_scale)
        return skip + self.out_layers[1:](h)


class AttentionBlock(nn.Module):
    """Single-head self-attention over the pixels, added to its input."""

    def __init__(self, channels: int, per_group: int | None = None) -> None:
        super().__init__()
        self.channels = channels
        self.norm = group_norm(channels, per_group)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.proj_out = zero_init(nn.Conv1d(channels, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(self.norm(x).flatten(2)).transpose(1, 2).chunk(3, dim=2)
        h = F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None])[:, 0]
        return x + self.proj_out(h.transpose(1, 2)).reshape(x.shape)
