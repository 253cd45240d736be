"""The latent classifier: patient-wise folds, hold-out, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from toy_cohort import write_toy_cohort

from vertebra_dae.classifier import classifier_from_json
from vertebra_dae.cohort import read_cohort
from vertebra_dae.errors import InputError
from vertebra_dae.fit_classifier import fit, for_share, main, split_patients
from vertebra_dae.latent_regression import choose_strength, fit_regression, probabilities


def synthetic_codes(seed: int, vertebrae: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes [V, 1, 8] whose first value carries the label; two vertebrae a patient."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, vertebrae)
    codes = rng.normal(size=(vertebrae, 1, 8)) * np.arange(1, 9)
    codes[:, 0, 0] += 2.0 * labels
    return codes, labels, np.array([f"p{number // 2}" for number in range(vertebrae)])


def test_regression_is_scikit_learns_on_standardised_codes() -> None:
    codes, labels, _ = synthetic_codes(0, 60)
    classifier = fit_regression(codes, labels, 0.1)
    scaler = StandardScaler().fit(codes[:, 0])
    regression = LogisticRegression(C=0.1, max_iter=5000).fit(scaler.transform(codes[:, 0]), labels)
    expected = regression.predict_proba(scaler.transform(codes[:, 0]))[:, 1]
    np.testing.assert_allclose(probabilities(classifier, codes), expected, atol=1e-9)


def test_another_share_of_malignant_vertebrae_multiplies_the_odds_by_the_priors_ratio() -> None:
    codes, labels, _ = synthetic_codes(0, 60)
    classifier = fit_regression(codes, labels, 0.1)
    before = probabilities(classifier, codes)
    after = probabilities(for_share(classifier, 0.5, 0.3), codes)
    np.testing.assert_allclose(after / (1 - after), before / (1 - before) * (0.3 / 0.7), rtol=1e-9)
    for share in (0.0, 1.0, -0.2):
        with pytest.raises(InputError, match="malignant-share"):
            for_share(classifier, 0.5, share)


def test_chosen_strength_separates_unseen_patients() -> None:
    codes, labels, patients = synthetic_codes(1, 120)
    folds = choose_strength(codes, labels, patients)
    best = min(folds, key=lambda value: folds[value][0])
    assert folds[best][1] > 0.85
    unseen, unseen_labels, _ = synthetic_codes(2, 200)
    predicted = probabilities(fit_regression(codes, labels, best), unseen) > 0.5
    assert (predicted == unseen_labels).mean() > 0.75


def test_a_fold_never_splits_a_patient() -> None:
    """With each patient's code unique and labels random, only patient-wise folds show that nothing can be learned."""
    rng = np.random.default_rng(3)
    patients = np.repeat([f"p{number}" for number in range(40)], 4)
    labels = np.repeat(rng.integers(0, 2, 40), 4)
    codes = (np.repeat(rng.normal(size=(40, 30)), 4, axis=0) + rng.normal(size=(160, 30)) * 0.01)[:, None]
    auc = max(values[1] for values in choose_strength(codes, labels, patients).values())
    assert auc < 0.8


def test_command_writes_the_classifier_and_reports_patients_never_seen(
    model: torch.nn.Module, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = write_toy_cohort(tmp_path / "cohort", patients=16)
    checkpoint = tmp_path / "ema.ckpt"
    state = {f"ema_model.{key}": value for key, value in model.state_dict().items()}
    torch.save({"state_dict": state, "global_step": 0}, checkpoint)
    out, report = tmp_path / "classifier.json", tmp_path / "report.md"
    options = ["--checkpoint", checkpoint, "--manifest", manifest, "--out", out, "--report", report]
    assert main([str(option) for option in [*options, "--test-split", "test", "--slices", 3]]) == 0
    classifier = classifier_from_json(out)
    assert classifier.code_size == 512
    assert set(json.loads(out.read_text())) == {"mean", "scale", "coef", "intercept"}
    assert "Held-out AUC" in capsys.readouterr().out
    assert "on 8 vertebrae" in report.read_text()


def test_patients_on_both_sides_are_refused(model: torch.nn.Module, tmp_path: Path) -> None:
    cohort = read_cohort(write_toy_cohort(tmp_path, patients=4))
    with pytest.raises(InputError, match="both sides"):
        fit(model, cohort[::2], cohort[1::2], 1)  # type: ignore[arg-type]


def test_random_hold_out_keeps_patients_whole(tmp_path: Path) -> None:
    cohort = read_cohort(write_toy_cohort(tmp_path, patients=10))
    fitting, held_out = split_patients(cohort, None, seed=1)
    assert len(fitting) + len(held_out) == len(cohort)
    assert not {v.patient for v in fitting} & {v.patient for v in held_out}
    assert len({v.patient for v in held_out}) == 2
