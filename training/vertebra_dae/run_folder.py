"""What a training run leaves on disk: checkpoints, curve, options. Every file is replaced atomically."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import torch

from .checkpoint import EMA_PREFIX
from .errors import InputError
from .trainer import Trainer
from .trainer_state import state_of

TRAINING_STATE = "training.pt"
WEIGHTS = "ema.ckpt"
CURVE = "curve.csv"
OPTIONS = "options.json"
CONFIG = "config.json"
CURVE_COLUMNS = (
    "step",
    "seconds",
    "images_per_second",
    "learning_rate",
    "noise_error",
    "cross_entropy",
    "accuracy",
    "evidence",
    "change",
    "twin",
)


class RunFolder:
    """The output folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, trainer: Trainer, seconds: float) -> None:
        """Writes `training.pt` (to resume) and `ema.ckpt` (published layout, to convert).

        Args:
            seconds: time spent training so far, over all sittings.
        """
        state = state_of(trainer) | {"options": trainer.options.to_json(), "seconds": seconds}
        _write_atomically(self.folder / TRAINING_STATE, state)
        weights = {EMA_PREFIX + key: value for key, value in trainer.ema.state_dict().items()}
        _write_atomically(self.folder / WEIGHTS, {"state_dict": weights, "global_step": trainer.step})

    def write_options(self, trainer: Trainer) -> None:
        _write_json(self.folder / OPTIONS, trainer.options.to_json())
        _write_json(self.folder / CONFIG, trainer.options.architecture.to_json())

    def has_state(self) -> bool:
        return (self.folder / TRAINING_STATE).exists()

    def load(self) -> dict[str, object]:
        """The last saved state.

        Raises:
            InputError: when there is none or it cannot be read.
        """
        path = self.folder / TRAINING_STATE
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
        except FileNotFoundError as error:
            raise InputError(f"{path}: no saved training to resume") from error
        except (RuntimeError, EOFError, OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read ({error})") from error
        if not isinstance(state, dict) or "optimiser" not in state:
            raise InputError(f"{path}: is no saved training state")
        return state

    def append_curve(self, row: dict[str, float]) -> None:
        """Adds one line to curve.csv."""
        path = self.folder / CURVE
        new = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, CURVE_COLUMNS)
            if new:
                writer.writeheader()
            writer.writerow({name: f"{row[name]:.6g}" for name in CURVE_COLUMNS})

    def forget_curve_after(self, step: int) -> None:
        """Drops lines that a resumed run is about to write again."""
        path = self.folder / CURVE
        if not path.exists():
            return
        with path.open(newline="", encoding="utf-8") as stream:
            rows = [row for row in csv.DictReader(stream) if float(row["step"]) <= step]
        path.unlink()
        for row in rows:
            self.append_curve({name: float(row.get(name) or "nan") for name in CURVE_COLUMNS})


def _write_atomically(path: Path, value: object) -> None:
    part = path.with_suffix(path.suffix + ".part")
    with part.open("wb") as stream:
        torch.save(value, stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def _write_json(path: Path, value: object) -> None:
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    part.replace(path)
