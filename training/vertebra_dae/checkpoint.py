"""Reads a checkpoint in the published layout without executing anything that it holds."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import torch
from torch import Tensor

from .architecture import ArchitectureConfig
from .errors import InputError
from .infer_architecture import infer_architecture
from .network import DiffusionAutoencoder

EMA_PREFIX = "ema_model."
"""The exponential moving average of the weights: the only part of a checkpoint used at inference."""

MAX_WEIGHTS = 100_000
MAX_ENTRIES = 200_000
MAX_PICKLE_BYTES = 64 * 2**20
"""The published checkpoint's description of its objects has some hundred kilobytes."""

TRAINER_MODULES = (
    "pytorch_lightning",
    "lightning",
    "lightning_fabric",
    "lightning_utilities",
    "torchmetrics",
    "omegaconf",
    "argparse",
    "pathlib",
    "collections",
    "numpy",
    # Top-level modules of the authors' training code.
    "choices",
    "config",
    "templates",
    "experiment",
)
"""Modules whose objects a Lightning checkpoint may hold beside the weights (callbacks, hyper-parameters).

They are read as inert stand-ins, never imported. A class of any other module is refused by name.
"""


def read_ema_weights(path: Path) -> dict[str, Tensor]:
    """The EMA weights of a checkpoint as float32 tensors on the CPU, without their prefix.

    Raises:
        InputError: for a file that is missing, truncated, no checkpoint, holds a foreign class, no EMA weights or
            non-finite numbers.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    try:
        checkpoint = _load(path)
    except InputError:
        raise
    except pickle.UnpicklingError as error:
        raise InputError(f"{path}: not a checkpoint of plain tensors ({_first_line(error)})") from error
    except Exception as error:  # whatever a hostile file provokes, it is the file that is wrong
        raise InputError(
            f"{path}: cannot be read as a PyTorch checkpoint, it is truncated or of another kind "
            f"({_first_line(error)}); download it again"
        ) from error

    state = checkpoint.get("state_dict") if isinstance(checkpoint, dict) else None
    if not isinstance(state, dict):
        raise InputError(f"{path}: holds no 'state_dict'; expected a checkpoint of the diffusion autoencoder")
    weights = {
        key[len(EMA_PREFIX) :]: value
        for key, value in state.items()
        if isinstance(key, str) and key.startswith(EMA_PREFIX) and isinstance(value, Tensor)
    }
    if not weights:
        raise InputError(f"{path}: its state_dict has no keys '{EMA_PREFIX}*'; expected the diffusion autoencoder")
    _check_sizes(path, weights)
    for key, value in weights.items():
        if not bool(torch.isfinite(value).all()):
            raise InputError(f"{path}: {EMA_PREFIX}{key} holds numbers that are not finite; the file is damaged")
    return {key: value.to(torch.float32) for key, value in weights.items()}


def load_model(path: Path, config: ArchitectureConfig | None = None) -> DiffusionAutoencoder:
    """The diffusion autoencoder of a checkpoint, in evaluation mode.

    Args:
        config: the architecture; without it, inferred from the weights' shapes.

    Raises:
        InputError: as `read_ema_weights`, or when weights and architecture disagree.
    """
    weights = read_ema_weights(path)
    try:
        model = DiffusionAutoencoder(config or infer_architecture(weights))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    expected = model.state_dict()
    problems = [f"{EMA_PREFIX}{key} is missing" for key in expected.keys() - weights.keys()]
    problems += [f"{EMA_PREFIX}{key} is unknown" for key in weights.keys() - expected.keys()]
    problems += [
        f"{EMA_PREFIX}{key} has shape {tuple(weights[key].shape)}, not {tuple(expected[key].shape)}"
        for key in expected.keys() & weights.keys()
        if weights[key].shape != expected[key].shape
    ]
    if problems:
        shown = "; ".join(sorted(problems)[:3])
        raise InputError(f"{path}: {len(problems)} weights do not fit the architecture: {shown}")
    model.load_state_dict(weights)
    return model.eval()


def _check_sizes(path: Path, weights: dict[str, Tensor]) -> None:
    """Refuses tensors that are larger than the file: a shape and a stride of zero make terabytes out of four bytes."""
    if len(weights) > MAX_WEIGHTS:
        raise InputError(f"{path}: refused, it has {len(weights)} weights; no such network has more than {MAX_WEIGHTS}")
    size = sum(value.numel() * value.element_size() for value in weights.values())
    if size > path.stat().st_size:
        raise InputError(f"{path}: refused, its weights take {size} bytes, more than the file has")


def _check_zip(path: Path) -> None:
    """Refuses compressed parts, which PyTorch never writes, and object descriptions too large to be ones."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise InputError(f"{path}: refused, it has {len(entries)} parts")
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise InputError(f"{path}: refused, its part {entry.filename[:80]!r} is compressed; PyTorch stores them as they are")
        if entry.filename.endswith(".pkl") and entry.file_size > MAX_PICKLE_BYTES:
            raise InputError(f"{path}: refused, its part {entry.filename[:80]!r} has {entry.file_size} bytes")


def _load(path: Path) -> object:
    """torch.load with weights_only; trainer objects become inert stand-ins."""
    if not zipfile.is_zipfile(path):
        return torch.load(path, map_location="cpu", weights_only=True)
    _check_zip(path)
    foreign = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    for name in foreign:
        if name.split(".")[0] not in TRAINER_MODULES:
            raise InputError(
                f"{path}: refused, it holds an object of the class {name}; "
                "a checkpoint may hold only weights and its trainer's settings"
            )
    stand_ins = [(_stand_in(name), name) for name in foreign]
    with torch.serialization.safe_globals(stand_ins):
        return torch.load(path, map_location="cpu", weights_only=True, mmap=True)


def _stand_in(name: str) -> type:
    """A class that stands for `name`, takes any state and does nothing with it."""

    class StandIn(dict):  # type: ignore[type-arg]
        def __init__(self, *_arguments: object) -> None:
            super().__init__()

        def __setstate__(self, _state: object) -> None:
            pass

        def __hash__(self) -> int:  # type: ignore[override]
            return id(self)

    StandIn.__qualname__ = name
    return StandIn


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
