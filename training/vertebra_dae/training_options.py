"""Everything that decides what a training run computes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from .architecture import ArchitectureConfig
from .dataset import CENTRAL_SLICES
from .errors import InputError

AUGMENTATIONS = ("paper", "extended")


@dataclass(frozen=True)
class TrainingOptions:
    """Options of a run; most are fixed once it has begun (see `train._RESUMABLE`).

    Attributes:
        steps: optimiser steps in all.
        batch: patches per step.
        learning_rate: of Adam, after `warmup` steps of linear increase.
        cooldown: over this many last steps the learning rate falls linearly to a hundredth (0: never).
        ema: decay of the weights' moving average; young runs use min(ema, (1 + step) / (10 + step)).
        aux_weight: of the vertebra-level cross-entropy of a linear head on the code, beside the noise error.
        encoder_steps: so many first steps train encoder and head alone on the cross-entropy, which is cheap.
        snr_exponent: the noise error at a timestep counts (1 + SNR)^-snr_exponent (Choi et al. 2022, arXiv 2204.00227, with
            k = 1): above 0, the late timesteps, where only the code tells what to draw, count more. 0 is the authors' loss.
        late_weight: the noise error at a timestep counts 1 + min(1 / SNR, this) times: above 0, the late timesteps, where an error
            of the noise means a large one of the image, count as an error of v would (Salimans and Ho 2022, arXiv 2202.00512,
            eq. 14), up to a bound. 0 is the authors' loss.
        edit_evidence, edit_change, edit_twin: weights of the second stage's losses (`healthy_edit`); without effect in the first.
            With `edit_twin` above 0 malignant vertebrae are those that have a twin without lesions, and `edit_change` has no effect.
        edit_logits: healthy logits, from and to, that the second stage is trained for; a model's own target should lie between.
        clip: largest norm of the gradient.
        weight_decay: of AdamW; 0 is the authors' Adam.
        seed: of weights, order, augmentation, timesteps, noise and dropout.
        central_slices: slices per vertebra to draw from, the middle one of the body among them.
        slice_spread: share of the body's width over which they are spaced evenly; 0, as the authors have it, takes neighbours.
        middle_share: of the draws of malignant vertebrae that take the middle slice: towards the sides of the body fewer of
            them show the lesion that their label tells of.
        slice_labels: slices are labelled by whether they show a lesion (`lesion_slices`), not by their vertebra.
        augmentation: "paper", or "extended" by shifts, S-I zoom, blur and contrast.
        precision: "fp32", or "bf16" for autocast with float32 weights.
    """

    steps: int = 20000
    batch: int = 16
    learning_rate: float = 1e-4
    warmup: int = 200
    cooldown: int = 0
    ema: float = 0.9999
    aux_weight: float = 0.03
    encoder_steps: int = 0
    snr_exponent: float = 0.0
    late_weight: float = 0.0
    edit_evidence: float = 0.01
    edit_change: float = 0.3
    edit_twin: float = 0.0
    edit_logits: tuple[float, float] = (-7.0, -3.5)
    clip: float = 1.0
    weight_decay: float = 0.0
    seed: int = 0
    central_slices: int = CENTRAL_SLICES
    slice_spread: float = 0.0
    middle_share: float = 0.0
    slice_labels: bool = False
    augmentation: str = "paper"
    precision: str = "fp32"
    architecture: ArchitectureConfig = field(default_factory=ArchitectureConfig)

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "central_slices"):
            _require(name, getattr(self, name), getattr(self, name) >= 1, "at least 1")
        for name in ("slice_spread", "middle_share"):
            _require(name, getattr(self, name), 0 <= getattr(self, name) <= 1, "in [0, 1]")
        for name in (
            "warmup", "cooldown", "encoder_steps", "aux_weight", "snr_exponent", "late_weight", "edit_evidence", "edit_change",
            "edit_twin", "weight_decay",
        ):
            _require(name, getattr(self, name), getattr(self, name) >= 0, "0 or more")
        for name in ("learning_rate", "clip"):
            _require(name, getattr(self, name), getattr(self, name) > 0, "above 0")
        _require("ema", self.ema, 0 <= self.ema < 1, "in [0, 1)")
        _require("augmentation", self.augmentation, self.augmentation in AUGMENTATIONS, " or ".join(AUGMENTATIONS))
        _require("precision", self.precision, self.precision in ("fp32", "bf16"), "fp32 or bf16")
        object.__setattr__(self, "edit_logits", tuple(self.edit_logits))
        _require("edit_logits", self.edit_logits, len(self.edit_logits) == 2 and self.edit_logits[0] < self.edit_logits[1] < 0, "two logits below 0, the lower first")
        if self.slice_labels and self.middle_share:
            raise InputError("middle_share makes up for slices that do not show their vertebra's lesion; with slice_labels there are none")
        if self.encoder_steps and not self.aux_weight:
            raise InputError("encoder_steps needs an aux_weight above 0: without it the encoder alone learns nothing")

    def learning_rate_at(self, step: int) -> float:
        """Learning rate of the step that follows `step` finished ones."""
        rising = min(1.0, (step + 1) / max(1, self.warmup))
        falling = 1.0
        if self.cooldown:
            falling = min(1.0, max(0.01, (self.steps - step) / self.cooldown))
        return self.learning_rate * rising * falling

    def ema_at(self, step: int) -> float:
        """Decay of the moving average after `step` finished steps."""
        return min(self.ema, (1 + step) / (10 + step))

    def to_json(self) -> dict[str, object]:
        return {**asdict(self), "architecture": self.architecture.to_json()}


def _require(name: str, value: object, holds: bool, expected: str) -> None:
    if not holds:
        raise InputError(f"{name} is {value!r}, expected {expected}")
