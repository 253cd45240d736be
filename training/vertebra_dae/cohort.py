"""The table of vertebrae that training, classifier and evaluation start from.

One row of the CSV is one vertebra. Columns as the authors': `image`, `seg_msk`, `label` (1 malignant, 0 healthy); ours:
`patient`, `level`, `split`, and others that only describe. A `truth` column, where there is one, is for the evaluation
alone: nothing here reads it. `twin` and `lesion_slices` are written by our phantoms; training uses them only where it is told
to (`edit_twin` and `slice_labels` of `TrainingOptions`), and otherwise sees no more than the vertebra's label.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .errors import InputError

KINDS = ("lytic", "blastic")
REQUIRED_COLUMNS = ("image", "seg_msk", "label", "patient")


@dataclass(frozen=True)
class Vertebra:
    """One row: where the vertebra's CT and body mask lie, and its weak label.

    Attributes:
        label: 1 when the vertebra is known to hold a metastasis, else 0.
        patient: rows of one patient never stand on both sides of a split.
        split: "train", "test" or whatever the table says; "" without that column.
        twin: "with" or "without" its lesions, for one of a pair of phantoms that are alike but for these; else "".
        lesion_slices: first and last slice of each run of slices that show a lesion, counted from 0 in a ready crop.
        kind_slices: the same of each kind, "lytic" and "blastic", where the table has these columns; only the screening network's
            training takes them.
        source: "synthetic" for a phantom without any real CT in it, or what else the table says.
    """

    image: Path
    body_mask: Path
    label: int
    patient: str
    level: str = ""
    split: str = ""
    twin: str = ""
    lesion_slices: tuple[tuple[int, int], ...] = ()
    kind_slices: dict[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    source: str = ""


def read_cohort(manifest: Path, splits: Iterable[str] | None = None) -> list[Vertebra]:
    """Reads the manifest; relative paths are relative to its folder.

    Args:
        splits: keep only rows whose `split` is one of these; None keeps all.

    Raises:
        InputError: naming the file, line and value.
    """
    wanted = None if splits is None else set(splits)
    try:
        with manifest.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            columns = reader.fieldnames or []
            for name in REQUIRED_COLUMNS:
                if name not in columns:
                    raise InputError(f"{manifest}: column {name!r} is missing; found {', '.join(columns) or 'nothing'}")
            if wanted is not None and "split" not in columns:
                raise InputError(f"{manifest}: column 'split' is missing; it says which rows are {sorted(wanted)}")
            rows = [_vertebra(manifest, number, row) for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{manifest}: cannot be read as a CSV table ({error})") from error
    kept = [row for row in rows if wanted is None or row.split in wanted]
    if not kept:
        found = ", ".join(sorted({row.split or "(empty)" for row in rows})) or "no rows"
        raise InputError(f"{manifest}: no row of the split {sorted(wanted or [])}; it has {found}")
    return kept


def require_both_labels(manifest: Path, cohort: list[Vertebra]) -> None:
    """Raises InputError unless there are malignant and healthy vertebrae."""
    for label, name in ((0, "healthy (label 0)"), (1, "malignant (label 1)")):
        if not any(row.label == label for row in cohort):
            raise InputError(f"{manifest}: no {name} vertebra among the {len(cohort)} chosen rows")


def _vertebra(manifest: Path, number: int, row: dict[str, str | None]) -> Vertebra:
    def cell(name: str) -> str:
        return (row.get(name) or "").strip()

    where = f"{manifest}, line {number}"
    for name in REQUIRED_COLUMNS:
        if not cell(name):
            raise InputError(f"{where}: {name!r} is empty")
    if cell("label") not in ("0", "1"):
        raise InputError(f"{where}: label is {cell('label')!r}, expected 0 (healthy) or 1 (malignant)")
    folder = manifest.parent
    return Vertebra(
        image=folder / cell("image"),
        body_mask=folder / cell("seg_msk"),
        label=int(cell("label")),
        patient=cell("patient"),
        level=cell("level"),
        split=cell("split"),
        twin=_twin(where, cell("twin")),
        lesion_slices=_runs(where, "lesion_slices", cell("lesion_slices")),
        kind_slices={kind: _runs(where, f"{kind}_slices", cell(f"{kind}_slices")) for kind in KINDS if f"{kind}_slices" in row},
        source=cell("source"),
    )


def _twin(where: str, text: str) -> str:
    if text not in ("", "with", "without"):
        raise InputError(f"{where}: twin is {text!r}, expected 'with', 'without' or nothing")
    return text


def _runs(where: str, column: str, text: str) -> tuple[tuple[int, int], ...]:
    """`7-19+23-25` as pairs."""
    if not text:
        return ()
    matches = [re.fullmatch(r"(\d+)-(\d+)", part) for part in text.split("+")]
    if not all(matches):
        raise InputError(f"{where}: {column} is {text!r}, expected runs of slices like 7-19+23-25")
    return tuple((int(match[1]), int(match[2])) for match in matches if match)
