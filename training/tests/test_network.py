"""The PyTorch network against the golden values (made by the authors' code, see test/golden/data/README.md)."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from conftest import CHECKPOINT, GOLDEN_CASE, golden_image

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.blocks import group_norm, timestep_embedding
from vertebra_dae.errors import InputError
from vertebra_dae.network import DiffusionAutoencoder


def test_state_dict_has_exactly_the_published_keys(model: DiffusionAutoencoder) -> None:
    stored = torch.load(CHECKPOINT, weights_only=True)["state_dict"]
    own = {f"ema_model.{key}": value for key, value in model.state_dict().items()}
    assert own.keys() == stored.keys()
    assert all(torch.equal(own[key], stored[key]) for key in stored)


@torch.no_grad()
def test_encoder_gives_the_golden_semantic_code(model: DiffusionAutoencoder) -> None:
    code = model.encode(golden_image(GOLDEN_CASE, "patch"))
    np.testing.assert_allclose(code, np.load(GOLDEN_CASE / "semantic_code.npy"), atol=2e-6)


def test_a_new_network_predicts_zero_noise_and_learns(config: ArchitectureConfig) -> None:
    torch.manual_seed(0)
    network = DiffusionAutoencoder(config).train()
    patch, noise = torch.rand(2, 1, 64, 64), torch.randn(2, 1, 64, 64)
    t = torch.tensor([3, 700])
    assert not network(noise, t, network.encode(patch)).any()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    losses = []
    for _ in range(4):
        loss = (network(noise, t, network.encode(patch)) - noise).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert network.encoder.out[3].weight.grad is not None


def test_bf16_autocast_and_channels_last_stay_close(model: DiffusionAutoencoder) -> None:
    patch = golden_image(GOLDEN_CASE, "patch").to(memory_format=torch.channels_last)
    t = torch.tensor([500])
    with torch.no_grad():
        code = model.encode(patch)
        expected = model(patch, t, code)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            actual = model(patch, t, code)
    assert (actual.float() - expected).abs().max() < 0.1 * expected.abs().max()


def test_group_norm_uses_the_greatest_common_divisor() -> None:
    assert [group_norm(c).num_groups for c in (64, 32, 48, 16)] == [32, 32, 16, 16]


def test_group_norm_may_have_so_many_channels_a_group() -> None:
    assert [group_norm(c, 4).num_groups for c in (64, 16, 6)] == [16, 4, 3]
    config = ArchitectureConfig(model_channels=16, channels_per_group=4)
    assert ArchitectureConfig.from_json(config.to_json()) == config
    assert "channels_per_group" not in ArchitectureConfig().to_json()
    norms = [module for module in DiffusionAutoencoder(config).modules() if isinstance(module, torch.nn.GroupNorm)]
    assert all(norm.num_channels == 4 * norm.num_groups for norm in norms)


def test_timestep_embedding_holds_cosines_then_sines() -> None:
    embedding = timestep_embedding(torch.tensor([0, 2]), 4)
    assert embedding[0].tolist() == [1, 1, 0, 0]
    np.testing.assert_allclose(embedding[1], [np.cos(2), np.cos(0.02), np.sin(2), np.sin(0.02)], atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"channel_mult": []}, "channel_mult"),
        ({"model_channels": 0}, "model_channels"),
        ({"model_channels": 33}, "even"),
        ({"dropout": 1.5}, "dropout"),
        ({"image_size": 128}, "only 64"),
        ({"in_channels": 3}, "must be 1"),
        ({"enc_channel_mult": [1] * 8}, "levels"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"channels_per_group": 0}, "channels_per_group"),
        ({"channels_per_group": 65}, "channels_per_group"),
    ],
)
def test_wrong_architecture_is_refused_by_name(
    config: ArchitectureConfig, change: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        ArchitectureConfig.from_json({**config.to_json(), **change})


def test_missing_key_is_refused_by_name(config: ArchitectureConfig) -> None:
    values = config.to_json()
    del values["embed_channels"]
    with pytest.raises(InputError, match="'embed_channels' is missing"):
        ArchitectureConfig.from_json(values)
