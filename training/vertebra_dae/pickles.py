"""Reads a scikit-learn model's state from a joblib or plain pickle, executing nothing.

A pickle is a program for a small stack machine. This interpreter runs it on data only: a class or function that the
file names is never looked up, it stays a name; the few names in `KNOWN_NAMES` have a meaning given here, any other is
refused.
"""

from __future__ import annotations

import io
import pickletools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from .errors import InputError
from .pickle_arrays import ArrayBudget, ArrayState, DtypeState, array_of_state, array_of_wrapper, numpy_call

MAX_BYTES = 8 * 2**20
"""A classifier on 512 numbers takes some kilobytes; anything much larger is another file."""

MAX_OPCODES = 20_000
"""scikit-learn's pickles have a few hundred; what each may cost (a copy of a dict, of an array) is bounded as well."""

MAX_STATE = 200
"""Attributes of an object: a LogisticRegression has about 25."""

SHOWN = 80
"""Characters of a name from the file that a message repeats."""

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


@dataclass(frozen=True)
class Name:
    """A class or function that the pickle names."""

    full: str


def shown(value: object) -> str:
    """For messages: never the repr of a container, which can be exponentially longer than the file."""
    if isinstance(value, Name):
        value = value.full
    return repr(value[:SHOWN]) if isinstance(value, str | bytes) else type(value).__name__


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
        return _Interpreter(io.BytesIO(data)).run()
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except Exception as error:  # whatever a hostile file provokes, it is the file that is wrong
        kind = type(error).__name__
        raise InputError(f"{path}: not a whole pickle, it is truncated or of another kind ({kind})") from error


