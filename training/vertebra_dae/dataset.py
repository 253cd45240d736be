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
from .twins import twin_rows

CENTRAL_SLICES = 5
"""Training draws one of this many slices around the middle of the body, as the authors do."""
BESIDE_LESIONS = 2
"""Slices so near to one that shows a lesion are no healthy ones: part of the lesion's signal may lie in them."""
UNKNOWN = -1.0
"""Slice label of those, which are never drawn."""


@dataclass(frozen=True)
class SliceSet:
    """Slices of V vertebrae.

    Attributes:
        raw: [V, K, 64, 64] float32, not normalised; K slices from side to side, the body's middle one at K // 2.
        labels: [V] float32, 1 malignant; on the CPU.
        patients: V names.
        slice_labels: [V, K], 1 for a slice that shows a lesion, 0 for one that shows none, `UNKNOWN` between; None: every slice
            has its vertebra's label.
        twins: [V] long, the row of the same vertebra without its lesions, -1 where there is none; None: not asked for.
    """

    raw: Tensor
    labels: Tensor
    patients: tuple[str, ...]
    slice_labels: Tensor | None = None
    twins: Tensor | None = None

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
        rows, slices, labels = self.draw_places(batch, generator, middle_share)
        return self.at(rows, slices), labels

    def at(self, rows: Tensor, slices: Tensor) -> Tensor:
        """Raw patches [B, 1, 64, 64] of these vertebrae [B] at these slices [B]."""
        device = self.raw.device
        return self.raw[rows.to(device), slices.to(device)][:, None]

    def draw_places(
        self, batch: int, generator: torch.Generator, middle_share: float = 0.0
    ) -> tuple[Tensor, Tensor, Tensor]:
        """What `draw` takes: vertebrae, slices and labels, each [B], on the CPU. Malignant ones have twins where twins are known."""
        # Half of each, so that every batch has the same shapes; of an odd batch chance decides on one.
        half = batch // 2 + (batch % 2 and int(torch.rand(1, generator=generator) < 0.5))
        malignant = torch.arange(batch) < half
        if self.slice_labels is not None:
            return self._draw_labelled(malignant, generator)
        rows = torch.empty(batch, dtype=torch.long)
        for value, chosen in ((1.0, malignant), (0.0, ~malignant)):
            pool = torch.nonzero(self._drawable(value))[:, 0]
            count = int(chosen.sum())
            rows[chosen] = pool[torch.randint(len(pool), (count,), generator=generator)]
        slices = torch.randint(self.raw.shape[1], (batch,), generator=generator)
        if middle_share > 0:
            middle = malignant & (torch.rand(batch, generator=generator) < middle_share)
            slices[middle] = self.raw.shape[1] // 2
        return rows, slices, self.labels[rows]

    def _drawable(self, label: float) -> Tensor:
        """Which vertebrae of a label are drawn, [V]."""
        chosen = self.labels == label
        return chosen & (self.twins >= 0) if label and self.twins is not None else chosen

    def _draw_labelled(self, malignant: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Slices with a lesion where `malignant` [B], others without one, each by its own label."""
        places = torch.empty(len(malignant), 2, dtype=torch.long)
        for value, chosen in ((1.0, malignant), (0.0, ~malignant)):
            usable = self.slice_labels == value
            if value:
                usable = usable & self._drawable(value)[:, None]
            pool = torch.nonzero(usable)
            places[chosen] = pool[torch.randint(len(pool), (int(chosen.sum()),), generator=generator)]
        return places[:, 0], places[:, 1], malignant.float()

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
    slice_labels: bool = False,
    twins: bool = False,
) -> SliceSet:
    """Reads `count` slices of every vertebra.

    Args:
        spread: share of the body's width, around its middle, over which the slices are spaced evenly; 0 takes neighbours.
        slice_labels: each slice is labelled by whether it shows a lesion (`lesion_slices` of ready crops).
        twins: pairs are looked up.

    Raises:
        InputError: for a crop that cannot be read, or that is thinner than `count` slices; for a malignant vertebra whose slices
            are not labelled; for a cohort without twins.
    """
    if slice_labels:
        _require_lesion_slices(cohort)
    raw = np.empty((len(cohort), count, 64, 64), dtype=np.float32)
    shown = np.zeros((len(cohort), count), dtype=np.float32)
    for index, vertebra in enumerate(cohort):
        crop = read_crop(vertebra)
        taken = _places(crop, count, spread, vertebra)
        raw[index] = np.moveaxis(crop.image[:, :, taken], 2, 0)
        shown[index] = [_slice_label(vertebra, int(place)) for place in taken]
        if on_progress:
            on_progress(index + 1, len(cohort))
    labels = torch.tensor([vertebra.label for vertebra in cohort], dtype=torch.float32)
    return SliceSet(
        torch.from_numpy(raw),
        labels,
        tuple(vertebra.patient for vertebra in cohort),
        torch.from_numpy(shown) if slice_labels else None,
        twin_rows(cohort) if twins else None,
    )


def _require_lesion_slices(cohort: list[Vertebra]) -> None:
    for vertebra in cohort:
        if vertebra.label and not vertebra.lesion_slices:
            raise InputError(f"{vertebra.image}: malignant without lesion_slices; labels of slices need that column")


def _slice_label(vertebra: Vertebra, place: int) -> float:
    distance = min((max(first - place, place - last, 0) for first, last in vertebra.lesion_slices), default=BESIDE_LESIONS + 1)
    if distance == 0:
        return 1.0
    return UNKNOWN if distance <= BESIDE_LESIONS else 0.0


def _places(crop: Crop, count: int, spread: float, vertebra: Vertebra) -> np.ndarray:
    middle, steps = crop.middle_slice(), np.arange(count) - count // 2
    met = np.flatnonzero(crop.body.any(axis=(0, 1)))
    distance = spread * (met[-1] - met[0]) / max(1, count - 1)
    taken = middle + np.rint(steps * max(1.0, distance)).astype(int)
    if taken[0] < 0 or taken[-1] >= crop.image.shape[2]:
        raise InputError(f"{vertebra.image}: {count} slices around the body's middle do not fit into the image")
    return taken
