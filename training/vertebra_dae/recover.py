"""A checkpoint out of a model folder: `python -m vertebra_dae.recover --model ../models/default --out start.ckpt`.

A training can go on from a published model folder when its own checkpoints are gone (`vertebra_dae.train --init`). The
function computed is the same; weights stored as float16 keep that precision. The optimiser's state is not in a model.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import zlib
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from .architecture import ArchitectureConfig
from .checkpoint import EMA_PREFIX
from .errors import InputError
from .manifest_check import check_manifest
from .network import DiffusionAutoencoder
from .onnx_export import GRAPH_NAMES
from .stored import restore

FLOATS = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)


def recover(folder: Path) -> DiffusionAutoencoder:
    """The diffusion autoencoder of a model folder.

    Raises:
        InputError: for a folder that lacks a file or whose weights do not fit its architecture.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        check_manifest(manifest)
        restore(folder)
        graphs = {name: _floats(folder / f"{name}.onnx") for name in GRAPH_NAMES}
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{folder}: not a model folder ({error})") from error
    except InputError as error:
        raise InputError(f"{folder}: {error}") from error
    model = DiffusionAutoencoder(ArchitectureConfig.from_json(manifest["architecture"]))
    found = {
        **_named(model, graphs["noise_predictor"], ""),
        **_named(model, graphs["encoder"], "encoder."),
        **_conditioning(model, graphs["time_conditioning"], graphs["code_conditioning"]),
        **dict(model.named_buffers()),
    }
    try:
        model.load_state_dict(found)
    except RuntimeError as error:
        raise InputError(f"{folder}: its weights do not fit its architecture ({error})") from error
    return model.eval()


def _floats(path: Path) -> dict[str, Tensor]:
    """The float weights of a graph by their name in the network."""
    return {
        weight.name.removesuffix(".float16"): torch.from_numpy(numpy_helper.to_array(weight).astype("float32"))
        for weight in onnx.load(path).graph.initializer
        if weight.data_type in FLOATS
    }


def _named(model: DiffusionAutoencoder, graph: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Parameters that the graph holds under their own name; the query's share of 1/sqrt(C) is taken out again."""
    found: dict[str, Tensor] = {}
    for key, parameter in model.state_dict().items():
        name = key.removeprefix(prefix)
        if not key.startswith(prefix) or name not in graph:
            continue
        value = graph[name].reshape(parameter.shape).clone()
        if ".qkv." in key:
            channels = len(value) // 3
            value[:channels] *= math.sqrt(channels)
        found[key] = value
    return found


def _conditioning(
    model: DiffusionAutoencoder, time: dict[str, Tensor], code: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Parameters behind the hoisted conditioning.

    The affine part (gamma, beta) of each block's second GroupNorm was folded into the time layers: with gamma = 1 and
    beta = 0 the folded layers are the block's own, and the function is the same.
    """
    found = {
        f"time_embed.time_embed.{layer}.{part}": time[f"time_embed.{layer}.{part}"]
        for layer in (0, 2)
        for part in ("weight", "bias")
    }
    names = {id(module): name for name, module in model.named_modules()}
    first = 0
    for block in model.conditioned_blocks():
        name, rows = names[id(block)], slice(first, first + block.channels_out)
        first += block.channels_out
        found[f"{name}.out_layers.0.weight"] = torch.ones(block.channels_out)
        found[f"{name}.out_layers.0.bias"] = torch.zeros(block.channels_out)
        for part, one in (("weight", 0), ("bias", 1)):
            found[f"{name}.emb_layers.1.{part}"] = torch.cat(
                [time[f"time_scale.{part}"][rows] - one, time[f"time_shift.{part}"][rows]]
            )
            found[f"{name}.cond_emb_layers.1.{part}"] = code[f"code_scale.{part}"][rows] - one
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m vertebra_dae.recover", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a model folder")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint, for vertebra_dae.train --init")
    options = parser.parse_args(arguments)
    try:
        weights = recover(options.model).state_dict()
    except InputError as error:
        print(f"models:recover: {error}", file=sys.stderr)
        return 2
    torch.save({"state_dict": {EMA_PREFIX + key: value for key, value in weights.items()}}, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
