"""Trains a diffusion autoencoder from vertebra-level labels: `python -m vertebra_dae.train --manifest m.csv --out run`.

Stop it at any moment (Ctrl-C, SIGTERM): it saves and can be resumed with `--resume`. See TRAINING.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from pathlib import Path

import torch

from .architecture import ArchitectureConfig
from .checkpoint import read_ema_weights
from .classifier import LatentClassifier, classifier_from_json, classifier_from_values
from .cohort import read_cohort, require_both_labels
from .dataset import load_slices
from .errors import InputError
from .run_folder import RunFolder
from .train_arguments import OPTION_NAMES, RESUMABLE, parser
from .trainer import Trainer
from .trainer_state import restore
from .training_loop import StopRequests, run_loop
from .training_options import TrainingOptions

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
    with StopRequests() as stop:
        print(
            f"{len(data)} vertebrae of {len(set(data.patients))} patients, {int(data.labels.sum())} malignant, "
            f"read in {time.monotonic() - started:.0f} s; step {trainer.step} of {options.steps}",
            flush=True,
        )
        run_loop(trainer, data, run, seconds, arguments, stop)
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
        restore(trainer, state)
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
