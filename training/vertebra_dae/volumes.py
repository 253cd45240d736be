"""CT volumes and masks from NIfTI files or DICOM folders, with their place in the patient (LPS, mm)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .errors import InputError

RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
EVEN_SPACING_MM = 0.1
"""Slice distances of a series may differ by this much (positions are stored with rounding)."""


@dataclass(frozen=True)
class Volume:
    """values [i, j, k] and index_to_lps [4, 4]: voxel index -> mm in the patient's left-posterior-superior frame."""

    values: NDArray[np.float32]
    index_to_lps: NDArray[np.float64]


def read_volume(path: Path) -> Volume:
    """A CT from a NIfTI file (.nii, .nii.gz) or from a folder with one axial DICOM series.

    Raises:
        InputError: naming the file.
    """
    if path.is_dir():
        return _read_dicom_series(path)
    return _read_nifti(path)


def read_mask(path: Path) -> Volume:
    """A binary mask: NIfTI, or one DICOM SEG file whose segments are all taken together.

    Raises:
        InputError: naming the file.
    """
    if path.is_file() and path.suffix not in (".nii", ".gz"):
        return _read_dicom_seg(path)
    return _read_nifti(path)


def resample_onto(
    volume: Volume, frame: NDArray[np.float64], shape: tuple[int, int, int], order: int, outside: float
) -> NDArray[np.float32]:
    """Values on another grid. frame: index -> LPS of that grid; order: 0 nearest, 1 trilinear."""
    to_index = np.linalg.inv(volume.index_to_lps) @ frame
    return ndimage.affine_transform(
        volume.values,
        to_index[:3, :3],
        offset=to_index[:3, 3],
        output_shape=shape,
        order=order,
        mode="constant",
        cval=outside,
    )


def _read_nifti(path: Path) -> Volume:
    import nibabel

    try:
        image = nibabel.load(path)
        values = np.asarray(image.dataobj, dtype=np.float32)
    except (OSError, EOFError, ValueError, nibabel.filebasedimages.ImageFileError) as error:
        raise InputError(f"{path}: cannot be read as NIfTI ({error})") from error
    if values.ndim != 3:
        raise InputError(f"{path}: has {values.ndim} dimensions, expected 3")
    if not np.isfinite(values).all():
        raise InputError(f"{path}: holds values that are not finite")
    return Volume(values, RAS_TO_LPS @ image.affine)


def _read_dicom_series(folder: Path) -> Volume:
    import pydicom

    datasets = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            try:
                datasets.append(pydicom.dcmread(path))
            except (pydicom.errors.InvalidDicomError, OSError) as error:
                raise InputError(f"{path}: cannot be read as DICOM ({error})") from error
    if len(datasets) < 2:
        raise InputError(f"{folder}: holds {len(datasets)} DICOM files, expected the slices of one CT series")
    if len({dataset.SeriesInstanceUID for dataset in datasets}) != 1:
        raise InputError(f"{folder}: holds more than one series; give each its own folder")
    first = datasets[0]
    row, column = (np.array(first.ImageOrientationPatient[i : i + 3], dtype=float) for i in (0, 3))
    normal = np.cross(row, column)
    datasets.sort(key=lambda dataset: float(normal @ np.array(dataset.ImagePositionPatient, dtype=float)))
    positions = np.array([dataset.ImagePositionPatient for dataset in datasets], dtype=float)
    distances = np.diff(positions @ normal)
    if distances.max() - distances.min() > EVEN_SPACING_MM or distances.min() <= 0:
        raise InputError(f"{folder}: slice distances run from {distances.min():.2f} to {distances.max():.2f} mm")
    # Index order [column, row, slice], so that values[i, j, k] lies at position + i * row + j * column + k * normal.
    values = np.stack([_hounsfield(dataset) for dataset in datasets], axis=-1).transpose(1, 0, 2)
    between_rows, between_columns = (float(value) for value in first.PixelSpacing)
    affine = np.eye(4)
    affine[:3, 0] = row * between_columns
    affine[:3, 1] = column * between_rows
    affine[:3, 2] = (positions[-1] - positions[0]) / (len(datasets) - 1)
    affine[:3, 3] = positions[0]
    return Volume(values, affine)


def _hounsfield(dataset: object) -> NDArray[np.float32]:
    pixels = np.asarray(dataset.pixel_array, dtype=np.float32)  # type: ignore[attr-defined]
    slope, intercept = (float(getattr(dataset, name, default)) for name, default in _RESCALE)
    return pixels * slope + intercept


_RESCALE = (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))


def _read_dicom_seg(path: Path) -> Volume:
    import highdicom
    import pydicom

    try:
        seg = highdicom.seg.segread(path)
    except (pydicom.errors.InvalidDicomError, OSError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: cannot be read as DICOM SEG ({error})") from error
    volume = seg.get_volume(combine_segments=False)
    # highdicom's volumes are indexed [slice, row, column, segment] with an affine to LPS for that order.
    values = (volume.array.max(axis=-1) > 0).astype(np.float32)
    return Volume(values, np.asarray(volume.affine, dtype=np.float64))
