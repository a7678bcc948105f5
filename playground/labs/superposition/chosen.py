"""What is chosen in the superposition lab: a kind of model, a seed, and features of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from playground.engine.superposition.problem import RELU
from playground.engine.superposition.setup import Setup


class Chosen(QObject):
    """One choice for all panels: the model that is shown large, and the features that the hand is at."""

    model_changed = Signal()
    features_changed = Signal()

    def __init__(self, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = 0
        self.seed = 0
        self.features: tuple[int, ...] = ()
        self._kinds: tuple[str, ...] = ()
        self._seeds: tuple[int, ...] = ()
        self.keep_to(setup)

    @property
    def model(self) -> tuple[int, int]:
        """Return the places of kind and seed."""
        return self.kind, self.seed

    def set_kind(self, place: int) -> None:
        """Choose the kind at a place."""
        self._set_model(place, self.seed)

    def set_seed(self, place: int) -> None:
        """Choose the seed at a place."""
        self._set_model(self.kind, place)

    def set_features(self, features: Sequence[int]) -> None:
        """Choose features."""
        found = tuple(features)
        if found != self.features:
            self.features = found
            self.features_changed.emit()

    def _set_model(self, kind: int, seed: int) -> None:
        if (kind, seed) != (self.kind, self.seed):
            self.kind, self.seed = kind, seed
            self.model_changed.emit()

    def keep_to(self, setup: Setup) -> None:
        """Keep the same kind and seed where another setup has them; else choose the ReLU model and the first seed."""
        kind = self._kinds[self.kind] if self._kinds else RELU
        seed = self._seeds[self.seed] if self._seeds else 0
        before = (self._kinds, self._seeds, self.model)
        self._kinds, self._seeds = setup.kinds, setup.seeds
        fallback = setup.kinds.index(RELU) if RELU in setup.kinds else 0
        self.kind = setup.kinds.index(kind) if kind in setup.kinds else fallback
        self.seed = setup.seeds.index(seed) if seed in setup.seeds else 0
        self.set_features([feature for feature in self.features if feature < setup.problem.features])
        if (self._kinds, self._seeds, self.model) != before:
            self.model_changed.emit()
