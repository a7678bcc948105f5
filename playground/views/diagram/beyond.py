"""Layers that a wide diagram has no room for at once: the signs at both ends that say so and bring them into sight."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter, QPen

from playground.views.diagram.state import DiagramState, Target
from playground.views.diagram.viewport import View

_STEP = 0.7  # of the width: so far a click goes
_SMALL = 8.5  # points


@dataclass(frozen=True)
class Sign:
    """One end: where its button stands, what it says, and whether it points to the outputs."""

    spot: QRectF
    words: str
    is_later: bool

    @property
    def target(self) -> Target:
        """Return what a click on it hits."""
        return Target("later" if self.is_later else "earlier")


def hidden_columns(state: DiagramState) -> tuple[int, int]:
    """Return how many columns lie out of sight at the left and at the right."""
    layout = state.layout
    if layout is None or not layout.is_wide:
        return 0, 0
    middles = [state.view.x(column.middle) for column in layout.columns]
    return sum(x < 0 for x in middles), sum(x > layout.width for x in middles)


def signs(state: DiagramState) -> list[Sign]:
    """Return the signs that are shown now."""
    layout = state.layout
    if layout is None:
        return []
    em, metrics = state.look.em(), QFontMetricsF(state.look.font(_SMALL, bold=True))
    found = []
    for count, is_later in zip(hidden_columns(state), (False, True), strict=True):
        if count:
            words = f"{count} more ›" if is_later else f"‹ {count} more"
            width = metrics.horizontalAdvance(words) + 1.2 * em
            left = layout.width - width - 0.3 * em if is_later else 0.3 * em
            found.append(Sign(QRectF(left, layout.stage.top() - 1.2 * em, width, 1.5 * em), words, is_later))
    return found


def sign_target(state: DiagramState, point: QPointF) -> Target | None:
    """Return the sign under a point, None where there is none."""
    return next((sign.target for sign in signs(state) if sign.spot.contains(point)), None)


def moved_on(state: DiagramState, *, is_later: bool) -> View:
    """Return the view after a click on a sign."""
    step = _STEP * state.size.width()
    return state.view.panned(-step if is_later else step, 0.0)


def whole_view(state: DiagramState) -> View:
    """Return the view in which all of the network is in sight."""
    layout = state.layout
    if layout is None or not layout.is_wide:
        return View()
    zoom = layout.width / layout.extent.width()
    return View(zoom, 0.0, layout.stage.center().y() * (1 - zoom))


def paint_signs(painter: QPainter, state: DiagramState) -> None:
    """Paint the signs, and let the stage fade where it goes on."""
    layout, palette, em = state.layout, state.look.palette, state.look.em()
    if layout is None:
        return
    for sign in signs(state):
        fade = QRectF(layout.width - 2 * em if sign.is_later else 0.0, 0.0, 2 * em, layout.stage.bottom())
        ground, clear = palette.colour("window"), palette.colour("window")
        clear.setAlphaF(0.0)
        gradient = QLinearGradient(fade.topLeft(), fade.topRight())
        gradient.setColorAt(0.0, clear if sign.is_later else ground)
        gradient.setColorAt(1.0, ground if sign.is_later else clear)
        painter.fillRect(fade, gradient)
        is_hot = state.hover == sign.target
        painter.setPen(QPen(palette.colour("accent"), 1.2))
        painter.setBrush(palette.colour("accent" if is_hot else "raised"))
        painter.drawRoundedRect(sign.spot, 0.4 * em, 0.4 * em)
        painter.setFont(state.look.font(_SMALL, bold=True))
        painter.setPen(palette.colour("window" if is_hot else "text"))
        painter.drawText(sign.spot, Qt.AlignmentFlag.AlignCenter, sign.words)
