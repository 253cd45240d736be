"""The central sagittal slices of every vertebra, in memory: what training and classifier draw from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
        raw: [V, K, 64, 64] float32, not normalised; K neighbouring slices, the body's middle one at K // 2.
        labels: [V] float32, 1 malignant.
        patients: V names.
    """

    raw: Tensor
    labels: Tensor
    patients: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Random slices of random vertebrae, both labels equally often.

        Returns:
            raw patches [B, 1, 64, 64] and labels [B].
        """
        malignant = torch.rand(batch, generator=generator) < 0.5
        rows = torch.empty(batch, dtype=torch.long)
        for value, chosen in ((1.0, malignant), (0.0, ~malignant)):
            pool = torch.nonzero(self.labels == value)[:, 0]
            count = int(chosen.sum())
            rows[chosen] = pool[torch.randint(len(pool), (count,), generator=generator)]
        slices = torch.randint(self.raw.shape[1], (batch,), generator=generator)
        return self.raw[rows, slices][:, None], self.labels[rows]

    def central(self, count: int = 1) -> Tensor:
        """The `count` middle slices of every vertebra, [V, count, 64, 64]."""
        first = self.raw.shape[1] // 2 - count // 2
        if count < 1 or first < 0 or first + count > self.raw.shape[1]:
            raise InputError(f"{count} central slices asked for, {self.raw.shape[1]} are loaded")
        return self.raw[:, first : first + count]


def load_slices(
    cohort: list[Vertebra],
    count: int = CENTRAL_SLICES,
    on_progress: Callable[[int, int], None] | None = None,
) -> SliceSet:
    """Reads the `count` central slices of every vertebra.

    Raises:
        InputError: for a crop that cannot be read, or that is thinner than `count` slices.
    """
    raw = np.empty((len(cohort), count, 64, 64), dtype=np.float32)
    for index, vertebra in enumerate(cohort):
        raw[index] = _central_slices(read_crop(vertebra), count, vertebra)
        if on_progress:
            on_progress(index + 1, len(cohort))
    labels = torch.tensor([vertebra.label for vertebra in cohort], dtype=torch.float32)
    return SliceSet(torch.from_numpy(raw), labels, tuple(vertebra.patient for vertebra in cohort))


def _central_slices(crop: Crop, count: int, vertebra: Vertebra) -> np.ndarray:
    first = crop.middle_slice() - count // 2
    if first < 0 or first + count > crop.image.shape[2]:
        raise InputError(f"{vertebra.image}: {count} slices around the body's middle do not fit into the image")
    return np.moveaxis(crop.image[:, :, first : first + count], 2, 0)
