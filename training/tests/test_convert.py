"""The converter as a command: what it writes, and what it refuses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from conftest import CHECKPOINT, GOLDEN_CASE, ROOT

from vertebra_dae.convert import main
from vertebra_dae.network import DiffusionAutoencoder

CLASSIFIER = ["--classifier-json", str(GOLDEN_CASE / "classifier.json")]
TINY = ["--checkpoint", str(CHECKPOINT), *CLASSIFIER]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "tiny"
    options = ["--version", "2.1.0", "--patch-spacing", "0.7,0.6,0.9", "--licence", "MIT", "--provenance", "cases=3"]
    options += ["--target-probability", "0.02", "--attribution-threshold", "0.8"]
    options += ["--refine-outlines", "--outline-across-slices", "--follow-lesions", "--least-difference", "0.04", "--least-slices", "2", "--least-slices-probability", "0.2", "--skip-below-threshold-by", "0.25", "--trust-above-threshold-by", "0.4", "--rescore-within", "0.1", "--trained-width-fraction", "0.5"]
    assert main([*TINY, "--out", str(out), *options]) == 0
    return out


def test_manifest_describes_the_folder(converted: Path) -> None:
    manifest = json.loads((converted / "manifest.json").read_text())
    assert manifest["schemaVersion"] == 1
    assert (manifest["id"], manifest["version"], manifest["precision"]) == ("tiny", "2.1.0", "float32")
    assert manifest["architecture"] == json.loads((GOLDEN_CASE / "config.json").read_text())
    assert manifest["patch"]["spacingMm"] == {"anteriorPosterior": 0.7, "superiorInferior": 0.6, "leftRight": 0.9}
    assert (manifest["method"]["targetProbability"], manifest["method"]["attributionThreshold"]) == (0.02, 0.8)
    assert manifest["method"]["refineOutlines"] is True
    assert manifest["method"]["leastSlices"] == 2
    assert manifest["method"]["outlineAcrossSlices"] is True
    assert manifest["method"]["followLesions"] is True
    assert manifest["method"]["leastDifference"] == 0.04
    assert manifest["method"]["leastSlicesProbability"] == 0.2
    assert (manifest["method"]["skipBelowThresholdBy"], manifest["method"]["rescoreWithin"]) == (0.25, 0.1)
    assert manifest["method"]["trustAboveThresholdBy"] == 0.4
    assert manifest["patch"]["trainedWidthFraction"] == 0.5
    assert manifest["schedule"] == {"trainSteps": 1000, "betaStart": 0.0001, "betaEnd": 0.02}
    assert manifest["classifier"] == json.loads((GOLDEN_CASE / "classifier.json").read_text())
    assert manifest["provenance"]["cases"] == "3"
    assert manifest["provenance"]["checkpointSha256"] == hashlib.sha256(CHECKPOINT.read_bytes()).hexdigest()
    assert "esearch use only" in manifest["intendedUse"]
    assert len(manifest["files"]) == 5
    for entry in manifest["files"].values():
        data = (converted / entry["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert sorted(file.name for file in converted.iterdir()) == sorted(
        ["manifest.json", *(entry["path"] for entry in manifest["files"].values())]
    )


@torch.no_grad()
def test_self_test_is_what_pytorch_computes_and_onnx_repeats(converted: Path, model: DiffusionAutoencoder) -> None:
    stored = json.loads((converted / "self-test.json").read_text())
    patch, noisy, code = (np.array(stored[key], dtype=np.float32) for key in ("patch", "noisy", "code"))
    assert (patch.size, noisy.size, len(stored["noise"]), code.size) == (4096, 4096, 4096, 512)
    expected = model(
        torch.from_numpy(noisy).reshape(1, 1, 64, 64),
        torch.tensor([stored["timestep"]]),
        torch.from_numpy(code)[None],
    )
    np.testing.assert_allclose(stored["noise"], expected.ravel(), atol=1e-6)
    encoder = onnxruntime.InferenceSession(converted / "encoder.onnx")
    np.testing.assert_allclose(encoder.run(None, {"patch": patch.reshape(1, 1, 64, 64)})[0][0], code, atol=1e-5)


def test_conversion_is_deterministic_and_the_committed_tiny_model_is_its_result(converted: Path) -> None:
    """The repository keeps the checkpoint alone; its manifest has the hashes of the graphs made from it."""
    files = json.loads((ROOT / "models" / "tiny" / "manifest.json").read_text())["files"]
    for key in ("encoder", "timeConditioning", "codeConditioning", "noisePredictor"):
        graph = (converted / files[key]["path"]).read_bytes()
        assert hashlib.sha256(graph).hexdigest() == files[key]["sha256"]


def test_float16_weights(tmp_path: Path, converted: Path) -> None:
    out = tmp_path / "half"
    assert main([*TINY, "--out", str(out), "--precision", "float16-weights"]) == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["precision"] == "float16-weights"
    assert manifest["method"].keys().isdisjoint({"skipBelowThresholdBy", "trustAboveThresholdBy", "rescoreWithin", "refineOutlines", "outlineAcrossSlices", "followLesions", "leastDifference", "leastSlicesProbability"})
    full = json.loads((converted / "manifest.json").read_text())
    for key in ("encoder", "noisePredictor", "timeConditioning", "codeConditioning"):
        assert manifest["files"][key]["bytes"] < 0.55 * full["files"][key]["bytes"]
    stored = json.loads((out / "self-test.json").read_text())
    encoder = onnxruntime.InferenceSession(out / "encoder.onnx")
    code = encoder.run(None, {"patch": np.array(stored["patch"], dtype=np.float32).reshape(1, 1, 64, 64)})[0][0]
    assert np.abs(code - stored["code"]).max() < stored["tolerance"]


def test_published_pickles_convert(shared_golden: Path, tmp_path: Path) -> None:
    published = shared_golden / "published"
    pickles = ["--classifier", str(published / "classifier_lr.pkl"), "--scaler", str(published / "scaler.pkl")]
    assert main(["--checkpoint", str(CHECKPOINT), *pickles, "--out", str(tmp_path / "published")]) == 0
    classifier = json.loads((tmp_path / "published" / "manifest.json").read_text())["classifier"]
    assert [len(classifier[key]) for key in ("mean", "scale", "coef")] == [512] * 3
    assert np.isfinite([*classifier["mean"], *classifier["scale"], *classifier["coef"], classifier["intercept"]]).all()


def test_register_enters_the_model_once_and_keeps_others(tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert main([*TINY, "--out", str(tmp_path / name), "--register"]) == 0
    assert main([*TINY, "--out", str(tmp_path / "second"), "--make-default"]) == 0
    assert json.loads((tmp_path / "index.json").read_text()) == {
        "models": [
            {"id": "first", "path": "first/manifest.json"},
            {"id": "second", "path": "second/manifest.json"},
        ],
        "default": "second",
    }


def refused(arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Runs a conversion that must fail; returns its message."""
    assert main([*arguments, "--out", str(out)]) == 2
    assert not out.exists() or not any(out.iterdir())
    message = capsys.readouterr().err
    assert message.startswith("models:convert: ")
    return message


