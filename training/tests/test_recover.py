"""A model folder gives its network back."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from conftest import CHECKPOINT, GOLDEN_CASE, ROOT

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.checkpoint import load_model
from vertebra_dae.convert import main as convert
from vertebra_dae.network import DiffusionAutoencoder
from vertebra_dae.recover import main


@torch.no_grad()
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-5), ("float16-weights", 5e-3)])
def test_the_recovered_checkpoint_computes_the_same(tmp_path: Path, precision: str, tolerance: float) -> None:
    arguments = ["--checkpoint", str(CHECKPOINT), "--classifier-json", str(GOLDEN_CASE / "classifier.json")]
    assert convert([*arguments, "--precision", precision, "--out", str(tmp_path / "model")]) == 0
    assert main(["--model", str(tmp_path / "model"), "--out", str(tmp_path / "again.ckpt")]) == 0
    before, after = load_model(CHECKPOINT), load_model(tmp_path / "again.ckpt")
    generator = torch.Generator().manual_seed(1)
    patches = torch.rand(2, 1, 64, 64, generator=generator)
    noisy = torch.randn(2, 1, 64, 64, generator=generator)
    timesteps = torch.tensor([7, 912])
    code = before.encode(patches)
    torch.testing.assert_close(after.encode(patches), code, rtol=0, atol=tolerance)
    torch.testing.assert_close(after(noisy, timesteps, code), before(noisy, timesteps, code), rtol=0, atol=tolerance)


def test_the_groups_of_a_network_survive(tmp_path: Path) -> None:
    torch.manual_seed(2)
    config = ArchitectureConfig(model_channels=16, channel_mult=(1, 2), enc_channel_mult=(1, 2), style_channels=8, channels_per_group=4)
    state = {f"ema_model.{key}": value for key, value in DiffusionAutoencoder(config).state_dict().items()}
    torch.save({"state_dict": state}, tmp_path / "groups.ckpt")
    classifier = {"mean": [0.0] * 8, "scale": [1.0] * 8, "coef": [1.0] * 8, "intercept": 0.0}
    (tmp_path / "classifier.json").write_text(json.dumps(classifier), encoding="utf-8")
    arguments = ["--checkpoint", str(tmp_path / "groups.ckpt"), "--classifier-json", str(tmp_path / "classifier.json")]
    assert convert([*arguments, "--out", str(tmp_path / "model")]) == 0
    assert main(["--model", str(tmp_path / "model"), "--out", str(tmp_path / "again.ckpt")]) == 0
    assert load_model(tmp_path / "again.ckpt").config.channels_per_group == 4


def test_the_bundled_model_is_recovered_from_its_compressed_files(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(ROOT / "models" / "default", model, ignore=shutil.ignore_patterns("*.onnx"))
    assert main(["--model", str(model), "--out", str(tmp_path / "start.ckpt")]) == 0
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    for name in ("encoder", "timeConditioning", "codeConditioning", "noisePredictor"):
        entry = manifest["files"][name]
        assert hashlib.sha256((model / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_a_folder_without_a_model_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model", str(tmp_path), "--out", str(tmp_path / "x.ckpt")]) == 2
    assert f"{tmp_path}: not a model folder" in capsys.readouterr().err
