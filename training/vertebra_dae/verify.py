"""Checks the exported graphs against PyTorch, and makes the self-test that a viewer runs before trusting a provider."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from .classifier import LatentClassifier
from .errors import InputError
from .network import DiffusionAutoencoder

SEED = 20240601
BATCH_SIZES = (1, 3)
TIMESTEPS = (0.0, 496.0, 996.0)
SELF_TEST_TIMESTEP = 496

EXPORT_TOLERANCE = {"float32": 1e-4, "float16-weights": 1e-2}
"""Largest error allowed of an exported graph, relative to the largest value; float32 measures about 1e-6."""

SELF_TEST_TOLERANCE = 0.002
"""Absolute error allowed of a provider in the self-test: wrong kernels miss by far more, right ones by about 1e-6."""

SELF_TEST_HEADROOM = 4
"""Where the stored weights' own rounding is larger, the tolerance is this many times the error that it makes."""


class OnnxAutoencoder:
    """The four graphs in onnxruntime, composed as a viewer composes them."""

    def __init__(self, graphs: dict[str, onnx.ModelProto]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.sessions = {
            name: onnxruntime.InferenceSession(
                graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
            for name, graph in graphs.items()
        }

    def run(self, graph: str, **feeds: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        return list(self.sessions[graph].run(None, feeds))

    def encode(self, patch: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.run("encoder", patch=patch)[0]

    def predict_noise(
        self, noisy: NDArray[np.float32], timestep: float, code: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        time_scale, time_shift = self.run("time_conditioning", timestep=np.array([timestep], dtype=np.float32))
        code_scale = self.run("code_conditioning", code=code)[0]
        return self.run(
            "noise_predictor", noisy=noisy, time_scale=time_scale, time_shift=time_shift, code_scale=code_scale
        )[0]


def sample_inputs(batch: int, size: int) -> tuple[Tensor, Tensor]:
    """Seeded patches in [0, 1.2], smooth as a CT slice is, and noise, each [batch, 1, size, size]."""
    generator = np.random.default_rng(SEED)
    coarse = torch.from_numpy(generator.uniform(0, 1.2, (batch, 1, 8, 8)).astype(np.float32))
    patch = torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear", align_corners=True)
    noise = generator.standard_normal((batch, 1, size, size)).astype(np.float32)
    return patch, torch.from_numpy(noise)


@torch.no_grad()
def check_graphs(model: DiffusionAutoencoder, exported: OnnxAutoencoder, precision: str) -> dict[str, float]:
    """Compares every graph with the PyTorch model; returns the largest relative errors.

    Raises:
        InputError: when one exceeds the precision's tolerance.
    """
    errors = {"code": 0.0, "noise": 0.0}
    for batch in BATCH_SIZES:
        patch, noisy = sample_inputs(batch, model.config.image_size)
        code = model.encode(patch)
        errors["code"] = max(errors["code"], relative_error(exported.encode(patch.numpy()), code))
        for timestep in TIMESTEPS:
            noise = model(noisy, torch.full((batch,), timestep), code)
            predicted = exported.predict_noise(noisy.numpy(), timestep, code.numpy())
            errors["noise"] = max(errors["noise"], relative_error(predicted, noise))
    for name, error in errors.items():
        if not error <= EXPORT_TOLERANCE[precision]:
            raise InputError(
                f"the exported {name} differs from PyTorch by {error:.2e} of its range, more than "
                f"{EXPORT_TOLERANCE[precision]:.0e} allowed with --precision {precision}; nothing was written"
            )
    return errors


def relative_error(actual: NDArray[np.float32], expected: Tensor) -> float:
    """Largest difference over the largest expected value."""
    reference = expected.numpy()
    return float(np.abs(actual - reference).max() / max(float(np.abs(reference).max()), 1e-12))


@torch.no_grad()
def self_test(
    model: DiffusionAutoencoder, exported: OnnxAutoencoder, classifier: LatentClassifier
) -> dict[str, object]:
    """The contents of self-test.json: inputs and the outputs that PyTorch computes from them in float32.

    `code` is the encoder's output of `patch`; `noise` is the noise predictor's of `noisy`, `timestep` and `code`;
    `malignancyProbability` is the classifier's of `code`.
    """
    patch, noisy = sample_inputs(1, model.config.image_size)
    code = model.encode(patch)
    noise = model(noisy, torch.tensor([float(SELF_TEST_TIMESTEP)]), code)
    rounding = max(
        float(np.abs(exported.encode(patch.numpy()) - code.numpy()).max()),
        float(np.abs(exported.predict_noise(noisy.numpy(), SELF_TEST_TIMESTEP, code.numpy()) - noise.numpy()).max()),
    )
    return {
        "patch": shortest_floats(patch),
        "code": shortest_floats(code),
        "timestep": SELF_TEST_TIMESTEP,
        "noisy": shortest_floats(noisy),
        "noise": shortest_floats(noise),
        "malignancyProbability": classifier.probability(code.numpy()[0]),
        "tolerance": max(SELF_TEST_TOLERANCE, round(SELF_TEST_HEADROOM * rounding, 4)),
    }


def shortest_floats(values: Tensor) -> list[float]:
    """Flat list whose decimal forms are the shortest that give the same float32 back."""
    return [float(str(value)) for value in values.detach().numpy().ravel()]
