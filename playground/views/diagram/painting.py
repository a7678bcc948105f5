"""The stage above its ground: lamps, bars, answer, marks of selection and focus; and the words around it."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRegion

from playground.views.diagram import wording
from playground.views.diagram.beyond import paint_signs
from playground.views.diagram.colours import ink_on, lamp_colour
from playground.views.diagram.curve import FloatArray
from playground.views.diagram.edge_layer import EdgeLayer
from playground.views.diagram.faces import FacePainter, visible_rows
from playground.views.diagram.footer import foot_words, is_legend_apart, legend_area, legend_words, paint_footer
from playground.views.diagram.ground import Ground
from playground.views.diagram.headers import head_words, paint_heads
from playground.views.diagram.lamps import LampStore, levels, paint_frozen
from playground.views.diagram.layout import Column, Layout
from playground.views.diagram.matrix_painting import MatrixPainter
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.response_card import ResponseCard
from playground.views.diagram.responses import PlaneInputs
from playground.views.diagram.state import DiagramState
from playground.views.diagram.surface_painting import SurfacePainter
from playground.views.diagram.viewport import View

NUMBER_FROM = 2.3  # from this diameter in em a lamp shows its number
_Fed = tuple[PlaneInputs | None, bool, FloatArray | None]  # the plane, whether it was measured, and the input
_Label = tuple[int, str, QFont, QRectF, float]  # row, name, font, room, width of the name
_MOST_MARKS = 200  # frozen edges beyond so many are not marked one by one


class DiagramPainter:
    """Paints the state of a diagram; keeps what is costly to make."""

    def __init__(self, state: DiagramState, edges: EdgeLayer) -> None:
        self._state, self._edges = state, edges
        self._lamps = LampStore()
        self._faces = FacePainter(state)
        self._ground = Ground(state, edges, self._faces)
        self._surfaces = SurfacePainter(state)
        self._card = ResponseCard(state)
        self._matrices = MatrixPainter(state)
        self._labels: tuple[tuple[object, ...], list[_Label]] | None = None  # the plan and the moment it was made for
        self._lit: dict[int, QRect] = {}  # by place, for the plan and the view that follow
        self._lit_in: tuple[Layout | None, View] = (None, state.view)
        self._told: tuple[object, ...] = ()  # what head, legend and foot said when they were last painted
        self._fed: _Fed = (None, False, None)  # what the inputs over the plane showed
        self._named: object = None  # what the names of the outputs said

    def outdated(self) -> QRegion:
        """Return what looks different with other numbers: of the stage, and head, legend, foot where their words do."""
        state, layout = self._state, self._state.layout
        if layout is None:
            return QRegion(QRectF(0, 0, state.size.width(), state.size.height()).toAlignedRect())
        found = self._outdated_stage(layout)
        for area, mine, told in zip_longest(self._areas(), self._words(), self._told):
            if mine != told:
                found += area
        return found

    def _outdated_stage(self, layout: Layout) -> QRegion:
        state, card = self._state, self._card.area().toAlignedRect()
        whole = QRegion(layout.stage.toAlignedRect())
        if state.matrix_layers() or self._ground.is_outdated:
            return whole - (QRegion(legend_area(state)) - QRegion(card)) if is_legend_apart(state) else whole
        found = QRegion(card)
        for column in layout.columns:
            if column.kind != "surfaces" or column.place != INPUT or self._feeds_another():
                found += self._lit_area(column)
        if state.picture is not None and self._named != self._names(state.picture):
            found += self._names_area(layout)
        if state.plane is not None:  # nearly all of it: one rectangle is painted faster than many
            found = QRegion(found.boundingRect())
        return found & whole

    def _feeds_another(self) -> bool:
        """Say whether the inputs over the plane look different from when they were last painted: they seldom do."""
        (plane, is_measured, act), (shown, was_measured, fed) = self._fed_now(), self._fed
        if act is None or fed is None or plane is not shown or is_measured != was_measured:
            return True
        return not np.array_equal(act, fed)

    def _fed_now(self) -> _Fed:
        picture = self._state.picture
        if picture is None:
            return None, False, None
        return self._state.plane, picture.snapshot.surfaces is not None, picture.act(INPUT)

    def _lit_area(self, column: Column) -> QRect:
        """Return where a column shows activations, found once for each plan and view."""
        layout, view = self._state.layout, self._state.view
        if self._lit_in[0] is not layout or self._lit_in[1] != view:
            self._lit, self._lit_in = {}, (layout, view)
        found = self._lit.get(column.place)
        if found is None:
            found = self._lit[column.place] = self._lit_area_of(column)
        return found

    def _lit_area_of(self, column: Column) -> QRect:
        """Return where a column shows activations: lamps with their shine, bars of faces, answers over the plane."""
        if not column.shown or column.kind not in ("lamps", "faces", "surfaces"):
            return QRect()
        (left, top), (right, bottom) = column.centres.min(axis=0).tolist(), column.centres.max(axis=0).tolist()
        half = column.size / 2
        if column.kind == "lamps":
            half *= 2  # a lit lamp shines beyond its rim
        elif column.kind == "faces" and column.across == 1:
            right = left - column.size
        area = QRectF(QPointF(left - half - column.bar, top - half), QPointF(right + half, bottom + half))
        return self._state.view.rect(area).adjusted(-3, -3, 3, 3).toAlignedRect()

    def _names_area(self, layout: Layout) -> QRect:
        """Return where the names of the outputs stand, and what they answer."""
        left = self._state.view.rect(layout.columns[-1].body).right() - 1
        return QRectF(left, layout.stage.top(), layout.width - left, layout.stage.height()).toAlignedRect()

    def _names(self, picture: Picture) -> object:
        """Return what the names of the outputs say that may change while structure and look stay."""
        answer, act = picture.answer, picture.act(len(picture.spec.layers) - 1)
        if act is None:
            return None
        row = 0 if self._state.outputs == 1 else answer
        return answer, None if row is None else self._value_words(picture, float(act[row]))

    def _areas(self) -> tuple[QRect, ...]:
        """Return where head, legend and foot stand."""
        layout = self._state.layout
        return () if layout is None else (layout.head, legend_area(self._state), layout.foot)

    def _words(self) -> tuple[object, ...]:
        """Return what head, legend and foot have to say."""
        return head_words(self._state, self._edges), legend_words(self._state), foot_words(self._state)

    def paint(self, painter: QPainter, region: QRegion, *, is_hovered: bool) -> bool:
        """Paint everything that touches ``region``, to which the painter is clipped; say whether all is up to date."""
        state, layout = self._state, self._state.layout
        whole = QRectF(0, 0, state.size.width(), state.size.height())
        if state.picture is None or layout is None:
            painter.fillRect(whole, state.look.palette.colour("window"))
            return True
        stage = layout.stage.toAlignedRect()
        if not (region - QRegion(stage)).isEmpty():
            painter.fillRect(whole, state.look.palette.colour("window"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        is_whole = (QRegion(stage) - QRegion(legend_area(state)) - region).isEmpty()
        is_up_to_date = True
        if region.intersects(stage):
            painter.save()
            painter.setClipRect(layout.stage)
            is_up_to_date = self._ground.paint(painter, layout, is_whole=is_whole)
            self._paint_lit(painter, region, state.picture, layout)
            painter.restore()
        self._paint_words(painter, region, layout, is_hovered=is_hovered)
        return is_up_to_date

    def _paint_lit(self, painter: QPainter, region: QRegion, picture: Picture, layout: Layout) -> None:
        """Paint above the ground what the present moment makes light up, and what the hand has chosen."""
        self._matrices.paint(painter)
        if self._state.plane is not None:
            self._surfaces.paint(painter, picture, self._state.plane, layout, region)
        for column in layout.columns:
            if column.kind == "surfaces" and column.is_part:
                self._ground.paint_scroll(painter, column)
            if region.intersects(self._lit_area(column)):
                self._paint_column(painter, picture, column)
            if column.place == INPUT and (QRegion(self._lit_area(column)) - region).isEmpty():
                self._fed = self._fed_now()
        names = self._names_area(layout)
        if region.intersects(names):
            self._paint_labels(painter, picture, layout)
        if (QRegion(names) - region).isEmpty():
            self._named = self._names(picture)
        self._paint_selection(painter, layout)
        self._card.paint(painter)

    def _paint_words(self, painter: QPainter, region: QRegion, layout: Layout, *, is_hovered: bool) -> None:
        """Paint head, legend and foot where they are to be painted, and take note of what they say now."""
        if region.intersects(layout.head):
            paint_heads(painter, self._state, self._edges, is_hovered=is_hovered)
        paint_signs(painter, self._state)
        paint_footer(painter, self._state, region)
        self._told = tuple(
            mine if (QRegion(area) - region).isEmpty() else told
            for area, mine, told in zip(self._areas(), self._words(), self._told or ("",) * 3, strict=True)
        )

    # ---- columns -----------------------------------------------------------------------------------------------

    def _paint_column(self, painter: QPainter, picture: Picture, column: Column) -> None:
        if column.kind == "faces":
            self._faces.paint_bars(painter, picture, column)
        elif column.kind == "lamps":
            self._paint_lamps(painter, picture, column)

    def _paint_lamps(self, painter: QPainter, picture: Picture, column: Column) -> None:
        state = self._state
        palette, view = state.look.palette, state.view
        light, act = picture.lamps(column.place), picture.act(column.place)
        is_output = column.place == len(picture.spec.layers) - 1
        answer = picture.answer if is_output else None
        diameter = column.size * view.zoom
        has_number = act is not None and diameter > NUMBER_FROM * state.look.em()
        if has_number:
            painter.setFont(state.look.font(min(max(0.26 * diameter * 0.75, 5.0), 11.0), mono=True))
        self._lamps.prepare(painter, palette)
        rows = visible_rows(self._state, column)
        centres = column.centres[rows.start : rows.stop].tolist()
        places = [(x * view.zoom + view.dx, y * view.zoom + view.dy) for x, y in centres]
        shown = slice(rows.start + column.first, rows.stop + column.first)
        bright = [0] * len(places) if light is None else levels(light[shown])
        has_frozen = column.place >= 0 and picture.snapshot.movable is not None
        for row, (x, y), level in zip(range(shown.start, shown.stop), places, bright, strict=True):
            self._lamps.paint(painter, x, y, diameter, level, answer=row == answer)
            if act is not None and has_number:
                lit = 0.0 if light is None else float(light[row])
                colour = palette.colour("good") if row == answer else lamp_colour(palette, lit)
                painter.setPen(ink_on(colour, palette))
                box = QRectF(x - diameter / 2, y - diameter / 2, diameter, diameter)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, wording.short(float(act[row])))
            if has_frozen and picture.is_frozen(column.place, row):
                offset = 0.36 * diameter
                corner = QPointF(x + offset, y - offset)
                paint_frozen(painter, corner, max(0.16 * diameter, 3.0), palette.colour("accent"))

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

    @staticmethod
    def _value_words(picture: Picture, value: float) -> str:
        is_share = picture.activation_name(len(picture.spec.layers) - 1) == "softmax"
        return f"{100 * value:.0f} %" if is_share else wording.plain(value, 2 if abs(value) < 100 else 1)

    def _paint_output_value(
        self, painter: QPainter, picture: Picture, at: QPointF, after: float, room: float, value: float
    ) -> None:
        """Paint the share of the answer (the value of a single output) behind its name, or below it."""
        look, size = self._state.look, self._state.label_scale()
        words = self._value_words(picture, value)
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
