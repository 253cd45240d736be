"""A training step as one CUDA graph: the same kernels, launched by the device instead of one by one by Python."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from .step import StepInputs

WARM_UP_STEPS = 3
"""Steps on a stream of their own before the capture, in which libraries choose their kernels (PyTorch notes, CUDA graphs)."""


class CapturedStep:
    """Calls `compute(inputs)` for some steps, then captures it and replays it with the values of other inputs.

    The shapes of the inputs, of which alone the capture depends, are compared at every call; with others it begins anew.
    Where a capture fails, all goes on without one, and says so once.
    """

    def __init__(self, compute: Callable[[StepInputs], Tensor]) -> None:
        self._compute = compute
        self._failed = False
        self.forget()

    def forget(self) -> None:
        """Captures anew at the next calls: after anything that the step uses was replaced."""
        self._graph: torch.cuda.CUDAGraph | None = None
        self._inputs: StepInputs | None = None
        self._shapes: object = None
        self._warm = 0

    def __call__(self, inputs: StepInputs) -> Tensor:
        if self._failed:
            return self._compute(inputs)
        if self._shapes != (shapes := _shapes(inputs)):
            self.forget()
            self._shapes = shapes
        if self._graph is None and self._warm < WARM_UP_STEPS:
            self._warm += 1
            return self._beside(inputs)
        if self._graph is None:
            self._capture(inputs)
            if self._failed:
                return self._compute(inputs)
        assert self._graph is not None and self._inputs is not None
        _copy(inputs, self._inputs)
        self._graph.replay()
        return self._values

    def _beside(self, inputs: StepInputs) -> Tensor:
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            values = self._compute(inputs)
        torch.cuda.current_stream().wait_stream(stream)
        return values

    def _capture(self, inputs: StepInputs) -> None:
        torch.cuda.synchronize()
        graph, self._inputs = torch.cuda.CUDAGraph(), _clone(inputs)
        try:
            with torch.cuda.graph(graph):
                self._values = self._compute(self._inputs)
        except RuntimeError as error:
            self._failed = True
            print(f"steps are not captured, training is slower: {error}", file=sys.stderr, flush=True)
            return
        self._graph = graph


def _tensors(inputs: Any) -> list[Tensor]:
    """All tensors of a dataclass, those of dataclasses within it included, in the order of the fields."""
    found: list[Tensor] = []
    for field in dataclasses.fields(inputs):
        value = getattr(inputs, field.name)
        if isinstance(value, Tensor):
            found.append(value)
        elif dataclasses.is_dataclass(value):
            found.extend(_tensors(value))
    return found


def _shapes(inputs: StepInputs) -> object:
    return inputs.encoder_only, [(tensor.shape, tensor.dtype) for tensor in _tensors(inputs)]


def _clone(inputs: Any) -> Any:
    copies = {
        field.name: value.clone() if isinstance(value, Tensor) else _clone(value)
        for field in dataclasses.fields(inputs)
        if isinstance(value := getattr(inputs, field.name), Tensor) or dataclasses.is_dataclass(value)
    }
    return dataclasses.replace(inputs, **copies)


def _copy(source: Any, target: Any) -> None:
    for new, old in zip(_tensors(source), _tensors(target), strict=True):
        old.copy_(new)
