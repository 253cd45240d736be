"""The network's blocks as ONNX nodes: each function mirrors one module of `blocks.py` or `network.py`."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from torch import nn

from .blocks import AttentionBlock, ConditionedResBlock, ResBlock
from .onnx_graph import GraphBuilder, weights

Modulation = tuple[str, str]
"""Tensor names of one conditioned block's scale and shift, each [B, C, 1, 1]."""


def resample(graph: GraphBuilder, x: str, direction: str | None) -> str:
    """Nearest-neighbour doubling or 2x2 mean."""
    if direction == "up":
        scales = graph.constant("double_size", np.array([1, 1, 2, 2], dtype=np.float32))
        return graph.unary(
            "Resize",
            x,
            "",
            scales,
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )
    if direction == "down":
        return graph.unary("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0])
    return x


def size_after(size: int, direction: str | None) -> int:
    """Side length in pixels after resampling."""
    return {"up": size * 2, "down": size // 2, None: size}[direction]


def convolution(graph: GraphBuilder, x: str, name: str, layer: nn.Conv2d) -> str:
    return graph.convolution(x, name, weights(layer.weight), weights(layer.bias))


def attention(graph: GraphBuilder, x: str, name: str, block: AttentionBlock, size: int) -> str:
    """Self-attention over size x size pixels; the factor 1/sqrt(C) is folded into the query's weights."""
    channels = block.channels
    h = graph.group_norm(x, f"{name}.norm", block.norm, size)
    kernel = weights(block.qkv.weight)[..., None].copy()
    bias = weights(block.qkv.bias).copy()
    kernel[:channels] /= math.sqrt(channels)
    bias[:channels] /= math.sqrt(channels)
    h = graph.convolution(h, f"{name}.qkv", kernel, bias)
    h = graph.unary("Reshape", h, graph.shape(0, 3 * channels, size * size))
    query, key, value = graph.split(h, [channels] * 3)
    scores = graph.unary("MatMul", graph.unary("Transpose", query, perm=[0, 2, 1]), key)
    shares = graph.unary("Transpose", graph.unary("Softmax", scores, axis=-1), perm=[0, 2, 1])
    h = graph.unary("Reshape", graph.unary("MatMul", value, shares), graph.shape(0, channels, size, size))
    h = graph.convolution(h, f"{name}.proj_out", weights(block.proj_out.weight)[..., None], weights(block.proj_out.bias))
    return graph.unary("Add", x, h)


def res_block(
    graph: GraphBuilder, x: str, name: str, block: ResBlock, size: int, modulation: Modulation | None = None
) -> str:
    """A residual block on [B, C, size, size]; a conditioned one takes its scale and shift."""
    direction = block.resample.direction
    h = graph.silu(graph.group_norm(x, f"{name}.in_layers.0", block.in_layers[0], size))
    h = convolution(graph, resample(graph, h, direction), f"{name}.in_layers.2", block.in_layers[2])
    skip = resample(graph, x, direction)
    if isinstance(block.skip_connection, nn.Conv2d):
        skip = convolution(graph, skip, f"{name}.skip_connection", block.skip_connection)
    if modulation is not None:
        scale, shift = modulation
        h = graph.normalise_groups(h, block.out_layers[0], size_after(size, direction))
        h = graph.silu(graph.unary("Add", graph.unary("Mul", h, scale), shift))
        h = convolution(graph, h, f"{name}.out_layers.3", block.out_layers[3])
    return graph.unary("Add", skip, h)


def sequence(
    graph: GraphBuilder,
    x: str,
    name: str,
    layers: nn.Sequential,
    size: int,
    modulations: Iterator[Modulation] | None = None,
) -> tuple[str, int]:
    """The layers of one checkpoint block in turn; returns the output and its side length.

    Raises:
        TypeError: for a layer that has no ONNX form here.
    """
    for index, layer in enumerate(layers):
        label = f"{name}.{index}"
        if isinstance(layer, ResBlock):
            conditioned = isinstance(layer, ConditionedResBlock) and modulations is not None
            x = res_block(graph, x, label, layer, size, next(modulations) if conditioned else None)
            size = size_after(size, layer.resample.direction)
        elif isinstance(layer, AttentionBlock):
            x = attention(graph, x, label, layer, size)
        elif isinstance(layer, nn.Conv2d):
            x = convolution(graph, x, label, layer)
        else:
            raise TypeError(f"{label}: no ONNX form of {type(layer).__name__}")
    return x, size
