"""Features to choose from: one cell each, chosen by a click, by a stroke over several, or by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.views.look import Look
from playground.views.superposition.colours import feature_colours
from playground.views.superposition.feature_cells import Cells, columns_for
from playground.views.superposition.fitting_height import FittingHeight

_CELL, _LEAST = 1.5, 0.55  # em: the side of a cell with its number, and the least width of one
_MOST_ROWS = 6  # of cells with their numbers: more features stand closer, without
_ROW = 1.1  # em: the height of a row of narrow cells


class FeaturePicker(FittingHeight):
    """Tells ``chosen_changed`` with the chosen features, in their order; ``taken`` ones cannot be chosen."""

    chosen_changed = Signal(object)  # tuple of features

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._count = 2
        self._chosen: set[int] = set()
        self._taken: dict[int, str] = {}
        self._cursor = 0
        self._hovered: int | None = None
        self._stroke: bool | None = None  # while the button is down: whether it chooses or lets go
        self.setObjectName(name)
        self.setAccessibleName("Features to choose from")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)
        self._describe()

    def show_features(self, count: int, taken: Mapping[int, str]) -> None:
        """Offer features; ``taken`` says of those that cannot be chosen why not."""
        self._count, self._taken = count, dict(taken)
        self._chosen = {one for one in self._chosen if one < count and one not in self._taken}
        self._cursor = min(self._cursor, count - 1)
        self._render_look()

    def set_chosen(self, features: Collection[int]) -> None:
        """Show other features as chosen, silently."""
        self._chosen = {one for one in features if 0 <= one < self._count and one not in self._taken}
        self.update()

    def chosen(self) -> tuple[int, ...]:
        """Return the chosen features in their order."""
        return tuple(sorted(self._chosen))

    # ---- size ----------------------------------------------------------------------------------------------------

    def _cells(self) -> Cells:
        em = self._look.em()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        has_numbers = self._has_numbers()
        least = _CELL * em if has_numbers else _LEAST * em
        columns = columns_for(self._count, frame.width(), least)
        frame.setWidth(min(frame.width(), columns * 2 * _CELL * em))
        return Cells(frame, self._count, columns)

    def _has_numbers(self) -> bool:
        return self._count <= _MOST_ROWS * max(1, int(max(self.width(), 1) / (_CELL * self._look.em())))

    def heightForWidth(self, width: int) -> int:
        """Return the height of so many rows as the features need."""
        em = self._look.em()
        has_numbers = self._count <= _MOST_ROWS * max(1, int(width / (_CELL * em)))
        rows = -(-self._count // columns_for(self._count, width - 2, (_CELL if has_numbers else _LEAST) * em))
        return round(rows * (_CELL if has_numbers else _ROW) * em) + 2

    # ---- choosing ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the feature, or let it go; the stroke goes on alike."""
        place = self._cells().at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._stroke = place not in self._chosen
            self._put(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke; without a button say what is below the mouse."""
        place = self._cells().at(event.position())
        if self._stroke is not None and place is not None:
            self._put(place)
        elif place != self._hovered:
            self._hovered = place
            self._describe()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the stroke."""
        self._stroke = None

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, choose with Enter."""
        columns = self._cells().columns
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        key = Qt.Key(event.key())
        if key in steps:
            self._cursor = min(max(self._cursor + steps[key], 0), self._count - 1)
            self._hovered = None
            self._describe()
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._stroke = self._cursor not in self._chosen
            self._put(self._cursor)
            self._stroke = None
        else:
            super().keyPressEvent(event)

    def _put(self, place: int) -> None:
        self._cursor = self._hovered = place
        self._describe()
        self.update()
        if place in self._taken or (place in self._chosen) == self._stroke:
            return
        if self._stroke:
            self._chosen.add(place)
        else:
            self._chosen.discard(place)
        self.chosen_changed.emit(self.chosen())

    def _describe(self) -> None:
        place = self._cursor if self._hovered is None else self._hovered
        state = self._taken.get(place) or ("chosen" if place in self._chosen else "not chosen")
        text = f"Feature {place}: {state}"
        self.setToolTip(f"{text}. Click or stroke over the features to choose; arrow keys move, Enter chooses.")
        self.setAccessibleDescription(text)

    # ---- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells."""
        palette, em, cells = self._look.palette, self._look.em(), self._cells()
        colours = feature_colours(self._count, palette)
        has_numbers = self._has_numbers()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font(8.0, mono=True))
        fits = QFontMetricsF(painter.font()).horizontalAdvance(str(self._count - 1)) < cells.rect(0).width()
        for place in range(self._count):
            inset = 0.06 * em
            box = cells.rect(place).adjusted(inset, inset, -inset, -inset)
            self._paint_cell(painter, box, place, colours[place])
            if has_numbers and fits:
                painter.setPen(self._ink(place))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(place))
        painter.end()

    def _paint_cell(self, painter: QPainter, box: QRectF, place: int, colour: QColor) -> None:
        palette = self._look.palette
        is_pointed = place == self._hovered or (self.hasFocus() and place == self._cursor)
        painter.setPen(QPen(palette.colour("accent" if is_pointed else "line"), 1.5 if is_pointed else 1.0))
        painter.setBrush(colour if place in self._chosen else palette.colour("sunken"))
        if place in self._taken:
            painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(box, 2, 2)

    def _ink(self, place: int) -> QColor:
        palette = self._look.palette
        if place in self._taken:
            return palette.colour("faint")
        return palette.colour("sunken" if place in self._chosen else "muted")
