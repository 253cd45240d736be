"""Reads the tensors of a PyTorch checkpoint (a zip archive of stored parts) without executing anything that it holds.

torch.load(weights_only=True) executes nothing either, but a hostile description of the objects can take it any time (a
nested tuple as a key is hashed for ever), so the description is read by the bounded machine of `pickle_machine`.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import torch
from torch import Tensor

from .checkpoint_objects import KINDS, CheckpointVocabulary, TensorReference
from .errors import InputError
from .pickle_machine import run_pickle

MAX_ENTRIES = 200_000
MAX_PICKLE_BYTES = 64 * 2**20
"""The published checkpoint's description of its objects has some hundred kilobytes."""

class CheckpointFile:
    """An open checkpoint: `root` is what it holds, tensors as references."""

    def __init__(self, path: Path) -> None:
        """Raises:
        InputError: naming the file: missing, no archive, truncated, or with anything but weights and settings.
        """
        self.path = path
        if not path.is_file():
            raise InputError(f"{path}: no such file")
        if not zipfile.is_zipfile(path):
            raise InputError(
                f"{path}: not a checkpoint, or a truncated one; download it again. One of PyTorch before 1.6 is converted "
                "by torch.save(torch.load(path, weights_only=True), path)"
            )
        self._file = path.open("rb")
        try:
            self._size = path.stat().st_size
            self._entries = self._list_entries()
            if "byteorder" in self._entries and self._read("byteorder", 0, min(16, self._length("byteorder"))) != b"little":
                raise InputError("saved on a big-endian machine; save it again on another one")
            self.root = run_pickle(self._read("data.pkl", 0, self._length("data.pkl")), CheckpointVocabulary())
        except InputError as error:
            self.close()
            raise InputError(f"{path}: {error}") from error
        except (OSError, ValueError, zipfile.BadZipFile, struct.error, NotImplementedError) as error:
            self.close()
            raise InputError(
                f"{path}: cannot be read as a PyTorch checkpoint, it is truncated or of another kind; download it again"
            ) from error

    def close(self) -> None:
        self._file.close()

    def tensor(self, name: str, reference: TensorReference) -> Tensor:
        """The numbers as a contiguous tensor of the storage's kind on the CPU.

        Raises:
            InputError: for numbers that are no floats or not finite, and where the tensor reaches beyond its storage or repeats it.
        """
        storage, count, extent = reference.storage, reference.count, reference.extent
        kind = KINDS.get(storage.kind)
        if kind is None:
            raise InputError(f"{self.path}: {name} is stored as {storage.kind[:80]}; floating-point numbers are expected")
        if reference.offset + extent > storage.length or extent < count:
            raise InputError(f"{self.path}: {name} reaches beyond its storage of {storage.length} numbers")
        size = kind.itemsize
        try:
            data = bytearray(self._read(f"data/{storage.key}", reference.offset * size, extent * size))
        except (InputError, OSError, struct.error) as error:
            raise InputError(f"{self.path}: {name} cannot be read, the file is damaged ({error})") from error
        if not count:
            return torch.empty(reference.shape, dtype=kind)
        numbers = torch.frombuffer(data, dtype=kind)
        if not bool(torch.isfinite(numbers).all()):
            raise InputError(f"{self.path}: {name} holds numbers that are not finite; the file is damaged")
        return numbers.as_strided(reference.shape, reference.strides).contiguous()

    def _list_entries(self) -> dict[str, zipfile.ZipInfo]:
        with zipfile.ZipFile(self._file) as archive:
            parts = archive.infolist()
        if len(parts) > MAX_ENTRIES:
            raise InputError(f"refused, it has {len(parts)} parts")
        pickles = [part.filename for part in parts if part.filename.count("/") == 1 and part.filename.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise InputError("not a PyTorch checkpoint: an archive without one data.pkl")
        folder = pickles[0].removesuffix("data.pkl")
        entries: dict[str, zipfile.ZipInfo] = {}
        for part in parts:
            where = f"its part {part.filename[:80]!r}"
            if part.compress_type != zipfile.ZIP_STORED or part.file_size != part.compress_size or part.flag_bits & 1:
                raise InputError(f"refused, {where} is compressed; PyTorch stores them as they are")
            if part.file_size > self._size or (part.filename.endswith(".pkl") and part.file_size > MAX_PICKLE_BYTES):
                raise InputError(f"refused, {where} has {part.file_size} bytes")
            if part.filename.startswith(folder):
                if part.filename in entries:
                    raise InputError(f"refused, it has {where} twice")
                entries[part.filename.removeprefix(folder)] = part
        return entries

    def _length(self, name: str) -> int:
        return self._entries[name].file_size

    def _read(self, name: str, start: int, length: int) -> bytes:
        """Bytes of a stored part: read in place, as `ZipExtFile.seek` would read everything before them."""
        part = self._entries.get(name)
        if part is None:
            raise InputError(f"it has no part {name[:80]!r}, so it is no whole checkpoint")
        if start + length > part.file_size:
            raise InputError(f"its part {name[:80]!r} has {part.file_size} bytes, {start + length} are needed")
        self._file.seek(part.header_offset)
        signature, name_length, extra_length = struct.unpack("<4s22xHH", self._file.read(30))
        if signature != b"PK\x03\x04":
            raise InputError(f"its part {name[:80]!r} is not where the archive's list says")
        self._file.seek(name_length + extra_length + start, io.SEEK_CUR)
        data = self._file.read(length)
        if len(data) != length:
            raise InputError(f"its part {name[:80]!r} reaches beyond the end of the file")
        return data
