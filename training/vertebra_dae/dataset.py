"""Sagittal slices of every vertebra, in memory: what training and classifier draw from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from .cohort import Vertebra
from .crops import Crop, read_crop
from .errors import InputError

CENTRAL_SLICES = 5
"""Training draws one of this many slices around the middle of the body, as the authors do."""


@dataclass(frozen=True)
class SliceSet:
    """Slices of V vertebrae.

    Attributes:
        raw: [V, K, 64, 64] float32, not normalised; K slices from side to side, the body's middle one at K // 2.
        labels: [V] float32, 1 malignant; on the CPU.
        patients: V names.
    """

    raw: Tensor
    labels: Tensor
    patients: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> SliceSet:
        """The same set with its images on another device, so that no step waits for a copy of them."""
        return replace(self, raw=self.raw.to(device))

    def draw(self, batch: int, generator: torch.Generator, middle_share: float = 0.0) -> tuple[Tensor, Tensor]:
        """Random slices of random vertebrae, one half malignant (the first), one half healthy.

        Args:
            middle_share: of the draws of malignant vertebrae that take the middle slice whatever else is drawn.

        Returns:
            raw patches [B, 1, 64, 64] on the images' device, and labels [B] on the CPU.
        """
        # Half of each, so that every batch has the same shapes; of an odd batch chance decides on one.
        half = batch // 2 + (batch % 2 and int(torch.rand(1, generator=generator) < 0.5))
        malignant = torch.arange(batch) < half
        rows = torch.empty(batch, dtype=torch.long)
        for value, chosen in ((1.0, malignant), (0.0, ~malignant)):
            pool = torch.nonzero(self.labels == value)[:, 0]
            count = int(chosen.sum())
            rows[chosen] = pool[torch.randint(len(pool), (count,), generator=generator)]
        slices = torch.randint(self.raw.shape[1], (batch,), generator=generator)
        if middle_share > 0:
            middle = malignant & (torch.rand(batch, generator=generator) < middle_share)
            slices[middle] = self.raw.shape[1] // 2
        device = self.raw.device
        return self.raw[rows.to(device), slices.to(device)][:, None], self.labels[rows]

    def slice_weights(self, middle_share: float) -> Tensor:
        """How often `draw` takes each slice of a vertebra, [V, K] with rows that sum to K."""
        count = self.raw.shape[1]
        share = middle_share * self.labels[:, None]
        weights = (1 - share).repeat(1, count)
        weights[:, count // 2] += share[:, 0] * count
        return weights

    def central(self, count: int = 1) -> Tensor:
        """The `count` slices in the middle of those that are loaded, [V, count, 64, 64]."""
        first = self.raw.shape[1] // 2 - count // 2
        if count < 1 or first < 0 or first + count > self.raw.shape[1]:
            raise InputError(f"{count} central slices asked for, {self.raw.shape[1]} are loaded")
        return self.raw[:, first : first + count]


def load_slices(
    cohort: list[Vertebra],
    count: int = CENTRAL_SLICES,
    on_progress: Callable[[int, int], None] | None = None,
    spread: float = 0.0,
) -> SliceSet:
    """Reads `count` slices of every vertebra.

    Args:
        spread: share of the body's width, around its middle, over which the slices are spaced evenly; 0 takes neighbours.

    Raises:
        InputError: for a crop that cannot be read, or that is thinner than `count` slices.
    """
    raw = np.empty((len(cohort), count, 64, 64), dtype=np.float32)
    for index, vertebra in enumerate(cohort):
        raw[index] = _slices(read_crop(vertebra), count, spread, vertebra)
        if on_progress:
            on_progress(index + 1, len(cohort))
    labels = torch.tensor([vertebra.label for vertebra in cohort], dtype=torch.float32)
    return SliceSet(torch.from_numpy(raw), labels, tuple(vertebra.patient for vertebra in cohort))


def _slices(crop: Crop, count: int, spread: float, vertebra: Vertebra) -> np.ndarray:
    middle, steps = crop.middle_slice(), np.arange(count) - count // 2
    met = np.flatnonzero(crop.body.any(axis=(0, 1)))
    distance = spread * (met[-1] - met[0]) / max(1, count - 1)
    taken = middle + np.rint(steps * max(1.0, distance)).astype(int)
    if taken[0] < 0 or taken[-1] >= crop.image.shape[2]:
        raise InputError(f"{vertebra.image}: {count} slices around the body's middle do not fit into the image")
    return np.moveaxis(crop.image[:, :, taken], 2, 0)
