"""Manifest, crops, slices, normalisation, augmentation, schedule."""

from __future__ import annotations

from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest
import torch
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from toy_cohort import SLICES, draw_vertebra, write_toy_cohort

from conftest import golden_image
from vertebra_dae.augment import augment, normalise
from vertebra_dae.cohort import Vertebra, read_cohort
from vertebra_dae.crops import read_crop
from vertebra_dae.dataset import SliceSet, load_slices
from vertebra_dae.diffusion import add_noise, alpha_bars, integrate
from vertebra_dae.errors import InputError


def rewrite(manifest: Path, old: str, new: str) -> None:
    manifest.write_text(manifest.read_text().replace(old, new, 1))


def test_reads_the_manifest_and_knows_no_truth(tmp_path: Path) -> None:
    cohort = read_cohort(write_toy_cohort(tmp_path, patients=4, truth=True), ["train"])
    assert [(v.patient, v.label) for v in cohort[:3]] == [("p000", 0), ("p000", 1), ("p001", 1)]
    assert {v.split for v in cohort} == {"train"}
    assert not any("truth" in name for name in vars(cohort[0]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("label", "labelled", "column 'label' is missing"),
        (",0,p000", ",2,p000", "line 2: label is '2'"),
        (",0,p000", ",0,", "line 2: 'patient' is empty"),
    ],
)
def test_manifest_errors_name_the_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    manifest = write_toy_cohort(tmp_path, patients=1)
    rewrite(manifest, old, new)
    with pytest.raises(InputError, match=message):
        read_cohort(manifest)


def test_missing_split_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no row of the split \['validation'\]"):
        read_cohort(write_toy_cohort(tmp_path, patients=1), ["validation"])


def test_central_slices_are_around_the_middle_of_the_body(tmp_path: Path) -> None:
    manifest = write_toy_cohort(tmp_path, patients=1, per_patient=1)
    row = read_cohort(manifest)[0]
    body = np.zeros((64, 64, SLICES), dtype=np.uint8)
    body[20:40, 20:40, 1:4] = 1
    nibabel.save(nibabel.Nifti1Image(body, np.eye(4)), row.body_mask)
    hu, _, _ = draw_vertebra(0, False)
    data = load_slices([row], 3)
    np.testing.assert_array_equal(data.raw[0].numpy(), np.moveaxis(hu[:, :, 1:4], 2, 0))
    np.testing.assert_array_equal(data.central()[0, 0].numpy(), hu[:, :, 2])
    with pytest.raises(InputError, match="7 slices"):
        load_slices([row], 7)


def test_spread_slices_span_their_share_of_the_body(tmp_path: Path) -> None:
    row = read_cohort(write_toy_cohort(tmp_path, patients=1, per_patient=1))[0]
    hu = np.arange(41, dtype=np.float32) * np.ones((64, 64, 1), dtype=np.float32)
    body = np.zeros((64, 64, 41), dtype=np.uint8)
    body[20:40, 20:40, 5:36] = 1
    for values, path in ((hu, row.image), (body, row.body_mask)):
        nibabel.save(nibabel.Nifti1Image(values, np.eye(4)), path)
    data = load_slices([row], 5, spread=0.8)
    assert data.raw[0, :, 0, 0].tolist() == [8, 14, 20, 26, 32]
    with pytest.raises(InputError, match="7 slices"):
        load_slices([row], 7, spread=3.0)


def test_malignant_vertebrae_show_their_middle_slice_more_often() -> None:
    raw = torch.arange(3).reshape(1, 3, 1, 1).expand(4, 3, 64, 64).float()
    data = SliceSet(raw, torch.tensor([1.0, 1.0, 0.0, 0.0]), ("a", "b", "c", "d"))
    shown, labels = data.draw(6000, torch.Generator().manual_seed(3), middle_share=0.4)
    drawn = shown[:, 0, 0, 0]
    weights = data.slice_weights(0.4)
    np.testing.assert_allclose(weights.sum(dim=1).numpy(), 3)
    for label, row in ((1.0, 0), (0.0, 2)):
        shares = [float((drawn[labels == label] == slice).float().mean()) for slice in range(3)]
        np.testing.assert_allclose(shares, weights[row].numpy() / 3, atol=0.03)


def test_empty_body_mask_is_named(tmp_path: Path) -> None:
    row = read_cohort(write_toy_cohort(tmp_path, patients=1))[0]
    nibabel.save(nibabel.Nifti1Image(np.zeros((64, 64, SLICES), dtype=np.uint8), np.eye(4)), row.body_mask)
    with pytest.raises(InputError, match="body mask is empty"):
        read_crop(row)


def scene(lps: np.ndarray) -> np.ndarray:
    """HU of a smooth scene as a function of LPS mm [..., 3]: every direction distinct."""
    return 100 + 3 * lps[..., 0] + 5 * lps[..., 1] - 7 * lps[..., 2]


