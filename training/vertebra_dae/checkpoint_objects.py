"""What the objects in a PyTorch checkpoint mean: tensors as references, dictionaries, all else as inert stand-ins."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import torch

from .errors import InputError
from .pickle_machine import Inert, Name, shown

MAX_INSTRUCTIONS = 1_000_000
"""The published checkpoint has some 300,000."""
MAX_DIMENSIONS = 8
MAX_KEY = 500
"""Characters of a tensor's name."""

TRAINER_MODULES = frozenset(
    "torch collections numpy argparse pathlib copyreg copy_reg _codecs "
    "pytorch_lightning lightning lightning_fabric lightning_utilities torchmetrics omegaconf "
    # Top-level modules of the authors' training code.
    "choices config templates experiment".split()
)
"""Modules whose objects a Lightning checkpoint may hold beside the weights (callbacks, hyper-parameters).

They are read as inert stand-ins, never imported. A class of any other module is refused by name.
"""

BUILTINS = frozenset(
    f"{module}.{name}"
    for module in ("builtins", "__builtin__")
    for name in "set frozenset dict list tuple complex slice range bytearray object int float str bool".split()
)

KINDS: dict[str, torch.dtype] = {
    "torch.FloatStorage": torch.float32,
    "torch.DoubleStorage": torch.float64,
    "torch.HalfStorage": torch.float16,
    "torch.BFloat16Storage": torch.bfloat16,
}


@dataclass(frozen=True)
class Storage:
    """The part `data/<key>` of the archive: `length` numbers of one kind."""

    kind: str
    key: str
    length: int


@dataclass(frozen=True)
class TensorReference:
    """Where a tensor's numbers lie; offset and strides count numbers of the storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    @property
    def extent(self) -> int:
        """Numbers from the first to the last."""
        if not self.count:
            return 0
        return 1 + sum((size - 1) * stride for size, stride in zip(self.shape, self.strides, strict=True))


class CheckpointVocabulary:
    """Tensors as references, dictionaries, and everything else a trainer keeps as inert stand-ins."""

    max_instructions = MAX_INSTRUCTIONS

    def __init__(self) -> None:
        self._copies_left = MAX_INSTRUCTIONS

    def check_name(self, full: str) -> None:
        if full.split(".")[0] not in TRAINER_MODULES and full not in BUILTINS:
            raise InputError(
                f"refused, it holds an object of the class {full[:80] if full.isprintable() else shown(full)}; "
                "a checkpoint may hold only weights and its trainer's settings"
            )

    def create(self, name: Name) -> object:
        return {} if name.full == "collections.OrderedDict" else Inert()

    def call(self, name: Name, arguments: tuple[Any, ...]) -> object:
        if name.full in ("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor"):
            return _tensor(*arguments[:4])
        if name.full in ("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state"):
            return arguments[0]  # a parameter is its tensor, with whether it is trained
        if name.full == "collections.OrderedDict":
            return self._ordered_dict(arguments[0] if arguments else [])
        return Inert()

    def _ordered_dict(self, pairs: Any) -> dict[Any, Any]:
        """Early versions of Python pickle an OrderedDict with its items as one argument, a list of pairs."""
        result: dict[Any, Any] = {}
        if isinstance(pairs, list):
            self._copies_left -= len(pairs)
            if self._copies_left < 0:
                raise InputError("refused, it copies the same list again and again")
            for key, value in pairs:
                self.set_item(result, key, value)
        return result

    def build(self, target: Any, state: Any, file: io.BytesIO) -> object:
        return target

    def set_item(self, target: dict[Any, Any], key: Any, value: Any) -> None:
        """Entries under other keys are dropped: hashing a nested tuple takes time exponential in the file's size."""
        if isinstance(key, str):
            if len(key) > MAX_KEY:
                raise InputError(f"refused, a key has {len(key)} characters: {shown(key)}")
            target[key] = value

    def persistent(self, identifier: Any) -> Storage:
        match identifier:
            case ("storage", Name(full=kind), str(key), _, int(length)) if length >= 0 and not isinstance(length, bool):
                if not (key.isascii() and key.isdigit() and len(key) < 10):
                    raise InputError(f"a storage has the key {shown(key)}")
                return Storage(kind, key, length)
        raise InputError("it refers to something that is no storage of numbers")


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any) -> TensorReference:
    if not isinstance(storage, Storage):
        raise InputError(f"a tensor lies in a {type(storage).__name__}")
    if not _are_counts((offset,)) or not _are_counts(shape) or not _are_counts(strides) or len(shape) != len(strides):
        raise InputError("a tensor of impossible shape")
    if len(shape) > MAX_DIMENSIONS:
        raise InputError(f"a tensor of {len(shape)} dimensions")
    return TensorReference(storage, offset, shape, strides)


def _are_counts(values: Any) -> bool:
    return isinstance(values, tuple) and all(
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53 for value in values
    )
