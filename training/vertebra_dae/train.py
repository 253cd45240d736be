"""Trains a diffusion autoencoder from vertebra-level labels: `python -m vertebra_dae.train --manifest m.csv --out run`.

Stop it at any moment (Ctrl-C, SIGTERM): it saves and can be resumed with `--resume`. See TRAINING.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import torch

from .architecture import ArchitectureConfig
from .checkpoint import read_ema_weights
from .classifier import LatentClassifier, classifier_from_json, classifier_from_values
from .cohort import read_cohort, require_both_labels
from .dataset import SliceSet, load_slices
from .divergence import DivergenceWatch
from .errors import InputError
from .previews import write_preview
from .run_folder import RunFolder
from .step import StepLosses
from .train_arguments import OPTION_NAMES, RESUMABLE, parser
from .trainer import Trainer
from .training_options import TrainingOptions

LOG_EVERY = 50
LOSSES = tuple(field.name for field in dataclasses.fields(StepLosses) if field.name != "total")
CUBLAS_WORKSPACE = ":4096:8"
"""CUDA computes the same sums in the same order only with this setting (PyTorch notes on reproducibility)."""


def main(arguments: list[str] | None = None) -> int:
    try:
        train(parser(__doc__).parse_args(arguments))
    except InputError as error:
        print(f"models:train: {error}", file=sys.stderr)
        return 2
    return 0


def train(arguments: argparse.Namespace) -> Trainer:
    """Runs or resumes a training and returns it as it stands at the end."""
    device = _device(arguments.device, not arguments.fast_kernels)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    run = RunFolder(arguments.out)
    trainer, seconds = _begin(arguments, run, device)
    options = trainer.options
    cohort = read_cohort(arguments.manifest, arguments.split or None)
    require_both_labels(arguments.manifest, cohort)
    started = time.monotonic()
    data = load_slices(cohort, options.central_slices, _loading_progress, options.slice_spread, options.slice_labels, options.edit_twin > 0)
    data = data.to(device)
    # Entered before the first line is printed: whoever waits for that line may stop the training at once.
    with _StopRequests() as stop:
        print(
            f"{len(data)} vertebrae of {len(set(data.patients))} patients, {int(data.labels.sum())} malignant, "
            f"read in {time.monotonic() - started:.0f} s; step {trainer.step} of {options.steps}",
            flush=True,
        )
        _loop(trainer, data, run, seconds, arguments, stop)
    return trainer


def _begin(arguments: argparse.Namespace, run: RunFolder, device: torch.device) -> tuple[Trainer, float]:
    """A new trainer, or the saved one; with the seconds that it has trained already."""
    if arguments.resume:
        state = run.load()
        saved = dict(state["options"])  # type: ignore[call-overload]
        architecture = ArchitectureConfig.from_json(saved.pop("architecture"))
        options = TrainingOptions(**saved, architecture=architecture)
        changes = {name: getattr(arguments, name) for name in RESUMABLE if getattr(arguments, name) is not None}
        trainer = Trainer(dataclasses.replace(options, **changes), device, _saved_classifier(run, state))
        trainer.restore(state)
        run.forget_curve_after(trainer.step)
        run.write_options(trainer)
        return trainer, float(state["seconds"])  # type: ignore[arg-type]
    if run.has_state():
        raise InputError(f"{run.folder}: holds a training already; add --resume, or choose another --out")
    architecture = ArchitectureConfig.from_file(arguments.config) if arguments.config else ArchitectureConfig()
    given = {name: getattr(arguments, name) for name in OPTION_NAMES if getattr(arguments, name) is not None}
    edit = classifier_from_json(arguments.edit_classifier) if arguments.edit_classifier else None
    if edit and not arguments.init:
        raise InputError("--edit-classifier trains the second stage; add --init with the checkpoint it was fitted on")
    if edit and edit.code_size != architecture.style_channels:
        raise InputError(
            f"{arguments.edit_classifier}: is for codes of {edit.code_size} values, --config has {architecture.style_channels}"
        )
    trainer = Trainer(TrainingOptions(**given, architecture=architecture), device, edit)
    if arguments.init:
        weights = read_ema_weights(arguments.init)
        try:
            trainer.start_from(weights)
        except RuntimeError as error:
            raise InputError(f"{arguments.init}: does not fit the architecture of --config ({error})") from error
    if arguments.judge:
        _add_judge(trainer, *arguments.judge)
    run.write_options(trainer)
    return trainer, 0.0


def _add_judge(trainer: Trainer, checkpoint: Path, classifier: Path) -> None:
    prefix = "encoder."
    weights = {
        name.removeprefix(prefix): value
        for name, value in read_ema_weights(checkpoint).items()
        if name.startswith(prefix)
    }
    try:
        trainer.judge_by(weights, classifier_from_json(classifier))
    except RuntimeError as error:
        raise InputError(f"{checkpoint}: its encoder does not fit the architecture of --config ({error})") from error


def _saved_classifier(run: RunFolder, state: dict[str, object]) -> LatentClassifier | None:
    """The second stage's classifier out of a saved state, None in the first stage."""
    edit = state.get("edit")
    return classifier_from_values(str(run.folder), edit["classifier"]) if isinstance(edit, dict) else None


def _loop(
    trainer: Trainer,
    data: SliceSet,
    run: RunFolder,
    seconds_before: float,
    arguments: argparse.Namespace,
    stop: _StopRequests,
) -> None:
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


class _StopRequests:
    """While entered, SIGTERM and SIGINT ask for a stop after the step under way instead of killing the process."""

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> _StopRequests:
        self._previous = {number: signal.signal(number, self._request) for number in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True


def _device(name: str, deterministic: bool) -> torch.device:
    if name == "cuda":
        if not torch.cuda.is_available():
            raise InputError("--device cuda: this machine's PyTorch finds no CUDA device; use --device cpu")
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", CUBLAS_WORKSPACE)
    torch.backends.cudnn.benchmark = name == "cuda" and not deterministic
    torch.use_deterministic_algorithms(deterministic)
    return torch.device(name)


def _loading_progress(done: int, total: int) -> None:
    if done % 500 == 0 and done < total:
        print(f"read {done} of {total} vertebrae", flush=True)


if __name__ == "__main__":
    sys.exit(main())
