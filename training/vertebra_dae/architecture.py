"""The hyper-parameters that fix the network's shapes, as stored in config.json and in the manifest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .errors import InputError

GROUPS_KEY = "channels_per_group"
"""Name of the tensor in a checkpoint whose length is `channels_per_group`; absent: the published groups."""

IMAGE_SIZE = 64
"""Pixels along both sides of a patch: the method is defined on 64x64 patches only."""


@dataclass(frozen=True)
class ArchitectureConfig:
    """Architecture of the diffusion autoencoder.

    The defaults are those of the published model (Atad et al., arXiv 2512.06849; `src/templates.py` of the
    authors' code at commit 8b8c647).

    Attributes:
        model_channels: channels of the first convolution; a level has `model_channels * channel_mult[level]`.
        channel_mult: one entry per resolution level of the noise predictor, 64x64 first.
        enc_channel_mult: the same of the semantic encoder.
        attention_resolutions: side lengths in pixels at which self-attention follows each ResBlock.
        embed_channels: length of the timestep embedding.
        style_channels: length of the semantic code z.
        num_res_blocks, enc_num_res_blocks: ResBlocks per level.
        channels_per_group: of every GroupNorm; None, as published: 32 groups, or gcd(32, C). With 16 channels that is one channel
            a group, which erases each channel's level.
    """

    image_size: int = IMAGE_SIZE
    in_channels: int = 1
    out_channels: int = 1
    model_channels: int = 64
    channel_mult: tuple[int, ...] = (1, 2, 4, 8)
    enc_channel_mult: tuple[int, ...] = (1, 2, 4, 8, 8)
    attention_resolutions: tuple[int, ...] = (16,)
    dropout: float = 0.1
    embed_channels: int = 512
    style_channels: int = 512
    num_res_blocks: int = 2
    enc_num_res_blocks: int = 2
    channels_per_group: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in _OPTIONAL and value is None:
                continue
            if field.name in _LISTS:
                if not isinstance(value, (list, tuple)) or not value or not all(_is_positive_int(v) for v in value):
                    raise InputError(f"architecture: {field.name} must be a list of positive integers, not {_shown(value)}")
                object.__setattr__(self, field.name, tuple(value))
            elif field.name == "dropout":
                if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1:
                    raise InputError(f"architecture: dropout must lie in [0, 1), not {_shown(value)}")
            elif not _is_positive_int(value):
                raise InputError(f"architecture: {field.name} must be a positive integer, not {_shown(value)}")
            if field.name != "dropout" and max(_numbers(getattr(self, field.name))) > _MOST.get(field.name, MAX_PER_LEVEL):
                raise InputError(f"architecture: {field.name} is larger than {_MOST.get(field.name, MAX_PER_LEVEL)}")
        if len(self.attention_resolutions) > MAX_LEVELS:
            raise InputError(f"architecture: attention_resolutions has {len(self.attention_resolutions)} entries")
        if self.image_size != IMAGE_SIZE:
            raise InputError(f"architecture: image_size is {self.image_size}, only {IMAGE_SIZE} is supported")
        if self.in_channels != 1 or self.out_channels != 1:
            raise InputError("architecture: in_channels and out_channels must be 1 (one CT slice in, its noise out)")
        for name in ("channel_mult", "enc_channel_mult"):
            levels = len(getattr(self, name))
            if IMAGE_SIZE % 2 ** (levels - 1):
                raise InputError(f"architecture: {name} has {levels} levels, a {IMAGE_SIZE} pixel patch allows 7")
        if self.model_channels % 2:
            raise InputError(f"architecture: model_channels must be even, not {self.model_channels}")

    def to_json(self) -> dict[str, object]:
        """The keys of config.json, tuples as lists; what is optional only where it is set."""
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}
        return {key: value for key, value in values.items() if key not in _OPTIONAL or value is not None}

    @classmethod
    def from_json(cls, values: object) -> ArchitectureConfig:
        """Parses the object of a config.json; unknown or missing keys are errors.

        Raises:
            InputError: naming the key.
        """
        if not isinstance(values, dict):
            raise InputError(f"architecture: expected a JSON object, not {type(values).__name__}")
        known = {field.name for field in fields(cls)}
        for key in values.keys() - known:
            raise InputError(f"architecture: unknown key {key!r}; known are {', '.join(sorted(known))}")
        for key in sorted(known - _OPTIONAL - values.keys()):
            raise InputError(f"architecture: {key!r} is missing")
        return cls(**values)

    @classmethod
    def from_file(cls, path: Path) -> ArchitectureConfig:
        """Reads a config.json.

        Raises:
            InputError: for a file that is missing, is no JSON or holds a wrong value.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read as JSON ({error})") from error
        try:
            return cls.from_json(values)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error


MAX_CHANNELS = 8192
MAX_PER_LEVEL = 64
MAX_LEVELS = 7
"""Far above the published network (64 channels, factors up to 8, codes of 512 numbers), far below what exhausts memory."""

_MOST = {"model_channels": MAX_CHANNELS, "embed_channels": MAX_CHANNELS, "style_channels": MAX_CHANNELS, "image_size": 2**31}
_OPTIONAL = frozenset({"channels_per_group"})
_LISTS = ("channel_mult", "enc_channel_mult", "attention_resolutions")


def _is_positive_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _numbers(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


def _shown(value: object) -> str:
    return repr(value)[:80]
