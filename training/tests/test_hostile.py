"""Files that would take time, memory or a crash from whoever reads them: each is refused with one clean line, soon."""

from __future__ import annotations

import resource
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from vertebra_dae.checkpoint import read_ema_weights
from vertebra_dae.errors import InputError
from vertebra_dae.pickles import read_pickle

SECONDS = 10
"""A busy machine included; what is refused here at once took minutes or for ever."""
EXTRA_BYTES = 600 * 2**20


def name(module: str, function: str) -> bytes:
    return f"c{module}\n{function}\n".encode()


def tuples(depth: int) -> bytes:
    """t = (t, t) again and again: 2^depth values, of which the file has `depth`."""
    return b")" + b"q\x00h\x00\x86" * depth


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


DTYPE = name("numpy", "dtype") + b"(" + text("f8") + b"I0\nI1\ntR"
RECONSTRUCT = name("numpy.core.multiarray", "_reconstruct") + name("numpy", "ndarray") + b"\x85R"


def array(shape: bytes, data: bytes) -> bytes:
    return RECONSTRUCT + b"(I1\n" + shape + DTYPE + b"\x89" + data + b"tb"


def amplified() -> bytes:
    """One megabyte of bytes, named by a thousand arrays."""
    data = b"B" + struct.pack("<I", 2**20) + bytes(2**20) + b"q\x010"
    return b"(" + data + array(b"I131072\n\x85", b"h\x01") * 1000 + b"t."


PICKLES: dict[str, bytes] = {
    "nested tuples called": tuples(60) + b")R.",
    "nested tuples as a key": b"}" + tuples(60) + b"Ns.",
    "nested tuples as a class's name": tuples(60) + text("x") + b"\x93.",
    "nested tuples as a shape": array(tuples(60), b"C\x00") + b".",
    "nested tuples as a kind of number": name("numpy", "dtype") + tuples(60) + b"\x85R.",
    "nested tuples as a byte order": DTYPE + b"(I3\n" + tuples(60) + b"tb.",
    "nested tuples as a class": tuples(60) + b")\x81.",
    "very deep tuples": b")" + b"\x85" * 5_000_000 + b".",
    "many marks": b"(" * 4_000_000 + b"t" * 4_000_000,
    "many values under many marks": b"N" * 2_000_000 + b"(t" * 2_000_000 + b".",
    "many empty dicts": b"(" + b"}" * 8_000_000 + b"t.",
    "a huge shape": array(b"(" + b"J\xff\xff\xff\x7f" * 10_000 + b"t", b"C\x00") + b".",
    "a shape of enormous numbers": array(b"\x8b" + struct.pack("<i", 4_000_000) + b"\x7f" * 4_000_000 + b"\x85", b"C\x00"),
    "a negative shape": array(b"J\xff\xff\xff\xff\x85", b"C\x00") + b".",
    "a truth value as a shape": array(b"\x88\x85", b"C\x08" + bytes(8)) + b".",
    "bytes named by many arrays": amplified(),
    "a long name": name("a" * 4_000_000, "b") + b".",
    "a name with control characters": name("\x1b[2J", "b") + b".",
    "a mark popped": b"(0.",
    "nothing on the stack": b".",
    "an item of a number": b"K\x01K\x01K\x01s.",
    "an entry appended to text": text("a") + b"Na.",
    "a list that holds itself": b"]q\x00h\x00a.",
    "an unknown instruction": b"\xff.",
    "a string longer than the file": b"\x8e" + struct.pack("<Q", 2**62) + b".",
    "a persistent object": b"Pos\n.",
    "a call of eval": name("builtins", "eval") + text("1") + b"\x85R.",
}


def refused_soon(read: Callable[[], object]) -> str:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with pytest.raises(InputError) as caught:
        read()
    assert time.process_time() - started < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < EXTRA_BYTES
    message = str(caught.value)
    assert len(message) < 600
    assert message.isprintable()
    return message


@pytest.mark.parametrize("kind", PICKLES)
def test_hostile_pickle_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.pkl"
    path.write_bytes(b"\x80\x04" + PICKLES[kind])
    if kind == "a list that holds itself":
        assert isinstance(read_pickle(path), list)  # harmless, and no model: its caller says so
    else:
        refused_soon(lambda: read_pickle(path))


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

