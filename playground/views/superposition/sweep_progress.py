"""How far a sweep is, how long it still takes, and the button that breaks it off."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from playground.views.heads import FlatButton
from playground.views.look import Look

_PARTS = 1000
_LONGEST = "59 min 50 s"


class SweepProgress(QWidget):
    """Words, a bar and a cross; hidden while nothing runs."""

    cancelled = Signal()  # the user wants it broken off

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = ""  # of the sweep for whose words there is room
        self.setObjectName("sweep_progress")
        self.setAccessibleName("Progress of the sweep")
        self._words = QLabel(self)
        self._words.setObjectName("sweep_progress_words")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("sweep_progress_bar")
        self._bar.setAccessibleName("Share of the sweep that is done")
        self._bar.setToolTip("How much of the sweep is done; partial results are drawn as they come.")
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        hint = "Break the sweep off; what is drawn stays in sight, but is not kept with the project."
        self._cross = FlatButton(look, "sweep_cancel", "✕", hint, accessible="Cancel the sweep", parent=self)
        self._cross.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self._cross)
        look.changed.connect(self._render_look)
        self._render_look()
        self.hide()

    def show_progress(self, title: str, done: float, seconds_left: float) -> None:
        """Show how far the sweep called ``title`` is; NaN seconds: not known yet."""
        if title != self._title:
            self._title = title
            self._fit_words()
        self._words.setText(f"{title}: {progress_words(done, seconds_left)}")
        self._bar.setValue(round(_PARTS * done))
        self.show()

    def words(self) -> str:
        """Return what is said."""
        return self._words.text()

    def _fit_words(self) -> None:
        """Keep room for the longest words that may come, so that none are cut and the bar does not jump."""
        self._words.ensurePolished()
        metrics = QFontMetricsF(self._words.font())
        self._words.setMinimumWidth(math.ceil(metrics.horizontalAdvance(f"{self._title}: 100 %, {_LONGEST} left")))

    def _render_look(self) -> None:
        self._words.setFont(self._look.font(9.0))
        if self._title:
            self._fit_words()


def progress_words(done: float, seconds_left: float) -> str:
    """Return how much is done and how long it still takes; NaN seconds: not known yet."""
    left = f"{left_text(seconds_left)} left" if math.isfinite(seconds_left) else "starting"
    return f"{100 * done:.0f} %, {left}"


def left_text(seconds: float) -> str:
    """Return a time that is still to pass: 18 s, 3 min 20 s, 1 h 5 min."""
    whole = math.ceil(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest // 10 * 10} s"
    return f"{minutes // 60} h {minutes % 60} min"
