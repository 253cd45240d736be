"""What training learns from phantoms beyond their vertebra's label, where it is told to: labels of slices, and twins."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import nibabel
import numpy as np
import pytest
import torch
from test_training import SMALL, assert_same, command, curve, weights
from toy_cohort import SLICES, draw_vertebra, write_toy_cohort

from vertebra_dae.augment import augment, augment_alike
from vertebra_dae.cohort import read_cohort
from vertebra_dae.dataset import SliceSet, load_slices
from vertebra_dae.diffusion import add_noise, alpha_bars
from vertebra_dae.edit_draw import draw_edit
from vertebra_dae.errors import InputError
from vertebra_dae.healthy_edit import twin_error
from vertebra_dae.latent_regression import fit_regression
from vertebra_dae.train import main
from vertebra_dae.training_options import TrainingOptions


def write_twins(folder: Path, patients: int = 6) -> Path:
    """A toy cohort whose malignant vertebrae exist without their lesions too; these show in slices 2 to 4."""
    manifest = write_toy_cohort(folder, patients)
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    pairs = []
    for number, row in enumerate(rows):
        row |= {"level": f"L{number % 2}", "twin": "", "lesion_slices": ""}
        pairs.append(row)
        if row["label"] == "0":
            continue
        name = row["image"].replace("-ct", "-without")
        healthy = draw_vertebra(number, False)[0]
        nibabel.save(nibabel.Nifti1Image(healthy, np.eye(4)), folder / name)
        row |= {"twin": "with", "lesion_slices": "2-4"}
        pairs.append(row | {"image": name, "label": "0", "twin": "without", "lesion_slices": ""})
    with manifest.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(pairs)
    return manifest


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("twins")
    (folder / "config.json").write_text(json.dumps(SMALL), encoding="utf-8")
    rng, size = np.random.default_rng(0), SMALL["style_channels"]
    classifier = {"mean": [0.0] * size, "scale": [1.0] * size, "coef": rng.normal(size=size).tolist(), "intercept": 0.1}
    (folder / "classifier.json").write_text(json.dumps(classifier), encoding="utf-8")
    cohort = write_twins(folder / "cohort")
    assert main(command(cohort, folder / "first", folder / "config.json", steps=3)) == 0
    return {"cohort": cohort, "config": folder / "config.json", "init": folder / "first" / "ema.ckpt", "classifier": folder / "classifier.json"}


def test_a_vertebra_is_given_its_own_twin(start: dict[str, Path]) -> None:
    cohort = read_cohort(start["cohort"])
    twins = load_slices(cohort, 3, twins=True).twins
    assert twins is not None
    for vertebra, twin in zip(cohort, twins.tolist(), strict=True):
        assert (twin >= 0) == (vertebra.twin == "with")
        if twin >= 0:
            assert cohort[twin].image.name == vertebra.image.name.replace("-ct", "-without")


def test_slices_are_labelled_by_what_they_show_and_those_beside_are_never_drawn(start: dict[str, Path]) -> None:
    data = load_slices(read_cohort(start["cohort"]), SLICES, slice_labels=True)
    assert data.slice_labels is not None
    ill = data.labels == 1
    assert data.slice_labels[ill].unique(dim=0).tolist() == [[-1, -1, 1, 1, 1, -1, -1]]
    assert data.slice_labels[~ill].unique().tolist() == [0]
    rows, slices, labels = data.draw_places(200, torch.Generator().manual_seed(1))
    assert torch.equal(labels, data.slice_labels[rows, slices])
    assert labels.sum() == 100 and set(slices[labels == 1].tolist()) == {2, 3, 4}


def test_slices_far_from_a_lesion_are_drawn_as_healthy() -> None:
    marks = torch.tensor([[1.0, -1.0, 0.0], [0.0, 0.0, 0.0]])
    data = SliceSet(torch.zeros(2, 3, 64, 64), torch.tensor([1.0, 0.0]), ("a", "b"), marks)
    rows, slices, labels = data.draw_places(400, torch.Generator().manual_seed(1))
    healthy = set(zip(rows[labels == 0].tolist(), slices[labels == 0].tolist(), strict=True))
    assert healthy == {(0, 2), (1, 0), (1, 1), (1, 2)}


def test_without_being_told_training_does_not_see_the_columns(start: dict[str, Path], tmp_path: Path) -> None:
    blind = tmp_path / "cohort.csv"
    with start["cohort"].open(newline="", encoding="utf-8") as stream:
        rows = [{**row, "twin": "", "lesion_slices": "", **{k: str(start["cohort"].parent / row[k]) for k in ("image", "seg_msk")}} for row in csv.DictReader(stream)]
    with blind.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    for name, cohort in (("seeing", start["cohort"]), ("blind", blind)):
        assert main(command(cohort, tmp_path / name, start["config"], steps=2)) == 0
    assert_same(weights(tmp_path / "seeing"), weights(tmp_path / "blind"))


@pytest.mark.parametrize("extended", [False, True])
def test_twins_are_transformed_alike_and_share_a_scale(extended: bool) -> None:
    ill, well = (torch.from_numpy(draw_vertebra(1, malignant)[0][:, :, 3]).expand(8, 1, 64, 64) for malignant in (True, False))
    alone = augment(ill, torch.Generator().manual_seed(1), extended=extended)
    both = augment_alike([ill, well], torch.Generator().manual_seed(1), extended=extended)
    same = augment_alike([ill, ill], torch.Generator().manual_seed(1), extended=extended)
    assert torch.equal(both[0], alone)
    torch.testing.assert_close(same[0], same[1])
    assert not torch.equal(both[0], both[1])


@pytest.mark.parametrize("timestep", [20, 400, 950])
def test_the_noise_that_leads_to_the_twin_has_no_error_and_that_of_the_patch_has(timestep: int) -> None:
    generator = torch.Generator().manual_seed(2)
    patch, twin, noise = (torch.rand(2, 1, 64, 64, generator=generator) for _ in range(3))
    timesteps, alphas = torch.full((2,), timestep), alpha_bars()
    half = add_noise((patch + twin) / 2, noise, timesteps, alphas)
    alpha = float(alphas[timestep])
    wanted = (half - alpha**0.5 * twin) / (1 - alpha) ** 0.5
    assert float(twin_error(wanted, half, patch, twin, timesteps, alphas)) == pytest.approx(0, abs=1e-9)
    assert float(twin_error(noise, half, patch, twin, timesteps, alphas)) > 1e-4


def test_some_edits_start_at_the_twin_and_the_others_anywhere_on_the_way() -> None:
    generator = torch.Generator().manual_seed(3)
    mixture = draw_edit(2000, 1000, generator, generator, torch.device("cpu"), (-4.0, -1.5), twins=True).mixture
    assert mixture is not None
    assert 0.25 < float((mixture == 1).float().mean()) < 0.35
    assert 0.4 < float(mixture[mixture < 1].mean()) < 0.6
    targets = draw_edit(2000, 1000, generator, generator, torch.device("cpu"), (-4.0, -1.5)).targets
    assert -4 <= float(targets.min()) < -3.9 and -1.6 < float(targets.max()) <= -1.5


def test_the_second_stage_learns_the_twin_and_resumes_exactly(start: dict[str, Path], tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    options = {"init": start["init"], "edit_classifier": start["classifier"], "edit_twin": 1.0, "edit_evidence": 0.0}
    assert main([*command(start["cohort"], whole, start["config"], steps=50, **options), "--slice-labels", "--edit-logits", "-4", "-1.5"]) == 0
    row = curve(whole)[-1]
    assert 0 < float(row["twin"]) and row["change"] == "nan"
    for out, steps in ((parts, 2), (tmp_path / "short", 4)):
        assert main(command(start["cohort"], out, start["config"], steps=steps, **options)) == 0
    assert main(["--manifest", str(start["cohort"]), "--out", str(parts), "--resume", "--steps", "4", "--threads", "1"]) == 0
    assert_same(weights(parts), weights(tmp_path / "short"))


def test_the_classifier_leaves_out_slices_of_unknown_label() -> None:
    rng = np.random.default_rng(1)
    codes = rng.normal(size=(40, 3, 4))
    labels = np.repeat((np.arange(40) % 2)[:, None], 3, axis=1)
    labels[:, 2] = -1
    left_out = fit_regression(codes, labels, 0.1)
    expected = fit_regression(codes[:, :2], labels[:, :2], 0.1)
    np.testing.assert_allclose(left_out.coef, expected.coef)
    np.testing.assert_allclose(left_out.mean, expected.mean)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("twin", "both", "twin is 'both'"), ("lesion_slices", "3", "lesion_slices is '3'"), ("lesion_slices", "4-5+", "runs of slices")],
)
def test_wrong_columns_are_named(tmp_path: Path, column: str, value: str, message: str) -> None:
    manifest = write_twins(tmp_path, 2)
    with manifest.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    rows[1][column] = value
    with manifest.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(InputError, match=message):
        read_cohort(manifest)


def test_says_where_twins_or_labels_of_slices_are_missing(tmp_path: Path) -> None:
    cohort = read_cohort(write_toy_cohort(tmp_path, patients=2))
    with pytest.raises(InputError, match="phantoms --twins"):
        load_slices(cohort, 3, twins=True)
    with pytest.raises(InputError, match="malignant without lesion_slices"):
        load_slices(cohort, 3, slice_labels=True)
    with pytest.raises(InputError, match="middle_share"):
        TrainingOptions(slice_labels=True, middle_share=0.4)
    with pytest.raises(InputError, match="edit_logits"):
        TrainingOptions(edit_logits=(-1.5, -4.0))
