"""The exported graphs against PyTorch, and what they may consist of."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.errors import InputError
from vertebra_dae.network import DiffusionAutoencoder
from vertebra_dae.onnx_export import GRAPH_NAMES, conditioning_size, export_graphs
from vertebra_dae.onnx_graph import MAX_SPLIT_OUTPUTS
from vertebra_dae.verify import OnnxAutoencoder, check_graphs, sample_inputs


@pytest.fixture(scope="module")
def graphs(model: DiffusionAutoencoder) -> dict[str, onnx.ModelProto]:
    return export_graphs(model)


@pytest.fixture(scope="module")
def exported(graphs: dict[str, onnx.ModelProto]) -> OnnxAutoencoder:
    return OnnxAutoencoder(graphs)


@torch.no_grad()
@pytest.mark.parametrize("batch", [1, 3])
def test_every_graph_equals_pytorch(model: DiffusionAutoencoder, exported: OnnxAutoencoder, batch: int) -> None:
    patch, noisy = sample_inputs(batch, 64)
    code = model.encode(patch)
    np.testing.assert_allclose(exported.encode(patch.numpy()), code, atol=5e-6)

    timesteps = np.array([0, 37, 996], dtype=np.float32)[:batch]
    time = model.embed_time(torch.from_numpy(timesteps))
    scales, shifts, code_scales = [], [], []
    for block in model.conditioned_blocks():
        scale, shift = block.emb_layers(time).chunk(2, dim=1)
        gamma, beta = block.out_layers[0].weight, block.out_layers[0].bias
        scales.append(gamma * (1 + scale))
        shifts.append(beta * (1 + scale) + shift)
        code_scales.append(1 + block.cond_emb_layers(code))
    time_scale, time_shift = exported.run("time_conditioning", timestep=timesteps)
    np.testing.assert_allclose(time_scale, torch.cat(scales, 1), atol=2e-5)
    np.testing.assert_allclose(time_shift, torch.cat(shifts, 1), atol=2e-5)
    code_scale = exported.run("code_conditioning", code=code.numpy())[0]
    np.testing.assert_allclose(code_scale, torch.cat(code_scales, 1), atol=1e-5)

    for t in (0, 496, 999):
        noise = model(noisy, torch.full((batch,), t), code)
        np.testing.assert_allclose(exported.predict_noise(noisy.numpy(), t, code.numpy()), noise, atol=2e-5)


def test_interface_is_the_one_the_viewer_expects(
    model: DiffusionAutoencoder, graphs: dict[str, onnx.ModelProto]
) -> None:
    assert tuple(graphs) == GRAPH_NAMES
    size = conditioning_size(model)

    def shapes(values: object) -> dict[str, tuple[int | str, ...]]:
        return {
            value.name: tuple(d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim)
            for value in values  # type: ignore[attr-defined]
        }

    image = ("batch", 1, 64, 64)
    expected = {
        "encoder": ({"patch": image}, {"code": ("batch", 512), "code_map": ("batch", 512, 8, 8)}),
        "time_conditioning": (
            {"timestep": ("steps",)},
            {"time_scale": ("steps", size), "time_shift": ("steps", size)},
        ),
        "code_conditioning": ({"code": ("batch", 512)}, {"code_scale": ("batch", size)}),
        "noise_predictor": (
            {"noisy": image, "time_scale": (1, size), "time_shift": (1, size), "code_scale": ("batch", size)},
            {"noise": image},
        ),
    }
    for name, graph in graphs.items():
        assert (shapes(graph.graph.input), shapes(graph.graph.output)) == expected[name]
        assert [(entry.domain, entry.version) for entry in graph.opset_import] == [("", 17)]


def test_the_code_is_the_mean_of_the_code_map(graphs: dict[str, onnx.ModelProto]) -> None:
    session = onnxruntime.InferenceSession(graphs["encoder"].SerializeToString(), providers=["CPUExecutionProvider"])
    patch = np.random.default_rng(0).random((2, 1, 64, 64), dtype=np.float32)
    code, code_map = session.run(["code", "code_map"], {"patch": patch})
    np.testing.assert_allclose(code_map.mean(axis=(2, 3)), code, atol=1e-5)


@pytest.mark.parametrize("half_weights", [False, True])
def test_only_float_tensors_flow_and_splits_stay_small(model: DiffusionAutoencoder, half_weights: bool) -> None:
    for graph in export_graphs(model, half_weights).values():
        inferred = onnx.shape_inference.infer_shapes(graph, strict_mode=True).graph
        types = {value.type.tensor_type.elem_type for value in (*inferred.value_info, *inferred.input)}
        assert types == {TensorProto.FLOAT}
        assert all(len(node.output) <= MAX_SPLIT_OUTPUTS for node in graph.graph.node)
        assert all("auto_pad" not in [a.name for a in node.attribute] for node in graph.graph.node)


def test_float16_weights_halve_the_size_and_stay_close(model: DiffusionAutoencoder) -> None:
    half, full = export_graphs(model, half_weights=True), export_graphs(model)
    assert all(half[name].ByteSize() < 0.55 * full[name].ByteSize() for name in GRAPH_NAMES)
    errors = check_graphs(model, OnnxAutoencoder(half), "float16-weights")
    assert 1e-6 < max(errors.values()) < 2e-3


@pytest.mark.parametrize("per_group", [None, 4])
def test_a_deeper_network_exports(per_group: int | None) -> None:
    torch.manual_seed(1)
    deeper = ArchitectureConfig(
        model_channels=16,
        channel_mult=(1, 2, 4, 8),
        enc_channel_mult=(1, 2, 4, 8, 8),
        attention_resolutions=(8, 16),
        style_channels=48,
        embed_channels=96,
        channels_per_group=per_group,
    )
    network = DiffusionAutoencoder(deeper).eval()
    for parameter in network.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.1)
    assert max(check_graphs(network, OnnxAutoencoder(export_graphs(network)), "float32").values()) < 2e-5


def test_a_disagreeing_export_is_refused(model: DiffusionAutoencoder, config: ArchitectureConfig) -> None:
    other = DiffusionAutoencoder(config).eval()
    other.load_state_dict(model.state_dict())
    with torch.no_grad():
        other.out[2].bias += 0.01
    with pytest.raises(InputError, match="noise differs from PyTorch"):
        check_graphs(model, OnnxAutoencoder(export_graphs(other)), "float32")
