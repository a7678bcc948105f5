"""The card "while you paint": validation accuracy and loss without and with what the hand did, at the same step."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.snapshots import Evaluation, Measure, Snapshot, StrokeEffect
from playground.views.calm import Calm
from playground.views.look import Look
from playground.views.plots.errors import OwnUnit

LARGE = 1000.0  # a loss from here on is told without decimals
HINT = (
    "What a stroke, or any other change of the weights by hand, does to data that are not trained on:\n"
    "measured twice at the same step, once with the weights as they were and once as you made them.\n"
    "Green is better, red is worse.\n"
    "RMSE: the root of the mean squared error, in the unit of what is predicted."
)
NO_VALIDATION = "No validation examples: what the hands do cannot be judged on data that are not trained on."


@dataclass(frozen=True)
class CardRow:
    """One line: its name, the number without and with the stroke; ``verdict`` is good, bad or text."""

    name: str
    without: str
    now: str
    verdict: str = "text"


def card_rows(snapshot: Snapshot, unit: OwnUnit | None = None) -> tuple[CardRow, ...]:
    """Return the lines of the card; ``unit`` is that of a number that is predicted."""
    effect, evaluation = snapshot.stroke_effect, snapshot.evaluation
    rows: list[CardRow] = []
    if effect is not None:
        rows = _effect_rows(effect, unit)
        if rows and not effect.is_open and evaluation is not None and evaluation.step > effect.step:
            name, number = _main(evaluation.validation)
            rows.append(CardRow(f"{name} now", "", number))
    elif evaluation is not None:
        rows = _rows(evaluation.validation, unit)
    if evaluation is not None and evaluation.test is not None and evaluation.test.count:
        name, number = _main(evaluation.test)
        rows.append(CardRow(f"test {name}, not for tuning", "", number, "muted"))
    return tuple(rows)


def card_note(snapshot: Snapshot) -> str:
    """Return the line below the numbers: at which step and on how much they were measured."""
    effect, evaluation = snapshot.stroke_effect, snapshot.evaluation
    if effect is not None:
        step, note = effect.step, _measured(snapshot, effect.step, effect.with_stroke)
    elif evaluation is not None:
        step = evaluation.step
        note = _measured(snapshot, step, evaluation.validation)
        note += "; paint, and the effect shows here" if evaluation.validation.count else ""
    else:
        return "Paint or change weights, and the effect on data that are not trained on shows here."
    return note + _test_note(evaluation, step)


def _effect_rows(effect: StrokeEffect, unit: OwnUnit | None) -> list[CardRow]:
    before, after = effect.without, effect.with_stroke
    if not after.count:
        return []
    rows = []
    if math.isfinite(before.accuracy) and math.isfinite(after.accuracy):
        texts = f"{before.accuracy:.1%}", f"{after.accuracy:.1%}"
        rows.append(_compared("validation accuracy", *texts, after.accuracy - before.accuracy))
    texts = _loss(before.loss), _loss(after.loss)
    rows.append(_compared("validation loss", *texts, before.loss - after.loss))
    if unit is not None:
        rows.append(
            _compared(f"RMSE ({unit.name})", unit.text(before.loss), unit.text(after.loss), before.loss - after.loss)
        )
    return rows


def _compared(name: str, before: str, after: str, gain: float) -> CardRow:
    verdict = "text" if before == after and abs(gain) < 5e-4 else "good" if gain > 0 else "bad"
    return CardRow(name, _spaced(before), _spaced(after), verdict if gain == gain else "bad")


def _rows(measure: Measure, unit: OwnUnit | None) -> list[CardRow]:
    if not measure.count:
        return []
    rows = [CardRow("validation loss", "", _loss(measure.loss))]
    if math.isfinite(measure.accuracy):
        rows.insert(0, CardRow("validation accuracy", "", _spaced(f"{measure.accuracy:.1%}")))
    if unit is not None:
        rows.append(CardRow(f"RMSE ({unit.name})", "", unit.text(measure.loss)))
    return rows


def _main(measure: Measure) -> tuple[str, str]:
    if math.isfinite(measure.accuracy):
        return "accuracy", _spaced(f"{measure.accuracy:.1%}")
    return "loss", _loss(measure.loss)


def _loss(value: float) -> str:
    """Return a loss in at most seven characters or so: one that ran away has no use for decimals."""
    return f"{value:.3f}" if not abs(value) >= LARGE else f"{value:.4g}"


def _spaced(text: str) -> str:
    return text.replace("%", " %")


def _measured(snapshot: Snapshot, step: int, measure: Measure) -> str:
    if not measure.count:
        return NO_VALIDATION
    what = "images" if len(snapshot.spec.input_shape) > 1 else "examples"
    return f"at step {step:,}, measured on {measure.count:,} validation {what}"


def _test_note(evaluation: Evaluation | None, step: int) -> str:
    """Return when the test part was measured, where that was another moment."""
    if evaluation is None or evaluation.test is None or not evaluation.test.count:
        return ""
    measured = evaluation.step if evaluation.test_step is None else evaluation.test_step
    return "" if measured == step else f"; test at step {measured:,}"


class StrokeCard(QWidget):
    """Draws the lines of the card."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: tuple[CardRow, ...] = ()
        self._note = ""
        self._is_live = self._is_brief = False
        self._unit: OwnUnit | None = None
        self._head = "while you paint"
        self._effect: StrokeEffect | None = None
        self._calm = Calm(self)
        self._calm.due.connect(self._show_snapshot)
        self._heights: dict[int, int] = {}  # by width: the tallest since other lines came
        self.setObjectName("stroke_card")
        self.setAccessibleName("while you paint")
        self.setToolTip(HINT)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._render_look)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show the latest measurement: what the hand did at once, what training does a few times a second."""
        effect = snapshot.stroke_effect
        self._calm.offer(snapshot, at_once=effect is not self._effect or not snapshot.is_running)

    def set_unit(self, unit: OwnUnit | None) -> None:
        """Tell errors in the unit of what is predicted too; None where there are classes."""
        self._unit = unit

    def set_brief(self, is_brief: bool) -> None:
        """Leave out the note, and cut long names instead of giving them a line: where the inspector is low."""
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            self._say_hint()
            self._render_look()

    def _say_hint(self) -> None:
        whole = "\n".join(f"{row.name}: {_arrow(row)}" for row in self._rows)
        self.setToolTip("\n".join(part for part in (HINT, whole, self._note) if part) if self._is_brief else HINT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let no timer run out of sight."""
        self._calm.stop()
        super().hideEvent(event)

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self._effect = snapshot.stroke_effect
        unit = self._unit if snapshot.settings.loss == "squared_error" else None
        rows, note = card_rows(snapshot, unit), card_note(snapshot)
        effect = snapshot.stroke_effect
        is_live = effect is not None and effect.is_open
        if (rows, note, is_live) == (self._rows, self._note, self._is_live):
            return
        room, was_stacked = self.heightForWidth(self.width()), self._is_stacked(self.width())
        is_other = [row.name for row in rows] != [row.name for row in self._rows]
        self._rows, self._note, self._is_live = rows, note, is_live
        if is_other or self._is_stacked(self.width()) != was_stacked:
            self._heights.clear()
        spoken = [f"{row.name} {row.without + ' to ' if row.without else ''}{row.now}" for row in rows]
        self.setAccessibleDescription("; ".join([*spoken, note]))
        self._head = "your last change" if effect is not None and not is_live else "while you paint"
        self._say_hint()
        if self.heightForWidth(self.width()) != room:
            self.updateGeometry()  # only then: it lays out the whole inspector anew
        self.update()

    def rows(self) -> tuple[CardRow, ...]:
        """Return the lines that are shown."""
        return self._rows

    def note(self) -> str:
        """Return the line below them."""
        return self._note

    # ---- size ----

    def _line(self) -> float:
        return 1.25 * self._look.em()

    def _pad(self) -> float:
        return 0.6 * self._look.em()

    def _is_stacked(self, width: float) -> bool:
        """Say whether some name and its numbers need lines of their own."""
        if self._is_brief:
            return False
        mono, plain = QFontMetricsF(self._look.font(9.5, mono=True)), QFontMetricsF(self._look.font(9.5))
        lines = (plain.horizontalAdvance(row.name) + mono.horizontalAdvance(_arrow(row)) for row in self._rows)
        return max(lines, default=0.0) + 2 * self._pad() + 0.5 * self._look.em() > width

    def heightForWidth(self, width: int) -> int:
        """Return the height of head, lines and note.

        With the same lines it never falls: a note that needs one line less at every second measurement would make the
        whole inspector jump, and be laid out and painted anew.
        """
        lines = 1 + len(self._rows) * (2 if self._is_stacked(width) else 1)
        height = round(2 * self._pad() + lines * self._line() + self._note_height(width) + 0.2 * self._look.em())
        self._heights[width] = max(height, self._heights.get(width, 0))
        return self._heights[width]

    def _note_height(self, width: float) -> float:
        if self._is_brief and self._rows:
            return 0.0
        room = QRectF(0, 0, width - 2 * self._pad(), 1e4)
        return (
            QFontMetricsF(self._look.font(8.0)).boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._note).height()
        )

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def sizeHint(self) -> QSize:
        """Return a size in which the lines fit."""
        width = round(18 * self._look.em())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(round(8 * self._look.em()), round(3 * self._line()))

    def _render_look(self) -> None:
        self._heights.clear()
        self.updateGeometry()
        self.update()

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw card, head, lines and note."""
        palette, em, pad, line = self._look.palette, self._look.em(), self._pad(), self._line()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("accent" if self._is_live else "line"), 1))
        painter.setBrush(palette.colour("raised" if palette.name == "dark" else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 0.4 * em, 0.4 * em)
        inside = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        row = QRectF(inside.left(), inside.top(), inside.width(), line)
        painter.setFont(self._look.font(9.0))
        painter.setPen(palette.colour("muted"))
        painter.drawText(row, int(Qt.AlignmentFlag.AlignVCenter), self._head)
        is_stacked = self._is_stacked(self.width())
        for entry in self._rows:
            row.translate(0, line)
            taken = 0.0 if is_stacked else self._numbers_width(entry) + 0.4 * em
            self._draw_name(painter, row.adjusted(0, 0, -taken, 0), entry)
            if is_stacked:
                row.translate(0, line)
            self._draw_row(painter, row, entry)
        if self._is_brief and self._rows:
            painter.end()
            return
        note = QRectF(inside.left(), row.bottom() + 0.2 * em, inside.width(), self._note_height(self.width()) + 2)
        painter.setFont(self._look.font(8.0))
        painter.setPen(palette.colour("muted"))
        painter.drawText(note, int(Qt.TextFlag.TextWordWrap), self._note)
        painter.end()

    def _draw_name(self, painter: QPainter, room: QRectF, entry: CardRow) -> None:
        painter.setFont(self._look.font(9.5))
        painter.setPen(self._look.palette.colour("muted" if entry.verdict == "muted" else "text"))
        name = QFontMetricsF(painter.font()).elidedText(entry.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)

    def _numbers_width(self, entry: CardRow) -> float:
        is_bold = entry.verdict in ("good", "bad")
        now = QFontMetricsF(self._look.font(9.5, mono=True, bold=is_bold)).horizontalAdvance(entry.now)
        before = f"{entry.without} → " if entry.without else ""
        return now + QFontMetricsF(self._look.font(9.5, mono=True)).horizontalAdvance(before)

    def _draw_row(self, painter: QPainter, room: QRectF, entry: CardRow) -> None:
        palette = self._look.palette
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        bold = self._look.font(9.5, mono=True, bold=entry.verdict in ("good", "bad"))
        painter.setFont(bold)
        painter.setPen(palette.colour(entry.verdict))
        painter.drawText(room, flags, entry.now)
        if entry.without:
            width = QFontMetricsF(bold).horizontalAdvance(entry.now)
            painter.setFont(self._look.font(9.5, mono=True))
            painter.setPen(palette.colour("text"))
            painter.drawText(room.adjusted(0, 0, -width, 0), flags, f"{entry.without} → ")


def _arrow(row: CardRow) -> str:
    return f"{row.without} → {row.now}" if row.without else row.now
