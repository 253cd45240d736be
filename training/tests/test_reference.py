"""The PyTorch implementation of the method against the golden values (see test/golden/data/README.md).

`python -m vertebra_dae.reference` on a whole golden case takes minutes; here each part runs once on golden inputs.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import CHECKPOINT, GOLDEN_CASE, golden_image

from vertebra_dae.classifier import LatentClassifier, classifier_from_json
from vertebra_dae.diffusion import alpha_bars
from vertebra_dae.hide_and_seek import (
    MIN_PIXELS,
    Attribution,
    Candidate,
    ReferenceSampler,
    components,
    healthy_code,
    kept_pixels,
    probability,
    strong_pixels,
)
from vertebra_dae.network import DiffusionAutoencoder
from vertebra_dae.reference import main, write_results

RESULT = json.loads((GOLDEN_CASE / "result.json").read_text())


@pytest.fixture(scope="module")
def classifier() -> LatentClassifier:
    return classifier_from_json(GOLDEN_CASE / "classifier.json")


def golden_mask(name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.load(GOLDEN_CASE / f"{name}.npy") != 0


@torch.no_grad()
def test_render_gives_the_golden_reconstruction(model: DiffusionAutoencoder) -> None:
    sampler = ReferenceSampler(model)
    code = model.encode(golden_image(GOLDEN_CASE, "patch"))
    rendered = sampler.render(golden_image(GOLDEN_CASE, "stochastic_code"), code)
    np.testing.assert_allclose(rendered, golden_image(GOLDEN_CASE, "reconstruction"), atol=1e-4)
    assert sampler.evaluations == 100


class OneImage(DiffusionAutoencoder):
    """Predicts exactly the noise of a data set that holds one image, a constant; it notes the timesteps asked for."""

    def __init__(self, value: float) -> None:
        torch.nn.Module.__init__(self)
        self.value = value
        self.timesteps: list[int] = []

    def forward(self, noisy: torch.Tensor, timesteps: torch.Tensor, _code: torch.Tensor) -> torch.Tensor:
        self.timesteps.append(int(timesteps[0]))
        alpha = float(alpha_bars()[self.timesteps[-1]])
        return (noisy - alpha**0.5 * self.value) / (1 - alpha) ** 0.5


def test_inversion_ends_with_noise_alone_and_render_with_the_image() -> None:
    """With one image c the noise stays what it is at t = 0 through all steps: c (1 - sqrt(alphaBar_0)) / sqrt(1 - alphaBar_0)."""
    network = OneImage(0.6)
    sampler = ReferenceSampler(network)
    code = torch.zeros(1, 512)
    stochastic = sampler.invert(torch.full((1, 1, 64, 64), 0.6), code)
    alpha = 1 - 1e-4
    expected = 0.6 * (1 - alpha**0.5) / (1 - alpha) ** 0.5
    np.testing.assert_allclose(stochastic, np.full((1, 1, 64, 64), expected), atol=1e-4)
    assert network.timesteps == list(range(0, 1000, 4))
    network.timesteps.clear()
    rendered = sampler.render(torch.randn(1, 1, 64, 64, generator=torch.Generator().manual_seed(3)), code)
    np.testing.assert_allclose(rendered, np.full((1, 1, 64, 64), 0.6), atol=1e-5)
    assert network.timesteps == list(range(990, -1, -10))


def test_classifier_and_healthy_code_are_golden(classifier: LatentClassifier) -> None:
    code = torch.from_numpy(np.load(GOLDEN_CASE / "semantic_code.npy"))
    assert probability(classifier, code)[0] == pytest.approx(RESULT["malignancyProbability"], abs=1e-6)
    healthy = healthy_code(classifier, code)
    np.testing.assert_allclose(healthy, np.load(GOLDEN_CASE / "healthy_code.npy"), atol=1e-6)
    assert probability(classifier, healthy)[0] == pytest.approx(1e-5, rel=1e-3)


def test_candidates_are_golden() -> None:
    body = golden_mask("body_mask")
    difference = (golden_image(GOLDEN_CASE, "healthy_edit") - golden_image(GOLDEN_CASE, "reconstruction"))[0, 0].numpy()
    found = []
    for kind, signed in (("blastic", -difference), ("lytic", difference)):
        strong = strong_pixels(signed, body)
        np.testing.assert_array_equal(strong, golden_mask(f"{kind}_candidates"))
        regions = [Candidate(kind, mask) for mask in components(strong)]
        found += [region for region in regions if region.pixels >= MIN_PIXELS]
    assert [(c.kind, c.pixels, np.argwhere(c.mask)[0].tolist()) for c in found] == [
        (c["kind"], c["pixelCount"], c["firstPixel"]) for c in RESULT["candidates"]
    ]
    for candidate, golden in zip(found, RESULT["candidates"], strict=True):
        candidate.score = golden["attributionScore"]
    for kind in ("lytic", "blastic"):
        np.testing.assert_array_equal(kept_pixels(found, kind, body.shape), golden_mask(f"{kind}_mask"))


def test_components_do_not_join_at_corners() -> None:
    mask = np.array([[1, 0], [0, 1]], dtype=bool)
    assert [int(component.sum()) for component in components(mask)] == [1, 1]


def test_an_unchanged_slice_has_no_candidates() -> None:
    body = np.ones((64, 64), dtype=bool)
    assert not strong_pixels(np.zeros((64, 64), dtype=np.float32), body).any()


def test_a_score_at_the_threshold_is_not_kept() -> None:
    candidate = Candidate("lytic", np.ones((2, 2), dtype=bool), score=0.5)
    assert not kept_pixels([candidate], "lytic", (2, 2)).any()
    candidate.score = 0.5000001
    assert kept_pixels([candidate], "lytic", (2, 2)).all()
    assert not kept_pixels([candidate], "blastic", (2, 2)).any()


def test_results_have_the_golden_names_and_types(tmp_path: Path) -> None:
    image = np.zeros((64, 64), dtype=np.float32)
    code = np.zeros((1, 512), dtype=np.float32)
    mask = np.zeros((64, 64), dtype=bool)
    mask[3, 4:9] = True
    images = ("stochastic_code", "reconstruction", "healthy_edit", "first_composite", "first_harmonised")
    masks = ("lytic_candidates", "blastic_candidates", "lytic_mask", "blastic_mask")
    attribution = Attribution(
        images={"semantic_code": code, "healthy_code": code, **dict.fromkeys(images, image)},
        masks=dict.fromkeys(masks, mask),
        malignancy_probability=0.9,
        healthy_probability=1e-5,
        candidates=[Candidate("lytic", mask, 0.8, 0.89)],
        evaluations=800,
    )
    write_results(attribution, tmp_path)
    for written in tmp_path.glob("*.npy"):
        golden = np.load(GOLDEN_CASE / written.name)
        assert (np.load(written).dtype, np.load(written).shape) == (golden.dtype, golden.shape)
    assert len(list(tmp_path.glob("*.npy"))) == 11
    result = json.loads((tmp_path / "result.json").read_text())
    assert result.keys() == RESULT.keys() - {"reconstructionMae"}
    assert result["candidates"][0] == {
        "kind": "lytic",
        "pixelCount": 5,
        "probability": 0.8,
        "attributionScore": 0.89,
        "firstPixel": [3, 4],
    }


def test_wrong_inputs_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def message(**changed: Path) -> str:
        options = {
            "checkpoint": CHECKPOINT,
            "classifier-json": GOLDEN_CASE / "classifier.json",
            "patch": GOLDEN_CASE / "patch.npy",
            "body-mask": GOLDEN_CASE / "body_mask.npy",
            "out": tmp_path / "out",
            **{key.replace("_", "-"): value for key, value in changed.items()},
        }
        assert main([text for key, value in options.items() for text in (f"--{key}", str(value))]) == 2
        return capsys.readouterr().err

    assert "expected (64, 64)" in message(patch=GOLDEN_CASE / "semantic_code.npy")
    (tmp_path / "cut.npy").write_bytes((GOLDEN_CASE / "patch.npy").read_bytes()[:1000])
    assert "cut.npy" in message(body_mask=tmp_path / "cut.npy")
    np.save(tmp_path / "nan.npy", np.full((64, 64), np.nan))
    assert "finite" in message(patch=tmp_path / "nan.npy")
    np.save(tmp_path / "objects.npy", np.array([{}], dtype=object))
    assert "objects.npy" in message(patch=tmp_path / "objects.npy")
    assert not (tmp_path / "out").exists()
