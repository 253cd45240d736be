"""The diffusion autoencoder as four ONNX graphs.

The noise predictor's conditioning is hoisted out: the timestep's part is computed once per schedule, the code's once
per patch, and the network itself is left with convolutions, normalisations and attention. `S`, the length of the
conditioning vectors, is the sum of the conditioned blocks' channels, in the order of
`NoisePredictor.conditioned_blocks`.
"""

from __future__ import annotations

import math

import numpy as np
import onnx
from numpy.typing import NDArray

from .architecture import ArchitectureConfig
from .blocks import MAX_PERIOD
from .network import DiffusionAutoencoder, NoisePredictor, SemanticEncoder
from .onnx_graph import GraphBuilder, weights
from .onnx_layers import sequence

GRAPH_NAMES = ("encoder", "time_conditioning", "code_conditioning", "noise_predictor")


def conditioning_size(model: NoisePredictor) -> int:
    """S: the sum of the conditioned residual blocks' channels."""
    return sum(block.channels_out for block in model.conditioned_blocks())


def export_graphs(model: DiffusionAutoencoder, half_weights: bool = False) -> dict[str, onnx.ModelProto]:
    """The four graphs by name; see each builder for inputs and outputs."""
    config = model.config
    return {
        "encoder": encoder_graph(model.encoder, config, half_weights),
        "time_conditioning": time_conditioning_graph(model, half_weights),
        "code_conditioning": code_conditioning_graph(model, half_weights),
        "noise_predictor": noise_predictor_graph(model, half_weights),
    }


def encoder_graph(encoder: SemanticEncoder, config: ArchitectureConfig, half_weights: bool) -> onnx.ModelProto:
    """`patch` [B, 1, 64, 64] -> `code` [B, Z], and `code_map` [B, Z, h, w], whose spatial mean is the code.

    The head is global average pooling and one linear map; they commute, so pooling the mapped features gives the code,
    and the map itself shows which part of the patch contributed (class activation maps need no gradient).
    """
    graph = GraphBuilder(half_weights)
    size = config.image_size
    h = "patch"
    for index, block in enumerate(encoder.input_blocks):
        h, size = sequence(graph, h, f"input_blocks.{index}", block, size)
    h, size = sequence(graph, h, "middle_block", encoder.middle_block, size)
    norm, projection = encoder.out[0], encoder.out[3]
    features = graph.silu(graph.group_norm(h, "out.0", norm, size))
    code_map = graph.convolution(features, "out.3", weights(projection.weight), weights(projection.bias))
    code = graph.unary("Reshape", graph.unary("GlobalAveragePool", code_map), graph.shape(0, config.style_channels))
    return graph.finish(
        "encoder",
        {"patch": ("batch", config.in_channels, config.image_size, config.image_size)},
        {
            "code": (code, ("batch", config.style_channels)),
            "code_map": (code_map, ("batch", config.style_channels, size, size)),
        },
    )


def time_conditioning_graph(model: NoisePredictor, half_weights: bool) -> onnx.ModelProto:
    """`timestep` [K] -> `time_scale` [K, S], `time_shift` [K, S].

    The affine part of each block's second GroupNorm (gamma, beta) is folded in:
    scale = gamma (1 + scale_t), shift = beta (1 + scale_t) + shift_t.
    """
    graph = GraphBuilder(half_weights)
    half = model.config.model_channels // 2
    # The exponents in float32 as PyTorch has them; their exponential in float64, so that every machine rounds it alike.
    exponents = np.float32(-math.log(MAX_PERIOD)) * (np.arange(half, dtype=np.float32) / np.float32(half))
    frequencies = np.array([math.exp(exponent) for exponent in exponents], dtype=np.float32)
    column = graph.unary("Reshape", "timestep", graph.shape(-1, 1))
    phases = graph.unary("Mul", column, graph.constant("frequencies", frequencies[None]))
    embedding = graph.unary("Concat", graph.unary("Cos", phases), graph.unary("Sin", phases), axis=1)
    first, _, second = model.time_embed.time_embed
    h = graph.silu(graph.linear(embedding, "time_embed.0", weights(first.weight), weights(first.bias)))
    h = graph.silu(graph.linear(h, "time_embed.2", weights(second.weight), weights(second.bias)))
    scale, shift = _folded_time_layers(model)
    length = conditioning_size(model)
    return graph.finish(
        "time_conditioning",
        {"timestep": ("steps",)},
        {
            "time_scale": (graph.linear(h, "time_scale", *scale), ("steps", length)),
            "time_shift": (graph.linear(h, "time_shift", *shift), ("steps", length)),
        },
    )


