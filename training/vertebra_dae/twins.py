"""Twins: phantoms that exist once with their lesions and once without, all else alike (`npm run phantoms -- --twins`)."""

from __future__ import annotations

import torch
from torch import Tensor

from .cohort import Vertebra
from .errors import InputError


def twin_rows(cohort: list[Vertebra]) -> Tensor:
    """For each vertebra the row of its twin without lesions, -1 where there is none; [V] long.

    Raises:
        InputError: when two vertebrae of one patient and level claim to be the same twin, or there is no pair at all.
    """
    without: dict[tuple[str, str], int] = {}
    for row, vertebra in enumerate(cohort):
        if vertebra.twin != "without":
            continue
        key = (vertebra.patient, vertebra.level)
        if key in without:
            raise InputError(f"{vertebra.image}: patient {vertebra.patient} has two twins without lesions at level {vertebra.level!r}")
        without[key] = row
    rows = [without.get((v.patient, v.level), -1) if v.twin == "with" else -1 for v in cohort]
    if not any(row >= 0 for row in rows):
        raise InputError("no vertebra of the table has a twin (columns twin, patient, level); make it with phantoms --twins")
    return torch.tensor(rows, dtype=torch.long)
