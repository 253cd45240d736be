"""What work costs, told as a ratio within one run: machines are shared, and seconds of one say nothing about another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

ADDITIONS = 2_000_000


@cache
def _unit() -> float:
    return _loop_seconds()


def _loop_seconds() -> float:
    started = time.process_time()
    sum(n % 7 for n in range(ADDITIONS))
    return time.process_time() - started


@contextmanager
def effort_below(most: float) -> Iterator[None]:
    """Fails where the block takes `most` times the processor time of a plain loop (some 0.1 s of a processor at rest), run once
    for all blocks and again after one that takes longer than it may; the slower of the two counts."""
    unit = _unit()
    started = time.process_time()
    yield
    taken = time.process_time() - started
    assert taken < most * unit or taken < most * _loop_seconds()
