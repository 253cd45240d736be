"""Reading checkpoints: architecture from the shapes, and every way in which a file can be wrong."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import CHECKPOINT

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.checkpoint import load_model, read_ema_weights
from vertebra_dae.errors import InputError
from vertebra_dae.infer_architecture import infer_architecture
from vertebra_dae.network import DiffusionAutoencoder


@pytest.mark.parametrize(
    "expected",
    [
        ArchitectureConfig(),
        ArchitectureConfig(model_channels=16, num_res_blocks=3, enc_num_res_blocks=1),
        ArchitectureConfig(model_channels=32, channel_mult=(1, 2, 3), enc_channel_mult=(1, 1, 2)),
        ArchitectureConfig(model_channels=32, attention_resolutions=(8, 16), style_channels=64, embed_channels=128),
        ArchitectureConfig(model_channels=32, channel_mult=(2, 4), enc_channel_mult=(2, 4, 4)),
        ArchitectureConfig(model_channels=16, channels_per_group=4),
    ],
)
def test_architecture_is_inferred_from_shapes(expected: ArchitectureConfig) -> None:
    if expected.channel_mult == (2, 4):
        # Without attention anywhere the resolutions are free: any that the network never reaches means the same.
        expected = replace(expected, attention_resolutions=(1,))
    with torch.device("meta"):
        state = DiffusionAutoencoder(expected).state_dict()
    assert infer_architecture(state) == expected


def test_ambiguous_encoder_asks_for_a_config() -> None:
    config = ArchitectureConfig(model_channels=32, enc_channel_mult=(1, 1, 1, 1), attention_resolutions=(4,))
    with torch.device("meta"):
        state = DiffusionAutoencoder(config).state_dict()
    with pytest.raises(InputError, match="--config"):
        infer_architecture(state)


def test_tiny_checkpoint_is_inferred(config: ArchitectureConfig) -> None:
    assert load_model(CHECKPOINT).config == config


def save(path: Path, state: dict[str, Any], **more: object) -> Path:
    torch.save({"state_dict": state, "global_step": 1, **more}, path)
    return path


def tiny_state() -> dict[str, torch.Tensor]:
    return dict(torch.load(CHECKPOINT, weights_only=True)["state_dict"])


def test_other_keys_of_a_training_checkpoint_are_left_alone(tmp_path: Path, config: ArchitectureConfig) -> None:
    path = save(tmp_path / "last.ckpt", {**tiny_state(), "model.out.0.bias": torch.ones(3), "x_T": torch.ones(2)})
    assert load_model(path).config == config


def test_trainer_objects_are_read_as_inert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lightning before 1.5 stored callback classes as dictionary keys."""
    module = types.ModuleType("pytorch_lightning")
    callback = type("ModelCheckpoint", (), {"__module__": "pytorch_lightning"})
    module.ModelCheckpoint = callback  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pytorch_lightning", module)
    instance = callback()
    instance.best = 0.5  # type: ignore[attr-defined]
    path = save(tmp_path / "last.ckpt", tiny_state(), callbacks={callback: {"best": 1}}, hyper_parameters=[instance])
    monkeypatch.delitem(sys.modules, "pytorch_lightning")
    assert len(read_ema_weights(path)) == len(tiny_state())


class Command:
    """Pickles to a call that would create a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.target,)


class Foreign:
    """A class that no checkpoint should hold."""


def test_foreign_class_is_refused_by_name(tmp_path: Path) -> None:
    path = save(tmp_path / "foreign.ckpt", tiny_state(), extra=Foreign())
    with pytest.raises(InputError, match=r"test_checkpoint\.Foreign"):
        read_ema_weights(path)


def test_a_command_is_not_executed(tmp_path: Path) -> None:
    target = tmp_path / "executed"
    path = save(tmp_path / "command.ckpt", tiny_state(), extra=Command(target))
    with pytest.raises(InputError):
        read_ema_weights(path)
    assert not target.exists()


@pytest.mark.parametrize("legacy", [False, True])
def test_truncated_checkpoint_is_refused(tmp_path: Path, legacy: bool) -> None:
    path = tmp_path / "cut.ckpt"
    torch.save({"state_dict": tiny_state()}, path, _use_new_zipfile_serialization=not legacy)
    data = path.read_bytes()
    for length in (0, 10, len(data) // 2, len(data) - 100):
        path.write_bytes(data[:length])
        with pytest.raises(InputError, match=r"cut\.ckpt"):
            read_ema_weights(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "page.ckpt"
    text.write_text("<html>not found</html>")
    with pytest.raises(InputError, match=r"page\.ckpt"):
        read_ema_weights(text)
    with pytest.raises(InputError, match="no such file"):
        read_ema_weights(tmp_path / "absent.ckpt")
    with pytest.raises(InputError, match="state_dict"):
        torch.save([1, 2], tmp_path / "list.ckpt")
        read_ema_weights(tmp_path / "list.ckpt")
    with pytest.raises(InputError, match=r"ema_model\.\*"):
        read_ema_weights(save(tmp_path / "no-ema.ckpt", {"model.out.0.bias": torch.ones(3)}))


def test_wrong_shapes_and_keys_are_refused_by_name(tmp_path: Path, config: ArchitectureConfig) -> None:
    state = tiny_state()
    state["ema_model.out.0.bias"] = torch.ones(31)
    with pytest.raises(InputError, match=r"ema_model\.out\.0\.bias has shape \(31,\), not \(32,\)"):
        load_model(save(tmp_path / "shape.ckpt", state), config)
    del state["ema_model.out.0.bias"]
    with pytest.raises(InputError, match=r"ema_model\.out\.0\.bias is missing"):
        load_model(save(tmp_path / "missing.ckpt", state), config)
    state = {**tiny_state(), "ema_model.extra": torch.ones(1)}
    with pytest.raises(InputError, match=r"ema_model\.extra is unknown"):
        load_model(save(tmp_path / "extra.ckpt", state))
    with pytest.raises(InputError, match="do not fit"):
        load_model(CHECKPOINT, replace(config, model_channels=64))


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    state = tiny_state()
    state["ema_model.out.2.bias"] = torch.tensor([float("nan")])
    with pytest.raises(InputError, match=r"ema_model\.out\.2\.bias"):
        read_ema_weights(save(tmp_path / "nan.ckpt", state))
