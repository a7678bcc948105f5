"""Below the columns: the legend, the layer as a formula with its shapes, and the switch neurons | matrix."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen, QRegion

from playground.views.diagram import wording
from playground.views.diagram.layout import Layout
from playground.views.diagram.menus import MATRIX
from playground.views.diagram.picture import INPUT
from playground.views.diagram.state import DiagramState, Footer, Target

_SMALL, _TINY = 9.0, 8.0


def footer(state: DiagramState) -> Footer | None:
    """Return where legend, formula and switch stand."""
    layout = state.layout
    if layout is None:
        return None
    made_for = (layout, state.withheld)
    if state.footer is None or state.footer[0] != made_for:
        state.footer = (made_for, _footer(state, layout))
    return state.footer[1]


def _footer(state: DiagramState, layout: Layout) -> Footer:
    em = layout.em
    metrics = QFontMetricsF(state.look.font(_SMALL))
    legend = QRectF(1.2 * em, layout.height - 3.55 * em, 7.4 * em, 3.2 * em)
    line = QRectF(0, layout.height - 1.75 * em, layout.width, 1.4 * em)
    is_offered = MATRIX not in state.withheld
    wide = [is_offered * (metrics.horizontalAdvance(word) + 1.0 * em) for word in ("neurons", "matrix")]
    right = layout.width - 0.8 * em
    matrix = QRectF(right - wide[1], line.top(), wide[1], line.height())
    neurons = QRectF(matrix.left() - wide[0], line.top(), wide[0], line.height())
    formula = QRectF(legend.right() + 2.2 * em, line.top(), 0, line.height())
    formula.setRight(max(neurons.left() - em, formula.left()))
    return Footer(legend, formula, neurons, matrix)


def footer_target(state: DiagramState, point: QPointF) -> Target | None:
    """Return the half of the switch under a point, None where there is none."""
    found = footer(state)
    if found is None:
        return None
    for kind, spot in (("neurons", found.neurons), ("matrix", found.matrix)):
        if spot.contains(point):
            return Target("neurons" if kind == "neurons" else "matrix", state.current_layer())
    return None


def legend_words(state: DiagramState) -> object:
    """Return what the legend says that may change while structure and look stay."""
    return wording.legend_text(legend_scale(state))


def foot_words(state: DiagramState) -> object:
    """Return what formula and switch say that may change while structure and look stay."""
    return None if state.picture is None else (state.picture.snapshot.settings.loss, _hover_words(state))


def legend_area(state: DiagramState) -> QRect:
    """Return the pixels that the legend may touch."""
    found, em = footer(state), state.look.em()
    return QRect() if found is None else found.legend.adjusted(-em, -0.5 * em, em, 0.35 * em).toAlignedRect()


def is_legend_apart(state: DiagramState) -> bool:
    """Say whether nothing that changes lies under the legend: only then the stage can be painted without it."""
    if state.layout is None or not state.view.is_fit:
        return False
    area, layout = legend_area(state), state.layout
    is_left_of_edges = area.right() < min(layout.gaps[0].left(), layout.column(0).body.left())
    return is_left_of_edges and layout.column(INPUT).body.bottom() + state.look.em() < area.top()


def paint_footer(painter: QPainter, state: DiagramState, region: QRegion) -> None:
    """Paint the parts of the footer that touch ``region``; the legend may reach over the stage."""
    found = footer(state)
    if found is None or state.picture is None:
        return
    if region.intersects(legend_area(state)):
        _paint_legend(painter, state, found.legend)
    if region.intersects(found.formula.united(found.matrix).adjusted(0, -1, 1, 1).toAlignedRect()):
        _paint_formula(painter, state, found)
        if found.matrix.width() > 0:
            _paint_switch(painter, state, found)


def legend_scale(state: DiagramState) -> float:
    """Return the magnitude of full colour: of the current layer, or of the neuron pointed at."""
    picture = state.picture
    if picture is None:
        return 0.0
    place = state.current_layer()
    if not state.is_per_layer and place == 0:
        if state.hover.kind == "unit" and state.hover.place == 0:
            return picture.row_scale(0, state.hover.row)
        rows = state.selected_rows(0)
        if rows:
            return max(picture.row_scale(0, row) for row in rows)
    return picture.scales[place]


def _paint_legend(painter: QPainter, state: DiagramState, box: QRectF) -> None:
    palette, em = state.look.palette, state.look.em()
    picture = state.picture
    if picture is None:
        return
    if not state.view.is_fit:  # the stage may lie under it
        ground = palette.colour("window")
        ground.setAlphaF(0.85)
        painter.fillRect(box.adjusted(-0.6 * em, -0.5 * em, 0.9 * em, 0.5 * em), ground)
    painter.setFont(state.look.font(_TINY))
    painter.setPen(palette.colour("muted"))
    of = (
        "neuron"
        if not state.is_per_layer and state.current_layer() == 0
        else picture.spec.layer_name(state.current_layer())
    )
    painter.drawText(QRectF(box.left(), box.top(), box.width(), 1.1 * em), Qt.AlignmentFlag.AlignLeft, f"weight, {of}")
    bar = QRectF(box.left(), box.top() + 1.25 * em, box.width(), 0.55 * em)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for step in range(17):
        colour = palette.diverging[round(step / 16 * 510)]
        gradient.setColorAt(step / 16, QColor(*colour[:3].tolist()))
    painter.setPen(QPen(palette.colour("line"), 1.0))
    painter.setBrush(gradient)
    painter.drawRect(bar)
    low, high = wording.legend_text(legend_scale(state))
    numbers = QRectF(box.left() - em, bar.bottom() + 0.15 * em, box.width() + 2 * em, 1.1 * em)
    painter.setPen(palette.colour("muted"))
    painter.drawText(numbers.adjusted(em, 0, 0, 0), Qt.AlignmentFlag.AlignLeft, low)
    metrics = QFontMetricsF(painter.font())
    if max(map(metrics.horizontalAdvance, (low, high))) < box.width() / 2 - em:
        painter.drawText(numbers, Qt.AlignmentFlag.AlignHCenter, "0")
    painter.drawText(numbers.adjusted(0, 0, -em, 0), Qt.AlignmentFlag.AlignRight, high)


def _paint_formula(painter: QPainter, state: DiagramState, found: Footer) -> None:
    picture, palette, em = state.picture, state.look.palette, state.look.em()
    if picture is None or found.formula.width() < 4 * em:
        return
    place = state.current_layer()
    shapes = wording.shape_words(picture, place)
    forms = [(wording.formula(picture, place), "text", True), (_hover_words(state), "activation", True)]
    parts = [(picture.spec.layer_name(place), "faint", False), forms[0], (shapes, "muted", True), forms[1]]
    if _length(state, parts) > found.formula.width():
        parts = [forms[0], (shapes, "muted", True), forms[1]]
    if _length(state, parts) > found.formula.width():
        parts = [forms[0], (shapes.split("   ")[0], "muted", True), forms[1]]
    if _length(state, parts) > found.formula.width():
        parts = forms
    x = found.formula.left()
    for words, colour, mono in parts:
        room = found.formula.right() - x
        font = state.look.font(_SMALL, mono=mono)
        painter.setFont(font)
        painter.setPen(palette.colour(colour))
        box = QRectF(x, found.formula.top(), room, found.formula.height())
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        x += _length(state, [(words, colour, mono)])


def _length(state: DiagramState, parts: list[tuple[str, str, bool]]) -> float:
    fonts = {mono: QFontMetricsF(state.look.font(_SMALL, mono=mono)) for mono in (False, True)}
    return sum(fonts[mono].horizontalAdvance(words) + 1.4 * state.look.em() for words, _, mono in parts if words)


def _hover_words(state: DiagramState) -> str:
    """Return the exact value of what is under the mouse, in a few words."""
    picture, hover = state.picture, state.hover
    if picture is None:
        return ""
    if hover.kind in ("edge", "cell"):
        weight = float(picture.weights[hover.place][hover.row, hover.column])
        return f"w[{hover.row}, {hover.column}] = {wording.signed(weight)}"
    if hover.kind == "b":
        return f"b[{hover.row}] = {wording.signed(float(picture.snapshot.bias(hover.place)[hover.row]))}"
    row, place = (hover.column, hover.place - 1) if hover.kind == "x" else (hover.row, hover.place)
    act = picture.act(place) if hover.kind in ("unit", "x") else None
    if act is None:
        return ""
    name = "x" if hover.kind == "x" or place < 0 else "act"
    return f"{name}[{row}] = {wording.plain(float(act[row]), 4)}"


def _paint_switch(painter: QPainter, state: DiagramState, found: Footer) -> None:
    palette, em = state.look.palette, state.look.em()
    is_matrix = state.current_layer() in state.matrix_layers()
    painter.setFont(state.look.font(_SMALL))
    whole = found.neurons.united(found.matrix)
    painter.setPen(QPen(palette.colour("line"), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(whole, 0.3 * em, 0.3 * em)
    for words, spot, on in (("neurons", found.neurons, not is_matrix), ("matrix", found.matrix, is_matrix)):
        hot = state.hover.kind == words
        if on:
            painter.setPen(QPen(palette.colour("line"), 1.0))
            painter.setBrush(palette.colour("raised"))
            painter.drawRoundedRect(spot, 0.3 * em, 0.3 * em)
        painter.setPen(palette.colour("text" if on or hot else "muted"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, words)
