"""The heads of the columns: name, width and activation, − and +, the menu, and the + between columns."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from playground.views.diagram.colours import mixed
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.edges import Thinned
from playground.views.diagram.layout import Layout
from playground.views.diagram.picture import INPUT, Picture, image_shape
from playground.views.diagram.state import DiagramState, Target

_TITLE, _SMALL, _NOTE = 10.0, 9.0, 8.0  # sizes of type in points
_HEAD_KINDS = ("title", "menu", "minus", "plus")


@dataclass(frozen=True)
class Head:
    """Where the parts of one column's head stand (widget coordinates); empty rectangles are left out."""

    place: int
    span: tuple[float, float]  # from where to where it may reach
    name: str  # as long as there is room for
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
    found = [_head(state, state.picture, state.layout, place) for place in range(INPUT, len(state.picture.spec.layers))]
    return [head for head in found if head is not None]


def _head(state: DiagramState, picture: Picture, layout: Layout, place: int) -> Head | None:
    em, view = layout.em, state.view
    left, right = (view.x(edge) for edge in layout.slot(place))
    middle = view.x(layout.column(place).middle)
    left, right = max(left + 0.3 * em, 2.0), min(right - 0.3 * em, layout.width - 2.0)
    if not 0 <= middle <= layout.width or right - left < 2 * em:
        return None  # zoomed out of sight
    line, minus, plus, text, has_menu = _second_line(state, picture, place, (left, middle, right))
    title_metrics = QFontMetricsF(state.look.font(_TITLE, bold=True))
    title = QRectF(left + 0.6 * em, 0.35 * em, right - left - 1.2 * em, 1.3 * em)
    names = _names(picture, place)
    name = next((each for each in names if title_metrics.horizontalAdvance(each) <= title.width()), names[-1])
    title = _around(title, middle, title_metrics.horizontalAdvance(name))
    small = QFontMetricsF(state.look.font(_NOTE))
    forms = _note_texts(state, picture, place)
    fitting = [form for form in forms if small.horizontalAdvance(form) <= right - left]
    note_text = small.elidedText((fitting or forms[-1:])[0], Qt.TextElideMode.ElideRight, right - left)
    note = _around(QRectF(left, 2.85 * em, right - left, 1.1 * em), middle, small.horizontalAdvance(note_text))
    return Head(place, (left, right), name, title, line, minus, plus, note, text, note_text, has_menu)


def _second_line(
    state: DiagramState, picture: Picture, place: int, room: tuple[float, float, float]
) -> tuple[QRectF, QRectF, QRectF, str, bool]:
    """Return text, − and + of a head, and whether it has the menu's arrow.

    Where there is no room for all, the text stands alone, and the buttons come when the mouse is on the head.
    """
    left, middle, right = room
    em = state.look.em()
    metrics = QFontMetricsF(state.look.font(_SMALL))
    has_buttons = 0 <= place < len(picture.spec.layers) - 1 and "add_unit_requested" not in state.withheld
    button = 1.35 * em if has_buttons else 0.0
    arrow = 0.9 * em if place >= 0 else 0.0
    text = _line_text(picture, place)
    if metrics.horizontalAdvance(text) + 0.4 * em + arrow + 2 * button > right - left and has_buttons:
        if state.hover.place == place and state.hover.kind in _HEAD_KINDS:
            text, arrow = f"{picture.width(place):,}", 0.0
        else:
            button = 0.0
    if metrics.horizontalAdvance(text) + 0.4 * em + arrow > right - left:
        arrow = 0.0
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(right - left - 2 * button - arrow, em))
    wide = metrics.horizontalAdvance(text) + arrow + 0.4 * em
    start = min(max(middle - (wide + 2 * button) / 2, left), max(right - wide - 2 * button, left))
    line = QRectF(start, 1.62 * em, wide, 1.3 * em)
    minus = QRectF(line.right(), line.top(), button, line.height())
    plus = QRectF(minus.right(), line.top(), button, line.height())
    return line, minus, plus, text, arrow > 0


def _around(band: QRectF, middle: float, width: float) -> QRectF:
    width = min(width + 4.0, band.width())
    start = min(max(middle - width / 2, band.left()), band.right() - width)
    return QRectF(start, band.top(), width, band.height())


def _names(picture: Picture, place: int) -> tuple[str, str]:
    """Return the name of a layer, and one for where there is little room: h3."""
    name = "input" if place == INPUT else picture.spec.layer_name(place)
    return name, name.replace("hidden ", "h")


def _line_text(picture: Picture, place: int) -> str:
    if place == INPUT:
        return f"{picture.spec.inputs:,}"
    return f"{picture.width(place):,} {picture.activation_name(place)}"


