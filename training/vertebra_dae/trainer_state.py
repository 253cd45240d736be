"""Everything of a training that must survive a restart."""

from __future__ import annotations

import torch

from .classifier import classifier_from_values
from .trainer import Trainer


def state_of(trainer: Trainer) -> dict[str, object]:
    """Everything needed to go on as if never stopped."""
    values: dict[str, object] = {
        "step": trainer.step,
        "model": trainer.model.state_dict(),
        "ema": trainer.ema.state_dict(),
        "head": trainer.head.state_dict(),
        "optimiser": trainer.optimiser.state_dict(),
        "generator": trainer.generator.get_state(),
        "dropout": torch.get_rng_state(),
    }
    if trainer.edit:
        values["edit"] = {"classifier": trainer.edit.classifier.to_json(), "healthy_logit": trainer.edit.healthy_logit}
        if trainer.edit.second:
            encoder, judge = trainer.edit.second
            values["judge"] = {
                "encoder": encoder.state_dict(),
                "classifier": judge.classifier.to_json(),
                "healthy_logit": judge.healthy_logit,
            }
    if trainer.device.type == "cuda":
        values["dropout_cuda"] = torch.cuda.get_rng_state(trainer.device)
        values["noise"] = trainer.noise_generator.get_state()
    return values


def restore(trainer: Trainer, saved: dict[str, object]) -> None:
    """Takes up what `state_of` gave; the architectures must agree."""
    trainer.model.load_state_dict(saved["model"])  # type: ignore[arg-type]
    trainer.ema.load_state_dict(saved["ema"])  # type: ignore[arg-type]
    trainer.head.load_state_dict(saved["head"])  # type: ignore[arg-type]
    trainer.optimiser.load_state_dict(saved["optimiser"])  # type: ignore[arg-type]
    if trainer.captured:
        # Loading replaces the optimiser's tensors, which the captured step would go on using.
        trainer.captured.forget()
    if "judge" in saved:
        judged: dict = saved["judge"]  # type: ignore[assignment,type-arg]
        trainer.judge_by(judged["encoder"], classifier_from_values("saved judge", judged["classifier"]))
        trainer.edit.second[1].healthy_logit = judged["healthy_logit"]  # type: ignore[union-attr,index]
    # After the judge, whose construction draws random weights.
    trainer.generator.set_state(saved["generator"])  # type: ignore[arg-type]
    torch.set_rng_state(saved["dropout"])  # type: ignore[arg-type]
    if trainer.device.type == "cuda" and "dropout_cuda" in saved:
        torch.cuda.set_rng_state(saved["dropout_cuda"], trainer.device)  # type: ignore[arg-type]
        trainer.noise_generator.set_state(saved["noise"])  # type: ignore[arg-type]
    if trainer.edit:
        trainer.edit.healthy_logit = saved["edit"]["healthy_logit"]  # type: ignore[index]
    trainer.step = int(saved["step"])  # type: ignore[call-overload]
