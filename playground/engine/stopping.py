"""When training stops by itself: a target that was asked for, or a stop rule of the settings."""

from __future__ import annotations

from dataclasses import dataclass

from playground.engine.training import Training


@dataclass
class Stopping:
    """``until_step`` and ``until_epoch`` come from Step and Epoch; the rules from the settings.

    A rule that was fulfilled when the user pressed play is passed over until it is unfulfilled again: play trains on.
    """

    until_step: int | None = None
    until_epoch: int | None = None
    _is_passed: bool = False

    def begin(self, training: Training, *, until_step: int | None = None, until_epoch: int | None = None) -> None:
        """Play begins."""
        self.until_step, self.until_epoch = until_step, until_epoch
        self.renew(training)

    def renew(self, training: Training) -> None:
        """Settings changed: a rule that is fulfilled already does not stop what runs."""
        self._is_passed = bool(self._sentence(training))

    def reason(self, training: Training) -> str | None:
        """Return None where training goes on, else why it stops: a sentence, empty where it was asked for."""
        if self.until_step is not None and training.step >= self.until_step:
            return ""
        if self.until_epoch is not None and training.epochs_done >= self.until_epoch:
            return ""
        if self._is_passed:
            return None
        return self._sentence(training) or None

    @staticmethod
    def _sentence(training: Training) -> str:
        settings, evaluation = training.settings, training.evaluation
        if settings.stop_epochs is not None and training.epochs_done >= settings.stop_epochs:
            return f"Stopped after {training.epochs_done} epochs, as set. Play trains on."
        if settings.stop_accuracy is not None and evaluation is not None:
            reached = evaluation.validation.accuracy
            if reached >= settings.stop_accuracy:
                return f"Stopped: validation accuracy reached {reached:.1%}, {settings.stop_accuracy:.1%} was set."
        return ""
