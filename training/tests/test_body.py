"""The network that outlines vertebral bodies: views of blocks, one training step, export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from vertebra_body import export
from vertebra_body.blocks import FIRST_BODY, UNNAMED, Block, _fill, _thick_slices, draw_view, read_block
from vertebra_body.network import BLOCK_SHAPE, TISSUES, BodyNet, scaled
from vertebra_body.train import dice, losses

SHAPE = (60, 64, 64)


@pytest.fixture(scope="module")
def block() -> Block:
    """Two drums with a disc between; 1 mm cells."""
    z, y, x = np.meshgrid(*(np.arange(size) - size // 2 for size in SHAPE), indexing="ij")
    radial = 14 - np.hypot(x, y)
    tissue = np.zeros(SHAPE, np.uint8)
    tissue[(radial > 0) & (np.abs(z) < 24)] = 1
    depth = np.full(SHAPE, -127.0)
    for number, middle in enumerate((12, -12)):
        own = np.minimum(radial, 10 - np.abs(z - middle))
        tissue[own > 0] = FIRST_BODY + number
        depth = np.maximum(depth, own * 32)
    hu = np.where(tissue >= FIRST_BODY, 300, 40).astype(np.int16)
    return Block(torch.from_numpy(hu), torch.from_numpy(tissue), torch.from_numpy(depth.clip(-127, 127).astype(np.int8)), 1.0, (30.0, 30.0))


def test_view_shows_the_clicked_body_alone(block: Block) -> None:
    random = np.random.default_rng(3)
    views = [draw_view(block, random) for _ in range(40)]
    bodies = [view for view in views if view.body.any()]
    assert 25 < len(bodies) < 40, "a share of the clicks lies beside every body"
    middle = tuple(size // 2 for size in BLOCK_SHAPE)
    full = 3.14 * 14**2 * 20 / 1.4**3
    for view in bodies:
        assert view.block.shape == (2, *BLOCK_SHAPE)
        assert view.body[0][tuple(slice(m - 3, m + 3) for m in middle)].max() > 0.5, "the click lies in the body"
        assert view.block.abs().max() <= 1
    assert np.mean([float((view.body > 0.5).sum()) / full for view in bodies]) < 1.4, "the neighbour is not part of it"
    assert any((view.known == 0).any() for view in views), "some borders are near"


def test_beside_the_spine_no_body_is_wanted(block: Block) -> None:
    hu = block.hu.clone()
    hu[:, :, :12] = -32768
    beside = Block(hu, torch.zeros_like(block.tissue), torch.full_like(block.depth, -127), 1.0, ())
    view = draw_view(beside, np.random.default_rng(2))
    assert not view.body.any()
    assert set(view.tissue.unique().tolist()) == {UNNAMED, 0}
    assert (view.known == 0).any(), "beyond the CT nothing is known"
    assert view.block[0][view.known[0] > 0.5].min() >= -1


def test_views_follow_the_seed(block: Block) -> None:
    first, second = (draw_view(block, np.random.default_rng(5)) for _ in range(2))
    assert torch.equal(first.block, second.block) and torch.equal(first.body, second.body)


def test_unknown_voxels_take_the_nearest_known_value() -> None:
    hu = torch.arange(2.0 * 3 * 4).reshape(2, 3, 4)
    known = torch.ones_like(hu)
    known[:, :, :2] = 0
    known[1] = 0
    filled = _fill(hu, known)
    assert filled[0].tolist() == [[2, 2, 2, 3], [6, 6, 6, 7], [10, 10, 10, 11]]
    assert torch.equal(filled[1], filled[0])


def test_thick_slices_blur_along_z_alone() -> None:
    across = torch.arange(6.0).expand(40, 4, 6)
    assert torch.allclose(_thick_slices(across, 3.57, 0.3), across, atol=1e-4)
    ramp = torch.arange(40.0)[:, None, None].expand(40, 4, 6)
    assert torch.allclose(_thick_slices(ramp, 3.57, 0.7)[5:35], ramp[5:35], atol=0.15)
    disc = torch.ones(40, 1, 1)
    disc[19:21] = 0
    least = _thick_slices(disc, 3.57, 0.3).min()
    assert 0.3 < least < 0.8, "a thin disc is hardly seen"


def test_a_few_steps_lower_the_loss(block: Block) -> None:
    torch.manual_seed(0)
    net, random = BodyNet(), np.random.default_rng(0)
    views = [draw_view(block, random) for _ in range(2)]
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    history = []
    for _ in range(6):
        body, tissue = net(torch.stack([view.block for view in views]))
        assert tissue.shape[1] == len(TISSUES)
        loss = sum(losses(body, tissue, views))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        history.append(float(loss))
    assert history[-1] < 0.8 * history[0]
    assert all(0 <= score <= 1 for score in dice(body.detach(), views))


def test_scaling_clamps_to_the_window() -> None:
    assert scaled(torch.tensor([-1000.0, -200.0, 350.0, 900.0, 3000.0])).tolist() == [-1, -1, 0, 1, 1]


def test_export_agrees_with_torch(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = BodyNet()
    export.export(net, tmp_path)
    export.self_test(net, tmp_path)
    facts = json.loads((tmp_path / "self-test.json").read_text())
    session = onnxruntime.InferenceSession(tmp_path / "body_outline.onnx")
    body, tissue = session.run(None, {"block": export.test_block()})
    assert np.allclose(body.ravel()[facts["body"]["indices"]], facts["body"]["logits"], atol=1e-3)
    assert tissue.shape == (1, len(TISSUES), *(size // 2 for size in BLOCK_SHAPE))


def test_raising_the_outline_adds_to_its_logits_alone() -> None:
    net, block = BodyNet().eval(), torch.from_numpy(export.test_block())
    with torch.no_grad():
        body, tissue = net(block)
        export.raise_outline(net, 1.2)
        raised, same = net(block)
    assert torch.allclose(raised, body + 1.2, atol=1e-5)
    assert torch.equal(same, tissue)


def test_a_block_is_read_as_written(tmp_path: Path) -> None:
    hu, tissue, depth = np.arange(24, dtype="<i2"), np.arange(24, dtype=np.uint8), np.arange(-12, 12, dtype=np.int8)
    (tmp_path / "0.bin").write_bytes(hu.tobytes() + tissue.tobytes() + depth.tobytes())
    (tmp_path / "0.json").write_text(json.dumps({"dims": [4, 3, 2], "spacingMm": 1, "bodies": [{"heightMm": 20}]}))
    block = read_block(tmp_path / "0.json")
    assert block.hu.shape == (2, 3, 4) and block.heights_mm == (20,)
    assert block.hu.flatten().tolist() == hu.tolist()
    assert block.depth.flatten().tolist() == depth.tolist()
