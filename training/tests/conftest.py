"""Golden files and folders that the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.checkpoint import load_model
from vertebra_dae.network import DiffusionAutoencoder
from vertebra_dae.stored import restore

ROOT = Path(__file__).resolve().parents[2]
CHECKPOINT = ROOT / "models" / "tiny" / "tiny-dae.ckpt"
GOLDEN_CASE = ROOT / "test" / "golden" / "data" / "case-3-synthetic"

torch.set_num_threads(1)


restore(CHECKPOINT.parent)


@pytest.fixture(scope="session")
def config() -> ArchitectureConfig:
    return ArchitectureConfig.from_file(GOLDEN_CASE / "config.json")


@pytest.fixture(scope="session")
def model(config: ArchitectureConfig) -> DiffusionAutoencoder:
    return load_model(CHECKPOINT, config)


@pytest.fixture(scope="session")
def shared_golden() -> Path:
    """The golden folder beside the repository; it holds real CT and the authors' files, so it is not in the repository."""
    folder = Path(os.environ.get("SPINE_SHARED", ROOT.parent / "shared")) / "golden"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent (set SPINE_SHARED to the folder that holds golden/)")
    return folder


def golden_image(case: Path, name: str) -> torch.Tensor:
    """A golden [64, 64] array as [1, 1, 64, 64]."""
    values: NDArray[np.float32] = np.load(case / f"{name}.npy")
    return torch.from_numpy(values).reshape(1, 1, 64, 64)
