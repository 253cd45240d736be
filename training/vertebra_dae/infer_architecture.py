"""Recovers the architecture from the weights' names and shapes, for checkpoints that come without a config.json."""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor

from .architecture import GROUPS_KEY, IMAGE_SIZE, ArchitectureConfig
from .errors import InputError

Weights = Mapping[str, Tensor]


def infer_architecture(state: Weights) -> ArchitectureConfig:
    """The architecture whose state dict has these keys and shapes.

    Dropout leaves no trace in the weights and does nothing at inference, so it takes its default. The encoder's levels
    are found by search, because its halving blocks look like any other; the noise predictor's are marked by the
    doubling blocks.

    Raises:
        InputError: when no architecture, or more than one, fits.
    """
    try:
        channels = _blocks(state, "input_blocks")
        decoder = _blocks(state, "output_blocks")
        encoder = _blocks(state, "encoder.input_blocks")
        model_channels = int(state["time_embed.time_embed.0.weight"].shape[1])
        embed_channels = int(state["time_embed.time_embed.2.weight"].shape[0])
        code_size = int(state["encoder.out.3.weight"].shape[0])
    except (KeyError, IndexError) as error:
        raise InputError(f"the weights are not those of a diffusion autoencoder: {error} is missing") from error

    per_level = _blocks_per_level(decoder)
    layouts = [fit for fit in _fits(channels, model_channels) if fit.res_blocks + 1 == per_level]
    attention = {size for fit in layouts for size in fit.attention_resolutions}
    encoder_layouts = [fit for fit in _fits(encoder, model_channels) if fit.attention_resolutions <= attention]
    if len(layouts) != 1 or len(encoder_layouts) != 1:
        raise InputError(
            f"the architecture cannot be inferred from the weights' shapes ({len(layouts)} noise predictors and "
            f"{len(encoder_layouts)} encoders fit): give it with --config config.json"
        )
    return ArchitectureConfig(
        model_channels=model_channels,
        channel_mult=layouts[0].multipliers,
        enc_channel_mult=encoder_layouts[0].multipliers,
        attention_resolutions=tuple(sorted(attention)) or (1,),
        embed_channels=embed_channels,
        style_channels=code_size,
        num_res_blocks=layouts[0].res_blocks,
        enc_num_res_blocks=encoder_layouts[0].res_blocks,
        channels_per_group=int(state[GROUPS_KEY].shape[0]) if GROUPS_KEY in state else None,
    )


class _Block:
    """What the keys say of one block: output channels, and the kinds of its layers."""

    def __init__(self, channels: int, res_blocks: int, attention: bool) -> None:
        self.channels = channels
        self.res_blocks = res_blocks
        self.attention = attention


class _Fit:
    """One reading of a block list as levels."""

    def __init__(self, multipliers: tuple[int, ...], res_blocks: int, attention_resolutions: frozenset[int]) -> None:
        self.multipliers = multipliers
        self.res_blocks = res_blocks
        self.attention_resolutions = attention_resolutions


def _blocks(state: Weights, prefix: str) -> list[_Block]:
    """The numbered blocks under `prefix`, in order."""
    pattern = re.compile(re.escape(prefix) + r"\.(\d+)\.(\d+)\.(in_layers\.2\.weight|qkv\.weight|weight)")
    found: dict[int, _Block] = {}
    for key, value in state.items():
        match = pattern.fullmatch(key)
        if not match:
            continue
        block = found.setdefault(int(match[1]), _Block(0, 0, False))
        if match[3] == "qkv.weight":
            block.attention = True
        else:
            block.channels = int(value.shape[0])
            block.res_blocks += match[3] != "weight"
    if sorted(found) != list(range(len(found))) or not found:
        raise KeyError(f"{prefix}.*")
    return [found[index] for index in range(len(found))]


def _blocks_per_level(decoder: list[_Block]) -> int:
    """Decoder blocks per level: all but the last level end with a doubling block, a second ResBlock."""
    for index, block in enumerate(decoder):
        if block.res_blocks == 2:
            return index + 1
    return len(decoder)


def _fits(blocks: list[_Block], model_channels: int) -> list[_Fit]:
    """Every way to read `blocks` as a convolution and then levels of ResBlocks with halving blocks between them."""
    fits = []
    for per_level in range(2, len(blocks) + 1):
        if len(blocks) % per_level:
            continue
        # One level: its ResBlocks preceded by the first convolution or by the halving block that leads to it.
        levels = [blocks[start : start + per_level] for start in range(0, len(blocks), per_level)]
        widths = [level[-1].channels for level in levels]
        previous = [widths[0], *widths[:-1]]
        attention = [level[-1].attention for level in levels]
        fitting = all(
            level[0].channels == before
            and not level[0].attention
            and all(block.channels == width and block.attention == attends for block in level[1:])
            for level, before, width, attends in zip(levels, previous, widths, attention, strict=True)
        )
        if fitting and all(width % model_channels == 0 for width in widths) and IMAGE_SIZE >> (len(levels) - 1):
            resolutions = frozenset(IMAGE_SIZE >> index for index, attends in enumerate(attention) if attends)
            fits.append(_Fit(tuple(width // model_channels for width in widths), per_level - 1, resolutions))
    return fits
