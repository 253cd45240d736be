"""Notices that a training has diverged, and takes it back to where it was well.

Seen twice on a GPU in bf16 with batches of 256: after 1,400 to 1,600 good steps at learning rates of 4e-4 and 6e-4 the
noise error rose from 0.0036 to 0.2 and more within 100 steps. The state at the end of the last good stretch was already
lost: its mean was good, its last steps were not, and no learning rate however small brought it back. So a state counts as
good only once the stretch that follows it was good as well.
"""

from __future__ import annotations

import copy
import dataclasses
import math

from .errors import InputError
from .trainer import Trainer
from .trainer_state import restore, state_of

RISE = 2.0
"""Times the lowest mean noise error of a stretch of steps so far: far above the scatter of such means, far below a collapse."""
SLOWER = 0.5
"""Factor of the learning rate after a return."""
MOST_RETURNS = 5
"""Returns in a row, without a good stretch between them, after which nothing is to be hoped for."""


class DivergenceWatch:
    """Keeps copies of the trainer's state: the latest, and the latest that a good stretch has followed.

    A run that was interrupted knows no better stretches than those since it went on, so it may return where an
    uninterrupted one does not; without a divergence both are the same.
    """

    def __init__(self) -> None:
        self._lowest = math.inf
        self._proven: dict[str, object] | None = None
        self._latest: dict[str, object] | None = None
        self._returns = 0

    def diverged(self, trainer: Trainer, noise_error: float) -> bool:
        """After a stretch of steps with this mean noise error (NaN: the encoder's own phase): whether the trainer was
        taken back, before the last good stretch and to a lower learning rate.

        Raises:
            InputError: when it diverged again after every return.
        """
        if math.isnan(noise_error):
            return False
        good = self._proven or self._latest
        if good is not None and noise_error > RISE * self._lowest:
            self._go_back(trainer, good)
            return True
        self._lowest = min(self._lowest, noise_error)
        self._returns = 0
        self._proven = self._latest or self._proven
        self._latest = copy.deepcopy(state_of(trainer))
        return False

    def _go_back(self, trainer: Trainer, good: dict[str, object]) -> None:
        if self._returns == MOST_RETURNS:
            raise InputError(
                f"the training diverged {MOST_RETURNS + 1} times in a row from step {trainer.step} on; "
                "begin again from an earlier checkpoint (--init) with a lower --lr or with --precision fp32"
            )
        self._returns += 1
        self._latest = None
        self._proven = good
        restore(trainer, copy.deepcopy(good))
        slower = trainer.options.learning_rate * SLOWER
        trainer.options = dataclasses.replace(trainer.options, learning_rate=slower)
