"""The heads of the columns: name, width and activation, − and +, the menu, and the + between columns."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from playground.views.diagram.colours import mixed
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.layout import Layout
from playground.views.diagram.picture import INPUT, Picture, image_shape
from playground.views.diagram.state import DiagramState, Target

_TITLE, _SMALL, _NOTE = 10.0, 9.0, 8.0  # sizes of type in points


@dataclass(frozen=True)
class Head:
    """Where the parts of one column's head stand (widget coordinates); empty rectangles are left out."""

    place: int
    title: QRectF
    line: QRectF
    minus: QRectF
    plus: QRectF
    note: QRectF
    text: str
    note_text: str
    has_menu: bool


def heads(state: DiagramState) -> list[Head]:
    """Return the heads of all columns under the present view."""
    if state.picture is None or state.layout is None:
        return []
    return [_head(state, state.picture, state.layout, place) for place in range(INPUT, len(state.picture.spec.layers))]


def _head(state: DiagramState, picture: Picture, layout: Layout, place: int) -> Head:
    em, view = layout.em, state.view
    left, right = (view.x(edge) for edge in layout.slot(place))
    left, right = left + 0.7 * em, right - 0.7 * em
    middle = view.x(layout.column(place).middle)
    left, right = (max(left, 2.0), right) if place == INPUT else (left, min(right, layout.width - 2.0))
    last = len(picture.spec.layers) - 1
    metrics = QFontMetricsF(state.look.font(_SMALL))
    button = 1.35 * em if 0 <= place < last else 0.0
    text = _line_text(picture, place)
    arrow = 0.9 * em if place >= 0 else 0.0
    room = max(right - left - 2 * button - (0.2 * em if button else 0), 1.5 * em)
    if metrics.horizontalAdvance(text) + arrow > room and place >= 0:
        arrow = 0.0
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room - arrow, 0.0))
    wide = metrics.horizontalAdvance(text) + arrow + 0.4 * em
    total = wide + 2 * button
    start = min(max(middle - total / 2, left), max(right - total, left))
    line = QRectF(start, 1.62 * em, wide, 1.3 * em)
    minus = QRectF(line.right(), line.top(), button, line.height())
    plus = QRectF(minus.right(), line.top(), button, line.height())
    title = QRectF(left, 0.35 * em, right - left, 1.3 * em)
    note = QRectF(left, 2.85 * em, right - left, 1.1 * em)
    small = QFontMetricsF(state.look.font(_NOTE))
    note_text = small.elidedText(_note_text(state, picture, place), Qt.TextElideMode.ElideRight, note.width())
    title = _around(
        title, middle, QFontMetricsF(state.look.font(_TITLE, bold=True)).horizontalAdvance(_name(picture, place))
    )
    return Head(place, title, line, minus, plus, note, text, note_text, bool(arrow))


def _around(band: QRectF, middle: float, width: float) -> QRectF:
    width = min(width + 4.0, band.width())
    start = min(max(middle - width / 2, band.left()), band.right() - width)
    return QRectF(start, band.top(), width, band.height())


def _name(picture: Picture, place: int) -> str:
    return "input" if place == INPUT else picture.spec.layer_name(place)


def _line_text(picture: Picture, place: int) -> str:
    if place == INPUT:
        return f"{picture.spec.inputs:,}"
    return f"{picture.width(place):,} {picture.activation_name(place)}"


def _note_text(state: DiagramState, picture: Picture, place: int) -> str:
    if place == INPUT:
        shape = image_shape(picture.spec)
        return " × ".join(str(size) for size in picture.spec.input_shape) if shape else _part_words(state, place)
    words = [_part_words(state, place)]
    if picture.spec.layers[place].dropout:
        words.append(f"dropout {picture.spec.layers[place].dropout:g}")
    if place in picture.step_above:
        words.append(
            "cannot learn by gradient" if picture.spec.layers[place].activation != "step" else "stops gradients"
        )
    return " · ".join(word for word in words if word)


def _part_words(state: DiagramState, place: int) -> str:
    if state.layout is None or not state.layout.column(place).is_part:
        return ""
    column = state.layout.column(place)
    return f"{column.first + 1:,}–{column.first + column.shown:,} of {column.total:,}"


def insert_buttons(state: DiagramState) -> list[tuple[int, QRectF]]:
    """Return the + between columns: the index of the layer in front of which it inserts, and where it stands."""
    if state.layout is None:
        return []
    em = state.layout.em
    found = []
    for index, gap in enumerate(state.layout.gaps):
        middle = state.view.x(gap.center().x())
        found.append((index, QRectF(middle - 0.62 * em, 1.62 * em, 1.24 * em, 1.24 * em)))
    return found


def head_target(state: DiagramState, point: QPointF) -> Target | None:
    """Return the button or name under a point of the header, None where there is none."""
    for head in heads(state):
        if head.minus.contains(point):
            return Target("minus", head.place)
        if head.plus.contains(point):
            return Target("plus", head.place)
        if head.line.contains(point) and head.place != INPUT:
            return Target("menu", head.place)
        if head.title.contains(point) or head.note.contains(point):
            return Target("title", head.place)
    for index, spot in insert_buttons(state):
        if spot.adjusted(-4, -4, 4, 4).contains(point):
            return Target("insert", index)
    return None


