"""The row of tools that draw points, the classes to draw with, and what of the plane is shown."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.targets import VALUES
from playground.views.fields import NumberField
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.colours import class_colours
from playground.views.plane.strokes import ADD, ERASE, LOOK, MOVE, SPRAY, TURN

# tool -> icon, text, name, what it does
_TOOLS = {
    LOOK: ("pointer", "", "Choose the input", "Click or drag: the network receives this place of the plane."),
    ADD: (
        "",
        "+",
        "Add points",
        "Click for a point of the chosen class, drag for a line of them; right: the next class.",
    ),
    SPRAY: ("brush", "", "Spray points", "Drag: points scatter around the mouse; right: of the next class."),
    ERASE: ("eraser", "", "Erase points", "Drag over points to take them away."),
    MOVE: ("scale", "", "Move a point", "Drag a point to another place."),
    TURN: ("fill", "", "Put points into another class", "Drag over points: they change to the chosen class."),
}


class ClassButton(QAbstractButton):
    """A class to draw with, in its colour."""

    def __init__(self, look: Look, name: str, place: int, colour: QColor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._colour = look, colour
        self.place = place
        self.setObjectName(f"plane_class_{place}")
        self.setAccessibleName(f"class {name}")
        self.setToolTip(f"Draw points of class {name}.")
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a small square."""
        side = round(1.6 * self._look.em())
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a disc of the colour, and a frame where it is chosen."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        if self.isChecked() or self.hasFocus():
            painter.setPen(palette.colour("accent"))
            painter.setBrush(palette.colour("raised"))
            painter.drawRoundedRect(frame, 0.3 * em, 0.3 * em)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawEllipse(frame.center(), 0.42 * em, 0.42 * em)
        painter.end()


class PlaneTools(QWidget):
    """Sets the tool and the class of one canvas, and of those that join it."""

    emptied = Signal()  # all points are to go
    steps_toggled = Signal(bool)  # the surface in steps
    held_back_toggled = Signal(bool)  # points held back are shown

    def __init__(self, look: Look, canvas: PlaneCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._canvases = look, [canvas]
        self.setObjectName("plane_tools")
        self._group = QButtonGroup(self)
        self.buttons: dict[str, IconButton] = {}
        row = FlowLayout(look, gap=0.25)
        for tool, (icon, text, name, hint) in _TOOLS.items():
            button = IconButton(
                look, f"plane_tool_{tool}", name, f"{name}. {hint}", icon=icon, text=text, checkable=True, parent=self
            )
            button.setProperty("tool", tool)
            self._group.addButton(button)
            row.addWidget(button)
            self.buttons[tool] = button
        self.buttons[LOOK].setChecked(True)
        self._empty = IconButton(
            look, "plane_empty", "Take all points away", "Begin with an empty plane; undo brings them back.",
            icon="trash", parent=self,
        )  # fmt: skip
        row.addWidget(self._empty)
        self.steps = self._switch("plane_steps", "steps", "The answer in steps, or as a smooth surface")
        self.held = self._switch("plane_held_back", "held back", "Show the points that are not trained on (diamonds)")
        self.held.setChecked(True)
        row.addWidget(self.steps)
        row.addWidget(self.held)
        self._classes = QWidget(self)
        self._class_row = FlowLayout(look, self._classes, gap=0.15)
        self._class_group = QButtonGroup(self)
        self.value = NumberField(
            look, "plane_value", "number", low=-1.0, high=1.0, value=1.0, decimals=2, signed=True,
            tooltip="The number that drawn points get; the right button draws its opposite.", parent=self,
        )  # fmt: skip
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addLayout(row)
        box.addWidget(self._classes)
        box.addWidget(self.value)
        self._shown: tuple[object, ...] = ()
        self._is_fixed = False  # the points are rows of a table
        self._group.buttonClicked.connect(self._choose_tool)
        self._class_group.buttonClicked.connect(self._choose_class)
        self._empty.clicked.connect(self.emptied)
        self.steps.toggled.connect(self.steps_toggled)
        self.held.toggled.connect(self.held_back_toggled)
        self.value.changed.connect(self._choose_value)
        look.changed.connect(self._render_look)

    def join(self, canvas: PlaneCanvas) -> None:
        """Draw on another canvas too."""
        first = self._canvases[0]
        canvas.set_tool(first.tool)
        canvas.target, canvas.train_share = first.target, first.train_share
        self._canvases.append(canvas)

    def allow_drawing(self, is_allowed: bool) -> None:
        """Offer the tools that change points, or, where the points are the rows of a table, only how they are shown."""
        self._is_fixed = not is_allowed
        for tool, button in self.buttons.items():
            button.setVisible(is_allowed or tool == LOOK)
        self._empty.setVisible(is_allowed)
        if not is_allowed:
            self.buttons[LOOK].setChecked(True)
            self._choose_tool(self.buttons[LOOK])
        self._show_targets()

    def _show_targets(self) -> None:
        """Offer what points are drawn with: classes or a number, as far as they are drawn at all."""
        is_number = len(self._shown) == 3 and self._shown[1] == VALUES
        self.value.setVisible(is_number and not self._is_fixed)
        self._classes.setVisible(not is_number and not self._is_fixed)

    def show_classes(self, classes: tuple[str, ...], task: str) -> None:
        """Offer the classes to draw with, or a number."""
        if (classes, task, self._look.palette) == self._shown:
            return
        self._shown = (classes, task, self._look.palette)
        for button in self._class_group.buttons():
            self._class_group.removeButton(button)
            self._class_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        is_number = task == VALUES
        self._show_targets()
        self.buttons[TURN].setEnabled(not is_number)
        if is_number:
            self._choose_value(self.value.value())
            return
        colours = class_colours(len(classes), task, self._look.palette)
        chosen = min(max(int(self._canvases[0].target), 0), len(classes) - 1)
        for place, name in enumerate(classes):
            button = ClassButton(self._look, name, place, colours[place], self._classes)
            button.setChecked(place == chosen)
            self._class_group.addButton(button)
            self._class_row.addWidget(button)
            button.show()
        self._set_target(float(chosen))

    def _switch(self, name: str, text: str, hint: str) -> IconButton:
        return IconButton(self._look, name, text, hint, text=text, checkable=True, parent=self)

    def _choose_tool(self, button: QAbstractButton) -> None:
        for canvas in self._canvases:
            canvas.set_tool(str(button.property("tool")))

    def _choose_class(self, button: QAbstractButton) -> None:
        if isinstance(button, ClassButton):
            self._set_target(float(button.place))

    def _choose_value(self, value: object) -> None:
        if isinstance(value, int | float):
            self._set_target(float(value))

    def _set_target(self, target: float) -> None:
        for canvas in self._canvases:
            canvas.target = target

    def _render_look(self) -> None:
        if len(self._shown) == 3:
            classes, task, _ = self._shown
            self._shown = ()
            self.show_classes(classes, task)  # type: ignore[arg-type]
