"""The screening network (docs/screening.md): a slice between its neighbours -> log odds of each kind of lesion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from .onnx_graph import GraphBuilder, weights

SLICE_STEPS = (-4, -2, 0, 2, 4)
"""Places of the five slices of a stack, in slices of the body (0.8 mm) from the middle one."""

CHANNELS = len(SLICE_STEPS) + 1
"""The slices and the body mask of the middle one."""

KINDS = 2
OUTSIDE = -30.0
"""Logit of cells without any of the body."""

CELL = 4
"""Side of a cell in pixels."""

AREA = 16
"""In cells: a lesion as large as this, all of whose cells say the same, has their logit."""


def convolution(channels_in: int, channels_out: int, size: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    padding = dilation * (size // 2)
    layer = nn.Conv2d(channels_in, channels_out, size, stride=stride, padding=padding, dilation=dilation, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(channels_out))


class Residual(nn.Module):
    """Two convolutions beside the identity."""

    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.a = convolution(channels, channels, 3, 1, dilation)
        self.b = convolution(channels, channels, 3, 1, dilation)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.b(functional.relu(self.a(x))))


class ScreeningNetwork(nn.Module):
    """stacks [B, 6, 64, 64] -> logits [B, 2]: a smooth maximum over the body's cells of 4 x 4 pixels."""

    def __init__(self, widths: tuple[int, int] = (24, 48)) -> None:
        super().__init__()
        narrow, wide = widths
        self.stem = convolution(CHANNELS, narrow, 5, 2)
        self.r1 = Residual(narrow)
        self.down = convolution(narrow, wide, 3, 2)
        self.body = nn.Sequential(*(Residual(wide, dilation) for dilation in (1, 2, 4, 1)))
        self.head = nn.Conv2d(wide, KINDS, 1)

    def cells(self, stacks: Tensor) -> Tensor:
        """Logits of each cell, [B, 2, 16, 16]."""
        h = self.r1(functional.relu(self.stem(stacks)))
        return self.head(self.body(functional.relu(self.down(h))))

    def forward(self, stacks: Tensor) -> Tensor:
        logits = self.cells(stacks)
        inside = functional.max_pool2d(stacks[:, CHANNELS - 1 :], CELL) > 0
        logits = torch.where(inside, logits, torch.full_like(logits, OUTSIDE))
        return torch.logsumexp(logits.flatten(2), 2) - math.log(AREA)


def network_of(state: dict[str, Tensor]) -> ScreeningNetwork:
    """The network of stored weights, ready to be asked; its widths are those of the weights.

    Raises:
        KeyError, RuntimeError: where they are of another network.
    """
    network = ScreeningNetwork((len(state["stem.0.weight"]), len(state["down.0.weight"])))
    network.load_state_dict(state)
    return network.eval()


def screening_graph(networks: Sequence[ScreeningNetwork], half_weights: bool = False) -> onnx.ModelProto:
    """`slices` [B, 6, 64, 64] -> `logits` [B, 2]: the mean over the networks.

    Every node runs on WebGPU. The body mask is 0 or 1.
    """
    graph = GraphBuilder(half_weights)
    bounds = [graph.constant(name, np.array([value], np.int64)) for name, value in _MASK_CHANNEL.items()]
    mask = graph.unary("Slice", "slices", *bounds)
    inside = graph.unary("MaxPool", mask, kernel_shape=[CELL, CELL], strides=[CELL, CELL])
    level = graph.constant("outside", np.array(OUTSIDE, np.float32))
    # 0 inside the body; exact, as `inside` is 0 or 1.
    lowered = graph.unary("Sub", level, graph.unary("Mul", inside, level))
    cells = [_cells(graph, network, f"network{n}") for n, network in enumerate(networks)]
    means = [_smooth_maximum(graph, logits, inside, lowered) for logits in cells]
    total = means[0]
    for mean in means[1:]:
        total = graph.unary("Add", total, mean)
    share = graph.constant("share", np.array(1 / len(means), np.float32))
    logits = graph.unary("Reshape", graph.unary("Mul", total, share), graph.shape(0, KINDS))
    return graph.finish(
        "screening", {"slices": ("batch", CHANNELS, 64, 64)}, {"logits": (logits, ("batch", KINDS))}
    )


_MASK_CHANNEL = {"mask_first": CHANNELS - 1, "mask_end": CHANNELS, "mask_axis": 1}


def _cells(graph: GraphBuilder, network: ScreeningNetwork, name: str) -> str:
    def fused(x: str, label: str, block: nn.Sequential) -> str:
        return _convolution(graph, x, f"{name}.{label}", torch.nn.utils.fusion.fuse_conv_bn_eval(block[0], block[1]))

    def residual(x: str, label: str, block: Residual) -> str:
        h = fused(graph.unary("Relu", fused(x, f"{label}.a", block.a)), f"{label}.b", block.b)
        return graph.unary("Relu", graph.unary("Add", x, h))

    h = residual(graph.unary("Relu", fused("slices", "stem", network.stem)), "r1", network.r1)
    h = graph.unary("Relu", fused(h, "down", network.down))
    for index, block in enumerate(network.body):
        h = residual(h, f"body.{index}", block)
    return _convolution(graph, h, f"{name}.head", network.head)


def _convolution(graph: GraphBuilder, x: str, name: str, layer: nn.Conv2d) -> str:
    return graph.unary(
        "Conv",
        x,
        graph.weight(f"{name}.weight", weights(layer.weight)),
        graph.constant(f"{name}.bias", weights(layer.bias)),
        kernel_shape=list(layer.kernel_size),
        pads=[*layer.padding, *layer.padding],
        strides=list(layer.stride),
        dilations=list(layer.dilation),
    )


def _smooth_maximum(graph: GraphBuilder, cells: str, inside: str, lowered: str) -> str:
    """log of the sum of exponentials over the body's cells, less log(AREA): [B, 2, 1, 1]."""
    logits = graph.unary("Add", graph.unary("Mul", cells, inside), lowered)
    largest = graph.unary("ReduceMax", logits, axes=[2, 3], keepdims=1)
    mean = graph.unary("ReduceMean", graph.unary("Exp", graph.unary("Sub", logits, largest)), axes=[2, 3], keepdims=1)
    count = (64 // CELL) ** 2
    area = graph.constant("area", np.array(math.log(count / AREA), np.float32))
    return graph.unary("Add", graph.unary("Add", graph.unary("Log", mean), largest), area)