def _note_texts(state: DiagramState, picture: Picture, place: int) -> list[str]:
    """Return what is to be said under a head, from the longest form to the shortest."""
    if place == INPUT:
        shape = image_shape(picture.spec)
        return [" × ".join(str(size) for size in picture.spec.input_shape) if shape else _part_words(state, place)]
    words = _part_words(state, place)
    layer = picture.spec.layers[place]
    dropout = f"dropout {layer.dropout:g}" if layer.dropout else ""
    warnings = [""]
    if place in picture.step_above:
        warnings = ["no gradient passes the step"]
        if layer.activation == "step":
            warnings.insert(0, "nothing below learns by gradient")
        else:
            warnings.insert(0, "cannot learn by gradient")
        warnings.append("no gradient")
    elif silent := picture.silent_count(place):
        warnings = [f"{silent:,} neuron{'s' * (silent != 1)} always 0", f"{silent:,} always 0"]
    return [" · ".join(word for word in (words, warning, dropout) if word) for warning in warnings]


def _part_words(state: DiagramState, place: int) -> str:
    if state.layout is None or not state.layout.column(place).is_part:
        return ""
    column = state.layout.column(place)
    return f"{column.first + 1:,}–{column.first + column.shown:,} of {column.total:,}"


def menu_corner(state: DiagramState, target: Target) -> QPointF:
    """Return where the menu of a layer opens: below its head."""
    return next((head.line.bottomLeft() for head in heads(state) if head.place == target.place), QPointF())


def insert_buttons(state: DiagramState) -> list[tuple[int, QRectF]]:
    """Return the + between columns: the index of the layer in front of which it inserts, and where it stands."""
    if state.layout is None or "insert_layer_requested" in state.withheld:
        return []
    em = state.layout.em
    found = []
    for index, gap in enumerate(state.layout.gaps):
        middle = state.view.x(gap.center().x())
        found.append((index, QRectF(middle - 0.6 * em, 0.42 * em, 1.2 * em, 1.2 * em)))
    return found


def head_target(state: DiagramState, point: QPointF) -> Target | None:
    """Return the button or name under a point of the header, None where there is none."""
    for index, spot in insert_buttons(state):
        if spot.adjusted(-4, -4, 4, 4).contains(point):
            return Target("insert", index)
    for head in heads(state):
        if head.minus.contains(point):
            return Target("minus", head.place)
        if head.plus.contains(point):
            return Target("plus", head.place)
        if head.line.contains(point) and head.place != INPUT:
            return Target("menu", head.place)
        if head.span[0] <= point.x() <= head.span[1]:
            return Target("title", head.place)
    return None


def head_words(state: DiagramState, edges: EdgeLayer) -> object:
    """Return what the heads say that may change while structure and look stay: equal where they look the same."""
    loss = None if state.picture is None else state.picture.snapshot.settings.loss
    return loss, edges.edges.thinned


def paint_heads(painter: QPainter, state: DiagramState, edges: EdgeLayer, *, is_hovered: bool) -> None:
    """Paint the header over the stage."""
    if state.picture is None or state.layout is None:
        return
    found = heads(state)
    for head in found:
        _paint_head(painter, state, state.picture, head)
    notes = {head.place: head.note for head in found}
    for note in edges.edges.thinned:
        if note.shown < note.total and note.layer - 1 in notes and note.layer in notes:
            _paint_thinned(painter, state, note, notes[note.layer - 1], notes[note.layer])
    for index, spot in insert_buttons(state):
        hot = state.hover == Target("insert", index)
        if hot or is_hovered:
            _paint_round_plus(painter, state, spot, hot=hot)


def _paint_head(painter: QPainter, state: DiagramState, picture: Picture, head: Head) -> None:
    palette, look = state.look.palette, state.look
    centred = Qt.AlignmentFlag.AlignCenter
    painter.setFont(look.font(_TITLE, bold=True))
    painter.setPen(palette.colour("text"))
    painter.drawText(head.title, centred, head.name)
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
        warns = head.place in picture.step_above or picture.silent_count(head.place) > 0
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


def _paint_thinned(painter: QPainter, state: DiagramState, note: Thinned, before: QRectF, after: QRectF) -> None:
    """Say over a gap how many of its edges are drawn, in as many words as there is room for between two notes."""
    if state.layout is None:
        return
    em, gap = state.layout.em, state.view.rect(state.layout.gaps[note.layer])
    left = max(before.right() + 0.5 * em, gap.left() - 2.5 * em)
    right = min(after.left() - 0.5 * em, gap.right() + 2.5 * em)
    painter.setFont(state.look.font(_NOTE))
    painter.setPen(state.look.palette.colour("faint"))
    metrics = QFontMetricsF(painter.font())
    for words in note.words:
        if metrics.horizontalAdvance(words) <= right - left:
            box = _around(QRectF(left, before.top(), right - left, before.height()), gap.center().x(), right - left)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            return
