"""What one training step takes and gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from .edit_draw import EditDraw


@dataclass(frozen=True)
class StepLosses:
    """Losses of one step, NaN where the stage has no such loss.

    Attributes:
        noise_error: weighted squared error of the noise; none in the encoder's own phase.
        cross_entropy, accuracy: of the label head; first stage.
        evidence, change, twin: of the healthy edit; second stage.
        total: what is descended on.
    """

    noise_error: float = math.nan
    cross_entropy: float = math.nan
    accuracy: float = math.nan
    evidence: float = math.nan
    change: float = math.nan
    twin: float = math.nan
    total: float = math.nan


@dataclass(frozen=True)
class StepInputs:
    """The random part of one step, on the device.

    Attributes:
        patch, noise: [B, 1, 64, 64]; labels, timesteps, weights: [B]; ill: which patches are malignant, [M].
        edit: second stage; twin: the malignant patches without their lesions, [M, 1, 64, 64], where it learns from them.
        encoder_only: whether the step trains encoder and head alone.
    """

    patch: Tensor
    labels: Tensor
    ill: Tensor
    timesteps: Tensor
    noise: Tensor
    weights: Tensor
    edit: EditDraw | None
    encoder_only: bool
    twin: Tensor | None = None
