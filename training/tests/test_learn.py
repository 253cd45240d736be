"""`npm run learn` with training: forty reviewed phantom studies through every stage with a toy network, stopped hard in between."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STUDIES = 40
STEPS = 12
SECRETS = ("Musterfrau", "Readerius", "QX4711", "Zuweiserin", "ACC99021", "Heimlichkeit")

pytestmark = pytest.mark.skipif(
    # A build server must run it, and fails where Node or the packages are missing.
    not os.environ.get("CI") and (shutil.which("node") is None or not (ROOT / "node_modules" / "tsx").is_dir()),
    reason="needs Node and `npm ci`",
)


def command(script: str, *arguments: object) -> list[str]:
    return ["node", "--import", "tsx", str(ROOT / script), *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "SPINE_PYTHON": sys.executable, "OMP_NUM_THREADS": "1"}


def test_forty_reviewed_studies_become_a_model(tmp_path: Path) -> None:
    archive, models, out = (tmp_path / name for name in ("archive", "models", "out"))
    run = {"cwd": ROOT, "env": environment(), "check": True}
    subprocess.run(command("test/support/makeReviewedArchive.ts", archive, STUDIES), **run)
    subprocess.run(command("test/support/makeSmallModel.ts", models / "small"), **run)
    # The key decides how patients are divided.
    (out / "private").mkdir(parents=True)
    (out / "private" / "key").write_text("7" * 64, encoding="utf-8")
    small = models / "small"
    learn = command(
        "datasets/src/learn/main.ts", "--dicom", archive, "--out", out, "--models", models, "--from", small,
        "--in-use", small, "--steps", STEPS, "--batch", 8,
    )  # fmt: skip

    said = stop_when(learn, f"step 0 of {STEPS}", out)
    assert "collect: 120 vertebrae of 40 patients" in said
    finished = subprocess.run([*learn, "--force"], cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    lines = finished.stderr
    assert "collect: done before" in lines
    assert f"step 0 of {STEPS}" not in lines, "the training goes on where it was stopped"
    for stage in (f"train: {STEPS} steps of 8 on cpu", "fit: classifier fitted to 84", "calibrate: intercept", "evaluate: held-out AUC"):
        assert stage in lines

    evaluation = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    assert evaluation["after"]["labels"]["patients"] == 6
    assert evaluation["after"]["labels"]["auc"] > evaluation["before"]["labels"]["auc"]
    index = json.loads((models / "index.json").read_text(encoding="utf-8"))
    assert {"id": "learnt", "path": "learnt/manifest.json"} in index["models"]
    card = (models / "learnt" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "Research use only" in card and "Encoder and decoder were fine-tuned from" in card

    for text in (said, lines):
        assert not [secret for secret in SECRETS if secret in text]
    assert secrets_in(out) == [] and secrets_in(models) == []


def stop_when(learn: list[str], line: str, out: Path) -> str:
    """Kills `learn` once it has said the line; returns what it said. The training under it notices, saves and ends."""
    process = subprocess.Popen(learn, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = ""
    for text in process.stderr:
        said += text
        if line in text:
            process.send_signal(signal.SIGKILL)
            break
    process.wait()
    wait_for_saved(out)
    assert line in said, said
    return said


def wait_for_saved(out: Path) -> None:
    """Until the training that was left alone has saved."""
    deadline = time.monotonic() + 600
    while not (out / "run" / "samples.png").exists():
        assert time.monotonic() < deadline, "the training did not save when its caller was killed"
        time.sleep(0.2)
    time.sleep(1)


def secrets_in(folder: Path) -> list[str]:
    """Files outside private that hold a planted word, as UTF-8 or UTF-16, whatever its case; checkpoints and runs among them."""
    wanted = [word.lower().encode(code) for word in SECRETS for code in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for path in folder.rglob("*") if path.is_file() and "private" not in path.relative_to(folder).parts]
    assert len(files) > 5
    return [str(path) for path in files if any(word in path.read_bytes().lower() for word in wanted)]
