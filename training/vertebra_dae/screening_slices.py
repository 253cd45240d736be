"""What the screening network is trained on: stacks of slices with a label for each kind of lesion (docs/screening.md).

A label per slice and kind is still no mask: the network is told that the slice shows a lytic lesion, not where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .augment import HIGH_QUANTILE, blur, gaussian, normalise, resample
from .cohort import KINDS, Vertebra
from .crops import read_crop
from .dataset import BESIDE_LESIONS
from .errors import InputError
from .screening_network import SLICE_STEPS

LEAST_BODY_PIXELS = 50
"""Slices with less of the body are neither screened nor neighbours, as in the viewer."""

UNKNOWN = -1


@dataclass(frozen=True)
class Body:
    """The slices of one vertebra that hold enough of its body.

    Attributes:
        images: [S, 64, 64] float16, normalised.
        body: [S, 64, 64] bool.
        labels: [S, 2] int8, lytic and blastic: 1 shows one, 0 shows none, UNKNOWN beside a lesion and where little is seen.
        known: [S] bool, inside the width that is screened.
        synthetic: whether nothing of it is real CT.
    """

    images: NDArray[np.float16]
    body: NDArray[np.bool_]
    labels: NDArray[np.int8]
    known: NDArray[np.bool_]
    synthetic: bool


def read_body(vertebra: Vertebra, width: float) -> Body | None:
    """None for a crop without a usable slice, and for a malignant vertebra that shows too little of its lesions to say where.

    Args:
        width: share of the body's width, around its middle, that is screened.

    Raises:
        InputError: for a malignant vertebra whose slices are not labelled by kind, or a crop that cannot be read.
    """
    if vertebra.label and not vertebra.kind_slices:
        raise InputError(
            f"{vertebra.image}: malignant without lytic_slices or blastic_slices; the screening network is trained on "
            "these columns, which npm run phantoms writes"
        )
    shows_kinds = any(vertebra.kind_slices.values())
    if vertebra.label and not shows_kinds and not vertebra.lesion_slices:
        return None
    crop = read_crop(vertebra)
    image, body = (np.moveaxis(values, 2, 0) for values in (crop.image, crop.body))
    area = body.sum(axis=(1, 2))
    usable = np.flatnonzero(area >= LEAST_BODY_PIXELS)
    if len(usable) == 0:
        return None
    met = np.flatnonzero(area)
    here = slice(usable[0], usable[-1] + 1)
    places = np.arange(len(area))
    known = (np.abs(places - (met[0] + met[-1]) / 2) <= width * (met[-1] - met[0]) / 2) & (area >= LEAST_BODY_PIXELS)
    labels = np.zeros((len(area), len(KINDS)), np.int8)
    for first, last in vertebra.lesion_slices:
        labels[max(0, first - BESIDE_LESIONS) : last + BESIDE_LESIONS + 1] = UNKNOWN
    for column, kind in enumerate(KINDS):
        for first, last in vertebra.kind_slices.get(kind, ()):
            labels[first : last + 1, column] = 1
        # Of a lesion too small for either column nobody says which kind it is: its slices stay unknown.
        if shows_kinds and not vertebra.kind_slices.get(kind):
            labels[:, column] = 0
    normalised = normalise(torch.from_numpy(np.ascontiguousarray(image[here]))[:, None])[:, 0].numpy().astype(np.float16)
    return Body(normalised, body[here], labels[here], known[here], vertebra.source == "synthetic")


Place = tuple[int, int]
"""A body and one of its slices."""


def places_of(bodies: Sequence[Body]) -> dict[str, list[Place]]:
    """Slices to draw from: those that show each kind, and those that show none, of phantoms ("synthetic") and of real bone ("real")."""
    pools: dict[str, list[Place]] = {**{kind: [] for kind in KINDS}, "synthetic": [], "real": []}
    for number, body in enumerate(bodies):
        healthy = (body.labels == 0).all(axis=1) & body.known
        pools["synthetic" if body.synthetic else "real"] += [(number, int(at)) for at in np.flatnonzero(healthy)]
        for column, kind in enumerate(KINDS):
            pools[kind] += [(number, int(at)) for at in np.flatnonzero((body.labels[:, column] == 1) & body.known)]
    return {name: pool for name, pool in pools.items() if pool}


def stacks_of(bodies: Sequence[Body], places: Sequence[Place]) -> Tensor:
    """[B, 6, 64, 64]: the slices at SLICE_STEPS, in whose place beyond the body the middle one stands, and the body mask."""
    stacks = np.empty((len(places), len(SLICE_STEPS) + 1, 64, 64), np.float32)
    for row, (number, at) in enumerate(places):
        body = bodies[number]
        for channel, step in enumerate(SLICE_STEPS):
            beside = at + step
            stacks[row, channel] = body.images[beside if 0 <= beside < len(body.images) else at]
        stacks[row, -1] = body.body[at]
    return torch.from_numpy(stacks)


SHARPENING = (0.3, 2.0)
"""How much of what a blur of 0.9 pixels removes is added again: kernels from soft to sharp."""
NOISE = 0.045
"""Largest standard deviation, normalised units."""


def augment_stacks(stacks: Tensor, generator: torch.Generator) -> Tensor:
    """Randomly transformed copies: mirrored, turned, zoomed, shifted, sharpened or blurred, thicker, with other contrast and noise.

    All slices of a stack alike; normalised anew.
    """
    count, slices = len(stacks), len(SLICE_STEPS)

    def sometimes(probability: float, low: float, high: float, otherwise: float) -> Tensor:
        value = low + (high - low) * torch.rand(count, generator=generator)
        return torch.where(torch.rand(count, generator=generator) < probability, value, torch.full((count,), otherwise))

    stacks = stacks.clone()
    mirrored = torch.rand(count, generator=generator) < 0.5
    stacks[mirrored, :slices] = stacks[mirrored, :slices].flip(1)
    angle = sometimes(0.5, -0.45, 0.45, 0.0)
    zoom = torch.stack([sometimes(0.5, 0.85, 1.15, 1.0) for _ in range(2)], dim=1)
    flip = sometimes(0.5, -1.0, -1.0, 1.0)
    shift = torch.stack([sometimes(0.5, -4.0, 4.0, 0.0) for _ in range(2)], dim=1)
    moved = resample(stacks, angle, zoom, flip, shift)
    images, mask = moved[:, :slices], (moved[:, slices:] > 0.5).float()

    def blurred(values: Tensor, sigma: Tensor) -> Tensor:
        return blur(values.reshape(-1, 1, 64, 64), sigma.repeat_interleave(slices)).reshape(values.shape)

    everywhere = torch.full((count,), 0.9)
    details = images - blurred(images, everywhere)
    images = blurred(images, sometimes(0.35, 0.3, 1.0, 0.0)) + _wide(sometimes(0.4, *SHARPENING, 0.0)) * details
    thick = torch.rand(count, generator=generator) < 0.25
    ends = torch.cat([images[:, :1], images, images[:, -1:]], dim=1)
    images = torch.where(_wide(thick), (ends[:, :-2] + 2 * ends[:, 1:-1] + ends[:, 2:]) / 4, images)
    images = images.clamp(min=0) ** _wide(sometimes(0.5, 0.75, 1.3, 1.0))
    noise = gaussian(images.shape, generator)
    # The noise of a sharp kernel holds little of the low frequencies.
    sharp = _wide((torch.rand(count, generator=generator) < 0.5).float())
    noise = noise - 0.9 * sharp * blurred(noise, torch.full((count,), 0.8))
    images = images + _wide(sometimes(0.5, 0.0, NOISE, 0.0)) * noise
    low = images.flatten(2).amin(2)[:, :, None, None]
    # Every other row and column tell the quantile well enough, at a quarter of the time.
    high = images[:, :, ::2, ::2].flatten(2).quantile(HIGH_QUANTILE, 2)[:, :, None, None]
    return torch.cat([(images - low) / (high - low).clamp(min=1e-3), mask], dim=1)


def _wide(values: Tensor) -> Tensor:
    return values[:, None, None, None]
