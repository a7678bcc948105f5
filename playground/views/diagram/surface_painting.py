"""Neurons as pictures of what they answer over the plane."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QRegion

from playground.views.diagram.face_sheet import ColumnPlan, FaceSheet
from playground.views.diagram.faces import BAR_WIDTH, bars, paint_frozen_faces, visible_rows
from playground.views.diagram.layout import Column, Layout
from playground.views.diagram.picture import INPUT, Picture
from playground.views.diagram.responses import PlaneInputs, Responses, responses
from playground.views.diagram.state import DiagramState

_FINEST = 100  # pixels a side of a face, as many as are measured: a larger one is scaled


@dataclass(frozen=True, eq=False)
class _Placed:
    """Where the faces of a column stand on the screen, and its image with them."""

    column: Column
    rows: range  # spots in sight
    boxes: list[QRectF]
    image: QRectF
    plan: ColumnPlan
    fine: float  # pixels of the image for one of the device


class SurfacePainter:
    """Paints the columns of such neurons; their pictures are made when something else was measured."""

    def __init__(self, state: DiagramState) -> None:
        self._state = state
        self._placed: list[_Placed] = []
        self._placed_for: tuple[object, ...] = ()
        self._sheet: FaceSheet | None = None
        self._shown: tuple[object, ...] = ()  # what the sheet shows
        self._lit: Picture | None = None  # the moment of its bars

    def paint(self, painter: QPainter, picture: Picture, plane: PlaneInputs, layout: Layout, region: QRegion) -> None:
        """Paint the neurons in sight that touch ``region``, with their bars and marks."""
        ratio = painter.device().devicePixelRatioF()
        self._place(layout, ratio)
        sheet = self._rendered(picture, plane)
        painter.setPen(Qt.PenStyle.NoPen)
        for placed in self._placed:
            if region.intersects(placed.image.toAlignedRect()):
                self._paint_column(painter, picture, placed, sheet)
            if placed.plan.place == INPUT and region.intersects(_beside(placed)):
                self._paint_names(painter, plane, placed)

    def _paint_column(self, painter: QPainter, picture: Picture, placed: _Placed, sheet: FaceSheet | None) -> None:
        palette = self._state.look.palette
        painter.setPen(Qt.PenStyle.NoPen)
        if sheet is None:
            painter.setBrush(palette.colour("zero"))
            painter.drawRects(placed.boxes)
        else:
            is_scaled = placed.fine < 1.0
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=is_scaled)
            painter.drawImage(placed.image, sheet.images[placed.plan.place])
        if sheet is None or placed.fine < 1.0:
            self._paint_bars(painter, picture, placed)
        paint_frozen_faces(painter, self._state, picture, placed.column, placed.rows, placed.boxes)

    def _paint_bars(self, painter: QPainter, picture: Picture, placed: _Placed) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # many times as fast
        for name, found in bars(self._state, picture, placed.column, placed.rows, placed.boxes).items():
            if found:
                painter.setBrush(self._state.look.palette.colour(name))
                painter.drawRects(found)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _place(self, layout: Layout, ratio: float) -> None:
        """Find where the faces stand, to whole pixels of the device."""
        made_for = (layout, self._state.view, ratio)
        if self._placed_for and self._placed_for[0] is layout and self._placed_for[1:] == made_for[1:]:
            return
        self._placed_for, self._sheet = made_for, None
        found = (self._placed_column(column, ratio) for column in layout.columns if column.kind == "surfaces")
        self._placed = [placed for placed in found if placed is not None]

    def _placed_column(self, column: Column, ratio: float) -> _Placed | None:
        view, rows = self._state.view, visible_rows(self._state, column)
        if not len(rows):
            return None
        side = max(round(column.size * view.zoom * ratio), 4)
        reach = column.bar * view.zoom * ratio
        half = column.size / 2
        corners = [view.point(x - half, y - half) for x, y in column.centres[rows.start : rows.stop].tolist()]
        whole = [(round(corner.x() * ratio), round(corner.y() * ratio)) for corner in corners]
        boxes = [QRectF(x / ratio, y / ratio, side / ratio, side / ratio) for x, y in whole]
        left, top = min(x for x, _ in whole) - round(reach), min(y for _, y in whole)
        fine = min(1.0, _FINEST / side)
        plan = ColumnPlan(
            column.place,
            range(rows.start + column.first, rows.stop + column.first),
            tuple((round((x - left) * fine), round((y - top) * fine)) for x, y in whole),
            round(side * fine),
            round(BAR_WIDTH * reach * fine),
            round(round(reach) * fine),
        )
        size = (plan.width / fine / ratio, plan.height / fine / ratio)
        return _Placed(column, rows, boxes, QRectF(left / ratio, top / ratio, *size), plan, fine)

    def _rendered(self, picture: Picture, plane: PlaneInputs) -> FaceSheet | None:
        """Return the sheet with what was measured; None where nothing was."""
        palette, surfaces = self._state.look.palette, picture.snapshot.surfaces
        shown = (surfaces, plane, palette, picture.snapshot.settings.loss)
        if self._sheet is not None and all(mine is yours for mine, yours in zip(shown, self._shown, strict=True)):
            self._light(self._sheet, picture)
            return self._sheet
        found: dict[int, Responses] = {}
        for placed in self._placed:
            each = responses(picture, plane, placed.plan.place)
            if each is None:
                return None
            found[placed.plan.place] = each
        if not found:
            return None
        is_other = self._sheet is None or self._shown[1] is not plane or self._shown[2] is not palette
        if self._sheet is None or is_other or not self._sheet.fits(found):
            self._sheet = FaceSheet([placed.plan for placed in self._placed], found, palette)
        self._sheet.render(found)
        self._shown, self._lit = shown, None
        self._light(self._sheet, picture)
        return self._sheet

    def _light(self, sheet: FaceSheet, picture: Picture) -> None:
        """Draw the bars of this moment in the images; where those are scaled they are painted above them."""
        if self._lit is not picture:
            self._lit = picture
            places = {placed.plan.place: placed.fine < 1.0 for placed in self._placed}
            sheet.light({place: None if is_scaled else picture.lamps(place) for place, is_scaled in places.items()})

    def _paint_names(self, painter: QPainter, plane: PlaneInputs, placed: _Placed) -> None:
        """Paint the names of the inputs at the left of their faces, as far as there is room."""
        look, column = self._state.look, placed.column
        painter.setFont(look.font(10.0))
        painter.setPen(look.palette.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        reach = column.bar * self._state.view.zoom + 0.4 * look.em()
        for spot, box in zip(placed.rows, placed.boxes, strict=True):
            name = plane.names[spot + column.first]
            room = max(box.left() - reach, 0.0)
            if metrics.horizontalAdvance(name) > room:
                name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            at = QPointF(room - metrics.horizontalAdvance(name), box.center().y() + 0.35 * metrics.ascent())
            painter.drawText(at, name)


def _beside(placed: _Placed) -> QRect:
    """Return where the names at the left of a column stand."""
    image = placed.image
    return QRectF(0.0, image.top(), max(image.left(), 1.0), image.height()).toAlignedRect()
