"""Files that would take time, memory or a crash from whoever reads them: each is refused with one clean line, soon."""

from __future__ import annotations

import json
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from effort import effort_below

from vertebra_dae.checkpoint import read_ema_weights
from vertebra_dae.classifier import classifier_from_pickles
from vertebra_dae.errors import InputError
from vertebra_dae.pickles import read_pickle

MOST_EFFORT = 100
"""What is refused here at once took minutes or for ever."""
EXTRA_BYTES = 600 * 2**20


TREES: dict[str, list[tuple[str, int]]] = json.loads(
    (Path(__file__).parents[2] / "test/hostile/pickles.json").read_text(encoding="utf-8")
)["trees"]


def tree(kind: str) -> bytes:
    """The instructions of one object tree."""
    return b"".join(text.encode("latin1") * times for text, times in TREES[kind])


def refused_soon(read: Callable[[], object]) -> str:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with effort_below(MOST_EFFORT), pytest.raises(InputError) as caught:
        read()
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < EXTRA_BYTES
    message = str(caught.value)
    assert len(message) < 600
    assert message.isprintable()
    return message


@pytest.mark.parametrize("kind", TREES)
def test_hostile_classifier_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.pkl"
    path.write_bytes(b"\x80\x04" + tree(kind) + b".")
    refused_soon(lambda: classifier_from_pickles(path, path))


@pytest.mark.parametrize("kind", TREES)
def test_hostile_checkpoint_is_refused(tmp_path: Path, kind: str) -> None:
    """The tree as one of the trainer's settings; where it is harmless, the weights are still missing."""
    path = tmp_path / "x.ckpt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x04}X\x01\x00\x00\x00x" + tree(kind) + b"s.")
        archive.writestr("archive/data/0", bytes(24))
    refused_soon(lambda: read_ema_weights(path))


def test_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.pkl"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert "larger than" in refused_soon(lambda: read_pickle(path))


def checkpoint(path: Path, state: object) -> Path:
    torch.save({"state_dict": state}, path)
    return path


def test_tensor_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    endless = torch.zeros(1).expand(2**40)
    path = checkpoint(tmp_path / "x.ckpt", {"ema_model.a": endless})
    assert "more than the file has" in refused_soon(lambda: read_ema_weights(path))


def test_many_names_for_one_storage_are_refused(tmp_path: Path) -> None:
    one = torch.zeros(2**20)
    path = checkpoint(tmp_path / "x.ckpt", {f"ema_model.{n}": one for n in range(1000)})
    assert "more than the file has" in refused_soon(lambda: read_ema_weights(path))


def test_compressed_checkpoint_is_refused(tmp_path: Path) -> None:
    plain = checkpoint(tmp_path / "a.ckpt", {"ema_model.a": torch.zeros(3)})
    bomb = tmp_path / "b.ckpt"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, source.read(entry) + bytes(200 * 2**20 if entry.endswith("data.pkl") else 0))
    assert "compressed" in refused_soon(lambda: read_ema_weights(bomb))

