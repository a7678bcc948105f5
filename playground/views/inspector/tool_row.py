"""Tools, stamps and brush of the canvas, and the line that says what the mouse buttons do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.views.fields import NumberField
from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.tools import EDGE_STAMPS, MAX_SIZE, MAX_STRENGTH, MIN_SIZE, TOOLS, Brush, Stamp
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.inspector.words import QuietLine, QuietMenu
from playground.views.look import Look

_GRAMMAR = "left button +, right button −, <b>[ ]</b> size, <b>F</b> freeze, arrows and digits set cells"

# name -> low, high, ends of the slider, decimals, words
_BRUSH_FIELDS: dict[str, tuple[float, float, tuple[float, float], int, str]] = {
    "size": (MIN_SIZE, MAX_SIZE, (1.0, 15.0), 0, "Diameter of the brush in cells; [ and ] on the grid change it too"),
    "strength": (0.0, MAX_STRENGTH, (0.0, 3.0), 2, "The weight that the brush paints: + left, − right button"),
    "softness": (0.0, 1.0, (0.0, 1.0), 2, "0: a hard edge; 1: fading from the centre of the brush"),
}


class ToolRow(QWidget):
    """The tools of one canvas; follows it where keys on the canvas change tool or brush."""

    stamp_chosen = Signal(object)  # Stamp

    def __init__(self, look: Look, canvas: WeightCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._canvas = look, canvas
        self._drawing: NDArray[np.float32] | None = None
        self._buttons: dict[str, IconButton] = {}
        self._menu = QuietMenu(look, "stamp_menu", self)
        self._group = QActionGroup(self)
        self._means: tuple[tuple[str, NDArray[np.float32]], ...] = ()
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(self._tool_buttons())
        self._fields = {name: self._brush_field(name) for name in ("size", "strength", "softness")}
        line = FlowLayout(look, gap=0.7, is_filled=True)
        line.addWidget(self._fields["size"])
        line.addWidget(self._fields["strength"])
        line.addWidget(self._fields["softness"])
        box.addLayout(line)
        self._grammar = QuietLine(look, _GRAMMAR, parent=self)
        self._grammar.setObjectName("mouse_grammar")
        box.addWidget(self._grammar)
        self._fill_menu()
        canvas.tool_changed.connect(self._render_tool)
        canvas.brush_changed.connect(self._render_brush)
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_tool(canvas.hand.tool)

    # ---- what others call ----

    def set_class_means(self, names: Sequence[str], means: Sequence[NDArray[np.floating]]) -> None:
        """Offer the mean image ``[rows, columns]`` of each class as a stamp."""
        self._means = tuple(zip(names, (np.asarray(mean, np.float32) for mean in means), strict=True))
        self._fill_menu()

    def set_drawing(self, image: NDArray[np.floating] | None) -> None:
        """Offer the current drawing ``[rows, columns]`` as a stamp."""
        had = self._drawing is not None
        self._drawing = None if image is None else np.asarray(image, np.float32)
        if had != (image is not None):
            self._fill_menu()
        stamp = self._canvas.hand.stamp
        if self._drawing is not None and stamp.label == _DRAWING:
            self._canvas.hand.stamp = Stamp(_DRAWING, picture=self._drawing)
            self._canvas.update()

    # ---- building ----

    def _tool_buttons(self) -> FlowLayout:
        line = FlowLayout(self._look, gap=0.14)
        for tool in TOOLS:
            text = "Stamp" if tool.name == "stamp" else ""
            button = IconButton(
                self._look,
                f"tool_{tool.name}",
                tool.label,
                f"{tool.label}: {tool.hint[0].lower()}{tool.hint[1:]}.",
                icon=tool.icon,
                text=text,
                checkable=True,
                parent=self,
            )
            button.setProperty("tool", tool.name)
            button.clicked.connect(self._choose_tool)
            self._buttons[tool.name] = button
            line.addWidget(button)
        self._buttons["stamp"].set_menu(self._menu)
        return line

    def _brush_field(self, name: str) -> NumberField:
        low, high, slider_range, decimals, hint = _BRUSH_FIELDS[name]
        field = NumberField(
            self._look,
            f"brush_{name}",
            "soft" if name == "softness" else name,
            low=low,
            high=high,
            value=getattr(self._canvas.hand.brush, name),
            decimals=decimals,
            tooltip=hint,
            digits=4 if name == "size" else 5,
            slider_range=slider_range,
            parent=self,
        )
        field.changed.connect(self._read_brush)
        return field

    def _fill_menu(self) -> None:
        self._menu.clear()
        for stamp in EDGE_STAMPS:
            self._add_stamp(stamp)
        self._menu.addSeparator()
        drawing = self._add_stamp(Stamp(_DRAWING))
        drawing.setEnabled(self._drawing is not None)
        if self._means:
            self._menu.addSeparator()
            for name, mean in self._means:
                self._add_stamp(Stamp(f"Mean of {name}", picture=mean))

    def _add_stamp(self, stamp: Stamp) -> QAction:
        action = QAction(stamp.label, self._menu)
        action.setObjectName(f"stamp_{stamp.kind or stamp.label.lower().replace(' ', '_')}")
        action.setCheckable(True)
        action.setData(stamp)
        action.setChecked(stamp.label == self._canvas.hand.stamp.label)
        action.triggered.connect(self._choose_stamp)
        self._group.addAction(action)
        self._menu.addAction(action)
        return action

    # ---- choosing ----

    def _choose_tool(self) -> None:
        self._canvas.set_tool(str(self.sender().property("tool")))
        self._render_tool(self._canvas.hand.tool)

    def _choose_stamp(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            stamp: Stamp = action.data()
            if stamp.label == _DRAWING:
                stamp = Stamp(_DRAWING, picture=self._drawing)
            self._canvas.set_stamp(stamp)
            self._buttons["stamp"].setToolTip(f"Stamp: {stamp.label}. A click on the grid sets it.")

    def _read_brush(self) -> None:
        size, strength, softness = (self._fields[name].value() for name in ("size", "strength", "softness"))
        self._canvas.set_brush(Brush(float(size), float(strength), float(softness)))

    def _render_look(self) -> None:
        self._box.setSpacing(round(0.35 * self._look.em()))

    def _render_tool(self, tool: str) -> None:
        for name, button in self._buttons.items():
            button.setChecked(name == tool)

    def _render_brush(self, brush: Brush) -> None:
        for name, field in self._fields.items():
            field.set_value(getattr(brush, name))


_DRAWING = "My drawing"