def test_refusals_say_why_and_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    cut = tmp_path / "cut.ckpt"
    cut.write_bytes(CHECKPOINT.read_bytes()[:100_000])
    assert "truncated" in refused(["--checkpoint", str(cut), *CLASSIFIER], out, capsys)
    assert "no such file" in refused(["--checkpoint", str(tmp_path / "none"), *CLASSIFIER], out, capsys)

    config = json.loads((GOLDEN_CASE / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "model_channels": 64}))
    assert "do not fit" in refused([*TINY, "--config", str(tmp_path / "config.json")], out, capsys)

    short = {"mean": [0.0] * 3, "scale": [1.0] * 3, "coef": [1.0] * 3, "intercept": 0}
    (tmp_path / "short.json").write_text(json.dumps(short))
    arguments = ["--checkpoint", str(CHECKPOINT), "--classifier-json", str(tmp_path / "short.json")]
    assert "length 3" in refused(arguments, out, capsys)
    assert "model id" in refused([*TINY, "--id", "No Spaces"], out, capsys)
    assert "patch spacing" in refused([*TINY, "--patch-spacing", "0,1,1"], out, capsys)
    assert "target probability" in refused([*TINY, "--target-probability", "0.7"], out, capsys)
    assert "skip-below-threshold-by" in refused([*TINY, "--skip-below-threshold-by", "0"], out, capsys)
    assert "trained width fraction" in refused([*TINY, "--trained-width-fraction", "1.5"], out, capsys)
    assert "rescore-within" in refused([*TINY, "--rescore-within", "-0.1"], out, capsys)


def test_a_failed_conversion_leaves_the_folder_as_it_was(
    tmp_path: Path, converted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file.name: file.read_bytes() for file in converted.iterdir()}
    (tmp_path / "bad.ckpt").write_bytes(b"nothing")
    assert main(["--checkpoint", str(tmp_path / "bad.ckpt"), *CLASSIFIER, "--out", str(converted)]) == 2
    assert {file.name: file.read_bytes() for file in converted.iterdir()} == before


@pytest.mark.parametrize(
    "arguments", [["--classifier", "c.pkl"], [], ["--classifier-json", "c", "--classifier", "c", "--scaler", "s"]]
)
def test_a_classifier_is_given_in_exactly_one_way(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--checkpoint", str(CHECKPOINT), "--out", "unused", *arguments])
