"""Pointing: a feature under the mouse or chosen in one panel lights up in all others."""

from __future__ import annotations

from PySide6.QtCore import QObject

from playground.labs.superposition.chosen import Chosen
from playground.labs.superposition.stage import Stage


class Pointing(QObject):
    """Shares what is chosen and what is pointed at between hidden space, columns, strip and probe."""

    def __init__(self, panels: Stage, chosen: Chosen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panels, self._chosen = panels, chosen
        panels.space.selection_changed.connect(chosen.set_features)
        panels.space.hovered.connect(self._point)
        panels.strip.feature_pointed.connect(self._point)
        panels.columns.feature_pointed.connect(self._point_from_columns)
        panels.probe.feature_chosen.connect(self._choose)
        panels.probe.output_pointed.connect(self._point_at_output)
        chosen.features_changed.connect(self._show_features)

    def _choose(self, feature: int) -> None:
        self._chosen.set_features((feature,))

    def _point_at_output(self, output: tuple[int, int] | None) -> None:
        self._point(-1 if output is None else output[1])

    def _point(self, feature: int) -> None:
        """Light a feature up; -1: the one that is chosen, if there is one."""
        shown = feature if feature >= 0 else self._resting()
        self._panels.columns.show_feature(shown)
        self._panels.strip.show_feature(shown)

    def _point_from_columns(self, feature: int) -> None:
        """The columns have lit it up themselves."""
        if feature < 0:
            self._point(feature)
        else:
            self._panels.strip.show_feature(feature)

    def _show_features(self) -> None:
        features = self._chosen.features
        self._panels.space.set_selection(features)
        self._panels.tools.render_selection(features)
        self._panels.probe.set_selected(features[0] if features else None)
        self._point(-1)

    def _resting(self) -> int:
        return self._chosen.features[0] if self._chosen.features else -1