Affine = tuple[NDArray[np.float32], NDArray[np.float32]]


def _folded_time_layers(model: NoisePredictor) -> tuple[Affine, Affine]:
    """Weight and bias of all blocks' scales and of all blocks' shifts, folded in float64."""
    rows: list[tuple[NDArray[np.float64], ...]] = []
    for block in model.conditioned_blocks():
        gamma, beta = (weights(p).astype(np.float64) for p in (block.out_layers[0].weight, block.out_layers[0].bias))
        weight, bias = (weights(p).astype(np.float64) for p in (block.emb_layers[1].weight, block.emb_layers[1].bias))
        scale_weight, shift_weight = np.split(weight, 2)
        scale_bias, shift_bias = np.split(bias, 2)
        rows.append(
            (
                gamma[:, None] * scale_weight,
                gamma * (1 + scale_bias),
                beta[:, None] * scale_weight + shift_weight,
                beta * (1 + scale_bias) + shift_bias,
            )
        )
    columns = [np.concatenate(column).astype(np.float32) for column in zip(*rows, strict=True)]
    return (columns[0], columns[1]), (columns[2], columns[3])


def code_conditioning_graph(model: NoisePredictor, half_weights: bool) -> onnx.ModelProto:
    """`code` [B, Z] -> `code_scale` [B, S], which is 1 + scale_z."""
    graph = GraphBuilder(half_weights)
    layers = [block.cond_emb_layers[1] for block in model.conditioned_blocks()]
    weight = np.concatenate([weights(layer.weight) for layer in layers])
    bias = np.concatenate([weights(layer.bias) for layer in layers]) + np.float32(1)
    scale = graph.linear(graph.silu("code"), "code_scale", weight, bias)
    return graph.finish(
        "code_conditioning",
        {"code": ("batch", model.config.style_channels)},
        {"code_scale": (scale, ("batch", conditioning_size(model)))},
    )


def noise_predictor_graph(model: NoisePredictor, half_weights: bool) -> onnx.ModelProto:
    """`noisy` [B, 1, 64, 64], `time_scale` [1, S], `time_shift` [1, S], `code_scale` [B, S] -> `noise` [B, 1, 64, 64]."""
    graph = GraphBuilder(half_weights)
    config = model.config
    length = conditioning_size(model)
    channels = [block.channels_out for block in model.conditioned_blocks()]

    def per_block(tensor: str) -> list[str]:
        product = graph.unary("Mul", tensor, "code_scale")
        return graph.split(graph.unary("Reshape", product, graph.shape(0, length, 1, 1)), channels)

    modulations = iter(list(zip(per_block("time_scale"), per_block("time_shift"), strict=True)))
    size = config.image_size
    h = "noisy"
    skips: list[str] = []
    for index, block in enumerate(model.input_blocks):
        h, size = sequence(graph, h, f"input_blocks.{index}", block, size, modulations)
        skips.append(h)
    h, size = sequence(graph, h, "middle_block", model.middle_block, size, modulations)
    for index, block in enumerate(model.output_blocks):
        h = graph.unary("Concat", h, skips.pop(), axis=1)
        h, size = sequence(graph, h, f"output_blocks.{index}", block, size, modulations)
    norm, last = model.out[0], model.out[2]
    h = graph.silu(graph.group_norm(h, "out.0", norm, size))
    noise = graph.convolution(h, "out.2", weights(last.weight), weights(last.bias))
    image = ("batch", config.out_channels, config.image_size, config.image_size)
    return graph.finish(
        "noise_predictor",
        {"noisy": image, "time_scale": (1, length), "time_shift": (1, length), "code_scale": ("batch", length)},
        {"noise": (noise, image)},
    )
