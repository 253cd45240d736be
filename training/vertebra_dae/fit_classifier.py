"""Fits the latent classifier on frozen codes: `python -m vertebra_dae.fit_classifier --checkpoint c --manifest m.csv --out classifier.json`.

Standardisation and logistic regression as in Atad et al. (arXiv 2512.06849). The regularisation is chosen by
cross-validation with whole patients in each fold. The reported AUC is of patients that neither the fit nor the choice
has seen. The authors refit on all data afterwards; we do not, so that the written classifier is the reported one.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from .augment import normalise
from .checkpoint import load_model
from .classifier import LatentClassifier
from .cohort import Vertebra, read_cohort, require_both_labels
from .dataset import SliceSet, load_slices
from .errors import InputError
from .latent_regression import Codes, choose_strength, each_slice, fit_regression, scores
from .network import DiffusionAutoencoder

HELD_OUT_SHARE = 0.2
"""Share of the patients held out when the manifest names no split for it."""
ENCODE_BATCH = 64


@dataclass(frozen=True)
class Fit:
    """A classifier with how it was found.

    Attributes:
        strength: the chosen C.
        folds: C -> mean log loss and AUC over the patient-wise folds.
        held_out_auc: per vertebra, on patients never seen; `held_out` counts their vertebrae.
    """

    classifier: LatentClassifier
    strength: float
    folds: dict[float, tuple[float, float]]
    held_out_auc: float
    held_out: int
    fitted: int


def for_share(classifier: LatentClassifier, fitted: float, expected: float) -> LatentClassifier:
    """The classifier where another share of the vertebrae is malignant than where it was fitted, both in (0, 1).

    Its logits shift by the change of the prior's (Saerens et al. 2002, eq. 4); no order changes.
    """
    if not 0 < expected < 1:
        raise InputError(f"--malignant-share is {expected}; a share above 0 and below 1 is needed")
    shift = np.log(expected / (1 - expected)) - np.log(fitted / (1 - fitted))
    return replace(classifier, intercept=classifier.intercept + float(shift))


def encode_slices(model: DiffusionAutoencoder, data: SliceSet) -> Codes:
    """Codes of all slices of every vertebra, [V, K, Z]."""
    device = next(model.parameters()).device
    with torch.inference_mode():
        codes = [model.encode(normalise(batch.to(device))) for batch in data.raw.reshape(-1, 1, 64, 64).split(ENCODE_BATCH)]
    return torch.cat(codes).double().cpu().numpy().reshape(*data.raw.shape[:2], -1)


def fit(
    model: DiffusionAutoencoder,
    fitting: list[Vertebra],
    held_out: list[Vertebra],
    slices: int,
    spread: float = 0.0,
    middle_share: float = 0.0,
    slice_labels: bool = False,
) -> Fit:
    """Chooses, fits and tests; `slices`, `spread`, `middle_share` and `slice_labels` as in `TrainingOptions`.

    Raises:
        InputError: when a patient stands on both sides, or a side lacks a label.
    """
    shared = {v.patient for v in fitting} & {v.patient for v in held_out}
    if shared:
        raise InputError(f"patients on both sides of the split: {', '.join(sorted(shared)[:5])}")
    load = partial(load_slices, count=slices, spread=spread)
    return fit_slices(model, load(fitting, slice_labels=slice_labels), load(held_out), middle_share)


def fit_slices(model: DiffusionAutoencoder, data: SliceSet, test: SliceSet, middle_share: float) -> Fit:
    """`fit` on slices in memory."""
    codes, weights = encode_slices(model, data), data.slice_weights(middle_share).double().numpy()
    labels = data.labels.numpy().astype(np.int64)
    each = each_slice(labels, codes.shape[1]) if data.slice_labels is None else data.slice_labels.numpy().astype(np.int64)
    folds = choose_strength(codes, labels, np.array(data.patients), weights, each)
    strength = min(folds, key=lambda value: folds[value][0])
    classifier = fit_regression(codes, each, strength, weights)
    _, auc = scores(classifier, encode_slices(model, test), test.labels.numpy().astype(np.int64))
    return Fit(classifier, strength, folds, auc, len(test), len(data))


def split_patients(cohort: list[Vertebra], test_split: str | None, seed: int) -> tuple[list[Vertebra], list[Vertebra]]:
    """Rows to fit on and rows held out: by the manifest's split, or a random fifth of the patients."""
    if test_split:
        held_out = [row for row in cohort if row.split == test_split]
        if not held_out:
            raise InputError(f"no row has the split {test_split!r}")
    else:
        patients = sorted({row.patient for row in cohort})
        chosen = np.random.default_rng(seed).permutation(patients)[: max(1, round(HELD_OUT_SHARE * len(patients)))]
        held_out = [row for row in cohort if row.patient in set(chosen.tolist())]
    kept = {id(row) for row in held_out}
    return [row for row in cohort if id(row) not in kept], held_out


def report(result: Fit, checkpoint: Path, manifest: Path, slices: int) -> str:
    """The fit in Markdown."""
    lines = [
        "# Latent classifier",
        "",
        f"Checkpoint {checkpoint.name}, manifest {manifest.name}; {slices} slice(s) per vertebra, scores of the middle one.",
        f"Fitted on {result.fitted} vertebrae. C = {result.strength:g}, the lowest log loss of the patient-wise folds.",
        f"Held-out AUC {result.held_out_auc:.4f} on {result.held_out} vertebrae of patients not used for fit or choice.",
        "",
        "| C | log loss | AUC |",
        "|---|---|---|",
    ]
    lines += [f"| {strength:g} | {loss:.4f} | {auc:.4f} |" for strength, (loss, auc) in result.folds.items()]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m vertebra_dae.fit_classifier", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="ema.ckpt of a training")
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="classifier.json for vertebra_dae.convert")
    parser.add_argument("--report", type=Path, help="Markdown report")
    parser.add_argument("--test-split", help="split held out for the AUC; default a random fifth of the patients")
    parser.add_argument("--slices", type=int, default=1, help="slices per vertebra (1)")
    parser.add_argument("--slice-spread", type=float, default=0.0, help="share of the body's width that they span (0: neighbours)")
    parser.add_argument("--middle-share", type=float, default=0.0, help="weight of a malignant vertebra's middle slice, as in training")
    parser.add_argument(
        "--slice-labels", action="store_true", help="label slices by the table's lesion_slices, as in training; not with --middle-share"
    )
    parser.add_argument(
        "--malignant-share", type=float, help="share of malignant vertebrae to expect in use; default that of the table"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the random hold-out (0)")
    parser.add_argument("--threads", type=int, help="CPU threads")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        cohort = read_cohort(options.manifest)
        fitting, held_out = split_patients(cohort, options.test_split, options.seed)
        for side in (fitting, held_out):
            require_both_labels(options.manifest, side)
        result = fit(
            load_model(options.checkpoint), fitting, held_out, options.slices, options.slice_spread, options.middle_share,
            options.slice_labels,
        )
        classifier = result.classifier
        if options.malignant_share is not None:
            share = sum(vertebra.label for vertebra in fitting) / len(fitting)
            classifier = for_share(classifier, share, options.malignant_share)
    except InputError as error:
        print(f"models:fit-classifier: {error}", file=sys.stderr)
        return 2
    options.out.write_text(json.dumps(classifier.to_json()) + "\n", encoding="utf-8")
    text = report(result, options.checkpoint, options.manifest, options.slices)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
