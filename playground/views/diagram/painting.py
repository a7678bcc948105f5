"""The stage: input image, faces, lamps, answer, marks of selection, focus and freezing."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QRegion

from playground.views.diagram import curve, wording
from playground.views.diagram.colours import ink_on, lamp_colour, mixed
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.edge_numbers import paint_edge_numbers
from playground.views.diagram.edges import EdgeSet, edge_ends
from playground.views.diagram.faces import FacePainter, input_image, visible_rows
from playground.views.diagram.footer import foot_words, is_legend_apart, legend_area, legend_words, paint_footer
from playground.views.diagram.headers import head_words, paint_heads
from playground.views.diagram.lamps import LampStore, paint_frozen
from playground.views.diagram.layout import Column, Layout
from playground.views.diagram.matrix_painting import MatrixPainter
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.response_card import ResponseCard
from playground.views.diagram.state import DiagramState
from playground.views.diagram.surface_painting import SurfacePainter
from playground.views.palette import Palette

NUMBER_FROM = 2.3  # from this diameter in em a lamp shows its number
_Label = tuple[int, str, QFont, QRectF, float]  # row, name, font, room, width of the name
_MOST_MARKS = 200  # frozen edges beyond so many are not marked one by one


class DiagramPainter:
    """Paints the state of a diagram; keeps what is costly to make."""

    def __init__(self, state: DiagramState, edges: EdgeLayer) -> None:
        self._state, self._edges = state, edges
        self._lamps = LampStore()
        self._faces = FacePainter(state)
        self._surfaces = SurfacePainter(state)
        self._card = ResponseCard(state)
        self._matrices = MatrixPainter(state)
        self._input: tuple[FloatArray, Palette, QImage] | None = None
        self._labels: tuple[tuple[object, ...], list[_Label]] | None = None  # the plan and the moment it was made for
        self._told: tuple[object, ...] = ()  # what head, legend and foot said when they were last painted

    def outdated(self) -> QRegion:
        """Return what looks different with other numbers: the stage, and head, legend and foot where their words do."""
        state = self._state
        if state.layout is None:
            return QRegion(QRectF(0, 0, state.size.width(), state.size.height()).toAlignedRect())
        found = QRegion(state.layout.stage.toAlignedRect())
        if is_legend_apart(state):
            found -= QRegion(legend_area(state)) - QRegion(self._card.area().toAlignedRect())
        for area, mine, told in zip_longest(self._areas(), self._words(), self._told):
            if mine != told:
                found += area
        return found

    def _areas(self) -> tuple[QRect, ...]:
        """Return where head, legend and foot stand."""
        layout = self._state.layout
        return () if layout is None else (layout.head, legend_area(self._state), layout.foot)

    def _words(self) -> tuple[object, ...]:
        """Return what head, legend and foot have to say."""
        return head_words(self._state, self._edges), legend_words(self._state), foot_words(self._state)

    def paint(self, painter: QPainter, region: QRegion, *, is_hovered: bool) -> None:
        """Paint everything that touches ``region``, to which the painter is clipped."""
        state = self._state
        palette = state.look.palette
        painter.fillRect(QRectF(0, 0, state.size.width(), state.size.height()), palette.colour("window"))
        if state.picture is None or state.layout is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        painter.setClipRect(state.layout.stage)
        self._paint_input(painter, state.picture, state.layout.column(INPUT))
        self._edges.paint(painter, state.view)
        self._paint_special_edges(painter, state.picture, state.layout)
        paint_edge_numbers(painter, state, self._edges.edges)
        self._matrices.paint(painter)
        if state.plane is not None:
            self._surfaces.paint(painter, state.picture, state.plane, state.layout)
        for column in state.layout.columns:
            self._paint_column(painter, state.picture, column)
        self._paint_labels(painter, state.picture, state.layout)
        self._paint_selection(painter, state.layout)
        self._card.paint(painter)
        painter.restore()
        self._paint_words(painter, region, state.layout, is_hovered=is_hovered)

    def _paint_words(self, painter: QPainter, region: QRegion, layout: Layout, *, is_hovered: bool) -> None:
        """Paint head, legend and foot where they are to be painted, and take note of what they say now."""
        if region.intersects(layout.head):
            paint_heads(painter, self._state, self._edges, is_hovered=is_hovered)
        paint_footer(painter, self._state, region)
        self._told = tuple(
            mine if (QRegion(area) - region).isEmpty() else told
            for area, mine, told in zip(self._areas(), self._words(), self._told or ("",) * 3, strict=True)
        )

    # ---- input -------------------------------------------------------------------------------------------------

    def _paint_input(self, painter: QPainter, picture: Picture, column: Column) -> None:
        if column.kind != "image":
            return
        palette, box = self._state.look.palette, self._state.view.rect(column.body)
        image = self._input_image(picture, palette)
        if image is None:
            painter.fillRect(box, palette.colour("paper"))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
            painter.drawImage(box, image)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(mixed(palette.colour("line"), palette.colour("faint"), 0.35), 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _input_image(self, picture: Picture, palette: Palette) -> QImage | None:
        """Return the input as a picture, the last one where it is the same input."""
        act = picture.act(INPUT)
        if (
            act is None
            or self._input is None
            or self._input[1] is not palette
            or not np.array_equal(act, self._input[0])
        ):
            image = input_image(picture, palette)
            self._input = None if act is None or image is None else (act, palette, image)
            return image
        return self._input[2]

    # ---- columns -----------------------------------------------------------------------------------------------

    def _paint_column(self, painter: QPainter, picture: Picture, column: Column) -> None:
        if column.kind == "faces":
            self._faces.paint(painter, picture, column)
        elif column.kind == "lamps":
            self._paint_lamps(painter, picture, column)
        if column.is_part and column.kind != "image":
            self._paint_scroll(painter, column)

    def _paint_lamps(self, painter: QPainter, picture: Picture, column: Column) -> None:
        state = self._state
        palette, view = state.look.palette, state.view
        light, act = picture.lamps(column.place), picture.act(column.place)
        is_output = column.place == len(picture.spec.layers) - 1
        answer = picture.answer if is_output else None
        diameter = column.size * view.zoom
        has_number = act is not None and diameter > NUMBER_FROM * state.look.em()
        painter.setFont(state.look.font(min(max(0.26 * diameter * 0.75, 5.0), 11.0), mono=True))
        self._lamps.prepare(painter, palette)
        rows = visible_rows(self._state, column)
        places = column.centres[rows.start : rows.stop].tolist()
        for row, (x, y) in enumerate(places, rows.start + column.first):
            middle = view.point(x, y)
            lit = 0.0 if light is None else float(light[row])
            self._lamps.paint(painter, middle, diameter, lit, answer=row == answer)
            if act is not None and has_number:
                colour = palette.colour("good") if row == answer else lamp_colour(palette, lit)
                painter.setPen(ink_on(colour, palette))
                box = QRectF(middle.x() - diameter / 2, middle.y() - diameter / 2, diameter, diameter)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, wording.short(float(act[row])))
            if column.place >= 0 and picture.is_frozen(column.place, row):
                offset = 0.36 * diameter
                paint_frozen(
                    painter, middle + QPointF(offset, -offset), max(0.16 * diameter, 3.0), palette.colour("accent")
                )

    def _paint_scroll(self, painter: QPainter, column: Column) -> None:
        """Paint how far a column is scrolled that shows a part of its neurons."""
        palette, view = self._state.look.palette, self._state.view
        body = view.rect(column.body)
        em = self._state.look.em()
        track = QRectF(body.left() - 0.7 * em, body.top(), 0.22 * em, body.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("line"))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(palette.colour("faint"))
        length = max(track.height() * column.shown / column.total, em)
        top = track.top() + (track.height() - length) * column.first / max(column.total - column.shown, 1)
        painter.drawRoundedRect(QRectF(track.left(), top, track.width(), length), 2, 2)

    # ---- outputs -----------------------------------------------------------------------------------------------

    def _paint_labels(self, painter: QPainter, picture: Picture, layout: Layout) -> None:
        """Paint the names of the outputs, bold that of the answer."""
        state, palette = self._state, self._state.look.palette
        column = layout.column(len(picture.spec.layers) - 1)
        if column.across > 1 or column.pitch * state.view.zoom < 0.75 * state.look.em():
            return
        act, answer = picture.act(column.place), picture.answer
        made_for = (layout, state.view, answer, state.names)
        if self._labels is None or self._labels[0] != made_for:
            self._labels = (made_for, self._label_plan(layout, column, answer))
        for row, name, font, box, width in self._labels[1]:
            is_answer = row == answer
            painter.setFont(font)
            painter.setPen(palette.colour("text" if is_answer else "muted"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            if act is not None and (is_answer or state.outputs == 1):
                at = QPointF(box.left(), box.center().y())
                self._paint_output_value(painter, picture, at, width, box.width(), float(act[row]))

    def _label_plan(self, layout: Layout, column: Column, answer: int | None) -> list[_Label]:
        """Return row, name, font, room and width of the names in sight."""
        state, look, view = self._state, self._state.look, self._state.view
        room = max(layout.width - view.x(layout.labels.left()), layout.labels.width()) - 0.3 * look.em()
        size, plan = state.label_scale(), []
        for spot in visible_rows(state, column):
            row = spot + column.first
            x, y = column.centres[spot].tolist()
            at = view.point(x + column.size / 2, y) + QPointF(0.55 * look.em(), 0)
            font = look.font((11.0 if row == answer else 10.0) * size, bold=row == answer)
            metrics = QFontMetricsF(font)
            name = metrics.elidedText(state.output_name(row), Qt.TextElideMode.ElideRight, room)
            box = QRectF(at.x(), at.y() - look.em(), room, 2 * look.em())
            plan.append((row, name, font, box, metrics.horizontalAdvance(name)))
        return plan

    def _paint_output_value(
        self, painter: QPainter, picture: Picture, at: QPointF, after: float, room: float, value: float
    ) -> None:
        """Paint the share of the answer (the value of a single output) behind its name, or below it."""
        look, size = self._state.look, self._state.label_scale()
        is_share = picture.activation_name(len(picture.spec.layers) - 1) == "softmax"
        words = f"{100 * value:.0f} %" if is_share else wording.plain(value, 2 if abs(value) < 100 else 1)
        column = self._state.layout.columns[-1] if self._state.layout is not None else None
        in_lamp = (
            column is not None
            and column.kind == "lamps"
            and column.size * self._state.view.zoom > NUMBER_FROM * look.em()
        )
        if not picture.is_classifier and in_lamp and words == wording.short(value):
            return  # it stands in the lamp already
        font = look.font((8.5 if picture.is_classifier else 11.0) * size, mono=True)
        width = QFontMetricsF(font).horizontalAdvance(words)
        gap = 0.5 * look.em() if after else 0.0
        fits = after + gap + width <= room
        box = QRectF(at.x() + (after + gap if fits else 0.0), at.y() - look.em(), width + look.em(), 2 * look.em())
        painter.setFont(font)
        painter.setPen(look.palette.colour("good" if picture.is_classifier else "text"))
        painter.drawText(
            box.translated(0, 0 if fits else 1.05 * look.em() * size), Qt.AlignmentFlag.AlignVCenter, words
        )

    # ---- marks -------------------------------------------------------------------------------------------------

    def _paint_special_edges(self, painter: QPainter, picture: Picture, layout: Layout) -> None:
        """Paint cut edges dashed, frozen ones with a mark, selected and hovered ones bright."""
        state, palette = self._state, self._state.look.palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(self._edges.cut):
            cut = QPen(mixed(palette.colour("faint"), palette.colour("muted"), 0.4), 1.1, Qt.PenStyle.DashLine)
            painter.setPen(cut)
            for ends in state.view.points(self._edges.cut.ends).tolist():
                painter.drawPath(curve.path(*ends))
        self._paint_frozen_edges(painter, picture)
        for key in state.edges:
            spot = None if state.places is None else state.places.edge(key)
            if spot is not None:
                self._paint_bright_edge(painter, picture, layout, spot, palette.colour("text"))
        hover = state.hover
        if hover.kind == "edge":
            self._paint_bright_edge(
                painter, picture, layout, (hover.place, hover.row, hover.column), palette.colour("accent")
            )

    def _paint_bright_edge(
        self, painter: QPainter, picture: Picture, layout: Layout, spot: tuple[int, int, int], rim: QColor
    ) -> None:
        ends = edge_ends(picture.spec, layout, *spot)
        if ends is None or spot[0] in self._state.matrix_layers():
            return
        em, palette = self._state.look.em(), self._state.look.palette
        weight = float(picture.weights[spot[0]][spot[1], spot[2]])
        width = (0.1 + 0.14 * min(abs(weight) / max(picture.scales[spot[0]], 1e-12), 1.0)) * em
        drawn = curve.path(*self._state.view.points(np.array(ends, np.float32)).tolist())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(rim, width + 0.16 * em))
        painter.drawPath(drawn)
        painter.setPen(QPen(palette.colour("positive" if weight >= 0 else "negative"), width))
        painter.drawPath(drawn)

    def _paint_frozen_edges(self, painter: QPainter, picture: Picture) -> None:
        if picture.snapshot.movable is None:
            return
        edges = self._edges.edges
        frozen = np.flatnonzero(_frozen_alone(picture, edges))
        if len(frozen) > _MOST_MARKS:
            return
        colour = self._state.look.palette.colour("accent")
        for x0, y0, x1, y1 in self._state.view.points(edges.ends[frozen]).tolist():
            paint_frozen(painter, QPointF((x0 + x1) / 2, (y0 + y1) / 2), 0.24 * self._state.look.em(), colour)

    def _paint_selection(self, painter: QPainter, layout: Layout) -> None:
        state = self._state
        palette = state.look.palette
        for place, row in state.selected_spots():
            self._paint_frame(painter, layout.column(place), row, palette.colour("text"), 2.0, 0.0)
        hover = state.hover
        if hover.kind == "unit":
            self._paint_frame(painter, layout.column(hover.place), hover.row, palette.colour("accent"), 2.0, 1.5)
        if state.focus is not None and state.is_focus_shown:
            self._paint_frame(
                painter, layout.column(state.focus[0]), state.focus[1], palette.colour("accent"), 2.0, 3.0, dashed=True
            )

    def _paint_frame(
        self,
        painter: QPainter,
        column: Column,
        row: int,
        colour: QColor,
        width: float,
        away: float,
        *,
        dashed: bool = False,
    ) -> None:
        cell = column.cell(row)
        if cell is None:
            return
        box = self._state.view.rect(cell).adjusted(-away, -away, away, away)
        painter.setPen(QPen(colour, width, Qt.PenStyle.DotLine if dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if column.kind in ("faces", "surfaces"):
            painter.drawRect(box)
        else:
            painter.drawEllipse(box.adjusted(-1.5, -1.5, 1.5, 1.5))


def _frozen_alone(picture: Picture, edges: EdgeSet) -> NDArray[np.bool_]:
    """Return which edges are frozen whose neuron is not frozen as a whole."""
    found = np.zeros(len(edges), np.bool_)
    for layer in np.unique(edges.layers).tolist():
        movable = picture.mask("movable", layer)
        if movable is not None:
            chosen = edges.layers == layer
            is_partly = np.asarray(movable.any(axis=1))
            rows = edges.rows[chosen]
            found[chosen] = ~movable[rows, edges.columns[chosen]] & is_partly[rows]
    return found
