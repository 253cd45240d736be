"""Classifiers from JSON and from pickles that are read without executing them."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import GOLDEN_CASE

from vertebra_dae.classifier import classifier_from_json, classifier_from_pickles
from vertebra_dae.errors import InputError
from vertebra_dae.pickles import PickledObject, read_pickle


def test_published_pickles_give_the_authors_numbers(shared_golden: Path) -> None:
    folder = shared_golden / "published"
    classifier = classifier_from_pickles(folder / "classifier_lr.pkl", folder / "scaler.pkl")
    assert classifier.code_size == 512
    # First and last values as scikit-learn 1.7 shows them.
    np.testing.assert_allclose(classifier.coef[[0, -1]], [0.03940465485784736, 0.010858582004757606])
    np.testing.assert_allclose(classifier.mean[[0, -1]], [0.016761834105163548, 0.08455839249412571])
    np.testing.assert_allclose(classifier.scale[[0, -1]], [0.18201808728408436, 0.22628858942482888])
    assert classifier.intercept == pytest.approx(-0.0007748523513761435)


def test_published_pickles_cut_anywhere_are_refused(shared_golden: Path, tmp_path: Path) -> None:
    for name in ("classifier_lr.pkl", "scaler.pkl"):
        data = (shared_golden / "published" / name).read_bytes()
        for length in (*range(0, 700, 7), len(data) // 2, len(data) - 1):
            (tmp_path / name).write_bytes(data[:length])
            with pytest.raises(InputError, match=name.replace(".", r"\.")):
                read_pickle(tmp_path / name)


def test_swapped_pickles_are_refused(shared_golden: Path) -> None:
    folder = shared_golden / "published"
    with pytest.raises(InputError, match="expected a sklearn.linear_model"):
        classifier_from_pickles(folder / "scaler.pkl", folder / "classifier_lr.pkl")


class Foreign:
    """A class that no model file should hold."""


class Command:
    """Pickles to a call that would create a folder."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.target),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_foreign_class_is_refused_by_name_and_not_executed(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "foreign.pkl"
    path.write_bytes(pickle.dumps({"model": Foreign()}, protocol))
    with pytest.raises(InputError, match=r"test_classifier\.Foreign|copyreg\._reconstructor|copy_reg"):
        read_pickle(path)
    target = tmp_path / "executed"
    path.write_bytes(pickle.dumps(Command(target), protocol))
    with pytest.raises(InputError, match=r"\.mkdir"):
        read_pickle(path)
    assert not target.exists()


def test_opcodes_that_import_or_call_by_other_ways_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "crafted.pkl"
    target = tmp_path / "executed"
    for crafted in (
        b"(S'" + str(target).encode() + b"'\nios\nmkdir\n.",  # INST
        b"cos\nmkdir\n(S'" + str(target).encode() + b"'\ntR.",  # GLOBAL, REDUCE
        b"(cos\nmkdir\nS'" + str(target).encode() + b"'\no.",  # OBJ
        b"\x80\x02\x82\x01.",  # EXT1
        b"Pname\n.",  # PERSID
        b"\x80\x02}N\x86R.",  # REDUCE of a plain value
    ):
        path.write_bytes(crafted)
        with pytest.raises(InputError):
            read_pickle(path)
        assert not target.exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_numpy_arrays_of_a_plain_pickle_are_read(tmp_path: Path, protocol: int) -> None:
    values = {"c": np.arange(6.0).reshape(2, 3), "f": np.asfortranarray(np.eye(3, dtype=">i2")), "s": np.float32(2.5)}
    path = tmp_path / "arrays.pkl"
    path.write_bytes(pickle.dumps([values, (1, True, None, "x")], protocol))
    arrays, plain = read_pickle(path)  # type: ignore[misc]
    np.testing.assert_array_equal(arrays["c"], values["c"])
    np.testing.assert_array_equal(arrays["f"], values["f"])
    assert arrays["s"] == 2.5
    assert plain == (1, True, None, "x")


def test_object_arrays_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "objects.pkl"
    path.write_bytes(pickle.dumps(np.array([{}], dtype=object)))
    with pytest.raises(InputError, match="only numbers"):
        read_pickle(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pkl"
    for contents, message in ((b"", "not a whole pickle"), (b"<html>", "other.pkl"), (b"x\x9cabc", "compress=0")):
        path.write_bytes(contents)
        with pytest.raises(InputError, match=message):
            read_pickle(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_pickle(tmp_path / "absent.pkl")


def test_pickles_of_scikit_learn_of_today(tmp_path: Path) -> None:
    joblib = pytest.importorskip("joblib")
    linear_model = pytest.importorskip("sklearn.linear_model")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    generator = np.random.default_rng(7)
    codes = generator.standard_normal((40, 5)) * 3 + 1
    labels = (codes[:, 0] > 1).astype(int)
    scaler = preprocessing.StandardScaler().fit(codes)
    regression = linear_model.LogisticRegression().fit(scaler.transform(codes), labels)
    joblib.dump(regression, tmp_path / "c.pkl")
    (tmp_path / "s.pkl").write_bytes(pickle.dumps(scaler))
    assert isinstance(read_pickle(tmp_path / "c.pkl"), PickledObject)
    ours = classifier_from_pickles(tmp_path / "c.pkl", tmp_path / "s.pkl")
    logits = ((codes - ours.mean) / ours.scale) @ ours.coef + ours.intercept
    np.testing.assert_allclose(logits, regression.decision_function(scaler.transform(codes)), atol=1e-12)

    three = linear_model.LogisticRegression().fit(codes, np.arange(40) % 3)
    joblib.dump(three, tmp_path / "three.pkl")
    with pytest.raises(InputError, match=r"its classes are \[0\.0, 1\.0, 2\.0\]"):
        classifier_from_pickles(tmp_path / "three.pkl", tmp_path / "s.pkl")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coef": ["x"]}, "'coef' is not a list"),
        ({"coef": [0.0] * 512}, "all coefficients are zero"),
        ({"coef": [1.0] * 511}, "coef has shape"),
        ({"scale": [0.0] * 512}, "scale must be positive"),
        ({"mean": [float("nan")] * 512}, "mean holds numbers that are not finite"),
        ({"intercept": [1, 2]}, "intercept"),
    ],
)
def test_wrong_classifier_json_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    values = {**json.loads((GOLDEN_CASE / "classifier.json").read_text()), **change}
    path = tmp_path / "classifier.json"
    path.write_text(json.dumps(values))
    with pytest.raises(InputError, match=message):
        classifier_from_json(path)
    del values["mean"]
    path.write_text(json.dumps(values))
    with pytest.raises(InputError, match="'mean' is missing"):
        classifier_from_json(path)
