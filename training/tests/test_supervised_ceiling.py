"""The supervised yardstick of the benchmark: it counts as the benchmark does, and learns from masks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from supervised_ceiling import figures, main
from toy_cohort import write_toy_cohort


def _square(kind: int, row: int, size: int) -> np.ndarray:
    classes = np.zeros((64, 64), dtype=np.int64)
    classes[row : row + size, 10 : 10 + size] = kind
    return classes


def test_counts_lesions_regions_and_overlap_by_kind() -> None:
    truth = np.stack([_square(1, 10, 10), _square(1, 30, 10), _square(2, 10, 10), np.zeros((64, 64), dtype=np.int64)])
    shown = np.stack([_square(1, 10, 10), _square(2, 30, 10), _square(2, 10, 5), _square(1, 50, 2)])
    result = figures(shown, truth.astype(np.uint8))
    # Lytic: one found, one missed; the speck of 4 pixels is no region.
    assert result["lytic"] == {"f1": pytest.approx(2 / 3), "dice": pytest.approx(0.5)}
    # Blastic: a quarter of the lesion is just enough to find it; the one shown in the lytic lesion is false.
    assert result["blastic"] == {"f1": pytest.approx(2 / 3), "dice": pytest.approx(2 * 25 / 125)}


def test_learns_drawn_lesions_and_says_on_how_much(tmp_path: Path) -> None:
    table = write_toy_cohort(tmp_path / "train", 12, truth=True)
    test = write_toy_cohort(tmp_path / "test", 6, truth=True)
    out = tmp_path / "supervised.json"
    small = ["--steps", "120", "--batch", "8", "--channels", "4"]
    main(["--train", str(table), "--test", str(test), "--out", str(out), *small])
    written = json.loads(out.read_text())
    assert written["trainedOn"] == {"slices": 24 * 4, "steps": 120, "batch": 8, "channels": 4}
    assert (written["testSlices"], written["yardstickOnly"]) == (12, True)
    assert max(written[kind]["dice"] for kind in ("lytic", "blastic")) > 0.5


def test_a_table_without_truth_is_refused(tmp_path: Path) -> None:
    table = write_toy_cohort(tmp_path / "train", 4)
    with pytest.raises(SystemExit, match="no truth"):
        main(["--train", str(table), "--test", str(table), "--out", str(tmp_path / "x.json"), "--steps", "1"])
