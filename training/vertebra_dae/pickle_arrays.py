"""Numpy arrays as pickles and joblib files hold them; only plain numbers of fixed size are read."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError

NUMERIC_KINDS = "biuf"


MAX_ARRAY_BYTES = 16 * 2**20
"""Of all arrays of a file together: one stretch of bytes in it may be named by many of them."""

MAX_DIMENSIONS = 4


class ArrayBudget:
    """Counts what a file's arrays take."""

    def __init__(self) -> None:
        self.left = MAX_ARRAY_BYTES

    def take(self, size: int) -> None:
        """Raises:
        InputError: when the file has asked for more than it may.
        """
        self.left -= size
        if self.left < 0:
            raise InputError(f"refused, its arrays take more than {MAX_ARRAY_BYTES} bytes")


class DtypeState:
    """A pickled numpy.dtype: its code ("f8") and, from its state, its byte order."""

    def __init__(self, code: object) -> None:
        if not isinstance(code, str):
            raise InputError(f"refused, an array whose kind is a {type(code).__name__}; only numbers are read")
        self.code = code
        self.byte_order = "="

    def set_state(self, state: Any) -> None:
        """The state is (version, byte order, ...)."""
        if not isinstance(state[1], str) or state[1] not in ("<", ">", "|", "="):
            raise InputError("array of unknown byte order")
        self.byte_order = state[1]

    def dtype(self) -> np.dtype[Any]:
        """The dtype; anything but plain numbers is refused (an object array holds another pickle)."""
        if len(self.code) != 2 or self.code[0] not in NUMERIC_KINDS or not self.code[1].isdigit():
            raise InputError(f"refused, an array of {self.code[:20]!r}; only numbers are read")
        return np.dtype(self.byte_order + self.code)


class ArrayState:
    """A numpy array of a plain pickle before its state is known."""


def array_of_state(state: Any, budget: ArrayBudget) -> NDArray[Any]:
    """The array whose pickled state is (version, shape, dtype, is Fortran-ordered, bytes)."""
    _, shape, dtype, fortran, data = state
    return array_from_bytes(_shape(shape), dtype.dtype(), "F" if fortran else "C", data, budget)


def numpy_call(name: str, arguments: Any, budget: ArrayBudget) -> object:
    """What a known function of a pickle makes of its arguments.

    Raises:
        InputError: for a name that is no function here.
    """
    if name == "numpy.dtype":
        return DtypeState(arguments[0])
    if name.endswith(".multiarray.scalar"):
        return array_from_bytes((), arguments[0].dtype(), "C", arguments[1], budget).item()
    if name.endswith(".multiarray._reconstruct"):
        return ArrayState()
    if name.endswith(".numeric._frombuffer"):
        data, dtype, shape, order = arguments
        return array_from_bytes(_shape(shape), dtype.dtype(), order, data, budget)
    if name == "_codecs.encode" and arguments[1] == "latin1":
        budget.take(len(arguments[0]))
        return arguments[0].encode("latin1")
    raise InputError(f"refused, it calls {name}")


def array_of_wrapper(state: dict[str, Any], file: io.BytesIO, budget: ArrayBudget) -> NDArray[Any]:
    """The array that joblib wrote behind its wrapper: padding to an alignment, then the raw bytes.

    Args:
        state: the wrapper's attributes: shape, order, dtype and, since joblib 1.1, the alignment.
        file: positioned behind the wrapper; left behind the array.
    """
    dtype = state["dtype"].dtype()
    shape = _shape(state["shape"])
    if state.get("numpy_array_alignment_bytes"):
        file.seek(file.read(1)[0], io.SEEK_CUR)
    size = math.prod(shape) * dtype.itemsize
    budget.take(size)
    return array_from_bytes(shape, dtype, state["order"], file.read(size), budget)


def array_from_bytes(
    shape: tuple[int, ...], dtype: np.dtype[Any], order: str, data: bytes | bytearray, budget: ArrayBudget
) -> NDArray[Any]:
    """An array over exactly as many bytes as its shape needs.

    Raises:
        InputError: when the bytes are too few or too many.
    """
    if not isinstance(data, bytes | bytearray):
        raise InputError(f"refused, an array whose bytes are a {type(data).__name__}")
    expected = math.prod(shape) * dtype.itemsize
    budget.take(expected)
    if len(data) != expected:
        raise InputError(f"truncated, an array of shape {shape} has {len(data)} of {expected} bytes")
    return np.frombuffer(data, dtype=dtype).reshape(shape, order="F" if order == "F" else "C").copy()


def _shape(shape: Any) -> tuple[int, ...]:
    plain = isinstance(shape, tuple) and len(shape) <= MAX_DIMENSIONS
    if not plain or not all(type(n) is int and 0 <= n <= MAX_ARRAY_BYTES for n in shape):
        raise InputError(f"array of impossible shape; {MAX_DIMENSIONS} whole numbers at most are expected")
    return shape
