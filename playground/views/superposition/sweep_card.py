"""One side of the sweeps: tabs, a picture, its numbers to start with, and what saves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from playground.engine.superposition.results import Result
from playground.engine.superposition.results_table import csv_of
from playground.views.file_choice import ask_to_save
from playground.views.heads import FlatButton
from playground.views.look import Look
from playground.views.plots.export import Figure, SaveError, picture_of, png_of, svg_of, write_whole
from playground.views.superposition.chart import Chart
from playground.views.superposition.option_row import OptionRow
from playground.views.superposition.sweep_controls import SweepControls

MESSAGE_MS = 6000
FORMATS = {"svg": "SVG picture (*.svg)", "png": "PNG picture (*.png)", "csv": "Numbers (*.csv)"}


class SweepCard(QWidget):
    """Shows one of several pictures; ``rows`` are switches that belong to some of them."""

    tab_chosen = Signal(str)
    saved = Signal(str)  # path of a file that was written

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
        hint = "Copy the picture, or save it and its numbers."
        self._more = FlatButton(
            look, f"{name}_menu", "⋯", hint, accessible="Copy and save", menu=self._menu(name), arrow=False, parent=self
        )
        self._stack = QStackedWidget(self)
        for chart in dict.fromkeys(charts.values()):
            self._stack.addWidget(chart)
        self.controls = SweepControls(look, f"{name}_controls", self._tabs.value(), self)
        self._message = QLabel(self)
        self._message.setObjectName(f"{name}_message")
        self._message.setWordWrap(True)
        self._message.hide()
        self._fade = QTimer(self, singleShot=True, interval=MESSAGE_MS)
        self._fade.timeout.connect(self._message.hide)
        top = QHBoxLayout()
        top.addWidget(self._tabs, 1)
        top.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        for row in dict.fromkeys(rows.values()):
            column.addWidget(row)
        column.addWidget(self._stack, 1)
        column.addWidget(self._message)
        column.addWidget(self.controls)
        self._tabs.chosen.connect(self._choose_tab)
        look.changed.connect(self._render_look)
        self._render_look()
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

    def save(self, path: Path) -> bool:
        """Write picture or numbers, by the ending of ``path``; says in place what went wrong."""
        kind = path.suffix.lower().lstrip(".")
        result = self._results.get(self.tab())
        if kind not in FORMATS:
            self._say(f"{path.name} has no ending that can be saved: use .svg, .png or .csv.", is_error=True)
            return False
        if result is None:
            self._say("There is nothing to save yet: start the sweep first.", is_error=True)
            return False
        try:
            write_whole(path, self._bytes(kind, result))
        except SaveError as error:
            self._say(str(error), is_error=True)
            return False
        self._say(f"Saved as {path.name}.")
        self.saved.emit(str(path))
        return True

    def copy_picture(self) -> None:
        """Put the picture in the clipboard."""
        QGuiApplication.clipboard().setImage(picture_of(self._figure()))
        self._say("The picture is in the clipboard.")

    # ---- inside --------------------------------------------------------------------------------------------------

    def _chart(self) -> Chart:
        return self._charts[self.tab()]

    def _bytes(self, kind: str, result: Result) -> bytes:
        if kind == "csv":
            return csv_of(result).encode()
        self._chart().point_at(-1)
        return png_of(self._figure()) if kind == "png" else svg_of(self._figure(), self._chart().title())

    def _figure(self) -> Figure:
        chart = self._chart()
        return Figure((chart,), chart.size(), self._look.palette.colour("window"))

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName(f"{name}_actions")
        for key, words in (
            ("copy", "Copy as picture"), ("svg", "Save as SVG …"), ("png", "Save as PNG …"),
            ("csv", "Save the numbers as CSV …"),
        ):  # fmt: skip
            action = menu.addAction(words)
            action.setData(key)
            action.setObjectName(f"{name}_{key}")
        menu.triggered.connect(self._obey)
        return menu

    def _obey(self, action: QAction) -> None:
        key = action.data()
        if key == "copy":
            self.copy_picture()
        else:
            ask_to_save(self, "Save the sweep", f"{self.tab()}.{key}", FORMATS[key], self._save_chosen)

    def _save_chosen(self, name: str) -> None:
        self.save(Path(name))

    def _choose_tab(self, name: str) -> None:
        self._render_tab()
        self.tab_chosen.emit(name)

    def _render_tab(self) -> None:
        name = self.tab()
        self._stack.setCurrentWidget(self._chart())
        self.controls.set_sweep(name)
        for row in dict.fromkeys(self._rows.values()):
            row.setVisible(self._rows.get(name) is row)

    def _say(self, sentence: str, *, is_error: bool = False) -> None:
        self._message.setProperty("role", "error" if is_error else "muted")
        self._message.style().unpolish(self._message)
        self._message.style().polish(self._message)
        self._message.setText(sentence)
        self._message.show()
        if is_error:
            self._fade.stop()
        else:
            self._fade.start()

    def _render_look(self) -> None:
        self._message.setFont(self._look.font(9.0))

    def hideEvent(self, event: QHideEvent) -> None:
        """Let no timer run out of sight."""
        self._fade.stop()
        super().hideEvent(event)
