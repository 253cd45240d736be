"""Training on a toy cohort: it learns, is deterministic, resumes exactly, and sees no truth."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from PIL import Image
from toy_cohort import write_toy_cohort

from vertebra_dae.architecture import ArchitectureConfig
from vertebra_dae.checkpoint import load_model, read_ema_weights
from vertebra_dae.dataset import SliceSet
from vertebra_dae.diffusion import alpha_bars
from vertebra_dae.divergence import MOST_RETURNS, DivergenceWatch
from vertebra_dae.errors import InputError
from vertebra_dae.train import main
from vertebra_dae.trainer import Trainer
from vertebra_dae.training_options import TrainingOptions

SMALL = {
    "image_size": 64,
    "in_channels": 1,
    "out_channels": 1,
    "model_channels": 8,
    "channel_mult": [1, 2, 2],
    "enc_channel_mult": [1, 2, 2, 4],
    "attention_resolutions": [16],
    "dropout": 0.1,
    "embed_channels": 32,
    "style_channels": 32,
    "num_res_blocks": 1,
    "enc_num_res_blocks": 1,
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_cohort(tmp_path_factory.mktemp("cohort"), patients=12, truth=True)


@pytest.fixture(scope="module")
def config_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "config.json"
    path.write_text(json.dumps(SMALL), encoding="utf-8")
    return path


def command(cohort: Path, out: Path, config_file: Path, **options: object) -> list[str]:
    values = {"batch": 4, "lr": 1e-3, "warmup": 5, "ema": 0.9, "threads": 1, "config": config_file} | options
    flags = [text for name, value in values.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    return ["--manifest", str(cohort), "--out", str(out), *flags]


def weights(run: Path) -> dict[str, torch.Tensor]:
    return read_ema_weights(run / "ema.ckpt")


def assert_same(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> None:
    assert left.keys() == right.keys()
    for key, value in left.items():
        assert torch.equal(value, right[key]), key


def curve(run: Path) -> list[dict[str, str]]:
    with (run / "curve.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_learns_and_leaves_checkpoint_curve_and_picture(cohort: Path, config_file: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert main(command(cohort, run, config_file, steps=150, aux_weight=0.1)) == 0
    rows = curve(run)
    assert [int(row["step"]) for row in rows] == [50, 100, 150]
    assert float(rows[-1]["noise_error"]) < 0.6 * float(rows[0]["noise_error"])
    assert Image.open(run / "samples.png").size[1] == 3 * 64 * 2
    model = load_model(run / "ema.ckpt")
    assert list(model.config.channel_mult) == SMALL["channel_mult"]


def test_two_trainings_from_one_seed_agree_and_another_seed_differs(
    cohort: Path, config_file: Path, tmp_path: Path
) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        assert main(command(cohort, tmp_path / name, config_file, steps=6, seed=seed)) == 0
    assert_same(weights(tmp_path / "a"), weights(tmp_path / "b"))
    assert any(
        not torch.equal(value, weights(tmp_path / "c")[key]) for key, value in weights(tmp_path / "a").items()
    )


def test_resumed_run_equals_an_uninterrupted_one(cohort: Path, config_file: Path, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    options = {"encoder_steps": 2, "aux_weight": 0.1}
    assert main(command(cohort, whole, config_file, steps=8, **options)) == 0
    assert main(command(cohort, parts, config_file, steps=5, **options)) == 0
    assert main(["--manifest", str(cohort), "--out", str(parts), "--resume", "--steps", "8", "--threads", "1"]) == 0
    assert_same(weights(whole), weights(parts))
    state = torch.load(parts / "training.pt", weights_only=True)
    assert state["step"] == 8


def test_a_termination_signal_saves(cohort: Path, config_file: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    package = Path(__file__).resolve().parents[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "vertebra_dae.train", *command(cohort, run, config_file, steps=100000)],
        cwd=package,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 600
        while not (run / "curve.csv").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=600)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "go on with --resume" in output
    assert torch.load(run / "training.pt", weights_only=True)["step"] >= 50


def test_runs_with_the_truth_deleted_and_computes_the_same(cohort: Path, config_file: Path, tmp_path: Path) -> None:
    blind = tmp_path / "cohort"
    shutil.copytree(cohort.parent, blind)
    removed = [path.unlink() for path in blind.glob("*-truth.nii.gz")]
    assert len(removed) == 24
    assert main(command(cohort, tmp_path / "seeing", config_file, steps=4)) == 0
    assert main(command(blind / cohort.name, tmp_path / "blind", config_file, steps=4)) == 0
    assert_same(weights(tmp_path / "seeing"), weights(tmp_path / "blind"))


def test_starts_from_another_models_weights(cohort: Path, config_file: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert main(command(cohort, first, config_file, steps=3)) == 0
    assert main(command(cohort, second, config_file, steps=1, lr=1e-12, init=first / "ema.ckpt")) == 0
    for key, value in weights(second).items():
        torch.testing.assert_close(value, weights(first)[key], rtol=0, atol=1e-6)


def test_the_moving_average_remembers_no_gradients() -> None:
    trainer = Trainer(TrainingOptions(batch=2, architecture=ArchitectureConfig.from_json(SMALL)), torch.device("cpu"))
    raw = torch.rand(4, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    trainer.train_step(SliceSet(raw, torch.tensor([0.0, 1.0, 0.0, 1.0]), ("a", "b", "c", "d")))
    assert all(not value.requires_grad and value.grad_fn is None for value in trainer.ema.parameters())


def watched_trainer() -> tuple[Trainer, SliceSet]:
    trainer = Trainer(TrainingOptions(batch=2, architecture=ArchitectureConfig.from_json(SMALL)), torch.device("cpu"))
    raw = torch.rand(4, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    return trainer, SliceSet(raw, torch.tensor([0.0, 1.0, 0.0, 1.0]), ("a", "b", "c", "d"))


def test_a_diverged_training_goes_back_before_the_last_stretch_and_on_more_slowly() -> None:
    trainer, data = watched_trainer()
    watch = DivergenceWatch()
    trainer.train_step(data)
    assert not watch.diverged(trainer, float("nan"))
    assert not watch.diverged(trainer, 0.02)
    good = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    rate = trainer.options.learning_rate
    trainer.train_step(data)
    assert not watch.diverged(trainer, 0.039)
    for noise_error in (0.05, float("inf")):
        trainer.train_step(data)
        assert watch.diverged(trainer, noise_error)
        # The stretch that ended at step 2 was good on the whole, but its end may have been the beginning of the collapse.
        assert trainer.step == 1
        assert all(torch.equal(value, good[name]) for name, value in trainer.model.state_dict().items())
        rate /= 2
        assert trainer.options.learning_rate == pytest.approx(rate)
    trainer.train_step(data)
    assert not watch.diverged(trainer, 0.03)
    assert trainer.step == 2


def test_a_training_that_diverges_at_once_returns_to_its_only_good_stretch() -> None:
    trainer, data = watched_trainer()
    watch = DivergenceWatch()
    trainer.train_step(data)
    assert not watch.diverged(trainer, 0.02)
    trainer.train_step(data)
    assert watch.diverged(trainer, 0.5)
    assert trainer.step == 1


def test_a_training_that_keeps_diverging_ends_with_advice() -> None:
    trainer, data = watched_trainer()
    watch = DivergenceWatch()
    trainer.train_step(data)
    assert not watch.diverged(trainer, 0.02)
    for _ in range(MOST_RETURNS):
        assert watch.diverged(trainer, 0.5)
    with pytest.raises(InputError, match="--precision fp32"):
        watch.diverged(trainer, 0.5)


def test_a_batch_is_half_malignant_first() -> None:
    raw = torch.arange(4).float().reshape(4, 1, 1, 1).expand(4, 1, 64, 64)
    data = SliceSet(raw, torch.tensor([0.0, 1.0, 0.0, 1.0]), ("a", "b", "c", "d"))
    shown, labels = data.draw(6, torch.Generator().manual_seed(2))
    assert labels.tolist() == [1, 1, 1, 0, 0, 0]
    assert torch.equal(shown[:, 0, 0, 0] % 2, labels)
    odd = [int(data.draw(1, torch.Generator().manual_seed(seed))[1]) for seed in range(20)]
    assert 0 < sum(odd) < 20


def test_bf16_training_stays_finite(cohort: Path, config_file: Path, tmp_path: Path) -> None:
    assert main(command(cohort, tmp_path / "run", config_file, steps=3, precision="bf16")) == 0
    assert all(bool(torch.isfinite(value).all()) for value in weights(tmp_path / "run").values())


def test_refuses_to_overwrite_a_run(
    cohort: Path, config_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(cohort, tmp_path / "run", config_file, steps=1)) == 0
    assert main(command(cohort, tmp_path / "run", config_file, steps=1)) == 2
    assert "--resume" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"), [("batch", 0), ("learning_rate", 0.0), ("ema", 1.0), ("aux_weight", -1.0), ("steps", 0), ("snr_exponent", -1.0), ("late_weight", -1.0)]
)
def test_options_out_of_range_are_named(option: str, value: float) -> None:
    with pytest.raises(InputError, match=option):
        TrainingOptions(**{option: value})  # type: ignore[arg-type]


def test_learning_rate_rises_stays_and_cools_down() -> None:
    options = TrainingOptions(steps=100, learning_rate=1.0, warmup=10, cooldown=20)
    assert options.learning_rate_at(0) == pytest.approx(0.1)
    assert options.learning_rate_at(50) == 1.0
    assert options.learning_rate_at(90) == pytest.approx(0.5)
    assert options.learning_rate_at(99) == pytest.approx(0.05)


def test_the_snr_exponent_discounts_early_timesteps() -> None:
    architecture = ArchitectureConfig.from_json(SMALL)
    errors = []
    for exponent in (0.0, 1.0):
        trainer = Trainer(TrainingOptions(batch=4, snr_exponent=exponent, architecture=architecture), torch.device("cpu"))
        # An untrained predictor answers zero, so the error is the noise's own power at every timestep.
        data = SliceSet(torch.rand(4, 5, 64, 64), torch.tensor([0.0, 1.0, 0.0, 1.0]), ("a", "b", "c", "d"))
        errors.append(trainer.train_step(data).noise_error)
    # The mean of 1 - alphaBar over the four strata of timesteps lies between 0.4 and 1.
    assert errors[0] == pytest.approx(1.0, abs=0.05)
    assert 0.4 < errors[1] / errors[0] < 0.95


def test_the_late_weight_counts_each_timestep_by_its_noise_up_to_a_bound() -> None:
    architecture = ArchitectureConfig.from_json(SMALL)
    alphas = alpha_bars()
    early, middle, late = (int((alphas > bound).sum()) for bound in (0.999, 0.25, 0.01))
    timesteps = torch.tensor([early, middle, late])
    trainer = Trainer(TrainingOptions(late_weight=9.0, architecture=architecture), torch.device("cpu"))
    plain = Trainer(TrainingOptions(architecture=architecture), torch.device("cpu"))
    # 1 + 1 / SNR, by its definition alphaBar / (1 - alphaBar), and never more than ten.
    assert trainer.noise_weights(timesteps).tolist() == pytest.approx([1.001, 4.0, 10.0], rel=0.02)
    assert plain.noise_weights(timesteps).tolist() == [1.0, 1.0, 1.0]
