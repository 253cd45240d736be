"""The training step; what must survive a restart is in `trainer_state`."""

from __future__ import annotations

import copy
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .augment import augment_alike, gaussian
from .captured import CapturedStep
from .classifier import LatentClassifier
from .dataset import SliceSet
from .diffusion import TRAIN_STEPS, add_noise, alpha_bars
from .edit_draw import draw_edit
from .errors import InputError
from .healthy_edit import EditObjective
from .judgement import Judgement
from .network import DiffusionAutoencoder, SemanticEncoder
from .step import StepInputs, StepLosses
from .training_options import TrainingOptions


class Trainer:
    """Model, its moving average, label head, optimiser and random state of one run.

    The labels reach the model only through `head`, a logistic regression on the code that is thrown away afterwards; in the
    second stage (`edit` is set), through the classifier that was fitted to the encoder, which is frozen then.
    """

    def __init__(
        self, options: TrainingOptions, device: torch.device, edit_classifier: LatentClassifier | None = None
    ) -> None:
        self.options = options
        self.device = device
        torch.manual_seed(options.seed)
        self.model = DiffusionAutoencoder(options.architecture).to(device)
        self.head = nn.Linear(options.architecture.style_channels, 1).to(device)
        self.ema = copy.deepcopy(self.model).requires_grad_(False).eval()
        self.edit = EditObjective(edit_classifier, device) if edit_classifier else None
        if self.edit:
            self.model.encoder.requires_grad_(False)
            # The gradient of a resampled image has no deterministic kernel on CUDA; on the CPU everything stays exact.
            if torch.are_deterministic_algorithms_enabled():
                torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
        self.trained = [p for p in self.model.parameters() if p.requires_grad] + ([] if self.edit else [*self.head.parameters()])
        cuda = device.type == "cuda"
        self.optimiser = torch.optim.AdamW(
            self.trained,
            # On the device, where a captured step finds it.
            lr=torch.tensor(options.learning_rate, device=device) if cuda else options.learning_rate,
            weight_decay=options.weight_decay,
            fused=True,
            capturable=cuda,
        )
        self.captured = CapturedStep(self._compute) if cuda else None
        self.generator = torch.Generator().manual_seed(options.seed)
        self.noise_generator = self.generator
        if cuda:
            self.noise_generator = torch.Generator(device).manual_seed(options.seed)
        self.alphas = alpha_bars().to(device)
        self.step = 0

    def train_step(self, data: SliceSet) -> StepLosses:
        """One optimiser step, waited for. Raises InputError when the loss is no number any more."""
        return self.losses_of([self.start_step(data)])[0]

    def losses_of(self, steps: list[Tensor]) -> list[StepLosses]:
        """What the last steps returned, fetched from the device at once. Raises InputError when a loss is no number."""
        losses = [StepLosses(*values) for values in torch.stack(steps).tolist()]
        for number, one in enumerate(losses, start=self.step - len(losses) + 1):
            if not math.isfinite(one.total):
                raise InputError(f"step {number}: the loss is {one.total}; resume with a lower learning rate")
        return losses

    def start_step(self, data: SliceSet) -> Tensor:
        """One optimiser step on freshly drawn and augmented slices, not waited for; the values of `StepLosses`, on the device."""
        if self.edit and self.edit.healthy_logit is None:
            self.edit.prepare_all(self.model, data, self.device)
        self.model.train()
        self._set_learning_rate()
        inputs = self._draw(data)
        # A captured step writes its values to the same place every time.
        values = self.captured(inputs).clone() if self.captured else self._compute(inputs)
        decay = self.options.ema_at(self.step)
        # Without no_grad the average would remember every step that it was ever made of.
        with torch.no_grad():
            torch._foreach_lerp_(list(self.ema.parameters()), list(self.model.parameters()), 1 - decay)
        self.step += 1
        return values

    def noise_weights(self, timesteps: Tensor) -> Tensor:
        """How much the noise error counts at timesteps [B] (`snr_exponent` and `late_weight`)."""
        options, alpha = self.options, self.alphas[timesteps]
        # 1 / (1 + SNR) is 1 - alphaBar, 1 / SNR is (1 - alphaBar) / alphaBar.
        late = ((1 - alpha) / alpha).clamp(max=options.late_weight)
        return ((1 - alpha) ** options.snr_exponent * (1 + late)).float()

    def _draw(self, data: SliceSet) -> StepInputs:
        """Everything random of a step."""
        options = self.options
        rows, slices, labels = data.draw_places(options.batch, self.generator, options.middle_share)
        images = [data.at(rows, slices)]
        if data.twins is not None and self.edit:
            # A patch without a twin stands for itself, so that both have one shape.
            others = torch.where(data.twins[rows] >= 0, data.twins[rows], rows)
            images.append(data.at(others, slices))
        extended = options.augmentation == "extended"
        patch, *twins = augment_alike(images, self.generator, extended=extended, noise_generator=self.noise_generator)
        timesteps = self._timesteps().to(self.device)
        noise = gaussian(patch.shape, self.noise_generator)
        weights = self.noise_weights(timesteps)
        ill = torch.nonzero(labels > 0.5)[:, 0]
        edit = None
        if self.edit:
            edit = draw_edit(
                options.batch, len(ill), self.generator, self.noise_generator, self.device, options.edit_logits, bool(twins)
            )
        twin = twins[0][ill.to(patch.device)] if twins else None
        return StepInputs(
            patch, labels.to(self.device), ill.to(self.device), timesteps, noise, weights, edit,
            encoder_only=not self.edit and self.step < options.encoder_steps, twin=twin,
        )

    def _compute(self, inputs: StepInputs) -> Tensor:
        """Losses, gradients and the optimiser's step; the values of `StepLosses`. Never waits for the device (`captured`)."""
        options, nothing = self.options, torch.full((), math.nan, device=self.device)
        self.optimiser.zero_grad(set_to_none=True)
        # Under CUDA graphs a cast of a weight must be made anew in every replay.
        autocast = torch.autocast(
            self.device.type,
            dtype=torch.bfloat16,
            enabled=options.precision == "bf16",
            cache_enabled=self.device.type != "cuda",
        )
        if self.edit and inputs.edit:
            with autocast:
                losses = self.edit.losses(
                    self.model, inputs.patch, inputs.ill, inputs.timesteps, inputs.noise, self.alphas, inputs.weights, inputs.edit,
                    inputs.twin,
                )
            loss = losses.noise_error + options.edit_evidence * losses.evidence
            loss = loss + (options.edit_change * losses.change if inputs.twin is None else options.edit_twin * losses.twin)
            values = [losses.noise_error, nothing, nothing, losses.evidence, losses.change, losses.twin]
        else:
            loss, values = self._first_stage(inputs, autocast, nothing)
        loss.backward()
        nn.utils.clip_grad_norm_(self.trained, options.clip)
        self.optimiser.step()
        return torch.stack([value.detach().float() for value in (*values, loss)])

    def _first_stage(self, inputs: StepInputs, autocast: torch.autocast, nothing: Tensor) -> tuple[Tensor, list[Tensor]]:
        patch, timesteps = inputs.patch, inputs.timesteps
        with autocast:
            code = self.model.encode(patch)
            logits = self.head(code)[:, 0]
            predicted = None
            if not inputs.encoder_only:
                predicted = self.model(add_noise(patch, inputs.noise, timesteps, self.alphas), timesteps, code)
        cross_entropy = F.binary_cross_entropy_with_logits(logits.float(), inputs.labels)
        accuracy = ((logits > 0) == (inputs.labels > 0.5)).float().mean()
        noise_error, loss = nothing, cross_entropy
        if predicted is not None:
            errors = (predicted.float() - inputs.noise).square().flatten(1).mean(dim=1)
            noise_error = (inputs.weights * errors).mean()
            loss = noise_error + self.options.aux_weight * cross_entropy
        return loss, [noise_error, cross_entropy, accuracy, nothing, nothing, nothing]

    def _set_learning_rate(self) -> None:
        rate = self.options.learning_rate_at(self.step)
        for group in self.optimiser.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(rate)
            else:
                group["lr"] = rate

    def _timesteps(self) -> Tensor:
        """Uniform in 0..999, stratified over the batch so that no batch misses the early or the late ones."""
        batch = self.options.batch
        places = (torch.randperm(batch, generator=self.generator) + torch.rand(batch, generator=self.generator)) / batch
        return (places * TRAIN_STEPS).long().clamp_(max=TRAIN_STEPS - 1)

    def judge_by(self, encoder_weights: dict[str, Tensor], classifier: LatentClassifier) -> None:
        """Second stage: lets another encoder (of the same architecture) and its classifier judge the edits as well."""
        if not self.edit:
            raise InputError("a judge belongs to the second stage, with --edit-classifier")
        encoder = SemanticEncoder(self.options.architecture).to(self.device).requires_grad_(False).eval()
        encoder.load_state_dict(encoder_weights)
        self.edit.second = (encoder, Judgement(classifier, self.device))

    def start_from(self, weights: dict[str, Tensor]) -> None:
        """Begins a new run with the weights of another."""
        self.model.load_state_dict(weights)
        self.ema.load_state_dict(weights)
