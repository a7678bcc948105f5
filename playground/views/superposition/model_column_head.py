"""The lines above and below the picture of a model: its name, formula and loss; what is under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.problem import ABS
from playground.views.look import Look
from playground.views.superposition.model_column_reading import ColumnReading
from playground.views.superposition.model_column_words import COLUMN_NAMES, FORMULAS, TITLES, loss_words

_LINES = (1.3, 1.1, 1.2, 1.1)  # em: name, formula, loss, what it is held against
_SMALLEST = 6.5  # points, before words are cut


class ColumnHead(QWidget):
    """Name, formula, loss times 1000, how many features are represented, and what the loss is to be held against."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._reading: ColumnReading | None = None
        self._is_chosen = False
        self._lines: tuple[str, ...] = ("", "", "", "", "")
        self.setObjectName("column_head")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "Loss × 10⁻³, weighted by importance, mean over the features, on a fixed weighted set of examples.\n"
            "Below: the best that any linear model can do (closed form), and the loss of the same answer to everything."
        )
        look.changed.connect(self._render_look)

    def show_reading(self, reading: ColumnReading, *, is_chosen: bool) -> None:
        """Show the words of another moment."""
        lines = head_lines(reading)
        if lines != self._lines or is_chosen != self._is_chosen or self._reading is None:
            self._lines, self._is_chosen = lines, is_chosen
            self.setAccessibleName(", ".join(part for part in lines if part))
            self.update()
        self._reading = reading

    def lines(self) -> tuple[str, ...]:
        """Return name, formula, loss, represented and what the loss is held against."""
        return self._lines

    def sizeHint(self) -> QSize:
        """Return the room of four lines."""
        em = self._look.em(9.0)
        return QSize(round(16 * em), round(sum(_LINES) * em))

    def minimumSizeHint(self) -> QSize:
        """Return the room of four lines."""
        return QSize(round(6 * self._look.em(9.0)), self.sizeHint().height())

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines."""
        if self._reading is None:
            return
        painter = QPainter(self)
        em = self._look.em(9.0)
        name, formula, loss, represented, held_against = self._lines
        y = [sum(_LINES[:line]) * em for line in range(4)]
        painter.setFont(self._look.font(10.5, bold=True))
        words = _fitting(QFontMetricsF(painter.font()), self.width(), name, TITLES.get(self._reading.kind, name))
        self._write(painter, 0, y[0], _LINES[0] * em, "accent" if self._is_chosen else "text", words)
        painter.setFont(self._fitted_font(8.5, formula))
        self._write(painter, 0, y[1], _LINES[1] * em, "muted", formula)
        self._draw_loss(painter, y[2], _LINES[2] * em, loss, represented)
        short = held_against.replace("linear optimum", "optimum").replace("mean alone", "mean")
        painter.setFont(self._fitted_font(8.0, short))
        words = _fitting(QFontMetricsF(painter.font()), self.width(), held_against, short)
        self._write(painter, 0, y[3], _LINES[3] * em, "muted", words)
        painter.end()

    def _draw_loss(self, painter: QPainter, top: float, height: float, loss: str, represented: str) -> None:
        painter.setFont(self._fitted_font(8.5, f"{loss} {represented.split(' rep')[0]}", mono=True))
        metrics = QFontMetricsF(painter.font())
        has_diverged = self._reading is not None and self._reading.has_diverged
        left_over = self.width() - metrics.horizontalAdvance(f"{loss} ")
        self._write(painter, 0, top, height, "bad" if has_diverged else "text", loss)
        words = _fitting(
            metrics, left_over, represented, represented.replace(" of ", "/"), represented.split(" rep")[0]
        )
        left = self.width() - min(metrics.horizontalAdvance(words), left_over)
        self._write(painter, left, top, height, "text", words)

    def _fitted_font(self, size: float, text: str, *, mono: bool = False) -> QFont:
        """Return the face in which ``text`` fits: numbers and formulas come whole before they come large."""
        while (
            size > _SMALLEST and QFontMetricsF(self._look.font(size, mono=mono)).horizontalAdvance(text) > self.width()
        ):
            size -= 0.5
        return self._look.font(size, mono=mono)

    def _write(self, painter: QPainter, x: float, top: float, height: float, colour: str, text: str) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.setPen(self._look.palette.colour(colour))
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - x + 1)
        painter.drawText(QPointF(x, top + (height + metrics.ascent() - metrics.descent()) / 2), words)


def _fitting(metrics: QFontMetricsF, room: float, *choices: str) -> str:
    """Return the first of ``choices`` that has room, else the last."""
    return next((words for words in choices if metrics.horizontalAdvance(words) <= room), choices[-1])


def head_lines(reading: ColumnReading) -> tuple[str, str, str, str, str]:
    """Return name, formula, loss, represented, and the losses that the loss is to be held against."""
    represented = f"{int(reading.metrics.represented)} of {reading.features} represented"
    loss = f"loss {loss_words(reading.loss)}"
    if reading.has_diverged:
        return COLUMN_NAMES[reading.kind], FORMULAS[reading.kind], loss, represented, "the weights ran away: restart"
    trivial = f"{'zero' if reading.kind == ABS else 'mean'} alone {loss_words(reading.trivial)}"
    best = "" if reading.optimum is None else f"linear optimum {loss_words(reading.optimum)} · "
    return COLUMN_NAMES[reading.kind], FORMULAS[reading.kind], loss, represented, best + trivial


class Readout(QWidget):
    """One line of numbers of what is under the mouse, or a sentence about what went wrong."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._text, self._is_error, self._is_quiet = "", False, False
        self.setObjectName("column_readout")
        self.setAccessibleName("Numbers under the mouse")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def show_text(self, text: str, *, is_error: bool = False, is_quiet: bool = False) -> None:
        """Show another line; a quiet one is what stands there while nothing is pointed at."""
        if (text, is_error, is_quiet) != (self._text, self._is_error, self._is_quiet):
            self._text, self._is_error, self._is_quiet = text, is_error, is_quiet
            self.setToolTip(text)
            self.update()

    def text(self) -> str:
        """Return the line."""
        return self._text

    def sizeHint(self) -> QSize:
        """Return the room of one line."""
        em = self._look.em(8.5)
        return QSize(round(16 * em), round(1.35 * em))

    def minimumSizeHint(self) -> QSize:
        """Return the room of one line."""
        return QSize(round(6 * self._look.em(8.5)), self.sizeHint().height())

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        size = 8.5
        while size > 6.5 and self._width_at(size) > self.width():  # exact numbers come whole before they come large
            size -= 0.5
        painter.setFont(self._look.font(size, mono=True))
        metrics = QFontMetricsF(painter.font())
        colour = "bad" if self._is_error else "muted" if self._is_quiet else "text"
        painter.setPen(self._look.palette.colour(colour))
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        words = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width() + 1)
        painter.drawText(QPointF(0, baseline), words)
        painter.end()

    def _width_at(self, size: float) -> float:
        return QFontMetricsF(self._look.font(size, mono=True)).horizontalAdvance(self._text)
