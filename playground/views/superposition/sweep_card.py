"""One side of the sweeps: tabs, a picture, its numbers to start with, and what saves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from playground.engine.superposition.results import Result
from playground.engine.superposition.results_table import csv_of
from playground.views.look import Look
from playground.views.plots.export import Figure, SaveError, png_of, svg_of
from playground.views.plots.saving import PlotSaving
from playground.views.superposition.chart import Chart
from playground.views.superposition.option_row import OptionRow
from playground.views.superposition.sweep_controls import SweepControls


class SweepCard(QWidget):
    """Shows one of several pictures; ``rows`` are switches that belong to some of them."""

    tab_chosen = Signal(str)

    def __init__(
        self,
        look: Look,
        name: str,
        tabs: Sequence[tuple[str, str, str]],
        charts: Mapping[str, Chart],
        rows: Mapping[str, OptionRow],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._charts, self._rows = look, charts, rows
        self._results: dict[str, Result] = {}
        self.setObjectName(name)
        self.setAccessibleName("Sweeps" if name == "sweeps" else "Phase diagrams")
        self._tabs = OptionRow(look, f"{name}_tab", "Picture", tabs, self)
        self.saving = PlotSaving(look, name, "Save the sweep", self._figure, self._content, self)
        self._stack = QStackedWidget(self)
        for chart in dict.fromkeys(charts.values()):
            self._stack.addWidget(chart)
        self.controls = SweepControls(look, f"{name}_controls", self._tabs.value(), self)
        top = QHBoxLayout()
        top.addWidget(self._tabs, 1)
        top.addWidget(self.saving.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        for row in dict.fromkeys(rows.values()):
            column.addWidget(row)
        column.addWidget(self._stack, 1)
        column.addWidget(self.saving.message)
        column.addWidget(self.controls)
        self._tabs.chosen.connect(self._choose_tab)
        self._render_tab()

    # ---- what others call ----------------------------------------------------------------------------------------

    def tab(self) -> str:
        """Return which sweep is in front."""
        return self._tabs.value()

    def set_tab(self, name: str) -> None:
        """Put a sweep in front, without a word to anybody."""
        self._tabs.set_value(name)
        self._render_tab()

    def set_result(self, name: str, result: Result) -> None:
        """Keep what the table of a sweep is made of."""
        self._results[name] = result

    def forget(self) -> None:
        """Keep nothing."""
        self._results = {}

    # ---- inside --------------------------------------------------------------------------------------------------

    def _chart(self) -> Chart:
        return self._charts[self.tab()]

    def _content(self, kind: str) -> bytes:
        result = self._results.get(self.tab())
        if result is None:
            raise SaveError("There is nothing to save yet: start the sweep first.")
        if kind == "csv":
            return csv_of(result).encode()
        self._chart().point_at(-1)
        return png_of(self._figure()) if kind == "png" else svg_of(self._figure(), self._chart().title())

    def _figure(self) -> Figure:
        chart = self._chart()
        return Figure((chart,), chart.size(), self._look.palette.colour("window"))

    def _choose_tab(self, name: str) -> None:
        self._render_tab()
        self.tab_chosen.emit(name)

    def _render_tab(self) -> None:
        name = self.tab()
        self.saving.stem = name
        self._stack.setCurrentWidget(self._chart())
        self.controls.set_sweep(name)
        for row in dict.fromkeys(self._rows.values()):
            row.setVisible(self._rows.get(name) is row)
