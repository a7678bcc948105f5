"""The strips of the probe: x to switch on and drag, h and x' of each model, arrows from what interferes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.engine.superposition.problem import Floats
from playground.engine.superposition.snapshots import ProbeReading
from playground.views.look import Look
from playground.views.superposition.feature_cells import Cells
from playground.views.superposition.fitting_height import FittingHeight
from playground.views.superposition.probe_layout import LABEL, ProbeLayout, laid_out
from playground.views.superposition.probe_words import contributions

_REACH = 4.0  # em of the mouse for a value to go from 0 to 1
_CLICK = 3  # pixels within which a press is a click
_STEP = 0.1
_ARROWS = 8  # at most


class ProbeStrips(FittingHeight):
    """Emits the inputs as the hand changes them; ``pointed`` carries model and output under the mouse, or None."""

    inputs_changed = Signal(object)  # [n]
    feature_chosen = Signal(int)
    pointed = Signal(object)  # (kind, output) or None

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._inputs: Floats = np.zeros(2)
        self._hidden = 1
        self._names: tuple[str, ...] = ()
        self._low = 0.0
        self._reading: ProbeReading | None = None
        self._explained: tuple[int, int] | None = None  # model and output that the arrows point at
        self._selected: int | None = None
        self._cursor = 0
        self._press: tuple[int, float, float] | None = None  # feature, y and value where the button went down
        self._has_moved = False
        self.setObjectName("probe_strips")
        self.setAccessibleName("Input x, hidden h and output x' of the probe")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe(None)
        look.changed.connect(self._render_look)

    # ---- what others tell ---------------------------------------------------------------------------------------

    def show_models(self, features: int, hidden: int, names: tuple[str, ...], low: float) -> None:
        """Be laid out for models; ``low`` is the smallest value of an input, -1 or 0. Other features start at 0."""
        if (features, hidden, names, low) == (len(self._inputs), self._hidden, self._names, self._low):
            return
        if features != len(self._inputs) or low != self._low:
            self._inputs, self._press = np.zeros(features), None
            self._cursor, self._selected = 0, None
        self._hidden, self._names, self._low = hidden, names, low
        self._reading = self._explained = None
        self._render_look()

    def set_inputs(self, inputs: Floats) -> None:
        """Show another input, silently."""
        self._inputs = np.array(inputs, np.float64)
        self.update()

    def inputs(self) -> Floats:
        """Return the input, ``[n]``."""
        return self._inputs.copy()

    def render_reading(self, reading: ProbeReading | None, explained: tuple[int, int] | None) -> None:
        """Show what the models make of the input; the arrows point at the output ``explained``."""
        self._reading, self._explained = reading, explained
        self.update()

    def set_selected(self, feature: int | None) -> None:
        """Mark a feature that is selected elsewhere."""
        if feature != self._selected:
            self._selected = feature
            self.update()

    # ---- size ----------------------------------------------------------------------------------------------------

    def _layout(self, width: float | None = None) -> ProbeLayout:
        em = self._look.em()
        return laid_out(len(self._inputs), self._hidden, len(self._names), width or self.width(), em)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all strips."""
        return round(self._layout(width).height)

    # ---- the hand ------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a feature of the input, or choose one by its output."""
        layout = self._layout()
        place = layout.input_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if place is not None:
            self._cursor, self._has_moved = place, False
            self._press = (place, event.position().y(), float(self._inputs[place]))
            self.feature_chosen.emit(place)
        elif (output := layout.output_at(event.position())) is not None:
            self.feature_chosen.emit(output[1])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the value up and down; without a button point at an output."""
        if self._press is not None:
            place, begun, value = self._press
            moved = begun - event.position().y()
            if self._has_moved or abs(moved) > _CLICK:
                self._has_moved = True
                self._put(place, value + moved / (_REACH * self._look.em()))
            return
        layout = self._layout()
        number = self._number_at(layout, event.position())
        if number:
            self.setToolTip(number)
        else:
            self._describe(layout.input_at(event.position()))
        self.pointed.emit(layout.output_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click without a move switches the feature on or off."""
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        place, _, value = self._press
        self._press = None
        if not self._has_moved:
            self._put(place, 0.0 if value else 1.0)

    def leaveEvent(self, event: object) -> None:
        """Point at nothing."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose a feature, up and down change its value, Enter switches it, Esc takes a drag back."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._press is not None:
            place, _, value = self._press
            self._press = None
            self._put(place, value)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._cursor = (self._cursor + (1 if key == Qt.Key.Key_Right else -1)) % len(self._inputs)
            self._describe(self._cursor)
            self.feature_chosen.emit(self._cursor)
            self.update()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._put(self._cursor, self._inputs[self._cursor] + (_STEP if key == Qt.Key.Key_Up else -_STEP))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._put(self._cursor, 0.0 if self._inputs[self._cursor] else 1.0)
        else:
            super().keyPressEvent(event)

    def _put(self, place: int, value: float) -> None:
        value = round(min(max(float(value), self._low), 1.0), 3)
        if value == self._inputs[place]:
            return
        changed = self._inputs.copy()
        changed[place] = value
        self._inputs = changed
        self._describe(place)
        self.update()
        self.inputs_changed.emit(changed.copy())

    def _number_at(self, layout: ProbeLayout, point: QPointF) -> str:
        """Return the number of h or x' at a point with its name, an empty text where there is none."""
        reading = self._reading
        if reading is None:
            return ""
        for kind, cells in enumerate(layout.hidden):
            neuron = cells.at(point)
            if neuron is not None:
                return f"h{neuron} = {reading.hidden[kind, neuron]:.4f}"
        output = layout.output_at(point)
        return "" if output is None else f"x' of feature {output[1]} = {reading.output[output]:.4f}"

    def _describe(self, place: int | None) -> None:
        hint = (
            "Click a feature of x to switch it on, drag it up and down for its value; point at x' to see its sources."
        )
        if place is not None:
            hint = f"x of feature {place} is {self._inputs[place]:.2f}. {hint}"
        self.setToolTip(f"{hint}\nArrow keys choose and change, Enter switches.")
        self.setAccessibleDescription(hint)

    # ---- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the strips and the arrows."""
        layout, painter = self._layout(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._strip(painter, layout.inputs, self._inputs, 1.0, "x")
        reading = self._reading
        for kind, name in enumerate(self._names):
            painter.setFont(self._look.font(8.5))
            painter.setPen(self._look.palette.colour("muted"))
            painter.drawText(layout.names[kind], int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
            hidden = np.zeros(self._hidden) if reading is None else reading.hidden[kind]
            output = np.zeros(len(self._inputs)) if reading is None else reading.output[kind]
            self._strip(painter, layout.hidden[kind], hidden, max(1e-6, float(np.abs(hidden).max())), "h")
            self._strip(painter, layout.outputs[kind], output, 1.0, "x'")
        self._mark(painter, layout)
        self._arrows(painter, layout)
        painter.end()

    def _strip(self, painter: QPainter, cells: Cells, values: Floats, scale: float, label: str) -> None:
        palette, em = self._look.palette, self._look.em()
        painter.setFont(self._look.font(9.0, mono=True))
        painter.setPen(palette.colour("muted"))
        room = QRectF(0, cells.frame.top(), LABEL * em, min(cells.frame.height(), 1.4 * em))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), label)
        colours = palette.signed_rgba(values, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        ground = palette.colour("line")
        ground.setAlpha(140)
        for place, (red, green, blue, _) in enumerate(colours):
            box = cells.rect(place)
            gap = 1.0 if box.width() > 4 else 0.0
            inner = box.adjusted(0, 0, -gap, -1)
            painter.fillRect(inner, ground)
            if values[place]:
                painter.fillRect(inner, QColor(int(red), int(green), int(blue)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _mark(self, painter: QPainter, layout: ProbeLayout) -> None:
        """Frame the selected feature and the output that is explained."""
        palette = self._look.palette
        painter.setBrush(Qt.BrushStyle.NoBrush)
        selected = self._cursor if self.hasFocus() else self._selected
        if selected is not None and selected < len(self._inputs):
            painter.setPen(QPen(palette.colour("accent"), 1.5))
            for cells in (layout.inputs, *layout.outputs):
                painter.drawRect(cells.rect(selected).adjusted(-0.5, -0.5, 0, 0))
        if self._explained is not None:
            painter.setPen(QPen(palette.colour("activation"), 1.5))
            kind, output = self._explained
            painter.drawRect(layout.outputs[kind].rect(output).adjusted(-0.5, -0.5, 0, 0))

    def _arrows(self, painter: QPainter, layout: ProbeLayout) -> None:
        """Draw from each feature that is on to the output that it adds to: colour its sign, width its size."""
        if self._explained is None or self._reading is None:
            return
        kind, output = self._explained
        target = layout.outputs[kind].rect(output)
        end = QPointF(target.center().x(), target.top())
        for part in contributions(self._reading, kind, output)[:_ARROWS]:
            source = layout.inputs.rect(part.source)
            self._arrow(painter, QPointF(source.center().x(), source.bottom()), end, part.amount)

    def _arrow(self, painter: QPainter, start: QPointF, end: QPointF, amount: float) -> None:
        em = self._look.em()
        ink = self._look.palette.colour("positive" if amount > 0 else "negative")
        ink.setAlphaF(0.9)
        pen = QPen(ink, (0.07 + 0.16 * min(abs(amount), 1.0)) * em)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath(start)
        reach = 0.5 * (end.y() - start.y())
        path.cubicTo(start + QPointF(0, reach), end - QPointF(0, reach), end)
        painter.drawPath(path)
        side = 0.28 * em
        painter.drawPolyline([end + QPointF(-side, -1.3 * side), end, end + QPointF(side, -1.3 * side)])
