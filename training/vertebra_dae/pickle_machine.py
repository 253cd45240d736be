"""Runs a pickle on data only.

A pickle is a program for a small stack machine, and Python's own reader lets it call anything. Here a class or function
that the file names is never looked up, it stays a name; a `Vocabulary` says which names mean something and what.
What a file may cost is bounded: the number of instructions, and through the vocabulary what each may copy.
"""

from __future__ import annotations

import io
import pickletools
from dataclasses import dataclass
from typing import Any, Protocol

from .errors import InputError

SHOWN = 80
"""Characters of a name from the file that a message repeats."""

MAX_NAME = 500
"""Characters of a class's name with its module."""


@dataclass(frozen=True)
class Name:
    """A class or function that the pickle names."""

    full: str


class Inert:
    """Stands for an object whose content does not matter: takes any state and keeps nothing."""


def shown(value: object) -> str:
    """For messages: never the repr of a container, which can be exponentially longer than the file."""
    if isinstance(value, Name):
        value = value.full
    return repr(value[:SHOWN]) if isinstance(value, str | bytes) else type(value).__name__


class Vocabulary(Protocol):
    """What the names of one kind of file mean. Each method raises InputError for what such a file has no use for."""

    max_instructions: int

    def check_name(self, full: str) -> None: ...

    def create(self, name: Name) -> object:
        """An instance, before its state is known."""

    def call(self, name: Name, arguments: tuple[Any, ...]) -> object: ...

    def build(self, target: Any, state: Any, file: io.BytesIO) -> object:
        """Sets the state of what `create` or `call` made; may read raw bytes that follow (joblib). Returns its successor."""

    def set_item(self, target: dict[Any, Any], key: Any, value: Any) -> None: ...

    def persistent(self, identifier: Any) -> object:
        """What an object outside the pickle stands for."""


def run_pickle(data: bytes, vocabulary: Vocabulary) -> object:
    """The object that the pickle describes.

    Raises:
        InputError: for what is refused, and for bytes that are no whole pickle; it does not name the file.
    """
    try:
        return _Interpreter(io.BytesIO(data), vocabulary).run()
    except InputError:
        raise
    except Exception as error:  # whatever a hostile file provokes, it is the file that is wrong
        kind = type(error).__name__
        raise InputError(f"not a whole pickle, it is truncated or of another kind ({kind})") from error


class _Interpreter:
    """The stack machine; `file` is shared with the opcode reader, because joblib puts raw arrays between opcodes."""

    def __init__(self, file: io.BytesIO, vocabulary: Vocabulary) -> None:
        self.file = file
        self.vocabulary = vocabulary
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> object:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(self.file)):
            if count >= self.vocabulary.max_instructions:
                raise InputError(f"refused, it has more than {self.vocabulary.max_instructions} instructions")
            if opcode.name == "STOP":
                return self.pop()
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
        if len(module) + len(name) > MAX_NAME:
            raise InputError(f"refused, a class's name has {len(module) + len(name)} characters: {shown(module)}")
        self.vocabulary.check_name(f"{module}.{name}")
        self.stack.append(Name(f"{module}.{name}"))

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
        if isinstance(self.top(), Inert):
            return
        if not isinstance(self.top(), list):
            raise InputError(f"refused, it appends to a {type(self.top()).__name__}")
        self.top().extend(items)

    def do_setitem(self) -> None:
        value = self.pop()
        self.update([self.pop(), value])

    def do_setitems(self) -> None:
        self.update(self.items_after_mark())

    def do_dict(self) -> None:
        items = self.items_after_mark()
        self.stack.append({})
        self.update(items)

    def update(self, items: list[Any]) -> None:
        target = self.top()
        if isinstance(target, Inert):
            return
        if not isinstance(target, dict):
            raise InputError(f"refused, it sets an item of a {type(target).__name__}")
        for key, value in zip(items[::2], items[1::2], strict=True):
            self.vocabulary.set_item(target, key, value)

    def do_empty_set(self) -> None:
        self.stack.append(Inert())

    def do_additems(self) -> None:
        self.extend(self.items_after_mark())

    def do_frozenset(self) -> None:
        self.items_after_mark()
        self.stack.append(Inert())

    def do_list(self) -> None:
        self.stack.append(self.items_after_mark())

    def do_newobj(self) -> None:
        self.pop()
        self.push_instance(self.pop())

    def push_instance(self, name: object) -> None:
        if not isinstance(name, Name):
            raise InputError(f"refused, it builds an instance of {shown(name)}")
        self.stack.append(self.vocabulary.create(name))

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
            self.stack.append(self.vocabulary.call(name, arguments))

    def do_build(self) -> None:
        state = self.pop()
        unfinished = self.top()
        finished = self.vocabulary.build(unfinished, state, self.file)
        if finished is unfinished:
            return
        self.stack[-1] = finished
        for key, value in self.memo.items():
            if value is unfinished:
                self.memo[key] = finished

    def do_binpersid(self) -> None:
        self.stack.append(self.vocabulary.persistent(self.pop()))


_LITERALS: dict[str, object] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}

_PUSH_ARGUMENT = frozenset(
    "INT LONG LONG1 LONG4 BININT BININT1 BININT2 FLOAT BINFLOAT UNICODE BINUNICODE SHORT_BINUNICODE BINUNICODE8 "
    "BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8 STRING BINSTRING SHORT_BINSTRING".split()
)
