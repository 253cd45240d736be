"""The latent classifier's numbers: a standardisation of the semantic code and a logistic regression on it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import InputError
from .pickles import PickledObject, read_pickle

PICKLED_CLASSIFIER = "sklearn.linear_model._logistic.LogisticRegression"
PICKLED_SCALER = "sklearn.preprocessing._data.StandardScaler"

LOGIT_LIMIT = 50.0
"""The reference clips the logit to +-50 before the sigmoid."""

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class LatentClassifier:
    """P(malignant | z) = sigmoid(coef . (z - mean) / scale + intercept); all vectors have length Z."""

    mean: Vector
    scale: Vector
    coef: Vector
    intercept: float

    def __post_init__(self) -> None:
        for name in ("mean", "scale", "coef"):
            vector = getattr(self, name)
            if vector.ndim != 1 or vector.shape != self.mean.shape or not vector.size:
                raise InputError(f"classifier: {name} has shape {vector.shape}, mean has {self.mean.shape}")
            if not np.isfinite(vector).all():
                raise InputError(f"classifier: {name} holds numbers that are not finite")
        if not (self.scale > 0).all():
            raise InputError("classifier: every scale must be positive")
        if not np.any(self.coef):
            raise InputError("classifier: all coefficients are zero, so it has no direction towards healthy")
        if not np.isfinite(self.intercept):
            raise InputError("classifier: the intercept is not finite")

    @property
    def code_size(self) -> int:
        """Z."""
        return int(self.mean.size)

    def probability(self, code: NDArray[np.float32]) -> float:
        """P(malignant) of one semantic code [Z]."""
        logit = float(self.coef @ ((code.astype(np.float64) - self.mean) / self.scale)) + self.intercept
        return 1 / (1 + math.exp(-min(LOGIT_LIMIT, max(-LOGIT_LIMIT, logit))))

    def to_json(self) -> dict[str, object]:
        """The `classifier` entry of a manifest."""
        return {
            "mean": self.mean.tolist(),
            "scale": self.scale.tolist(),
            "coef": self.coef.tolist(),
            "intercept": self.intercept,
        }


def classifier_from_json(path: Path) -> LatentClassifier:
    """Reads {mean, scale, coef: [Z], intercept}; coef and intercept may be nested once, as scikit-learn has them.

    Raises:
        InputError: naming the key.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as JSON ({error})") from error
    return classifier_from_values(str(path), values)


def classifier_from_values(source: str, values: object) -> LatentClassifier:
    """What `LatentClassifier.to_json` gives, or what `classifier_from_json` accepts; `source` is named in errors."""
    if not isinstance(values, dict):
        raise InputError(f"{source}: expected an object with mean, scale, coef and intercept")
    vectors = {}
    for name in ("mean", "scale", "coef", "intercept"):
        if name not in values:
            raise InputError(f"{source}: {name!r} is missing")
        try:
            vectors[name] = np.atleast_1d(np.squeeze(np.array(values[name], dtype=np.float64)))
        except (TypeError, ValueError) as error:
            raise InputError(f"{source}: {name!r} is not a list of numbers ({error})") from error
    return _classifier(source, **vectors)


def classifier_from_pickles(classifier_path: Path, scaler_path: Path) -> LatentClassifier:
    """Reads the authors' joblib pickles of a LogisticRegression and a StandardScaler, executing nothing.

    Raises:
        InputError: for another class, a classifier that is not binary, or a damaged file.
    """
    regression = _object(classifier_path, PICKLED_CLASSIFIER)
    scaler = _object(scaler_path, PICKLED_SCALER)
    classes = _array(classifier_path, regression, "classes_")
    if classes.tolist() != [0, 1]:
        raise InputError(f"{classifier_path}: its classes are {classes.tolist()}, expected 0 (healthy), 1 (malignant)")
    coef = _array(classifier_path, regression, "coef_")
    if coef.ndim != 2 or coef.shape[0] != 1:
        raise InputError(f"{classifier_path}: coef_ has shape {coef.shape}, expected (1, Z)")
    return _classifier(
        f"{classifier_path}, {scaler_path}",
        mean=_array(scaler_path, scaler, "mean_"),
        scale=_array(scaler_path, scaler, "scale_"),
        coef=coef[0],
        intercept=_array(classifier_path, regression, "intercept_"),
    )


def _classifier(source: str, mean: Vector, scale: Vector, coef: Vector, intercept: Vector) -> LatentClassifier:
    if intercept.shape != (1,):
        raise InputError(f"{source}: the intercept has shape {intercept.shape}, expected one number")
    try:
        return LatentClassifier(mean, scale, coef, float(intercept[0]))
    except InputError as error:
        raise InputError(f"{source}: {error}") from error


def _object(path: Path, class_name: str) -> PickledObject:
    value = read_pickle(path)
    if not isinstance(value, PickledObject) or value.class_name != class_name:
        found = value.class_name if isinstance(value, PickledObject) else type(value).__name__
        raise InputError(f"{path}: holds a {found}, expected a {class_name}")
    return value


def _array(path: Path, value: PickledObject, name: str) -> NDArray[np.float64]:
    array = value.state.get(name)
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        raise InputError(f"{path}: its attribute {name!r} is no array of numbers")
    return array.astype(np.float64)