def paint_heads(painter: QPainter, state: DiagramState, edges: EdgeLayer, *, is_hovered: bool) -> None:
    """Paint the header over the stage."""
    if state.picture is None or state.layout is None:
        return
    for head in heads(state):
        _paint_head(painter, state, state.picture, head)
    _paint_thinned(painter, state, edges)
    for index, spot in insert_buttons(state):
        hot = state.hover == Target("insert", index)
        if hot or is_hovered:
            _paint_round_plus(painter, state, spot, hot=hot)


def _paint_head(painter: QPainter, state: DiagramState, picture: Picture, head: Head) -> None:
    palette, look = state.look.palette, state.look
    centred = Qt.AlignmentFlag.AlignCenter
    painter.setFont(look.font(_TITLE, bold=True))
    painter.setPen(palette.colour("text"))
    painter.drawText(head.title, centred, _name(picture, head.place))
    painter.setFont(look.font(_SMALL))
    on_menu = state.hover == Target("menu", head.place)
    painter.setPen(palette.colour("text" if on_menu else "muted"))
    text_box = head.line.adjusted(0, 0, -0.9 * look.em() if head.has_menu else 0, 0)
    painter.drawText(text_box, centred, head.text)
    if head.has_menu:
        _paint_arrow(painter, QPointF(head.line.right() - 0.6 * look.em(), head.line.center().y() + 1), 0.2 * look.em())
    for kind, spot in (("minus", head.minus), ("plus", head.plus)):
        if spot.width() > 0:
            hot = state.hover.kind == kind and state.hover.place == head.place
            _paint_sign(painter, state, spot, is_plus=kind == "plus", hot=hot)
    if head.note_text:
        painter.setFont(look.font(_NOTE))
        warns = head.place in picture.step_above
        painter.setPen(palette.colour("validation" if warns else "faint"))
        painter.drawText(head.note, centred, head.note_text)


def _paint_arrow(painter: QPainter, middle: QPointF, size: float) -> None:
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    x, y = middle.x(), middle.y()
    painter.drawPolygon(
        [QPointF(x - size, y - 0.5 * size), QPointF(x + size, y - 0.5 * size), QPointF(x, y + 0.7 * size)]
    )


def _paint_sign(painter: QPainter, state: DiagramState, spot: QRectF, *, is_plus: bool, hot: bool) -> None:
    palette, em = state.look.palette, state.look.em()
    box = spot.adjusted(0.12 * em, 0.08 * em, -0.12 * em, -0.08 * em)
    if hot:
        painter.setPen(QPen(palette.colour("accent"), 1.0))
        painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(box, 0.25 * em, 0.25 * em)
    painter.setPen(QPen(palette.colour("text" if hot else "muted"), max(1.2, 0.09 * em)))
    middle, arm = box.center(), 0.28 * em
    painter.drawLine(QPointF(middle.x() - arm, middle.y()), QPointF(middle.x() + arm, middle.y()))
    if is_plus:
        painter.drawLine(QPointF(middle.x(), middle.y() - arm), QPointF(middle.x(), middle.y() + arm))


def _paint_round_plus(painter: QPainter, state: DiagramState, spot: QRectF, *, hot: bool) -> None:
    palette, em = state.look.palette, state.look.em()
    painter.setPen(QPen(palette.colour("accent" if hot else "line"), 1.2))
    painter.setBrush(
        palette.colour("raised") if hot else mixed(palette.colour("window"), palette.colour("raised"), 0.4)
    )
    painter.drawEllipse(spot.adjusted(1, 1, -1, -1))
    painter.setPen(QPen(palette.colour("text" if hot else "faint"), max(1.1, 0.08 * em)))
    middle, arm = spot.center(), 0.26 * em
    painter.drawLine(QPointF(middle.x() - arm, middle.y()), QPointF(middle.x() + arm, middle.y()))
    painter.drawLine(QPointF(middle.x(), middle.y() - arm), QPointF(middle.x(), middle.y() + arm))


def _paint_thinned(painter: QPainter, state: DiagramState, edges: EdgeLayer) -> None:
    if state.layout is None:
        return
    em, view = state.layout.em, state.view
    painter.setFont(state.look.font(_NOTE))
    painter.setPen(state.look.palette.colour("faint"))
    metrics = QFontMetricsF(painter.font())
    for note in edges.edges.thinned:
        if not note.words or note.layer >= len(state.layout.gaps):
            continue
        gap = view.rect(state.layout.gaps[note.layer])
        words = metrics.elidedText(note.words, Qt.TextElideMode.ElideRight, gap.width() + 2 * em)
        band = QRectF(gap.center().x() - gap.width() / 2 - em, 2.85 * em, gap.width() + 2 * em, 1.1 * em)
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, words)
