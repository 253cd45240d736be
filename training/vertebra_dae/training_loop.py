"""The steps of a training one after the other: log, divergence, saving, and the stop that a signal asks for."""

from __future__ import annotations

import argparse
import dataclasses
import math
import signal
import time
from types import FrameType

import torch

from .dataset import SliceSet
from .divergence import DivergenceWatch
from .previews import write_preview
from .run_folder import RunFolder
from .step import StepLosses
from .trainer import Trainer

LOG_EVERY = 50
LOSSES = tuple(field.name for field in dataclasses.fields(StepLosses) if field.name != "total")


def run_loop(
    trainer: Trainer,
    data: SliceSet,
    run: RunFolder,
    seconds_before: float,
    arguments: argparse.Namespace,
    stop: StopRequests,
) -> None:
    """Trains until the last step or a stop, saving on the way and at the end; `seconds_before` is what a resumed run has trained."""
    began = time.monotonic()
    first_step = trainer.step
    last_save = began
    recent: list[torch.Tensor] = []
    mark = (began, trainer.step)
    watch = DivergenceWatch()

    def seconds() -> float:
        return seconds_before + time.monotonic() - began

    while trainer.step < trainer.options.steps and not stop.requested:
        recent.append(trainer.start_step(data))
        now = time.monotonic()
        if trainer.step % LOG_EVERY == 0 or trainer.step == trainer.options.steps:
            rate = (trainer.step - mark[1]) / max(now - mark[0], 1e-9)
            mark = (now, trainer.step)
            row = _curve_row(trainer, trainer.losses_of(recent), seconds(), rate)
            run.append_curve(row)
            recent = []
            if watch.diverged(trainer, row["noise_error"]):
                run.write_options(trainer)
                mark = (now, trainer.step)
                print(
                    f"step {int(row['step'])}: noise error {row['noise_error']:.4g}, the training diverged; "
                    f"back at step {trainer.step} with learning rate {trainer.options.learning_rate:.2g}",
                    flush=True,
                )
                continue
            overall = max(1, trainer.step - first_step) / (now - began)
            left = (trainer.options.steps - trainer.step) / overall
            measured = "  ".join(f"{name.replace('_', ' ')} {row[name]:.4g}" for name in LOSSES if not math.isnan(row[name]))
            print(
                f"step {trainer.step}/{trainer.options.steps}  {measured}  {row['images_per_second']:.1f} images/s  "
                f"{left / 60:.0f} min left",
                flush=True,
            )
        if now - last_save > 60 * arguments.save_minutes:
            run.save(trainer, seconds())
            _preview(trainer, data, run)
            last_save = time.monotonic()
    run.save(trainer, seconds())
    _preview(trainer, data, run)
    if stop.requested:
        print(f"stopped and saved at step {trainer.step}; go on with --resume", flush=True)


def _curve_row(trainer: Trainer, recent: list[StepLosses], seconds: float, rate: float) -> dict[str, float]:
    def mean(name: str) -> float:
        return sum(getattr(losses, name) for losses in recent) / len(recent)

    return {
        "step": trainer.step,
        "seconds": seconds,
        "images_per_second": rate * trainer.options.batch,
        "learning_rate": trainer.options.learning_rate_at(trainer.step - 1),
        **{name: mean(name) for name in LOSSES},
    }


def _preview(trainer: Trainer, data: SliceSet, run: RunFolder) -> None:
    rms = write_preview(run.folder / "samples.png", trainer.ema, data, trainer.device)
    print(f"saved at step {trainer.step}; samples.png: reconstruction error {rms:.4f} RMS", flush=True)


class StopRequests:
    """While entered, SIGTERM and SIGINT ask for a stop after the step under way instead of killing the process."""

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> StopRequests:
        self._previous = {number: signal.signal(number, self._request) for number in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True
