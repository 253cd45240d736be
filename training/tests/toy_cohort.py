"""A toy cohort of drawn vertebrae, small enough to train on in a test: NIfTI crops, body masks, truth and a manifest."""

from __future__ import annotations

import csv
from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

SLICES = 7


def draw_vertebra(seed: int, malignant: bool) -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.uint8]]:
    """HU, body mask and lesion truth, each [64, 64, SLICES]: a bright box with a cortex in soft tissue."""
    rng = np.random.default_rng(seed)
    rows, columns = np.meshgrid(np.arange(64), np.arange(64), indexing="ij")
    middle = np.array([26, 32]) + rng.uniform(-2, 2, 2)
    half = np.array([14, 15]) + rng.uniform(-2, 2, 2)
    depth = np.maximum(abs(rows - middle[0]) / half[0], abs(columns - middle[1]) / half[1])
    hu = np.full((64, 64, SLICES), 40.0, dtype=np.float32)
    texture = ndimage.gaussian_filter(rng.normal(size=hu.shape), 1.5) * 150
    inside = depth < 1
    hu[inside] = 180 + texture[inside]
    hu[(depth < 1) & (depth > 0.9)] = 500
    truth = np.zeros(hu.shape, dtype=np.uint8)
    if malignant:
        place = middle + rng.uniform(-0.45, 0.45, 2) * half
        lesion = (rows - place[0]) ** 2 + (columns - place[1]) ** 2 < rng.uniform(4, 7) ** 2
        kind = int(rng.integers(1, 3))
        truth[lesion & inside] = kind
        hu[truth > 0] += -180 if kind == 1 else 450
    hu += rng.normal(size=hu.shape) * 15
    body = np.repeat((depth < 1)[:, :, None], SLICES, axis=2).astype(np.uint8)
    return hu.astype(np.float32), body, truth


def write_toy_cohort(folder: Path, patients: int, per_patient: int = 2, truth: bool = False) -> Path:
    """Writes `patients` x `per_patient` vertebrae, alternately malignant; returns the manifest's path."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for patient in range(patients):
        for number in range(per_patient):
            name = f"p{patient:03d}-{number}"
            label = (patient + number) % 2
            images = draw_vertebra(patient * per_patient + number, bool(label))
            for kind, values in zip(("ct", "body", "truth"), images, strict=True):
                if kind != "truth" or truth:
                    nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), folder / f"{name}-{kind}.nii.gz")
            rows.append(
                {
                    "image": f"{name}-ct.nii.gz",
                    "seg_msk": f"{name}-body.nii.gz",
                    "label": label,
                    "patient": f"p{patient:03d}",
                    "level": "L1",
                    "split": "test" if patient % 4 == 3 else "train",
                    "truth": f"{name}-truth.nii.gz" if truth else "",
                }
            )
    manifest = folder / "manifest.csv"
    with manifest.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return manifest
