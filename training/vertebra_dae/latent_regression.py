"""Standardisation and logistic regression of codes as in Atad et al. (arXiv 2512.06849), and the choice of its regularisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .classifier import LatentClassifier
from .errors import InputError

STRENGTHS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
"""Inverse regularisation (scikit-learn's C) to choose from."""
FOLDS = 5
MAX_ITERATIONS = 5000

Codes = NDArray[np.float64]
Weights = NDArray[np.float64]


def choose_strength(
    codes: Codes,
    labels: NDArray[np.int64],
    patients: NDArray[np.str_],
    weights: Weights | None = None,
    slice_labels: NDArray[np.int64] | None = None,
) -> dict[float, tuple[float, float]]:
    """Mean log loss and AUC of every strength over folds that never split a patient; codes [V, K, Z], weights and labels of slices [V, K]."""
    each = each_slice(labels, codes.shape[1]) if slice_labels is None else slice_labels
    folds = min(FOLDS, len(set(patients[labels == 0])), len(set(patients[labels == 1])))
    if folds < 2:
        raise InputError("cross-validation needs malignant and healthy vertebrae of at least two patients each")
    splits = list(StratifiedGroupKFold(folds).split(codes, labels, patients))
    results = {}
    for strength in STRENGTHS:
        found = []
        for train, test in splits:
            if len(set(labels[test])) < 2:
                continue
            model = fit_regression(codes[train], each[train], strength, None if weights is None else weights[train])
            found.append(scores(model, codes[test], labels[test]))
        if not found:
            raise InputError("cross-validation: no fold holds both labels; more patients are needed")
        results[strength] = (float(np.mean([s[0] for s in found])), float(np.mean([s[1] for s in found])))
    return results


def fit_regression(
    codes: Codes, labels: NDArray[np.int64], strength: float, weights: Weights | None = None
) -> LatentClassifier:
    """Standardisation and logistic regression on all slices, each with its label (its vertebra's [V], or its own [V, K]; negative:
    left out) and its weight [V, K]."""
    if labels.ndim == 1:
        labels = each_slice(labels, codes.shape[1])
    known = labels >= 0
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=MAX_ITERATIONS))
    each = None if weights is None else weights[known]
    pipeline.fit(codes[known], labels[known], logisticregression__sample_weight=each)
    scaler, regression = pipeline[0], pipeline[1]
    return LatentClassifier(scaler.mean_, scaler.scale_, regression.coef_[0], float(regression.intercept_[0]))


def each_slice(labels: NDArray[np.int64], slices: int) -> NDArray[np.int64]:
    """Every slice with its vertebra's label, [V] -> [V, K]."""
    return np.repeat(labels[:, None], slices, axis=1)


def probabilities(classifier: LatentClassifier, codes: Codes) -> NDArray[np.float64]:
    """P(malignant) per vertebra, of its middle slice; codes [V, K, Z] -> [V]."""
    middle = codes[:, codes.shape[1] // 2]
    logits = ((middle - classifier.mean) / classifier.scale) @ classifier.coef + classifier.intercept
    return 1 / (1 + np.exp(-np.clip(logits, -50, 50)))


def scores(classifier: LatentClassifier, codes: Codes, labels: NDArray[np.int64]) -> tuple[float, float]:
    """Log loss and AUC per vertebra, of its middle slice; codes [V, K, Z], labels [V]."""
    values = probabilities(classifier, codes)
    return float(log_loss(labels, values, labels=[0, 1])), float(roc_auc_score(labels, values))
