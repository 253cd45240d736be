"""`python -m vertebra_body.export --weights <weights.pt> --out <models/body> [--raise-outline <logit>]`: ONNX graph, self-test and manifest."""

from __future__ import annotations

import argparse
import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from vertebra_dae.manifest_check import check_body_manifest

from .network import BLOCK_SHAPE, SPACING_MM, TISSUES, WINDOW_HU, BodyNet

TOLERANCE = 2e-2
"""Largest difference of a logit between runtimes; logits run from about -15 to 15."""
PROBES = 64
INTENDED_USE = "Research use only: proposes the outline of a vertebral body on CT for a person to check. Not a medical device."
LIMITS = (
    "Trained on synthetic vertebrae; of real CT it saw only what lies beside the spine.",
    "Vertebral bodies C3 to L5 of adults; not the sacrum, not C1 and C2.",
    "Every mask is to be looked at before it is used.",
)


def raise_outline(net: BodyNet, by: float) -> None:
    """Moves the surface of the outline: masks drawn by people reach further out than the truth of phantoms."""
    with torch.no_grad():
        net.body.bias.add_(by)


def export(net: BodyNet, out: Path) -> None:
    """Writes body_outline.onnx; batch normalisation is folded into the convolutions."""
    net.eval()
    torch.onnx.export(
        net,
        (torch.zeros(1, 2, *BLOCK_SHAPE),),
        str(out / "body_outline.onnx"),
        input_names=["block"],
        output_names=["body", "tissue"],
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(str(out / "body_outline.onnx"))


def self_test(net: BodyNet, out: Path) -> None:
    """A block that any runtime can make, and what the network says of it at some voxels."""
    block = test_block()
    with torch.no_grad():
        body, tissue = (output.numpy() for output in net(torch.from_numpy(block)))
    session = onnxruntime.InferenceSession(out / "body_outline.onnx", providers=["CPUExecutionProvider"])
    for ours, theirs in zip((body, tissue), session.run(None, {"block": block}), strict=True):
        worst = float(np.abs(ours - theirs).max())
        if worst > TOLERANCE:
            raise SystemExit(f"the ONNX graph differs from PyTorch by {worst:.1e}")
    probes = np.linspace(0, body.size - 1, PROBES).astype(int)
    kinds = np.linspace(0, tissue.size - 1, PROBES).astype(int)
    facts = {
        "tolerance": TOLERANCE,
        "body": {"indices": probes.tolist(), "logits": body.ravel()[probes].round(4).tolist()},
        "tissue": {"indices": kinds.tolist(), "logits": tissue.ravel()[kinds].round(4).tolist()},
    }
    (out / "self-test.json").write_text(json.dumps(facts) + "\n")


def test_block() -> np.ndarray:
    """An ellipsoid of 0.2 in a surrounding of -0.5; all known. [1, 2, z, y, x]"""
    z, y, x = np.meshgrid(*(np.arange(size) - (size - 1) / 2 for size in BLOCK_SHAPE), indexing="ij")
    inside = (x / 14) ** 2 + (y / 10) ** 2 + (z / 9) ** 2 < 1
    return np.stack([np.where(inside, 0.2, -0.5), np.ones(BLOCK_SHAPE)])[None].astype(np.float32)


def entry(path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    return {"path": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="0.2.0")
    parser.add_argument("--raise-outline", type=float, default=0.0, help="added to the logits of the body: above 0 outlines are larger")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    net = BodyNet()
    net.load_state_dict(torch.load(options.weights, weights_only=True, map_location="cpu"))
    raise_outline(net, options.raise_outline)
    export(net, options.out)
    self_test(net, options.out)
    z, y, x = BLOCK_SHAPE
    manifest = {
        "schemaVersion": 1,
        "kind": "body-outline",
        "id": "body",
        "name": "Vertebral body outline (phantoms)",
        "version": options.version,
        "description": "Small 3-D U-Net that outlines the vertebral body at the middle of a block of CT.",
        "block": {"dims": [x, y, z], "spacingMm": SPACING_MM, "windowHu": list(WINDOW_HU)},
        "tissues": list(TISSUES),
        "files": {
            "network": entry(options.out / "body_outline.onnx"),
            "selfTest": entry(options.out / "self-test.json"),
        },
        "licence": "MIT",
        "provenance": {
            "source": "npm run phantoms:bodies and vertebra_body.train of this repository"
            + (f"; outline logits raised by {options.raise_outline}" if options.raise_outline else ""),
            "checkpointSha256": hashlib.sha256(options.weights.read_bytes()).hexdigest(),
            "createdBy": f"vertebra_body.export, {date.today().isoformat()}",
        },
        "intendedUse": INTENDED_USE,
        "limits": list(LIMITS),
    }
    check_body_manifest(manifest)
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{options.out}: {manifest['files']['network']['bytes']} bytes")


if __name__ == "__main__":
    main()
