"""Runs Hide-and-Seek Attribution on one slice in PyTorch, on the CPU.

    python -m vertebra_dae.reference --checkpoint c.ckpt --classifier-json classifier.json \\
        --patch patch.npy --body-mask body_mask.npy --out folder

Writes the arrays and result.json under the names of test/golden/data, and timing.json: seconds of the method alone
(the model loaded already) and of the processor, network evaluations, threads.
Exit status: 0 done; 2 an option or a file cannot be used (the message on stderr says which and why).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .architecture import IMAGE_SIZE, ArchitectureConfig
from .checkpoint import load_model
from .classifier import classifier_from_json
from .errors import InputError
from .hide_and_seek import (
    ATTRIBUTION_THRESHOLD,
    INVERSION_STEPS,
    MIN_PIXELS,
    RENDER_STEPS,
    TARGET_PROBABILITY,
    Attribution,
    attribute_slice,
)


def read_slice(path: Path) -> NDArray[np.generic]:
    """A [64, 64] array of numbers from a .npy file; arrays of objects are refused by numpy.

    Raises:
        InputError: for anything else.
    """
    try:
        values = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path}: cannot be read as a .npy array ({error})") from error
    if not isinstance(values, np.ndarray) or values.shape != (IMAGE_SIZE, IMAGE_SIZE):
        raise InputError(f"{path}: has shape {getattr(values, 'shape', None)}, expected (64, 64)")
    if values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        raise InputError(f"{path}: holds values that are no finite numbers")
    return values


def result_json(attribution: Attribution, target_probability: float = TARGET_PROBABILITY) -> dict[str, object]:
    """The contents of result.json."""
    return {
        "malignancyProbability": attribution.malignancy_probability,
        "healthyProbability": attribution.healthy_probability,
        "targetProbability": target_probability,
        "inversionSteps": INVERSION_STEPS,
        "renderSteps": RENDER_STEPS,
        "attributionThreshold": ATTRIBUTION_THRESHOLD,
        "minPixels": MIN_PIXELS,
        "candidates": [
            {
                "kind": candidate.kind,
                "pixelCount": candidate.pixels,
                "probability": candidate.probability,
                "attributionScore": candidate.score,
                "firstPixel": np.argwhere(candidate.mask)[0].tolist(),
            }
            for candidate in attribution.candidates
        ],
    }


def write_results(attribution: Attribution, out: Path, target_probability: float = TARGET_PROBABILITY) -> None:
    """Writes the arrays and result.json."""
    out.mkdir(parents=True, exist_ok=True)
    for name, image in attribution.images.items():
        np.save(out / f"{name}.npy", image)
    for name, mask in attribution.masks.items():
        np.save(out / f"{name}.npy", mask.astype(np.uint8))
    (out / "result.json").write_text(json.dumps(result_json(attribution, target_probability), indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="vertebra_dae.reference", description="Attributes one slice in PyTorch.")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--config", type=Path, help="config.json; without it inferred from the weights' shapes")
    parser.add_argument("--classifier-json", type=Path, required=True)
    parser.add_argument("--patch", type=Path, required=True, help=".npy, normalised slice [64, 64]")
    parser.add_argument("--body-mask", type=Path, required=True, help=".npy, [64, 64], not zero in the body")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help="candidates harmonised at a time")
    parser.add_argument("--target-probability", type=float, default=TARGET_PROBABILITY, help="of the healthy edit")
    options = parser.parse_args(arguments)
    if options.threads < 1 or options.batch < 1:
        parser.error("--threads and --batch must be at least 1")
    target = options.target_probability
    if not 0 < target < 1:
        parser.error("--target-probability must lie between 0 and 1")
    torch.set_num_threads(options.threads)
    try:
        config = ArchitectureConfig.from_file(options.config) if options.config else None
        network = load_model(options.checkpoint, config)
        classifier = classifier_from_json(options.classifier_json)
        if classifier.code_size != network.config.style_channels:
            raise InputError(
                f"{options.classifier_json}: for codes of length {classifier.code_size}, "
                f"the network's have {network.config.style_channels}"
            )
        patch = read_slice(options.patch).astype(np.float32)
        body = read_slice(options.body_mask) != 0
        started, processor = time.perf_counter(), time.process_time()
        attribution = attribute_slice(network, classifier, patch, body, options.batch, target)
        seconds = time.perf_counter() - started
        write_results(attribution, options.out, target)
        timing = {
            "seconds": seconds,
            "processorSeconds": time.process_time() - processor,
            "evaluations": attribution.evaluations,
            "threads": options.threads,
        }
        (options.out / "timing.json").write_text(json.dumps(timing) + "\n", encoding="utf-8")
    except (InputError, OSError) as error:
        print(f"vertebra_dae.reference: {error}", file=sys.stderr)
        return 2
    print(f"{options.out}: {len(attribution.candidates)} candidates, {attribution.evaluations} evaluations, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
