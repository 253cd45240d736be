"""Notices that a training has diverged, and takes it back to where it was well.

Seen once on a GPU: after 1,600 good steps at a learning rate of 6e-4 the noise error rose from 0.0034 to 0.8 within 250
steps and stayed there, a decoder that predicts nothing. The rest of that run was lost.
"""

from __future__ import annotations

import copy
import dataclasses
import math

from .trainer import Trainer

RISE = 2.0
"""Times the lowest mean noise error of a stretch of steps so far: far above the scatter of such means, far below a collapse."""
SLOWER = 0.5
"""Factor of the learning rate after a return."""


class DivergenceWatch:
    """Keeps a copy of the trainer's state after each good stretch.

    A run that was interrupted knows no better stretches than those since it went on, so it may return where an
    uninterrupted one does not; without a divergence both are the same.
    """

    def __init__(self) -> None:
        self._lowest = math.inf
        self._good: dict[str, object] | None = None

    def diverged(self, trainer: Trainer, noise_error: float) -> bool:
        """After a stretch of steps with this mean noise error (NaN: the encoder's own phase): whether the trainer was
        taken back, to the end of the last good stretch and to a lower learning rate."""
        if math.isnan(noise_error):
            return False
        if self._good is not None and noise_error > RISE * self._lowest:
            trainer.restore(copy.deepcopy(self._good))
            trainer.options = dataclasses.replace(
                trainer.options, learning_rate=trainer.options.learning_rate * SLOWER
            )
            return True
        self._lowest = min(self._lowest, noise_error)
        self._good = copy.deepcopy(trainer.state())
        return False
