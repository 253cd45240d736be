"""Reads a checkpoint in the published layout without executing anything that it holds."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from .architecture import ArchitectureConfig
from .checkpoint_file import CheckpointFile
from .checkpoint_objects import KINDS, TensorReference
from .errors import InputError
from .infer_architecture import infer_architecture
from .network import DiffusionAutoencoder

EMA_PREFIX = "ema_model."
"""The exponential moving average of the weights: the only part of a checkpoint used at inference."""

MAX_WEIGHTS = 100_000


def read_ema_weights(path: Path) -> dict[str, Tensor]:
    """The EMA weights of a checkpoint as float32 tensors on the CPU, without their prefix.

    Raises:
        InputError: for a file that is missing, truncated, no checkpoint, holds a foreign class, no EMA weights or
            non-finite numbers.
    """
    file = CheckpointFile(path)
    try:
        return {name: file.tensor(EMA_PREFIX + name, at).to(torch.float32) for name, at in _ema_tensors(file).items()}
    finally:
        file.close()


def _ema_tensors(file: CheckpointFile) -> dict[str, TensorReference]:
    state = file.root.get("state_dict") if isinstance(file.root, dict) else None
    if not isinstance(state, dict):
        raise InputError(f"{file.path}: holds no 'state_dict'; expected a checkpoint of the diffusion autoencoder")
    tensors = {
        key.removeprefix(EMA_PREFIX): value
        for key, value in state.items()
        if key.startswith(EMA_PREFIX) and isinstance(value, TensorReference)
    }
    if not tensors:
        raise InputError(f"{file.path}: its state_dict has no keys '{EMA_PREFIX}*'; expected the diffusion autoencoder")
    _check_sizes(file.path, tensors)
    return tensors


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


def _check_sizes(path: Path, tensors: dict[str, TensorReference]) -> None:
    """Refuses tensors that are larger than the file: a shape and a stride of zero make terabytes out of four bytes."""
    if len(tensors) > MAX_WEIGHTS:
        raise InputError(f"{path}: refused, it has {len(tensors)} weights; no such network has more than {MAX_WEIGHTS}")
    size = sum(tensor.count * KINDS.get(tensor.storage.kind, torch.float32).itemsize for tensor in tensors.values())
    if size > path.stat().st_size:
        raise InputError(f"{path}: refused, its weights take {size} bytes, more than the file has")
