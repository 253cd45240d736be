"""The diffusion autoencoder: semantic encoder, noise predictor, and both together.

`DiffusionAutoencoder.state_dict()` has exactly the keys of the published checkpoint without their `ema_model.` prefix.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from .architecture import GROUPS_KEY, ArchitectureConfig
from .blocks import AttentionBlock, ConditionedResBlock, ResBlock, group_norm, timestep_embedding, zero_init


class TimeEmbedding(nn.Module):
    """Two-layer perceptron on the sinusoidal embedding: [B, model_channels] -> [B, embed_channels]."""

    def __init__(self, model_channels: int, embed_channels: int) -> None:
        super().__init__()
        self.time_embed = nn.Sequential(
            nn.Linear(model_channels, embed_channels), nn.SiLU(), nn.Linear(embed_channels, embed_channels)
        )

    def forward(self, embedding: Tensor) -> Tensor:
        return self.time_embed(embedding)


class SemanticEncoder(nn.Module):
    """Patch [B, 1, 64, 64] -> semantic code z [B, style_channels]."""

    def __init__(self, config: ArchitectureConfig) -> None:
        super().__init__()
        channels, per_group = config.model_channels * config.enc_channel_mult[0], config.channels_per_group
        size = config.image_size
        self.input_blocks = nn.ModuleList([nn.Sequential(nn.Conv2d(config.in_channels, channels, 3, padding=1))])
        for level, multiplier in enumerate(config.enc_channel_mult):
            for _ in range(config.enc_num_res_blocks):
                block: list[nn.Module] = [ResBlock(channels, config.model_channels * multiplier, per_group=per_group)]
                channels = config.model_channels * multiplier
                if size in config.attention_resolutions:
                    block.append(AttentionBlock(channels, per_group))
                self.input_blocks.append(nn.Sequential(*block))
            if level < len(config.enc_channel_mult) - 1:
                self.input_blocks.append(nn.Sequential(ResBlock(channels, channels, "down", per_group)))
                size //= 2
        self.middle_block = nn.Sequential(
            ResBlock(channels, channels, per_group=per_group),
            AttentionBlock(channels, per_group),
            ResBlock(channels, channels, per_group=per_group),
        )
        self.out = nn.Sequential(
            group_norm(channels, per_group),
            nn.SiLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, config.style_channels, 1),
            nn.Flatten(),
        )

    def forward(self, patch: Tensor) -> Tensor:
        h = patch
        for block in self.input_blocks:
            h = block(h)
        return self.out(self.middle_block(h))


class ConditionedSequential(nn.Sequential):
    """A sequence whose conditioned residual blocks receive the timestep's and the code's embedding."""

    def forward(self, x: Tensor, time: Tensor, code: Tensor) -> Tensor:
        for layer in self:
            x = layer(x, time, code) if isinstance(layer, ConditionedResBlock) else layer(x)
        return x


class NoisePredictor(nn.Module):
    """UNet U(x_t, t, z) -> predicted noise, all images [B, 1, 64, 64]."""

    def __init__(self, config: ArchitectureConfig) -> None:
        super().__init__()
        self.config = config
        self.time_embed = TimeEmbedding(config.model_channels, config.embed_channels)

        def res_block(channels_in: int, channels_out: int, direction: str | None = None) -> ConditionedResBlock:
            return ConditionedResBlock(
                channels_in, channels_out, config.embed_channels, config.style_channels, config.dropout, direction, per_group
            )

        channels, per_group = config.model_channels * config.channel_mult[0], config.channels_per_group
        size = config.image_size
        skips = [channels]
        self.input_blocks = nn.ModuleList(
            [ConditionedSequential(nn.Conv2d(config.in_channels, channels, 3, padding=1))]
        )
        for level, multiplier in enumerate(config.channel_mult):
            for _ in range(config.num_res_blocks):
                block: list[nn.Module] = [res_block(channels, config.model_channels * multiplier)]
                channels = config.model_channels * multiplier
                if size in config.attention_resolutions:
                    block.append(AttentionBlock(channels, per_group))
                self.input_blocks.append(ConditionedSequential(*block))
                skips.append(channels)
            if level < len(config.channel_mult) - 1:
                self.input_blocks.append(ConditionedSequential(res_block(channels, channels, "down")))
                skips.append(channels)
                size //= 2

        self.middle_block = ConditionedSequential(
            res_block(channels, channels), AttentionBlock(channels, per_group), res_block(channels, channels)
        )

        self.output_blocks = nn.ModuleList()
        for level in reversed(range(len(config.channel_mult))):
            for index in range(config.num_res_blocks + 1):
                block = [res_block(channels + skips.pop(), config.model_channels * config.channel_mult[level])]
                channels = config.model_channels * config.channel_mult[level]
                if size in config.attention_resolutions:
                    block.append(AttentionBlock(channels, per_group))
                if level > 0 and index == config.num_res_blocks:
                    block.append(res_block(channels, channels, "up"))
                    size *= 2
                self.output_blocks.append(ConditionedSequential(*block))

        self.out = nn.Sequential(
            group_norm(channels, per_group), nn.SiLU(), zero_init(nn.Conv2d(channels, config.out_channels, 3, padding=1))
        )

    def conditioned_blocks(self) -> Iterator[ConditionedResBlock]:
        """The conditioned residual blocks in the order in which the forward pass meets them."""
        for blocks in (self.input_blocks, [self.middle_block], self.output_blocks):
            for block in blocks:
                yield from (layer for layer in block if isinstance(layer, ConditionedResBlock))

    def embed_time(self, timesteps: Tensor) -> Tensor:
        """Original timesteps 0..999 [B], integers or floats -> [B, embed_channels]."""
        return self.time_embed(timestep_embedding(timesteps, self.config.model_channels))

    def forward(self, noisy: Tensor, timesteps: Tensor, code: Tensor) -> Tensor:
        """Predicts the noise.

        Args:
            noisy: x_t [B, 1, 64, 64].
            timesteps: original t in 0..999 [B].
            code: semantic codes z [B, style_channels].
        """
        time = self.embed_time(timesteps)
        h = noisy
        skips = []
        for block in self.input_blocks:
            h = block(h, time, code)
            skips.append(h)
        h = self.middle_block(h, time, code)
        for block in self.output_blocks:
            h = block(torch.cat([h, skips.pop()], dim=1), time, code)
        return self.out(h)


class DiffusionAutoencoder(NoisePredictor):
    """Noise predictor with its semantic encoder.

    It is a noise predictor that owns an encoder, rather than an owner of both, because the published checkpoint's keys
    are nested that way.
    """

    def __init__(self, config: ArchitectureConfig) -> None:
        super().__init__(config)
        self.encoder = SemanticEncoder(config)
        if config.channels_per_group:
            # Not a weight: its length tells whoever reads the checkpoint what no other shape does.
            self.register_buffer(GROUPS_KEY, torch.zeros(config.channels_per_group))

    def encode(self, patch: Tensor) -> Tensor:
        """Normalised patches [B, 1, 64, 64] -> semantic codes [B, style_channels]."""
        return self.encoder(patch)
