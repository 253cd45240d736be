"""Adds a screening network to a model folder, or replaces the one there (docs/screening.md).

    python -m vertebra_dae.add_screening --model models/mine --weights screening.pt \\
        --encoder-weight 0.5 --network-weight 1 --within-mm 4 --logit-shift -1

Settings of the screening that are not given stay as the manifest has them. Several files of weights become one network
that gives the mean of their logits. Exit status: 0 done; 2 an option or a file cannot be used.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor

from .errors import InputError
from .manifest import sha256
from .manifest_check import check_manifest
from .screening_network import SLICE_STEPS, ScreeningNetwork, network_of, screening_graph
from .verify import EXPORT_TOLERANCE, shortest_floats

FILE = "screening.onnx"
FACTORS = (0.8, 0.9, 1, 1.1, 1.2)
"""Of the self-test's patch in the stack whose logits it holds (runtime/screeningNetwork.ts, `selfTestStack`)."""


def self_test_stack(patch: Sequence[float]) -> Tensor:
    """[1, 6, 64, 64]: the patch times each factor, and as body mask 1 where it is above 0.5."""
    image = torch.tensor(patch, dtype=torch.float64).reshape(64, 64)
    return torch.stack([*(factor * image for factor in FACTORS), (image > 0.5).double()])[None].float()


@torch.no_grad()
def add_screening(folder: Path, networks: Sequence[ScreeningNetwork], settings: dict[str, float]) -> float:
    """Writes the network, and enters it with its settings in manifest and self-test.

    Args:
        settings: of `patch.screening` and `patch.screening.network`, by their names in the manifest.

    Returns:
        The largest difference of the graph from PyTorch, relative to the largest logit.

    Raises:
        InputError: where the folder is no model, a setting is out of range, or the graph disagrees with PyTorch; the
            folder is then as it was.
    """
    manifest = _read(folder / "manifest.json")
    check_manifest(manifest)
    test_path = folder / manifest["files"]["selfTest"]["path"]
    test = _read(test_path)
    stack = self_test_stack(test["patch"])
    graph = screening_graph(networks, half_weights=manifest["precision"] == "float16-weights")
    expected = torch.stack([network(stack) for network in networks]).mean(0)
    error = _error(graph, stack, expected)
    allowed = EXPORT_TOLERANCE[manifest["precision"]]
    if not error <= allowed:
        raise InputError(f"the exported network is off by {error:.1e} of its largest logit; {allowed:.0e} are allowed")

    screening = {"withinMm": 0, "logitShift": 0} | (manifest["patch"].get("screening") or {})
    network: dict[str, Any] = {"sliceSteps": list(SLICE_STEPS)} | (screening.pop("network", None) or {})
    for name, value in settings.items():
        (network if name in NETWORK_SETTINGS else screening)[name] = value
    manifest["patch"]["screening"] = {**screening, "network": network}
    test["screeningLogits"] = shortest_floats(expected)
    written = {
        folder / FILE: graph.SerializeToString(),
        test_path: json.dumps(test).encode(),
    }
    for key, path in (("screening", folder / FILE), ("selfTest", test_path)):
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(written[path])
        manifest["files"][key] = {"path": path.name, "sha256": sha256(partial), "bytes": partial.stat().st_size}
    try:
        check_manifest(manifest)
    except InputError:
        for path in written:
            path.with_name(f".{path.name}.{os.getpid()}").unlink()
        raise
    for path in written:
        path.with_name(f".{path.name}.{os.getpid()}").replace(path)
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return error


def _error(graph: onnx.ModelProto, stack: Tensor, expected: Tensor) -> float:
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    found = session.run(None, {"slices": stack.numpy()})[0]
    return float(np.abs(found - expected.numpy()).max() / max(1.0, float(expected.abs().max())))


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def load_network(path: Path) -> ScreeningNetwork:
    """Raises InputError for files that hold no such network."""
    try:
        return network_of(torch.load(path, map_location="cpu", weights_only=True))
    except FileNotFoundError as error:
        raise InputError(f"{path}: not found") from error
    except Exception as error:
        raise InputError(f"{path}: holds no screening network ({str(error)[:200]})") from error


NETWORK_SETTINGS = {
    "encoderWeight": "of the encoder's logit",
    "networkWeight": "of the larger of the network's two logits",
    "leastKindLogit": "a region counts where the network's logit for its kind is at least this",
}
SCREENING_SETTINGS = {
    "withinMm": "logits are averaged over slices at most this far away",
    "logitShift": "added to that mean",
    "suspiciousVertebraShift": "added in vertebrae of which one slice is suspicious",
    "leastOwnProbability": "slices less likely by themselves are not searched",
}


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="add_screening", description="Adds a screening network to a model folder.")
    parser.add_argument("--model", type=Path, required=True, help="the model folder")
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="state dictionaries of PyTorch")
    for name, what in (NETWORK_SETTINGS | SCREENING_SETTINGS).items():
        option = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
        parser.add_argument(f"--{option}", dest=name, type=float, help=what)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse_arguments(arguments)
    given = {name: getattr(options, name) for name in NETWORK_SETTINGS | SCREENING_SETTINGS}
    try:
        networks = [load_network(path) for path in options.weights]
        settings = {name: value for name, value in given.items() if value is not None}
        error = add_screening(options.model, networks, settings)
    except InputError as problem:
        print(f"add_screening: {problem}", file=sys.stderr)
        return 2
    file = options.model / FILE
    print(f"{file}: {file.stat().st_size} bytes, off by {error:.1e} of PyTorch's largest logit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
