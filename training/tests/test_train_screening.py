"""The screening network learns from labels of slices alone, and its weights enter a model."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from toy_cohort import SLICES, write_toy_cohort

from vertebra_dae.add_screening import load_network
from vertebra_dae.cohort import read_cohort
from vertebra_dae.screening_network import ScreeningNetwork
from vertebra_dae.screening_slices import UNKNOWN, augment_stacks, places_of, read_body, stacks_of
from vertebra_dae.train_screening import main, train


def write_labelled(folder: Path, columns: dict[str, str] | None = None) -> Path:
    """A toy cohort, without its truth, whose malignant vertebrae show a lytic lesion in slices 2 to 4 of 7."""
    manifest = write_toy_cohort(folder, 6)
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    shown = {"lesion_slices": "1-4", "lytic_slices": "2-4", "blastic_slices": ""} if columns is None else columns
    for number, row in enumerate(rows):
        row |= {"source": "inserted" if number % 4 < 2 else "synthetic", "split": "train"}
        row |= shown if row["label"] == "1" else dict.fromkeys(shown, "")
    with manifest.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return manifest


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_labelled(tmp_path_factory.mktemp("screening"))


def test_labels_are_those_of_the_table(cohort: Path) -> None:
    bodies = [body for row in read_cohort(cohort) if (body := read_body(row, 1.0))]
    ill = next(body for body, row in zip(bodies, read_cohort(cohort), strict=True) if row.label)
    # Slices within two of one that meets a lesion are no healthy ones; the other kind is nowhere.
    assert ill.labels[:, 0].tolist() == [UNKNOWN, UNKNOWN, 1, 1, 1, UNKNOWN, UNKNOWN]
    assert (ill.labels[:, 1] == 0).all()
    pools = places_of(bodies)
    assert set(pools) == {"lytic", "synthetic", "real"}
    assert len(pools["lytic"]) == 3 * sum(row.label for row in read_cohort(cohort))


@pytest.mark.parametrize("met", ["2-3", ""])
def test_a_lesion_too_small_for_the_columns_of_its_kind_teaches_nothing(tmp_path: Path, met: str) -> None:
    tables = read_cohort(write_labelled(tmp_path, {"lesion_slices": met, "lytic_slices": "", "blastic_slices": ""}))
    [body, *_] = [read_body(row, 1.0) for row in tables if row.label]
    if not met:
        assert body is None
        return
    assert body is not None
    # Slices within two of those that meet it are no healthy ones either.
    assert body.labels.tolist() == [[UNKNOWN, UNKNOWN]] * 6 + [[0, 0]]
    assert set(places_of([body])) <= {"synthetic", "real"}


def test_a_stack_has_the_middle_slice_where_there_is_none_beside(cohort: Path) -> None:
    body = read_body(read_cohort(cohort)[0], 1.0)
    assert body is not None
    [first] = stacks_of([body], [(0, 0)])
    images = torch.from_numpy(body.images.astype(np.float32))
    assert all(torch.equal(first[channel], images[at]) for channel, at in enumerate((0, 0, 0, 2, 4)))
    assert torch.equal(first[5], torch.from_numpy(body.body[0]).float())


def test_the_width_is_what_is_screened(cohort: Path) -> None:
    body = read_body(read_cohort(cohort)[0], 0.5)
    assert body is not None
    assert body.known.tolist() == [abs(k - SLICES // 2) <= 1 for k in range(SLICES)]


def test_augmented_stacks_are_normalised_and_reproducible(cohort: Path) -> None:
    bodies = [body for row in read_cohort(cohort) if (body := read_body(row, 1.0))]
    given = stacks_of(bodies, [(number, 3) for number in range(8)])
    before = given.clone()
    one, two = (augment_stacks(given, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one, two)
    assert torch.equal(given, before)
    assert not torch.equal(one, given)
    assert one[:, :5].amin() == 0
    assert set(one[:, 5].unique().tolist()) <= {0.0, 1.0}


def test_it_learns_what_it_is_told(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "screening.pt"
    options = ["--data", str(cohort), "--steps", "40", "--batch", "16", "--width", "1", "--threads", "1"]
    assert main([*options, "--out", str(out)]) == 0
    network = load_network(out)
    bodies = [body for row in read_cohort(cohort) if (body := read_body(row, 1.0))]
    pools = places_of(bodies)
    with torch.no_grad():
        ill, well = (
            network(stacks_of(bodies, [place for name in names for place in pools[name]]))[:, 0].mean()
            for names in (["lytic"], ["synthetic", "real"])
        )
    assert ill > well
    again = tmp_path / "again.pt"
    assert main([*options, "--out", str(again)]) == 0
    first, second = (torch.load(path, weights_only=True) for path in (out, again))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_wrong_tables_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unlabelled = write_labelled(tmp_path / "a", {"lesion_slices": "2-4"})
    assert main(["--data", str(unlabelled), "--out", str(tmp_path / "w.pt"), "--steps", "1"]) == 2
    assert "malignant without lytic_slices or blastic_slices" in capsys.readouterr().err
    wrong = write_labelled(tmp_path / "b", {"lytic_slices": "2..4", "blastic_slices": ""})
    assert main(["--data", str(wrong), "--out", str(tmp_path / "w.pt"), "--steps", "1"]) == 2
    assert "lytic_slices is '2..4'" in capsys.readouterr().err
    assert not (tmp_path / "w.pt").exists()
    with pytest.raises(Exception, match="no slice shows a lesion"):
        train(ScreeningNetwork((8, 8)), [], steps=1)
