"""Blocks written by `npm run phantoms:bodies`, and the click and pose each is looked at with in training.

A block without bodies in its description is real CT beside the spine: nothing there is a vertebral body.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .network import BLOCK_SHAPE, SPACING_MM, scaled

FIRST_BODY = 8
DEPTH_STEPS_PER_MM = 32
NO_BODY_SHARE = 0.15
"""Share of clicks beside every body: into a disc, the canal, an arch or soft tissue."""
CROPPED_SHARE = 0.4
"""Share of views with a near border of the CT on some side."""
WANTED_HEIGHT_MM = 24
MOST_ZOOM = 1.7
"""Small bodies are looked at again enlarged to about this height (see zoomFor in core's segmentOutline.ts)."""
SOFT_EDGE_MM = 0.5
RIM_MM = 2.5
THICK_SHARE = 0.12
THICK_CELLS = (2.2, 4.3)
"""Slices of 3 to 6 mm, in which discs blur."""
MOST_BELOW_HU = -1500
"""Real CT has -32768 beyond its border."""
NAMED_CELLS = 3
"""Around a click beside the spine this many coarse cells are other tissue for certain."""
UNNAMED = -1
"""Tissue that is not to be learned."""


@dataclass(frozen=True)
class Block:
    """Arrays [z, y, x] in LPS order: HU, tissue codes, depth below the nearest body's surface in 1/32 mm.

    `heights_mm` are of the bodies from code FIRST_BODY on.
    """

    hu: Tensor
    tissue: Tensor
    depth: Tensor
    spacing_mm: float
    heights_mm: tuple[float, ...]


@dataclass(frozen=True)
class View:
    """What the network sees and should answer; shapes as in BodyNet.

    `known` repeats the input's second channel; `rim` is 1 near any body's surface.
    """

    block: Tensor
    body: Tensor
    tissue: Tensor
    known: Tensor
    rim: Tensor


def read_block(path: Path) -> Block:
    """`path` is the .json beside the .bin."""
    facts = json.loads(path.read_text())
    x, y, z = facts["dims"]
    count = x * y * z
    data = path.with_suffix(".bin").read_bytes()
    shape = (z, y, x)
    hu = np.frombuffer(data, "<i2", count).reshape(shape)
    tissue = np.frombuffer(data, np.uint8, count, 2 * count).reshape(shape)
    depth = np.frombuffer(data, np.int8, count, 3 * count).reshape(shape)
    return Block(*(torch.from_numpy(array.copy()) for array in (hu, tissue, depth)), facts["spacingMm"], tuple(body["heightMm"] for body in facts["bodies"]))


def draw_view(block: Block, random: np.random.Generator) -> View:
    """A click, a pose, a contrast, a border: all drawn anew."""
    click, label = _click(block, random)
    grid = _grid(block, click, _pose(random) / _zoom(block, label, random))
    mask = (block.tissue == label).float() if label else torch.zeros(block.tissue.shape)
    depth = block.depth.float() / DEPTH_STEPS_PER_MM
    smooth = torch.stack([block.hu.float(), depth, mask])[None]
    hu, depth, mask = F.grid_sample(smooth, grid, mode="bilinear", padding_mode="border", align_corners=True)[0]
    coarse = grid[:, ::2, ::2, ::2]
    tissue = F.grid_sample(block.tissue.float()[None, None], coarse, mode="nearest", padding_mode="border", align_corners=True)
    inside = (grid.abs() <= 1).all(dim=-1)[0].float() * (hu > MOST_BELOW_HU)
    body = (depth / (2 * SOFT_EDGE_MM) + 0.5).clamp(0, 1) * (_dilated(mask) > 0.3)
    known = _known(body, inside, random)
    seen = _fill(_contrast(hu, random), known)
    kinds = tissue[0, 0]
    kinds = torch.where(kinds >= FIRST_BODY, torch.full_like(kinds, 4), kinds).long()
    if not block.heights_mm:
        near_click = _near_middle(kinds.shape)
        kinds = torch.where(near_click, kinds, torch.full_like(kinds, UNNAMED))
    rim = (depth.abs() < RIM_MM).float()[None]
    return View(torch.stack([scaled(seen), known]), body[None], kinds, known[None], rim)


def _near_middle(shape: torch.Size) -> Tensor:
    axes = [(torch.arange(size) - (size - 1) / 2).abs() <= NAMED_CELLS for size in shape]
    z, y, x = torch.meshgrid(*axes, indexing="ij")
    return z & y & x


def _dilated(mask: Tensor) -> Tensor:
    """The largest of each voxel and its six neighbours."""
    grown = mask.clone()
    for axis in range(3):
        size = mask.shape[axis]
        for to, from_ in ((slice(1, size), slice(0, size - 1)), (slice(0, size - 1), slice(1, size))):
            index_to, index_from = [slice(None)] * 3, [slice(None)] * 3
            index_to[axis], index_from[axis] = to, from_
            grown[tuple(index_to)] = torch.maximum(grown[tuple(index_to)], mask[tuple(index_from)])
    return grown


def _click(block: Block, random: np.random.Generator) -> tuple[np.ndarray, int]:
    """A voxel (z, y, x) and the code of the body it lies in, 0 for none."""
    if not block.heights_mm:
        return (np.array(block.hu.shape) - 1) / 2 + random.uniform(-8, 8, 3), 0
    tissue, depth = block.tissue.numpy(), block.depth.numpy() / DEPTH_STEPS_PER_MM
    middle = np.zeros(tissue.shape, bool)
    middle[8:-8, 14:-14, 14:-14] = True
    if random.random() < NO_BODY_SHARE:
        kind = random.choice([1, 1, 1, 2, 2, 3, 0])
        places = np.argwhere(middle & (tissue == kind) & (depth < -1.2))
        if len(places):
            return places[random.integers(len(places))].astype(float), 0
    labels = [label for label in np.unique(tissue[middle]) if label >= FIRST_BODY]
    weights = np.array([(middle & (tissue == label)).sum() for label in labels], float)
    label = int(random.choice(labels, p=weights / weights.sum()))
    own = tissue == label
    places = np.argwhere(own & middle & (depth > min(2.0, 0.5 * depth[own].max())))
    if random.random() < 0.6 or len(places) == 0:
        centre = np.argwhere(own).mean(axis=0)
        return centre + random.normal(0, 2.0, 3) / block.spacing_mm, label
    return places[random.integers(len(places))].astype(float), label


def _zoom(block: Block, label: int, random: np.random.Generator) -> float:
    """1 as at a first look; else what a second look would take, or something between."""
    if random.random() < 0.5:
        return 1.0
    if label == 0:
        return random.uniform(1, MOST_ZOOM)
    wanted = WANTED_HEIGHT_MM / block.heights_mm[label - FIRST_BODY]
    return random.uniform(0.92, 1.08) * min(MOST_ZOOM, max(1.0, wanted))


def _pose(random: np.random.Generator) -> Tensor:
    """Rows map offsets (x, y, z) in the view to offsets in the block: turned, scaled, half of them mirrored."""
    lean, tilt, turn = np.radians([random.normal(0, 10), random.normal(0, 5), random.normal(0, 5)])
    about_x = np.array([[1, 0, 0], [0, math.cos(lean), -math.sin(lean)], [0, math.sin(lean), math.cos(lean)]])
    about_y = np.array([[math.cos(tilt), 0, math.sin(tilt)], [0, 1, 0], [-math.sin(tilt), 0, math.cos(tilt)]])
    about_z = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
    size = random.uniform(0.85, 1.18) * random.uniform(0.94, 1.06, 3)
    size[0] *= random.choice([-1, 1])
    return torch.from_numpy(about_x @ about_y @ about_z * size[None, :]).float()


def _grid(block: Block, click: np.ndarray, pose: Tensor) -> Tensor:
    """Positions of the view's voxels in units of the block's half extents, [1, z, y, x, 3] with x first."""
    axes = [(torch.arange(size) - (size - 1) / 2) * SPACING_MM / block.spacing_mm for size in BLOCK_SHAPE]
    z, y, x = torch.meshgrid(*axes, indexing="ij")
    offsets = torch.stack([x, y, z], dim=-1) @ pose.T
    centre = torch.tensor([click[2], click[1], click[0]], dtype=torch.float32)
    extents = torch.tensor([size - 1 for size in reversed(block.hu.shape)], dtype=torch.float32)
    return ((offsets + centre) / extents * 2 - 1)[None]


def _known(body: Tensor, inside: Tensor, random: np.random.Generator) -> Tensor:
    """Where the CT is known. Small fields of view end a little beyond the body; a border may also cut it."""
    known = inside.clone()
    if random.random() > CROPPED_SHARE:
        return known
    places = (body > 0.5).nonzero()
    if len(places) == 0:
        return known
    low, high = places.min(dim=0).values, places.max(dim=0).values
    for axis, (least, most) in enumerate([(2, 12), (4, 14), (1, 10)]):
        for side in (0, 1):
            if random.random() < 0.25:
                continue
            room = int(random.integers(least, most)) if random.random() < 0.93 else -int(random.integers(1, 6))
            cut = int(low[axis]) - room if side == 0 else int(high[axis]) + room + 1
            window = slice(0, max(0, cut)) if side == 0 else slice(min(BLOCK_SHAPE[axis], cut), None)
            if side == 0 and cut >= BLOCK_SHAPE[axis] // 2 or side == 1 and cut <= BLOCK_SHAPE[axis] // 2:
                continue
            index = [slice(None)] * 3
            index[axis] = window
            known[tuple(index)] = 0
    return known


def _fill(hu: Tensor, known: Tensor) -> Tensor:
    """Unknown voxels take the nearest known value along x, then y, then z, as core's blocks do."""
    missing = known < 0.5
    for axis in (2, 1, 0):
        for forwards in (True, False):
            if not missing.any():
                return hu
            hu, missing = _carry(hu, missing, axis, forwards)
    return hu


def _carry(hu: Tensor, missing: Tensor, axis: int, forwards: bool) -> tuple[Tensor, Tensor]:
    """Known values are carried on along an axis."""
    if not forwards:
        hu, missing = hu.flip(axis), missing.flip(axis)
    size = hu.shape[axis]
    shape = [1, 1, 1]
    shape[axis] = size
    places = torch.arange(size).reshape(shape).expand(hu.shape).masked_fill(missing, -1)
    last = places.cummax(dim=axis).values
    hu, missing = hu.gather(axis, last.clamp(min=0)), last < 0
    return (hu, missing) if forwards else (hu.flip(axis), missing.flip(axis))


def _contrast(hu: Tensor, random: np.random.Generator) -> Tensor:
    """Another scanner, another patient: attenuation scaled and shifted, blurred, noisier, windowed."""
    hu = hu * random.uniform(0.8, 1.25) + random.normal(0, 15)
    if random.random() < THICK_SHARE:
        hu = _thick_slices(hu, random.uniform(*THICK_CELLS), random.random())
    if random.random() < 0.35:
        along = 0 if random.random() < 0.7 else int(random.integers(3))
        hu = _blur(hu, along, random.uniform(0.3, 1.6))
    if random.random() < 0.3:
        for axis in range(3):
            hu = _blur(hu, axis, random.uniform(0.2, 0.8))
    if random.random() < 0.6:
        noise = torch.from_numpy(random.normal(0, random.uniform(5, 60), hu.shape).astype(np.float32))
        for axis in (1, 2):
            noise = _blur(noise, axis, random.uniform(0.1, 0.6))
        hu = hu + noise
    if random.random() < 0.2:
        hu = hu.clamp(max=random.uniform(400, 800))
    return hu


def _thick_slices(hu: Tensor, cells: float, phase: float) -> Tensor:
    """What is left after a scan in slices of so many cells, read between slices linearly as core's blocks are."""
    size = hu.shape[0]
    places = torch.arange(size, dtype=torch.float32)
    slices = torch.arange(int(size / cells) + 2) * cells + (phase - 1) * cells
    overlap = (torch.minimum(places[None] + 0.5, slices[:, None] + cells / 2) - torch.maximum(places[None] - 0.5, slices[:, None] - cells / 2)).clamp(min=0)
    overlap[0, 0] += 1e-3
    overlap[-1, -1] += 1e-3
    means = overlap / overlap.sum(dim=1, keepdim=True).clamp(min=1e-6)
    near = (1 - (places[:, None] - slices[None]).abs() / cells).clamp(min=0) * (overlap.sum(dim=1) > 0)
    weights = near / near.sum(dim=1, keepdim=True).clamp(min=1e-6) @ means
    return torch.einsum("zs,syx->zyx", weights, hu)


def _blur(values: Tensor, axis: int, sigma: float) -> Tensor:
    reach = max(1, math.ceil(2.5 * sigma))
    taps = torch.exp(-(torch.arange(-reach, reach + 1) ** 2) / (2 * sigma**2))
    shape = [1, 1, 1, 1, 1]
    shape[2 + axis] = len(taps)
    padding = [0, 0, 0, 0, 0, 0]
    padding[2 * (2 - axis)] = padding[2 * (2 - axis) + 1] = reach
    padded = F.pad(values[None, None], padding, mode="replicate")
    return F.conv3d(padded, (taps / taps.sum()).reshape(shape))[0, 0]