class _Interpreter:
    """The stack machine; `file` is shared with the opcode reader, because joblib puts raw arrays between opcodes."""

    def __init__(self, file: io.BytesIO) -> None:
        self.file = file
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.budget = ArrayBudget()

    def run(self) -> object:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(self.file)):
            if count >= MAX_OPCODES:
                raise InputError(f"refused, it has more than {MAX_OPCODES} instructions; a model file has a few hundred")
            if opcode.name == "STOP":
                return self.stack.pop()
            if opcode.name in _LITERALS:
                self.stack.append(_LITERALS[opcode.name])
            elif opcode.name in _PUSH_ARGUMENT:
                self.stack.append(argument)
            elif opcode.name in ("PUT", "BINPUT", "LONG_BINPUT"):
                self.memo[int(argument)] = self.top()
            elif opcode.name in ("GET", "BINGET", "LONG_BINGET"):
                self.stack.append(self.memo[int(argument)])
            elif opcode.name == "GLOBAL":
                self.push_name(*argument.split(" ", 1))
            elif opcode.name not in ("PROTO", "FRAME"):
                handler = getattr(self, f"do_{opcode.name.lower()}", None)
                if handler is None:
                    raise InputError(f"refused, the pickle uses the opcode {opcode.name}, which no model file needs")
                handler()
        raise ValueError("no end marker")

    def push_name(self, module: str, name: str) -> None:
        full = f"{module}.{name}"
        if full not in KNOWN_NAMES:
            raise InputError(
                f"refused, it holds the foreign class {shown(full)}; expected a LogisticRegression or a StandardScaler"
            )
        self.stack.append(Name(full))

    def top(self) -> Any:
        """The last value since the last mark.

        Raises:
            ValueError: when there is none.
        """
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise ValueError("an empty stack")
        return self.stack[-1]

    def pop(self) -> Any:
        self.top()
        return self.stack.pop()

    def items_after_mark(self) -> list[Any]:
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def do_stack_global(self) -> None:
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise InputError(f"refused, it names a class by a {type(name).__name__} and a {type(module).__name__}")
        self.push_name(module, name)

    def do_memoize(self) -> None:
        self.memo[len(self.memo)] = self.top()

    def do_mark(self) -> None:
        self.marks.append(len(self.stack))

    def do_pop(self) -> None:
        self.pop()

    def do_empty_tuple(self) -> None:
        self.stack.append(())

    def do_empty_list(self) -> None:
        self.stack.append([])

    def do_empty_dict(self) -> None:
        self.stack.append({})

    def do_tuple(self) -> None:
        self.stack.append(tuple(self.items_after_mark()))

    def do_tuple1(self) -> None:
        self.push_tuple(1)

    def do_tuple2(self) -> None:
        self.push_tuple(2)

    def do_tuple3(self) -> None:
        self.push_tuple(3)

    def push_tuple(self, length: int) -> None:
        items = tuple(self.pop() for _ in range(length))
        self.stack.append(items[::-1])

    def do_append(self) -> None:
        self.extend([self.pop()])

    def do_appends(self) -> None:
        self.extend(self.items_after_mark())

    def extend(self, items: list[Any]) -> None:
        if not isinstance(self.top(), list):
            raise InputError(f"refused, it appends to a {type(self.top()).__name__}")
        self.top().extend(items)

    def do_setitem(self) -> None:
        value = self.pop()
        self.update(self.top_dict(below=1), [self.pop(), value])

    def do_setitems(self) -> None:
        items = self.items_after_mark()
        self.update(self.top_dict(), items)

    def do_dict(self) -> None:
        items = self.items_after_mark()
        self.stack.append({})
        self.update(self.top_dict(), items)

    def top_dict(self, below: int = 0) -> dict[Any, Any]:
        target = self.stack[-1 - below]
        if not isinstance(target, dict):
            raise InputError(f"refused, it sets an item of a {type(target).__name__}")
        return target

    def update(self, target: dict[Any, Any], items: list[Any]) -> None:
        """Keys are names and small numbers: hashing nested tuples takes time exponential in the file's size."""
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, str | int) or (isinstance(key, int) and abs(key) >= 2**64):
                raise InputError(f"refused, a dict has a {type(key).__name__} as its key")
            target[key] = value
        if len(target) > MAX_STATE:
            raise InputError(f"refused, a dict has more than {MAX_STATE} entries")

    def do_list(self) -> None:
        self.stack.append(self.items_after_mark())

    def do_newobj(self) -> None:
        self.pop()
        self.push_instance(self.pop())

    def push_instance(self, name: object) -> None:
        if not isinstance(name, Name) or name.full not in MODEL_CLASSES | {ARRAY_WRAPPER}:
            raise InputError(f"refused, it builds an instance of {shown(name)}")
        self.stack.append(PickledObject(name.full))

    def do_reduce(self) -> None:
        arguments = self.pop()
        name = self.pop()
        if not isinstance(name, Name):
            raise InputError(f"refused, it calls a {shown(name)}")
        if not isinstance(arguments, tuple):
            raise InputError(f"refused, it calls {shown(name)} with a {type(arguments).__name__}")
        if name.full.endswith("._reconstructor"):
            self.push_instance(arguments[0])
        else:
            self.stack.append(numpy_call(name.full, arguments, self.budget))

    def do_build(self) -> None:
        state = self.pop()
        target = self.top()
        if isinstance(target, DtypeState):
            target.set_state(state)
        elif isinstance(target, ArrayState):
            self.replace_top(array_of_state(state, self.budget))
        elif isinstance(target, PickledObject) and isinstance(state, dict):
            target.state.update(state)
            if target.class_name == ARRAY_WRAPPER:
                self.replace_top(array_of_wrapper(target.state, self.file, self.budget))
        else:
            raise InputError(f"refused, it sets the state of {type(target).__name__}")

    def replace_top(self, array: NDArray[Any]) -> None:
        """Puts the array where its unfinished form stood, on the stack and in the memo."""
        unfinished = self.stack[-1]
        self.stack[-1] = array
        for key, value in self.memo.items():
            if value is unfinished:
                self.memo[key] = array


_LITERALS: dict[str, object] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}

_PUSH_ARGUMENT = frozenset(
    "INT LONG LONG1 LONG4 BININT BININT1 BININT2 FLOAT BINFLOAT UNICODE BINUNICODE SHORT_BINUNICODE BINUNICODE8 "
    "BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8 STRING BINSTRING SHORT_BINSTRING".split()
)
