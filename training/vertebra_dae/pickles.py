"""Reads a scikit-learn model's state from a joblib or plain pickle, executing nothing.

The few names in `KNOWN_NAMES` have a meaning given here, any other is refused.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import InputError
from .pickle_arrays import ArrayBudget, ArrayState, DtypeState, array_of_state, array_of_wrapper, numpy_call
from .pickle_machine import Name, run_pickle, shown

MAX_BYTES = 8 * 2**20
"""A classifier on 512 numbers takes some kilobytes; anything much larger is another file."""

MAX_INSTRUCTIONS = 20_000
"""scikit-learn's pickles have a few hundred; what each may cost (a copy of a dict, of an array) is bounded as well."""

MAX_STATE = 200
"""Attributes of an object: a LogisticRegression has about 25."""

ARRAY_WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper"

MODEL_CLASSES = frozenset(
    {
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.preprocessing._data.StandardScaler",
    }
)

KNOWN_NAMES = MODEL_CLASSES | {
    ARRAY_WRAPPER,
    "numpy.ndarray",
    "numpy.dtype",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy._core.multiarray._reconstruct",
    "numpy.core.numeric._frombuffer",
    "numpy._core.numeric._frombuffer",
    "_codecs.encode",
    "copy_reg._reconstructor",
    "copyreg._reconstructor",
    "__builtin__.object",
    "builtins.object",
}


@dataclass
class PickledObject:
    """An instance of a known class: its class's name and its attributes."""

    class_name: str
    state: dict[str, Any] = field(default_factory=dict)


def read_pickle(path: Path) -> object:
    """The object that the file holds: plain values, numpy arrays and `PickledObject`s.

    Raises:
        InputError: for a file that is missing, truncated, compressed or no pickle, and for a foreign class, by name.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if data is None:
        raise InputError(f"{path}: larger than {MAX_BYTES} bytes, so it is no classifier or scaler")
    if data[:1] == b"x" or data[:2] == b"\x1f\x8b":
        raise InputError(f"{path}: a compressed joblib file; save it again with joblib.dump(..., compress=0)")
    try:
        return run_pickle(data, _SklearnVocabulary())
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


class _SklearnVocabulary:
    """The names of a LogisticRegression, a StandardScaler and the numpy arrays in them."""

    max_instructions = MAX_INSTRUCTIONS

    def __init__(self) -> None:
        self.budget = ArrayBudget()

    def check_name(self, full: str) -> None:
        if full not in KNOWN_NAMES:
            raise InputError(
                f"refused, it holds the foreign class {shown(full)}; expected a LogisticRegression or a StandardScaler"
            )

    def create(self, name: Name) -> PickledObject:
        if name.full not in MODEL_CLASSES | {ARRAY_WRAPPER}:
            raise InputError(f"refused, it builds an instance of {shown(name)}")
        return PickledObject(name.full)

    def call(self, name: Name, arguments: tuple[Any, ...]) -> object:
        return numpy_call(name.full, arguments, self.budget)

    def build(self, target: Any, state: Any, file: io.BytesIO) -> object:
        if isinstance(target, DtypeState):
            target.set_state(state)
        elif isinstance(target, ArrayState):
            return array_of_state(state, self.budget)
        elif isinstance(target, PickledObject) and isinstance(state, dict):
            target.state.update(state)
            if target.class_name == ARRAY_WRAPPER:
                return array_of_wrapper(target.state, file, self.budget)
        else:
            raise InputError(f"refused, it sets the state of {type(target).__name__}")
        return target

    def set_item(self, target: dict[Any, Any], key: Any, value: Any) -> None:
        """Keys are names and small numbers: hashing nested tuples takes time exponential in the file's size."""
        if not isinstance(key, str | int) or (isinstance(key, int) and abs(key) >= 2**64):
            raise InputError(f"refused, a dict has a {type(key).__name__} as its key")
        target[key] = value
        if len(target) > MAX_STATE:
            raise InputError(f"refused, a dict has more than {MAX_STATE} entries")

    def persistent(self, identifier: Any) -> object:
        raise InputError("refused, it refers to data outside itself")
