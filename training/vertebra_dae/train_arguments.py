"""Command line of the training: where data and results are, and every field of TrainingOptions."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from .training_options import AUGMENTATIONS, TrainingOptions

OPTION_NAMES = tuple(field.name for field in dataclasses.fields(TrainingOptions) if field.name != "architecture")
RESUMABLE = (
    "steps", "cooldown", "learning_rate", "aux_weight", "encoder_steps", "snr_exponent", "late_weight", "ema", "augmentation",
    "edit_evidence", "edit_change", "edit_twin",
)
"""What a resumed training may change."""


def parser(description: str | None) -> argparse.ArgumentParser:
    """The command line of `python -m vertebra_dae.train`; options without a value keep those of TrainingOptions."""
    parser = argparse.ArgumentParser(prog="python -m vertebra_dae.train", description=description)
    parser.add_argument("--manifest", type=Path, required=True, help="CSV: image, seg_msk, label, patient[, split]")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints, curve and samples")
    parser.add_argument("--split", action="append", help="use only these rows' splits (repeatable); default all rows")
    parser.add_argument("--config", type=Path, help="architecture (config.json); default the published one")
    parser.add_argument("--init", type=Path, help="start from the EMA weights of this checkpoint")
    parser.add_argument(
        "--edit-classifier",
        type=Path,
        help="second stage: with the encoder of --init frozen, teach the decoder the healthy edits of this classifier (JSON)",
    )
    parser.add_argument(
        "--judge",
        type=Path,
        nargs=2,
        metavar=("CHECKPOINT", "CLASSIFIER"),
        help="second stage: another training's encoder with its classifier (JSON), which judges the edits too",
    )
    parser.add_argument("--resume", action="store_true", help="go on with the training in --out")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument(
        "--fast-kernels",
        action="store_true",
        help="cuDNN may try and choose kernels, and sums may differ from run to run: faster, not repeatable",
    )
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--save-minutes", type=float, default=5.0, help="minutes between checkpoints")
    defaults = TrainingOptions()
    for name, text in (
        ("steps", "optimiser steps in all"),
        ("batch", "patches per step"),
        ("warmup", "steps of rising learning rate"),
        ("cooldown", "last steps of falling learning rate"),
        ("encoder-steps", "first steps of encoder and label head alone"),
        ("seed", "of all randomness"),
        ("central-slices", "slices per vertebra to draw from"),
    ):
        parser.add_argument(f"--{name}", type=int, help=f"{text} ({getattr(defaults, name.replace('-', '_'))})")
    parser.add_argument("--lr", dest="learning_rate", type=float, help=f"learning rate ({defaults.learning_rate})")
    parser.add_argument("--ema", type=float, help=f"decay of the weights' moving average ({defaults.ema})")
    parser.add_argument("--aux-weight", type=float, help=f"weight of the labels' cross-entropy ({defaults.aux_weight})")
    parser.add_argument(
        "--snr-exponent", type=float, help=f"weighs the noise error by (1 + SNR)^-this ({defaults.snr_exponent})"
    )
    parser.add_argument(
        "--late-weight", type=float, help=f"weighs the noise error by 1 + 1 / SNR, at most 1 + this ({defaults.late_weight})"
    )
    for name, text in (
        ("edit-evidence", "malignancy that edits keep"),
        ("edit-change", "size of the edits"),
        ("edit-twin", "difference from the twin without lesions"),
    ):
        default = getattr(defaults, name.replace("-", "_"))
        parser.add_argument(f"--{name}", type=float, help=f"second stage: weight of the {text} ({default})")
    parser.add_argument(
        "--edit-logits", type=float, nargs=2, metavar=("LOW", "HIGH"), help=f"second stage: healthy logits to train for {defaults.edit_logits}"
    )
    parser.add_argument(
        "--slice-labels", action="store_true", default=None, help="label slices by the table's lesion_slices, not by their vertebra"
    )
    parser.add_argument("--clip", type=float, help=f"largest gradient norm ({defaults.clip})")
    parser.add_argument("--weight-decay", type=float, help=f"of AdamW ({defaults.weight_decay})")
    parser.add_argument("--slice-spread", type=float, help=f"share of the body's width that the slices span ({defaults.slice_spread})")
    parser.add_argument(
        "--middle-share", type=float, help=f"draws of malignant vertebrae that take the middle slice ({defaults.middle_share})"
    )
    parser.add_argument("--augmentation", choices=AUGMENTATIONS, help=f"({defaults.augmentation})")
    parser.add_argument("--precision", choices=("fp32", "bf16"), help=f"({defaults.precision})")
    return parser
