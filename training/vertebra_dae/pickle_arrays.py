"""Numpy arrays as pickles and joblib files hold them; only plain numbers of fixed size are read."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError

NUMERIC_KINDS = "biuf"


class DtypeState:
    """A pickled numpy.dtype: its code ("f8") and, from its state, its byte order."""

    def __init__(self, code: object) -> None:
        self.code = str(code)
        self.byte_order = "="

    def set_state(self, state: Any) -> None:
        """The state is (version, byte order, ...)."""
        if state[1] not in ("<", ">", "|", "="):
            raise InputError(f"array of unknown byte order {state[1]!r}")
        self.byte_order = state[1]

    def dtype(self) -> np.dtype[Any]:
        """The dtype; anything but plain numbers is refused (an object array holds another pickle)."""
        if len(self.code) != 2 or self.code[0] not in NUMERIC_KINDS or not self.code[1].isdigit():
            raise InputError(f"refused, an array of {self.code!r}; only numbers are read")
        return np.dtype(self.byte_order + self.code)


class ArrayState:
    """A numpy array of a plain pickle before its state is known."""


def array_of_state(state: Any) -> NDArray[Any]:
    """The array whose pickled state is (version, shape, dtype, is Fortran-ordered, bytes)."""
    _, shape, dtype, fortran, data = state
    return array_from_bytes(_shape(shape), dtype.dtype(), "F" if fortran else "C", data)


def numpy_call(name: str, arguments: Any) -> object:
    """What a known function of a pickle makes of its arguments.

    Raises:
        InputError: for a name that is no function here.
    """
    if name == "numpy.dtype":
        return DtypeState(arguments[0])
    if name.endswith(".multiarray.scalar"):
        return array_from_bytes((), arguments[0].dtype(), "C", arguments[1]).item()
    if name.endswith(".multiarray._reconstruct"):
        return ArrayState()
    if name.endswith(".numeric._frombuffer"):
        data, dtype, shape, order = arguments
        return array_from_bytes(_shape(shape), dtype.dtype(), order, data)
    if name == "_codecs.encode" and arguments[1] == "latin1":
        return arguments[0].encode("latin1")
    raise InputError(f"refused, it calls {name}")


def array_of_wrapper(state: dict[str, Any], file: io.BytesIO) -> NDArray[Any]:
    """The array that joblib wrote behind its wrapper: padding to an alignment, then the raw bytes.

    Args:
        state: the wrapper's attributes: shape, order, dtype and, since joblib 1.1, the alignment.
        file: positioned behind the wrapper; left behind the array.
    """
    dtype = state["dtype"].dtype()
    shape = _shape(state["shape"])
    if state.get("numpy_array_alignment_bytes"):
        file.seek(file.read(1)[0], io.SEEK_CUR)
    return array_from_bytes(shape, dtype, state["order"], file.read(math.prod(shape) * dtype.itemsize))


def array_from_bytes(shape: tuple[int, ...], dtype: np.dtype[Any], order: str, data: bytes | bytearray) -> NDArray[Any]:
    """An array over exactly as many bytes as its shape needs.

    Raises:
        InputError: when the bytes are too few or too many.
    """
    expected = math.prod(shape) * dtype.itemsize
    if len(data) != expected:
        raise InputError(f"truncated, an array of shape {shape} has {len(data)} of {expected} bytes")
    return np.frombuffer(data, dtype=dtype).reshape(shape, order="F" if order == "F" else "C").copy()


def _shape(shape: Any) -> tuple[int, ...]:
    if not isinstance(shape, tuple) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise InputError(f"array of impossible shape {shape!r}")
    return shape
