"""The screening network as ONNX equals PyTorch, and enters a model folder as the viewer reads it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from vertebra_dae.add_screening import add_screening, main, self_test_stack
from vertebra_dae.errors import InputError
from vertebra_dae.manifest import sha256
from vertebra_dae.manifest_check import check_manifest
from vertebra_dae.screening_network import ScreeningNetwork, network_of, screening_graph

ROOT = Path(__file__).parents[2]
SETTINGS = {"encoderWeight": 0.5, "networkWeight": 1.0, "leastKindLogit": -3.0, "withinMm": 4.0, "logitShift": -1.0}


def random_network(seed: int) -> ScreeningNetwork:
    """With statistics of the normalisation that a training would have left."""
    torch.manual_seed(seed)
    network = ScreeningNetwork((8, 12)).train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.rand(8, 6, 64, 64))
    return network.eval()


def stacks(batch: int) -> torch.Tensor:
    torch.manual_seed(batch)
    values = torch.rand(batch, 6, 64, 64)
    values[:, 5] = 0
    values[:, 5, 20:50, 11:43] = 1
    return values


@torch.no_grad()
@pytest.mark.parametrize("batch", [1, 3])
def test_the_graph_equals_pytorch(batch: int) -> None:
    networks = [random_network(1), random_network(2)]
    expected = torch.stack([network(stacks(batch)) for network in networks]).mean(0)
    graph = screening_graph(networks)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(None, {"slices": stacks(batch).numpy()})[0], expected, atol=2e-5)
    # Shape arithmetic would keep the graph off a graphics card.
    assert {node.op_type for node in graph.graph.node} <= {
        *("Conv", "Relu", "Add", "Sub", "Mul", "Exp", "Log", "Slice", "MaxPool", "ReduceMax", "ReduceMean", "Reshape"),
    }


@torch.no_grad()
def test_bone_outside_the_body_has_no_say() -> None:
    network = random_network(3)
    values = stacks(1)
    values[:, 5] = 0
    np.testing.assert_allclose(network(values), np.full((1, 2), -30 + np.log(256 / 16)), atol=1e-5)


def test_a_model_folder_gets_file_settings_and_self_test(tmp_path: Path) -> None:
    folder = model_folder(tmp_path)
    network = random_network(4)
    assert add_screening(folder, [network], SETTINGS) < 1e-4
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    check_manifest(manifest)
    assert manifest["patch"]["screening"] == {
        "withinMm": 4,
        "logitShift": -1,
        "network": {"sliceSteps": [-4, -2, 0, 2, 4], "encoderWeight": 0.5, "networkWeight": 1, "leastKindLogit": -3},
    }
    for key in ("screening", "selfTest"):
        entry = manifest["files"][key]
        assert sha256(folder / entry["path"]) == entry["sha256"]
    test = json.loads((folder / "self-test.json").read_text(encoding="utf-8"))
    with torch.no_grad():
        expected = network(self_test_stack(test["patch"]))[0]
    assert test["screeningLogits"] == pytest.approx(expected.tolist())

    # Added once more, with other weights: what is not given stays.
    add_screening(folder, [network], {"networkWeight": 2.0})
    changed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["patch"]["screening"]
    assert changed["network"]["networkWeight"] == 2
    assert (changed["network"]["encoderWeight"], changed["logitShift"]) == (0.5, -1)


def test_what_is_wrong_leaves_the_folder_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = model_folder(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError, match=r"encoderWeight"):
        add_screening(folder, [random_network(5)], {"networkWeight": 1.0})
    with pytest.raises(InputError, match=r"networkWeight: 11"):
        add_screening(folder, [random_network(5)], SETTINGS | {"networkWeight": 11.0})
    torch.save({"weight": torch.zeros(3)}, tmp_path / "other.pt")
    assert main(["--model", str(folder), "--weights", str(tmp_path / "other.pt")]) == 2
    assert "holds no screening network" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_command_line(tmp_path: Path) -> None:
    folder = model_folder(tmp_path)
    torch.save(random_network(6).state_dict(), tmp_path / "screening.pt")
    options = ["--encoder-weight", "0", "--network-weight", "1"]
    options += ["--least-own-probability", "0.2", "--logit-shift", "-2"]
    assert main(["--model", str(folder), "--weights", str(tmp_path / "screening.pt"), *options]) == 0
    screening = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["patch"]["screening"]
    assert (screening["logitShift"], screening["leastOwnProbability"]) == (-2, 0.2)


def test_the_widths_are_those_of_the_weights() -> None:
    assert network_of(ScreeningNetwork((10, 14)).state_dict()).head.in_channels == 14


def model_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("manifest.json", "self-test.json"):
        shutil.copy(ROOT / "models/tiny" / name, folder / name)
    return folder
