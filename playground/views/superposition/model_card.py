"""The card of the model in hand: what has formed and what it costs; during a drag before -> now."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.metrics import Metrics, measure
from playground.views.look import Look
from playground.views.superposition.model_column_words import loss_words
from playground.views.superposition.space_words import formed

_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_NOTHING = "–"
_ROUNDED = 5e-4  # a smaller gap is written as 0


@dataclass(frozen=True, eq=False)
class CardModel:
    """One model at one moment. ``loss`` and ``errors`` are those of the fixed weighted set, not scaled.

    ``metrics`` are what `measure` finds, where that is known already.
    """

    weight: NDArray[np.floating]  # [n, m]
    bias: NDArray[np.floating]  # [n]
    loss: float
    errors: NDArray[np.floating]  # [n]
    metrics: Metrics | None = None


@dataclass(frozen=True)
class CardLine:
    """One line: its name, the value before a drag (empty: there is none) and now; ``verdict``: good, bad, text."""

    name: str
    before: str
    now: str
    verdict: str = "text"


@dataclass(frozen=True)
class _Value:
    """A value in words, and how much worse a larger one is: 1, better: -1, neither: 0."""

    words: str
    size: float = 0.0
    worse: int = 0


def card_lines(now: CardModel, before: CardModel | None = None, feature: int = -1) -> tuple[CardLine, ...]:
    """Return the lines of the card, the same ones for every model; ``feature``: the chosen one, -1: none."""
    fresh = _values(now, feature)
    old = _values(before, feature) if before is not None and before.weight.shape == now.weight.shape else None
    lines = []
    for name, value in fresh.items():
        was = None if old is None else old[name]
        lines.append(CardLine(name, "" if was is None else was.words, value.words, _verdict(was, value)))
    return tuple(lines)


def _values(model: CardModel, feature: int) -> dict[str, _Value]:
    features, hidden = model.weight.shape
    is_finite = bool(np.isfinite(model.weight).all())
    readings = _measured(model) if is_finite else None
    which = str(feature) if 0 <= feature < features else ""
    found = {
        "formed": _Value(formed(model.weight) if is_finite else "diverged"),
        "loss ×10⁻³": _Value(loss_words(model.loss), model.loss, 1),
        f"error of {which}" if which else "error of –": _error(model, feature if which else -1),
    }
    found[f"interf. of {which}" if which else "interf. of –"] = _disturbance(readings, feature if which else -1)
    if readings is None:
        nothing = _Value("no number")
        return {
            **found,
            "represented": nothing,
            f"Σ Dᵢ of {hidden}": nothing,
            f"gap to {hidden}": nothing,
            "D*": nothing,
        }
    gap, span = float(readings.dimensionality_gap), float(readings.dims_per_feature)
    found["represented"] = _Value(f"{int(readings.represented)} of {features}")
    found[f"Σ Dᵢ of {hidden}"] = _Value(_fixed(float(readings.sum_dimensionality)), gap, 1)
    found[f"gap to {hidden}"] = _Value(_fixed(gap if abs(gap) >= _ROUNDED else 0.0), gap, 1)
    found["D*"] = _Value("∞" if math.isinf(span) else _fixed(span))
    return found


def _disturbance(readings: Metrics | None, feature: int) -> _Value:
    if feature < 0 or readings is None:
        return _Value(_NOTHING)
    size = float(readings.interference[feature])
    return _Value(_fixed(size), size, 1)


def _measured(model: CardModel) -> Metrics:
    if model.metrics is not None:
        return model.metrics
    with np.errstate(all="ignore"):  # one feature alone has no off-diagonal; huge weights overflow
        return measure(model.weight, model.bias)


def _error(model: CardModel, feature: int) -> _Value:
    if feature < 0 or feature >= len(model.errors):
        return _Value(_NOTHING)
    size = float(model.errors[feature])
    return _Value(loss_words(size), size, 1)


def _fixed(size: float) -> str:
    if not math.isfinite(size):
        return "no number"
    return f"{size:.3f}" if abs(size) < 100 else f"{size:.3g}"


def _verdict(before: _Value | None, now: _Value) -> str:
    if before is None or before.words == now.words or not now.worse:
        return "text"
    if not math.isfinite(now.size) or not math.isfinite(before.size):
        return "bad" if not math.isfinite(now.size) else "good"
    return "bad" if (now.size - before.size) * now.worse > 0 else "good"


class ModelCard(QWidget):
    """Draws the lines of the card; its height never depends on the numbers."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: tuple[CardLine, ...] = ()
        self._head = "this model"
        self._is_live = False
        self.setObjectName("model_card")
        self.setAccessibleName("this model")
        self.setToolTip(
            "Loss and errors are those of a fixed weighted set, × 10⁻³: they do not jitter.\n"
            "Interference of i: sum over j ≠ i of (Ŵᵢ·Wⱼ)². Σ Dᵢ is at most m; the gap is what is wasted.\n"
            "D* = m / ‖W‖²: hidden dimensions a feature.\n"
            "During a drag every line shows before → now: green is better, red is worse."
        )
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._render_look)

    def render_model(
        self,
        now: CardModel,
        before: CardModel | None = None,
        feature: int = -1,
        *,
        name: str = "",
        is_live: bool = False,
    ) -> None:
        """Show a model, called ``name`` (``ReLU output, seed 3``).

        ``before`` is the model without the drag that is going on (``is_live``) or was the last, measured at the same
        step.
        """
        lines = card_lines(now, before, feature)
        head = f"this model: {name}" if name else "this model"
        if (lines, head, is_live) == (self._lines, self._head, self._is_live):
            return
        room = self.heightForWidth(self.width())
        self._lines, self._head, self._is_live = lines, head, is_live
        said = [f"{line.name} {line.before + ' to ' if line.before else ''}{line.now}" for line in lines]
        if self.heightForWidth(self.width()) != room:
            self.updateGeometry()
        self.setAccessibleName(head)
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def lines(self) -> tuple[CardLine, ...]:
        """Return what is shown."""
        return self._lines

    # ---- size ----

    def _line(self) -> float:
        return 1.3 * self._look.em()

    def _pad(self) -> float:
        return 0.6 * self._look.em()

    def _wide(self) -> float:
        """Return the room of a value: that of ``18 of 40``, or as many digits as this model needs."""
        longest = max([8, *(len(line.now) for line in self._lines if line.name == "represented")])
        return longest * QFontMetricsF(self._look.font(9.5, mono=True, bold=True)).horizontalAdvance("0")

    def _arrow(self) -> float:
        return 3 * QFontMetricsF(self._look.font(9.5, mono=True)).horizontalAdvance("0")

    def _is_stacked(self, width: float) -> bool:
        """Say whether names need lines of their own for before and now to fit; never by what the numbers are."""
        metrics = QFontMetricsF(self._look.font(9.5))
        longest = max((metrics.horizontalAdvance(line.name) for line in self._lines), default=0.0)
        return longest + 0.5 * self._look.em() + 2 * self._wide() + self._arrow() + 2 * self._pad() > width

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the room of the head and all lines."""
        count = max(len(self._lines), 8) * (2 if self._is_stacked(width) else 1) + 1
        return round(count * self._line() + 2 * self._pad())

    def sizeHint(self) -> QSize:
        """Return the room of the head and all lines."""
        width = round(20 * self._look.em())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(round(12 * self._look.em()), round(9 * self._line() + 2 * self._pad()))

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    # ---- painting ----

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        palette, em, pad = self._look.palette, self._look.em(), self._pad()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("accent" if self._is_live else "line"), 1))
        painter.setBrush(palette.colour("raised" if palette.name == "dark" else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 0.4 * em, 0.4 * em)
        inside = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        row = QRectF(inside.left(), inside.top(), inside.width(), self._line())
        painter.setFont(self._look.font(9.0))
        painter.setPen(palette.colour("muted"))
        head = QFontMetricsF(painter.font()).elidedText(self._head, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, _LEFT, head)
        is_stacked = self._is_stacked(self.width())
        for line in self._lines:
            row.translate(0, self._line())
            self._draw_name(painter, row, line)
            if is_stacked:
                row.translate(0, self._line())
            self._draw_values(painter, row, line, is_stacked=is_stacked)
        painter.end()

    def _draw_name(self, painter: QPainter, row: QRectF, line: CardLine) -> None:
        painter.setFont(self._look.font(9.5))
        painter.setPen(self._look.palette.colour("text"))
        painter.drawText(row, _LEFT, line.name)

    def _draw_values(self, painter: QPainter, row: QRectF, line: CardLine, *, is_stacked: bool) -> None:
        """Draw before, arrow and now: the arrow always stands at the same place."""
        mono, is_formed = self._look.font(9.5, mono=True), line.name == "formed"
        name_width = QFontMetricsF(self._look.font(9.5)).horizontalAdvance(line.name) + 0.5 * self._look.em()
        right = row.adjusted(0 if is_stacked else name_width, 0, 0, 0)
        if not line.before or (is_formed and line.before == line.now):
            self._value(painter, right, line.now, "activation" if is_formed else "text", _bold(mono, is_formed))
            return
        wide = (right.width() - self._arrow()) / 2 if is_formed else self._wide()
        now = QRectF(right.right() - wide, right.top(), wide, right.height())
        arrow = QRectF(now.left() - self._arrow(), right.top(), self._arrow(), right.height())
        before = QRectF(right.left(), right.top(), max(arrow.left() - right.left(), 0.0), right.height())
        self._value(painter, before, line.before, "text", mono)
        self._value(painter, arrow, "→", "muted", mono, int(Qt.AlignmentFlag.AlignCenter))
        colour = "activation" if is_formed else line.verdict
        self._value(painter, now, line.now, colour, _bold(mono, colour != "text"))

    def _value(self, painter: QPainter, room: QRectF, text: str, colour: str, font: QFont, flags: int = _RIGHT) -> None:
        painter.setFont(font)
        painter.setPen(self._look.palette.colour(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, flags, shown)


def _bold(font: QFont, is_bold: bool) -> QFont:
    found = QFont(font)
    found.setBold(is_bold)
    return found
