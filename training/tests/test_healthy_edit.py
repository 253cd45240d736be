"""The second stage: the decoder learns the healthy edit while the encoder and its classifier stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from test_training import SMALL, assert_same, command, curve, weights
from toy_cohort import write_toy_cohort

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.classifier import LatentClassifier
from vertebra_dae.diffusion import alpha_bars
from vertebra_dae.edit_draw import draw_edit
from vertebra_dae.errors import InputError
from vertebra_dae.healthy_edit import EditObjective
from vertebra_dae.judgement import Judgement
from vertebra_dae.network import DiffusionAutoencoder
from vertebra_dae.train import main

CODE = SMALL["style_channels"]


def any_classifier(seed: int = 0) -> LatentClassifier:
    rng = np.random.default_rng(seed)
    return LatentClassifier(rng.normal(size=CODE), rng.uniform(0.5, 2, CODE), rng.normal(size=CODE), 0.3)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A cohort, a first stage of a few steps, and a classifier of its codes."""
    folder = tmp_path_factory.mktemp("start")
    config = folder / "config.json"
    config.write_text(json.dumps(SMALL), encoding="utf-8")
    cohort = write_toy_cohort(folder / "cohort", patients=8)
    assert main(command(cohort, folder / "first", config, steps=20, aux_weight=0.1)) == 0
    classifier = folder / "classifier.json"
    classifier.write_text(json.dumps(any_classifier().to_json()), encoding="utf-8")
    return {"cohort": cohort, "config": config, "init": folder / "first" / "ema.ckpt", "edit_classifier": classifier}


def second_stage(start: dict[str, Path], out: Path, **options: object) -> list[str]:
    given = {name: start[name] for name in ("init", "edit_classifier")}
    return command(start["cohort"], out, start["config"], **(given | options))


def objective(healthy_logit: float | None = 0.0) -> EditObjective:
    return EditObjective(any_classifier(), torch.device("cpu"), healthy_logit)


def test_moved_codes_have_the_logit_asked_for_and_move_along_the_normal_only() -> None:
    codes = torch.randn(5, CODE, generator=torch.Generator().manual_seed(1))
    targets = torch.tensor([-7.0, -5.0, -3.5, 0.0, 2.0])
    moved = objective().moved(codes, targets)
    torch.testing.assert_close(objective().logit(moved), targets, rtol=0, atol=1e-4)
    classifier = any_classifier()
    steps = ((moved - codes).double().numpy() / classifier.scale) @ (np.eye(CODE) - np.outer(classifier.coef, classifier.coef) / (classifier.coef @ classifier.coef))
    assert abs(steps).max() < 1e-5


class Oracle(DiffusionAutoencoder):
    """Predicts `answer` whatever it is given; its codes are the patch's first pixels."""

    answer: torch.Tensor

    def forward(self, noisy: torch.Tensor, timesteps: torch.Tensor, code: torch.Tensor) -> torch.Tensor:
        return self.answer[: len(noisy)] if len(self.answer) >= len(noisy) else torch.cat([self.answer, self.answer])[: len(noisy)]

    def encode(self, patch: torch.Tensor) -> torch.Tensor:
        return patch.flatten(1)[:, :CODE]


def losses(answer: torch.Tensor, noise: torch.Tensor, labels: list[float], timestep: int, healthy_logit: float):  # type: ignore[no-untyped-def]
    model = Oracle(ArchitectureConfig.from_json(SMALL))
    model.answer = answer
    patch = torch.rand(noise.shape, generator=torch.Generator().manual_seed(3))
    ill = torch.nonzero(torch.tensor(labels) > 0.5)[:, 0]
    generator = torch.Generator().manual_seed(4)
    return objective(healthy_logit).losses(
        model,
        patch,
        ill,
        torch.full((len(labels),), timestep),
        noise,
        alpha_bars(),
        torch.ones(len(labels)),
        draw_edit(len(labels), len(ill), generator, generator, torch.device("cpu")),
    )


def test_a_perfect_prediction_that_ignores_the_code_has_no_error_and_no_change_but_keeps_the_evidence() -> None:
    noise = torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(2))
    answer = torch.cat([noise, noise[1:]])
    far_below, far_above = (losses(answer, noise, [0.0, 1.0], 200, logit) for logit in (-100.0, 100.0))
    assert float(far_below.noise_error) == 0 and float(far_below.change) == 0
    assert float(far_below.evidence) > 50
    assert float(far_above.evidence) == 0


