"""Converts a checkpoint and its latent classifier to a model folder for the viewer.

    python -m vertebra_dae.convert --checkpoint last.ckpt --classifier classifier_lr.pkl --scaler scaler.pkl \\
        --out models/published --register

Exit status: 0 done; 2 an option or a file cannot be used (the message on stderr says which and why).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch

from . import __version__
from .architecture import ArchitectureConfig
from .checkpoint import load_model
from .classifier import LatentClassifier, classifier_from_json, classifier_from_pickles
from .errors import InputError
from .manifest import DEFAULT_INTENDED_USE, DEFAULT_LIMITS, FILES, ModelDescription, manifest, sha256
from .model_index import register
from .network import DiffusionAutoencoder
from .onnx_export import conditioning_size, export_graphs
from .verify import EXPORT_TOLERANCE, OnnxAutoencoder, check_graphs, self_test


def write_model(
    model: DiffusionAutoencoder,
    classifier: LatentClassifier,
    description: ModelDescription,
    out: Path,
    precision: str = "float32",
) -> dict[str, float]:
    """Writes the ONNX files, self-test.json and manifest.json; returns the export's errors against PyTorch.

    The files are made and checked in a folder beside `out` first, so a failure leaves `out` as it was; other files in
    `out` (a model card) stay.

    Raises:
        InputError: when the classifier does not fit the network, an export disagrees with PyTorch, or `out` cannot be
            written.
    """
    model = model.eval()
    if classifier.code_size != model.config.style_channels:
        raise InputError(
            f"the classifier is for semantic codes of length {classifier.code_size}, "
            f"the network's have {model.config.style_channels}: they do not belong together"
        )
    graphs = export_graphs(model, half_weights=precision == "float16-weights")
    exported = OnnxAutoencoder(graphs)
    errors = check_graphs(model, exported, precision)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
            folder = Path(name)
            for graph_name, graph in graphs.items():
                onnx.save(graph, folder / f"{graph_name}.onnx")
            (folder / FILES["selfTest"]).write_text(json.dumps(self_test(model, exported, classifier)), encoding="utf-8")
            contents = manifest(
                folder, description, model.config, conditioning_size(model), classifier, precision
            )
            (folder / "manifest.json").write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
            out.mkdir(exist_ok=True)
            for file in (*FILES.values(), "manifest.json"):
                os.replace(folder / file, out / file)
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error})") from error
    return errors


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="models:convert", description="Converts a checkpoint and its classifier to a model folder."
    )
    parser.add_argument("--checkpoint", type=Path, required=True, help="PyTorch checkpoint with keys ema_model.*")
    parser.add_argument("--classifier", type=Path, help="joblib pickle of a LogisticRegression (with --scaler)")
    parser.add_argument("--scaler", type=Path, help="joblib pickle of a StandardScaler (with --classifier)")
    parser.add_argument("--classifier-json", type=Path, help="instead of the pickles: mean, scale, coef, intercept")
    parser.add_argument("--config", type=Path, help="config.json; without it inferred from the weights' shapes")
    parser.add_argument("--precision", choices=sorted(EXPORT_TOLERANCE), default="float32")
    parser.add_argument("--out", type=Path, required=True, help="the model folder, usually models/<id>")
    parser.add_argument("--id", help="default: the name of the folder")
    parser.add_argument("--name", help="shown in the panel; default: the id")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--description", default="")
    parser.add_argument(
        "--target-probability", type=float, default=1e-5, help="P(malignant) of the healthy edit (1e-5, as published)"
    )
    parser.add_argument(
        "--attribution-threshold", type=float, default=0.5, help="candidates above it are kept (0.5, as published)"
    )
    parser.add_argument(
        "--trained-width-fraction",
        "--known-width",
        type=float,
        help="share of a body's width, around its middle, that the model was trained on; slices beyond are excluded; default: all",
    )
    parser.add_argument(
        "--skip-below-threshold-by",
        "--skip-margin",
        type=float,
        help="the fast sampler does not score candidates estimated this far below the threshold; default: all are scored",
    )
    parser.add_argument(
        "--trust-above-threshold-by",
        type=float,
        help="the fast sampler takes an estimate this far above the threshold for the score; default: all are scored",
    )
    parser.add_argument(
        "--rescore-within",
        "--refine-margin",
        type=float,
        help="candidates scored this near the threshold are scored again with more steps; default: none",
    )
    parser.add_argument(
        "--refine-outlines",
        action="store_true",
        help="outlines of scored candidates are drawn anew at the half level of the CT (docs/outline.md); never with --sampler reference",
    )
    parser.add_argument(
        "--least-slices",
        type=int,
        help="regions that fewer neighbouring slices show are excluded (docs/outline.md); never with --sampler reference; default: 1",
    )
    parser.add_argument(
        "--least-slices-probability",
        type=float,
        help="of these only slices with at least this P(malignant) of their own count; default: all",
    )
    parser.add_argument(
        "--least-difference",
        type=float,
        help="regions that the healthy edit changes by less on average, in normalised intensity, do not count (docs/outline.md); default: all do",
    )
    parser.add_argument(
        "--follow-lesions",
        action="store_true",
        help="slices beside a lesion are searched even if screening calls them healthy, until it ends (docs/outline.md); never with --sampler reference",
    )
    parser.add_argument(
        "--outline-across-slices",
        action="store_true",
        help="lesions are outlined at one level for all slices that show them (docs/outline.md); never with --sampler reference",
    )
    parser.add_argument(
        "--patch-spacing",
        type=_spacing,
        default=(0.8, 0.675, 0.8),
        metavar="AP,SI,LR",
        help="mm between rows, columns and slices; default 0.8,0.675,0.8 (the published model)",
    )
    parser.add_argument("--licence", default="unknown")
    parser.add_argument("--source", default="", help="where the weights come from")
    parser.add_argument("--intended-use", default=DEFAULT_INTENDED_USE)
    parser.add_argument("--limit", action="append", metavar="TEXT", help="a known limit; may be repeated")
    parser.add_argument("--provenance", action="append", type=_pair, default=[], metavar="KEY=VALUE")
    parser.add_argument("--register", action="store_true", help="enter the model into the index.json beside it")
    parser.add_argument("--make-default", action="store_true", help="as --register, and make it the default")
    options = parser.parse_args(arguments)
    pickles = options.classifier is not None and options.scaler is not None
    if pickles == (options.classifier_json is not None) or (options.classifier is None) != (options.scaler is None):
        parser.error("give either --classifier and --scaler, or --classifier-json")
    return options


def convert(options: argparse.Namespace) -> None:
    """Runs the conversion that the options describe."""
    config = ArchitectureConfig.from_file(options.config) if options.config else None
    if options.classifier_json:
        classifier = classifier_from_json(options.classifier_json)
    else:
        classifier = classifier_from_pickles(options.classifier, options.scaler)
    model_id = options.id or options.out.resolve().name
    description = ModelDescription(
        id=model_id,
        name=options.name or model_id,
        version=options.version,
        description=options.description,
        patch_spacing_mm=options.patch_spacing,
        target_probability=options.target_probability,
        attribution_threshold=options.attribution_threshold,
        trained_width_fraction=options.trained_width_fraction,
        skip_below_threshold_by=options.skip_below_threshold_by,
        trust_above_threshold_by=options.trust_above_threshold_by,
        rescore_within=options.rescore_within,
        refine_outlines=options.refine_outlines,
        least_slices=options.least_slices,
        least_slices_probability=options.least_slices_probability,
        outline_across_slices=options.outline_across_slices,
        follow_lesions=options.follow_lesions,
        least_difference=options.least_difference,
        licence=options.licence,
        intended_use=options.intended_use,
        limits=tuple(options.limit or DEFAULT_LIMITS),
        provenance={
            "source": options.source or options.checkpoint.name,
            "checkpointSha256": sha256(options.checkpoint) if options.checkpoint.is_file() else "",
            "createdBy": f"vertebra_dae.convert {__version__}",
            **dict(options.provenance),
        },
    )
    model = load_model(options.checkpoint, config)
    errors = write_model(model, classifier, description, options.out, options.precision)
    shown = ", ".join(f"{name} {error:.1e}" for name, error in errors.items())
    print(f"{options.out}: written; largest difference from PyTorch (relative): {shown}")
    if options.register or options.make_default:
        index = register(options.out.resolve(), model_id, options.make_default)
        print(f"{index}: lists {model_id}")


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    torch.set_num_threads(1)
    try:
        convert(options)
    except InputError as error:
        print(f"models:convert: {error}", file=sys.stderr)
        return 2
    return 0


def _spacing(text: str) -> tuple[float, float, float]:
    values = tuple(float(part) for part in text.split(","))
    if len(values) != 3:
        raise argparse.ArgumentTypeError(f"expected three numbers AP,SI,LR in mm, not {text!r}")
    return values


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, not {text!r}")
    return key, value


if __name__ == "__main__":
    sys.exit(main())
