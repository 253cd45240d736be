"""A small ONNX graph builder: every tensor is float32 and every shape is known except the batch.

Building node by node, rather than tracing, keeps integer shape arithmetic out of the graph, so that all nodes can run
on WebGPU (a trace leaves hundreds of int64 nodes that only a CPU can execute).
"""

from __future__ import annotations

import math

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from . import __version__

OPSET = 17
IR_VERSION = 8
"""The IR of opset 17: newer ones are refused by older onnxruntime-web builds."""

MAX_SPLIT_OUTPUTS = 7
"""WebGPU guarantees 8 storage buffers per shader stage; a Split needs one for its input."""

Shape = tuple[int | str, ...]


def weights(parameter: torch.Tensor) -> NDArray[np.float32]:
    """A parameter as a contiguous float32 array."""
    return np.ascontiguousarray(parameter.detach().cpu().to(torch.float32).numpy())


class GraphBuilder:
    """Collects nodes and initialisers; methods take and return tensor names.

    Args:
        half_weights: store matrices and convolution kernels as float16, each widened to float32 by a Cast that
            onnxruntime folds away at load. Biases and normalisation stay float32: they are small and sensitive.
    """

    def __init__(self, half_weights: bool) -> None:
        self.half_weights = half_weights
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, inputs: list[str], outputs: int = 1, **attributes: object) -> list[str]:
        """Appends a node; returns the names of its outputs."""
        stem = f"{kind.lower()}_{len(self.nodes)}"
        names = [stem if outputs == 1 else f"{stem}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=f"node_{stem}", **attributes))
        return names

    def unary(self, kind: str, *inputs: str, **attributes: object) -> str:
        """Appends a node with one output; returns its name."""
        return self.op(kind, list(inputs), **attributes)[0]

    def constant(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Stores an array as it is; an existing name is reused."""
        if name not in self.initialisers:
            self.initialisers[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def shape(self, *dimensions: int) -> str:
        """A constant shape; 0 keeps the dimension of the input (the batch), -1 is inferred."""
        return self.constant("shape_" + "_".join(map(str, dimensions)), np.array(dimensions, dtype=np.int64))

    def weight(self, name: str, values: NDArray[np.float32]) -> str:
        """Stores a matrix or a kernel, as float16 plus a Cast where asked for."""
        if not self.half_weights:
            return self.constant(name, values)
        stored = self.constant(f"{name}.float16", values.astype(np.float16))
        return self.unary("Cast", stored, to=TensorProto.FLOAT)

    def linear(self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """x [B, in] -> [B, out], weight [out, in]."""
        return self.unary(
            "Gemm", x, self.weight(f"{name}.weight", weight), self.constant(f"{name}.bias", bias), transB=1
        )

    def convolution(self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """Same-size convolution with explicit padding, weight [out, in, k, k]."""
        kernel = weight.shape[2]
        return self.unary(
            "Conv",
            x,
            self.weight(f"{name}.weight", weight),
            self.constant(f"{name}.bias", bias),
            kernel_shape=[kernel, kernel],
            pads=[kernel // 2] * 4,
            strides=[1, 1],
        )

    def silu(self, x: str) -> str:
        """x * sigmoid(x)."""
        return self.unary("Mul", x, self.unary("Sigmoid", x))

    def normalise_groups(self, x: str, norm: nn.GroupNorm, size: int) -> str:
        """The normalising part of a GroupNorm on [B, C, size, size], without its affine part.

        Opset 17 has no GroupNormalization: the groups become the channels of an InstanceNormalization.
        """
        groups = norm.num_groups
        h = self.unary("Reshape", x, self.shape(0, groups, -1))
        h = self.unary(
            "InstanceNormalization",
            h,
            self.constant(f"ones_{groups}", np.ones(groups, dtype=np.float32)),
            self.constant(f"zeros_{groups}", np.zeros(groups, dtype=np.float32)),
            epsilon=norm.eps,
        )
        return self.unary("Reshape", h, self.shape(0, norm.num_channels, size, size))

    def group_norm(self, x: str, name: str, norm: nn.GroupNorm, size: int) -> str:
        """A whole GroupNorm on [B, C, size, size]."""
        gamma = self.constant(f"{name}.weight", weights(norm.weight).reshape(1, -1, 1, 1))
        beta = self.constant(f"{name}.bias", weights(norm.bias).reshape(1, -1, 1, 1))
        return self.unary("Add", self.unary("Mul", self.normalise_groups(x, norm, size), gamma), beta)

    def split(self, x: str, sizes: list[int]) -> list[str]:
        """Splits along the channels in a tree of nodes with at most `MAX_SPLIT_OUTPUTS` outputs each."""
        if len(sizes) == 1:
            return [x]
        per_part = 1 if len(sizes) <= MAX_SPLIT_OUTPUTS else math.ceil(len(sizes) / MAX_SPLIT_OUTPUTS)
        parts = [sizes[start : start + per_part] for start in range(0, len(sizes), per_part)]
        totals = np.array([sum(part) for part in parts], dtype=np.int64)
        lengths = self.constant("lengths_" + "_".join(map(str, totals)), totals)
        heads = self.op("Split", [x, lengths], outputs=len(parts), axis=1)
        return [name for head, part in zip(heads, parts, strict=True) for name in self.split(head, part)]

    def finish(self, name: str, inputs: dict[str, Shape], outputs: dict[str, tuple[str, Shape]]) -> onnx.ModelProto:
        """The checked model.

        Args:
            inputs: shape of each input.
            outputs: of each output, the tensor that it is renamed from and its shape.
        """
        renamed = {tensor: output for output, (tensor, _) in outputs.items()}
        for node in self.nodes:
            for names in (node.input, node.output):
                names[:] = [renamed.get(tensor, tensor) for tensor in names]
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, (_, shape) in outputs.items()],
            list(self.initialisers.values()),
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="vertebra_dae",
            producer_version=__version__,
        )
        onnx.checker.check_model(model, full_check=True)
        return model