def test_a_batch_without_a_patch_to_judge_goes_on() -> None:
    noise = torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(2))
    result = losses(torch.cat([noise, noise[1:]]), noise, [0.0, 1.0], 5, -100.0)
    assert float(result.evidence) == 0 and float(result.change) == 0


def test_outside_its_timesteps_evidence_is_not_judged() -> None:
    noise = torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(2))
    assert float(losses(torch.cat([noise, noise[1:]]), noise, [0.0, 1.0], 900, -100.0).evidence) == 0


def test_a_batch_of_healthy_vertebrae_has_no_edit() -> None:
    noise = torch.randn(2, 1, 64, 64, generator=torch.Generator().manual_seed(2))
    result = losses(noise, noise, [0.0, 0.0], 200, -100.0)
    assert float(result.evidence) == 0 and float(result.change) == 0


def test_trains_the_decoder_and_leaves_the_encoder(start: dict[str, Path], tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert main(second_stage(start, run, steps=50, edit_evidence=0.1)) == 0
    before, after = weights(start["init"].parent), weights(run)
    for key, value in after.items():
        assert torch.equal(value, before[key]) == key.startswith("encoder."), key
    row = curve(run)[-1]
    assert float(row["evidence"]) >= 0 and float(row["change"]) > 0
    assert row["cross_entropy"] == "nan"


def test_resumes_exactly(start: dict[str, Path], tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert main(second_stage(start, whole, steps=6)) == 0
    assert main(second_stage(start, parts, steps=3)) == 0
    assert main(["--manifest", str(start["cohort"]), "--out", str(parts), "--resume", "--steps", "6", "--threads", "1"]) == 0
    assert_same(weights(whole), weights(parts))


def test_a_second_judge_decides_too_and_survives_a_restart(start: dict[str, Path], tmp_path: Path) -> None:
    other = tmp_path / "judge.json"
    other.write_text(json.dumps(any_classifier(5).to_json()), encoding="utf-8")
    judge = ["--judge", str(start["init"]), str(other)]
    alone, whole, parts = (tmp_path / name for name in ("alone", "whole", "parts"))
    assert main(second_stage(start, alone, steps=6)) == 0
    assert main([*second_stage(start, whole, steps=6), *judge]) == 0
    assert main([*second_stage(start, parts, steps=3), *judge]) == 0
    assert main(["--manifest", str(start["cohort"]), "--out", str(parts), "--resume", "--steps", "6", "--threads", "1"]) == 0
    assert_same(weights(whole), weights(parts))
    assert any(not torch.equal(value, weights(alone)[key]) for key, value in weights(whole).items())


def test_a_judge_counts_what_lies_above_healthy_less_the_margin() -> None:
    codes = torch.randn(4, CODE, generator=torch.Generator().manual_seed(2))
    judges = [Judgement(any_classifier(seed), torch.device("cpu"), 0.0) for seed in (1, 2)]
    for judge in judges:
        expected = (judge.logit(codes) + 0.5).clamp(min=0)
        torch.testing.assert_close(judge.excess(codes), expected)


def test_says_what_is_missing(start: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without_init = command(start["cohort"], tmp_path / "a", start["config"], edit_classifier=start["edit_classifier"])
    assert main(without_init) == 2
    assert "--init" in capsys.readouterr().err
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"mean": [0, 0], "scale": [1, 1], "coef": [1, 1], "intercept": 0}), encoding="utf-8")
    assert main(second_stage(start, tmp_path / "b", edit_classifier=other)) == 2
    assert "2 values" in capsys.readouterr().err


def test_losses_need_the_healthy_logit() -> None:
    with pytest.raises(InputError, match="prepare"):
        noise = torch.zeros(1, 1, 64, 64)
        first, generator = torch.zeros(1, dtype=torch.long), torch.Generator()
        EditObjective(any_classifier(), torch.device("cpu")).losses(
            Oracle(ArchitectureConfig.from_json(SMALL)), noise, first, first, noise, alpha_bars(), torch.ones(1),
            draw_edit(1, 1, generator, generator, torch.device("cpu")),
        )
