"""One vertebra as the network expects it: a block of 64x64 sagittal slices on the model's spacing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .architecture import IMAGE_SIZE
from .cohort import Vertebra
from .errors import InputError
from .volumes import Volume, read_mask, read_volume, resample_onto

SPACING_MM = (0.8, 0.675, 0.8)
"""Anterior-posterior, superior-inferior, left-right distance of the published model's pixels and slices."""

ROUNDING = 1e-3
"""Part of a slice distance that headers may round away without adding a slice."""


@dataclass(frozen=True)
class Crop:
    """image [64, 64, N] float32 and body [64, 64, N] bool: anterior->posterior, superior->inferior, left-right."""

    image: NDArray[np.float32]
    body: NDArray[np.bool_]

    def middle_slice(self) -> int:
        """The slice half-way between the first and the last that meet the body."""
        met = np.flatnonzero(self.body.any(axis=(0, 1)))
        return int(met[0] + met[-1]) // 2


def read_crop(vertebra: Vertebra) -> Crop:
    """Reads a ready crop (64x64xN like its body mask, headers ignored), or cuts one out of a CT around its body mask.

    Raises:
        InputError: naming the file.
    """
    volume = read_volume(vertebra.image)
    mask = read_mask(vertebra.body_mask)
    if not mask.values.any():
        raise InputError(f"{vertebra.body_mask}: the body mask is empty")
    if volume.values.shape[:2] == (IMAGE_SIZE, IMAGE_SIZE) and volume.values.shape == mask.values.shape:
        return Crop(np.ascontiguousarray(volume.values, dtype=np.float32), mask.values > 0)
    return cut_crop(volume, mask)


def cut_crop(volume: Volume, mask: Volume) -> Crop:
    """Resamples the surroundings of the body onto sagittal slices in patient axes, as the viewer does.

    The slices are centred on the body's centroid; outside the CT its darkest value stands.
    """
    points = np.argwhere(mask.values > 0)
    lps = points @ mask.index_to_lps[:3, :3].T + mask.index_to_lps[:3, 3]
    centre = lps.mean(axis=0)
    half_width = np.abs(lps[:, 0] - centre[0]).max()
    slices = 2 * int(np.ceil(half_width / SPACING_MM[2] - ROUNDING)) + 1
    # Columns: the step of one index along A-P (+y), S-I (-z) and L-R (+x) in LPS mm.
    steps = np.array([[0, 0, SPACING_MM[2]], [SPACING_MM[0], 0, 0], [0, -SPACING_MM[1], 0]])
    corner = centre - steps @ ((np.array([IMAGE_SIZE, IMAGE_SIZE, slices]) - 1) / 2)
    frame = np.eye(4)
    frame[:3, :3], frame[:3, 3] = steps, corner
    shape = (IMAGE_SIZE, IMAGE_SIZE, slices)
    image = resample_onto(volume, frame, shape, order=1, outside=float(volume.values.min()))
    body = resample_onto(mask, frame, shape, order=0, outside=0.0) > 0
    return Crop(image.astype(np.float32), body)