def test_a_ct_volume_is_cut_in_patient_axes_whatever_its_orientation(tmp_path: Path) -> None:
    """A NIfTI CT stored with axes S, L, P: the crop's rows must run to posterior and its columns to inferior."""
    # RAS affine: axis 0 superior 0.9 mm, axis 1 left 0.7 mm, axis 2 posterior 0.8 mm.
    affine = np.array([[0, -0.7, 0, 40], [0, 0, -0.8, 45], [0.9, 0, 0, -50], [0, 0, 0, 1]], dtype=float)
    index = np.stack(np.meshgrid(*[np.arange(n) for n in (110, 115, 112)], indexing="ij"), axis=-1)
    lps = (index @ affine[:3, :3].T + affine[:3, 3]) * [-1, -1, 1]
    body = (np.abs(lps - [3.0, -2.0, 1.0]) < [10, 12, 9]).all(axis=-1)
    for name, values in (("ct", scene(lps).astype(np.float32)), ("body", body.astype(np.uint8))):
        nibabel.save(nibabel.Nifti1Image(values, affine), tmp_path / f"{name}.nii.gz")
    crop = read_crop(Vertebra(tmp_path / "ct.nii.gz", tmp_path / "body.nii.gz", 0, "p"))
    centre = lps[body].mean(axis=0)
    middle = crop.middle_slice()
    rows, columns = np.meshgrid(np.arange(64) - 31.5, np.arange(64) - 31.5, indexing="ij")
    offset = (middle - (crop.image.shape[2] - 1) / 2) * 0.8
    expected = scene(np.stack([np.full_like(rows, centre[0] + offset), centre[1] + 0.8 * rows, centre[2] - 0.675 * columns], -1))
    np.testing.assert_allclose(crop.image[:, :, middle], expected, atol=0.05)
    assert crop.body[32, 32, middle]
    assert crop.body[:, :, middle].sum() == pytest.approx(24 / 0.8 * 18 / 0.675, rel=0.08)


def test_a_dicom_folder_gives_the_same_crop_as_nifti(tmp_path: Path) -> None:
    spacing, shape = (0.9, 0.8, 1.1), (80, 85, 60)
    affine_lps = np.diag([*spacing, 1.0])
    affine_lps[:3, 3] = [-36, -33, -30]
    index = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), axis=-1)
    lps = index @ affine_lps[:3, :3].T + affine_lps[:3, 3]
    values = np.rint(scene(lps)).astype(np.int16)
    body = (np.abs(lps) < [8, 10, 9]).all(axis=-1).astype(np.uint8)
    folder = tmp_path / "series"
    folder.mkdir()
    series = generate_uid()
    for number in range(shape[2]):
        dataset = pydicom.Dataset()
        dataset.file_meta = pydicom.dataset.FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
        dataset.SeriesInstanceUID = series
        dataset.Rows, dataset.Columns = shape[1], shape[0]
        dataset.PixelSpacing = [spacing[1], spacing[0]]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.ImagePositionPatient = [float(v) for v in lps[0, 0, number]]
        dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 1
        dataset.PixelData = (values[:, :, number].T + 1024).astype(np.int16).tobytes()
        # File names in the reverse order of the positions.
        dataset.save_as(folder / f"{shape[2] - number:03d}.dcm", enforce_file_format=True)
    affine_ras = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine_lps
    nibabel.save(nibabel.Nifti1Image(values, affine_ras), tmp_path / "ct.nii.gz")
    nibabel.save(nibabel.Nifti1Image(body, affine_ras), tmp_path / "body.nii.gz")
    from_dicom = read_crop(Vertebra(folder, tmp_path / "body.nii.gz", 0, "p"))
    from_nifti = read_crop(Vertebra(tmp_path / "ct.nii.gz", tmp_path / "body.nii.gz", 0, "p"))
    np.testing.assert_allclose(from_dicom.image, from_nifti.image, atol=0.01)
    np.testing.assert_array_equal(from_dicom.body, from_nifti.body)


def test_normalises_as_the_authors(shared_golden: Path) -> None:
    for case in ("case-1-real-t10", "case-2-inserted"):
        raw, patch = (golden_image(shared_golden / case, name) for name in ("raw", "patch"))
        torch.testing.assert_close(normalise(raw), patch, rtol=0, atol=2e-6)
        torch.testing.assert_close(normalise(raw * 2000 - 1000), patch, rtol=0, atol=2e-6)


@pytest.mark.parametrize("extended", [False, True])
def test_augmentation_is_seeded_and_varies(extended: bool) -> None:
    raw = torch.from_numpy(draw_vertebra(1, True)[0][:, :, 3]).expand(8, 1, 64, 64)
    one, same, other = (
        augment(raw, torch.Generator().manual_seed(seed), extended=extended) for seed in (1, 1, 2)
    )
    assert bool(torch.isfinite(one).all())
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert len({tuple(patch.flatten()[:50].tolist()) for patch in one}) > 4
    assert torch.quantile(one.flatten(1), 0.995, dim=1).sub(1).abs().max() < 0.1


def test_noise_and_its_removal_are_inverse() -> None:
    """For a predictor that knows the image, both directions of the sampler return to where they came from."""
    patch = normalise(torch.from_numpy(draw_vertebra(2, True)[0][None, None, :, :, 3]))
    alphas = alpha_bars()

    def true_noise(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        alpha = torch.from_numpy(np.interp(t.numpy(), np.arange(1000), alphas.numpy())).float()[:, None, None, None]
        return (x - alpha.sqrt() * patch) / (1 - alpha).sqrt()

    noise = torch.randn(patch.shape, generator=torch.Generator().manual_seed(0))
    noisy = add_noise(patch, noise, torch.tensor([999]), alphas)
    rendered = integrate(true_noise, noisy, 20, to_noise=False)
    assert (rendered - patch).abs().mean() < 0.02


def test_schedule_is_the_published_one() -> None:
    alphas = alpha_bars()
    assert len(alphas) == 1000
    assert float(alphas[0]) == pytest.approx(1 - 1e-4)
    assert float(alphas[-1]) == pytest.approx(4.0358e-5, rel=1e-3)
