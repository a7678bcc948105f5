"""S up and down by itself: a button, the range, and how long one way takes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.superposition.problem import HIGHEST_SPARSITY
from playground.views.fields import NumberField
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.words import QuietLine
from playground.views.look import Look

_ANIMATE = (
    "Move S up and down while the models train on (continue): see what gives way late, and on which side. "
    "It stops when you touch the slider, and is one step for undo."
)
_ERROR = "S runs from the smaller number to the larger one: make the first one smaller."


@dataclass(frozen=True)
class SweepRange:
    """Between which sparsities S moves, and how many seconds one way takes."""

    low: float
    high: float
    seconds: float


class AnimateRow(QWidget):
    """The button that moves S, with its range and speed."""

    toggled = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("animate_row")
        self._button = IconButton(
            look, "animate_sparsity", "Animate S", _ANIMATE, text="animate S", checkable=True, parent=self
        )
        self._low = self._field("animate_low", "from S", 0.5, HIGHEST_SPARSITY, "S at which the way up begins.")
        self._high = self._field("animate_high", "to S", 0.99, HIGHEST_SPARSITY, "S at which it turns back.")
        self._seconds = self._field("animate_seconds", "seconds", 10.0, 600.0, "How long one way takes.", low=1.0)
        self._word = QuietLine(look, colour="bad", parent=self)
        self._word.setObjectName("animate_error")
        self._word.hide()
        self._line = QHBoxLayout()
        self._line.addWidget(self._button)
        self._line.addStretch(1)
        for field in (self._low, self._high, self._seconds):
            self._line.addWidget(field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._line)
        column.addWidget(self._word)
        self._button.clicked.connect(self._toggle)
        look.changed.connect(self._render_look)
        self._render_look()

    def range(self) -> SweepRange:
        """Return what is set."""
        return SweepRange(float(self._low.value()), float(self._high.value()), float(self._seconds.value()))

    def set_range(self, wanted: SweepRange) -> None:
        """Show another range and speed."""
        for field, value in ((self._low, wanted.low), (self._high, wanted.high), (self._seconds, wanted.seconds)):
            field.set_value(value)

    def set_running(self, *, is_running: bool) -> None:
        """Show whether S moves."""
        self._button.setChecked(is_running)
        self._button.setText("stop S" if is_running else "animate S")
        self._button.updateGeometry()

    def is_running(self) -> bool:
        """Return whether S moves."""
        return self._button.isChecked()

    def _toggle(self, is_on: bool) -> None:
        wanted = self.range()
        is_wrong = is_on and wanted.low >= wanted.high
        self._word.setText(_ERROR if is_wrong else "")
        self._word.setVisible(is_wrong)
        self.set_running(is_running=is_on and not is_wrong)
        if not is_wrong:
            self.toggled.emit(is_on)

    def _field(self, name: str, label: str, value: float, high: float, tip: str, *, low: float = 0.0) -> NumberField:
        return NumberField(
            self._look, name, label, low=low, high=high, value=value, slider=False, compact=True, digits=5,
            decimals=2 if high < 1 else 0, waits=True, tooltip=tip, parent=self,
        )  # fmt: skip

    def _render_look(self) -> None:
        self._line.setSpacing(round(0.2 * self._look.em()))
