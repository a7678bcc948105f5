"""Data in the plane as a part of the data column: shape, points, features, and what the network makes of them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.engine.datasets import DataError, DataSet
from playground.engine.plane import DRAWN, PlaneSetup, drawn_data, plane_data, plane_points, with_features
from playground.engine.plane_shapes import GATES, SHAPES
from playground.engine.predictions import spread
from playground.views.fields import NumberField
from playground.views.heads import SectionHead
from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look
from playground.views.plane.axis import axes_of, value_axis
from playground.views.plane.canvas import PlaneCanvas
from playground.views.plane.contours import Segments
from playground.views.plane.features import FeatureChooser
from playground.views.plane.perceptron_box import PerceptronBox
from playground.views.plane.points import Points
from playground.views.plane.scene import NeuronSurface, Scene, Surface
from playground.views.plane.shapes import ShapeChooser
from playground.views.plane.shown import ShownSwitch
from playground.views.plane.table_words import MOST_SHOWN, table_words
from playground.views.plane.tools import PlaneTools
from playground.views.plane.zero_line import ZeroLine

_NUMBERS: dict[str, tuple[str, float, float, int, str]] = {
    "count": ("points", 10, 2_000, 0, "How many points are drawn, those held back included."),
    "noise": ("noise", 0.0, 1.0, 2, "How far the points are scattered."),
    "train_share": ("train", 0.1, 0.9, 2, "The share of the points that is trained on; the others are held back."),
    "seed": ("seed", 0, 9_999, 0, "Another seed draws other points by the same rule."),
    "parts": ("parts", 0, 10, 0, "Arms, rings, cells of a side or classes, where the shape has them; 0: as usual."),
}


class PlaneSection(QWidget):
    """Shows the plane of a data set and asks for others. ``data_asked`` carries a `DataSet` and what was done."""

    data_asked = Signal(object, str)
    data_dragged = Signal(object, str)  # the same while points are being drawn
    data_dropped = Signal()  # what was dragged is to be taken back
    shown_chosen = Signal(str)  # what is to fill the plane (see ``scene``)
    place_chosen = Signal(object)  # [dimensions] of the plane: the network is to receive it

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._data: DataSet | None = None
        self._setup = PlaneSetup()
        self.setObjectName("plane_section")
        self.shapes = ShapeChooser(look, self)
        self.perceptron = PerceptronBox(look, self)
        self.canvas = PlaneCanvas(look, self)
        self._canvases = [self.canvas]
        self._switches: list[ShownSwitch] = []
        self.shown = ShownSwitch(look, "plane_shown", self)
        self.tools = PlaneTools(look, self.canvas, self)
        self.features = FeatureChooser(look, self)
        self.fields = {name: self._field(name) for name in _NUMBERS}
        self.formula = QLineEdit(self)
        self.formula.setObjectName("plane_formula")
        self.formula.setAccessibleName("Formula of the data")
        self.formula.setToolTip("The rule of this data set, typed; Enter draws its points.")
        self._error = QLabel(self)
        self._error.setObjectName("plane_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._table_words = QLabel(self)
        self._table_words.setObjectName("plane_table_words")
        self._table_words.setProperty("role", "muted")
        self._table_words.setTextFormat(Qt.TextFormat.PlainText)
        self._table_words.setWordWrap(True)
        self._arrange()
        self._connect()
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others call ------------------------------------------------------------------------------------

    def join(self, canvas: PlaneCanvas, shown: ShownSwitch) -> None:
        """Show the same on another canvas with its switch, draw on it with the same tools, hear what it asks for."""
        self._canvases.append(canvas)
        self.tools.join(canvas)
        canvas.show_scene(self.canvas.scene)
        canvas.redrawn.connect(self.canvas.update)
        self.canvas.redrawn.connect(canvas.update)
        self._connect_canvas(canvas, shown)

    def _connect_canvas(self, canvas: PlaneCanvas, shown: ShownSwitch) -> None:
        canvas.points_drawn.connect(self._ask_drawn)
        canvas.points_dragged.connect(self._drag_drawn)
        canvas.points_dropped.connect(self.data_dropped)
        canvas.place_chosen.connect(self.place_chosen)
        shown.chosen.connect(self.shown_chosen)
        self._switches.append(shown)

    def _show(self, scene: Scene) -> None:
        for canvas in self._canvases:
            canvas.show_scene(scene)

    def set_data(self, data: DataSet) -> None:
        """Show other data; those of no plane hide everything."""
        self._data = data
        plane = data.plane
        if plane is None:
            return
        source = dict(data.source)
        known = {field.name for field in fields(PlaneSetup)}
        if source.get("shape") != DRAWN:
            given = {name: value for name, value in source.items() if name in known}
            self._setup = PlaneSetup(**{**given, "features": tuple(given.get("features", ("x1", "x2")))})
        at, targets, is_training = plane_points(data)
        shown = spread(len(at), MOST_SHOWN) if data.columns is not None else slice(None)
        points = Points(at[shown].astype(np.float64), np.asarray(targets[shown], np.float64), is_training[shown])
        old = self.canvas.scene
        scene = Scene(points, data.task, data.classes, plane.low, plane.high)
        scene.axes, scene.value = axes_of(plane), value_axis(data)
        scene.in_steps, scene.has_held_back = old.in_steps, old.has_held_back
        for canvas in self._canvases:
            canvas.train_share = self._setup.train_share
        self._show(scene)
        self.tools.show_classes(data.classes, data.task)
        self._offer_setup(is_table=data.columns is not None)
        if data.columns is None:
            reach = max(abs(plane.low), abs(plane.high))
            self.features.show_features(plane.features.names, plane.dimensions, reach)
            self._render_setup(str(source.get("shape", "")))
        else:
            self._table_words.setText(table_words(data, len(points)))
        self.show_error("")

    def render_answers(
        self,
        surface: NDArray[np.float32] | None,
        is_wrong: NDArray[np.bool_] | None = None,
        answers: NDArray[np.float32] | None = None,
    ) -> None:
        """Show what the network answers over the plane, ``[outputs, g, g]``, and at the points themselves."""
        scene = self.canvas.scene
        new = None if surface is None else Surface(surface)
        self._show(replace(scene, surface=new, is_wrong=is_wrong, answers=answers))

    def render_neuron(self, neuron: NeuronSurface | None, way: str, words: str) -> None:
        """Fill the plane with a neuron instead of the answer (None: the answer), and say so in ``words``."""
        if neuron is not self.canvas.scene.neuron:
            self._show(replace(self.canvas.scene, neuron=neuron))
        for switch in self._switches:
            switch.show_way(way, words)

    def render_overlays(
        self, lines: tuple[ZeroLine, ...], contour: Segments | None, borders: Segments | None, applied_seq: int
    ) -> None:
        """Show what lies over the surface: see the fields of `Scene`."""
        scene = self.canvas.scene
        self._show(replace(scene, lines=lines, contour=contour, borders=borders, applied_seq=applied_seq))

    def show_place(self, place: tuple[float, ...]) -> None:
        """Mark the place that the network receives."""
        self._show(replace(self.canvas.scene, current=place))

    def show_error(self, sentence: str) -> None:
        """Show in place why data cannot be; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _offer_setup(self, *, is_table: bool) -> None:
        """Offer shapes, features and tools, or say that the points are the rows of a table."""
        of_points: tuple[QWidget, ...] = (self.shapes, self.perceptron, self.features, self._inputs_head)
        for widget in of_points:
            widget.setVisible(not is_table)
        self.tools.allow_drawing(not is_table)
        self._table_words.setVisible(is_table)
        if is_table:
            for widget in (*self.fields.values(), self.formula):
                widget.hide()
        else:
            for name in ("count", "noise", "train_share", "seed"):
                self.fields[name].show()

    # ---- asking ----------------------------------------------------------------------------------------------

    def _ask_shape(self, name: str) -> None:
        features = tuple(one for one in self._setup.features if self._data is not None and self._data.plane is not None)
        setup = replace(self._setup, shape=name, task="", parts=0, formula="", features=features or ("x1", "x2"))
        if name == self._setup.shape:
            setup = replace(setup, seed=(self._setup.seed + 1) % 10_000)
        self._ask(setup, f"data: {SHAPES[name].title}")

    def _ask_number(self, name: str, value: Any) -> None:
        if value is not None and value != getattr(self._setup, name):
            kind = type(getattr(PlaneSetup(), name))
            self._ask(replace(self._setup, **{name: kind(value)}), f"data: {_NUMBERS[name][0]} {value:g}")

    def _ask_formula(self) -> None:
        self._ask(replace(self._setup, formula=self.formula.text().strip()), "data: another formula")

    def _ask(self, setup: PlaneSetup, label: str) -> None:
        try:
            data = plane_data(setup)
        except DataError as error:
            self.show_error(str(error))
            return
        self.show_error("")
        self.data_asked.emit(data, label)

    def _ask_features(self, names: tuple[str, ...]) -> None:
        if self._data is not None:
            try:
                data = with_features(self._data, names)
            except DataError as error:
                self.features.show_error(str(error))
                return
            self.data_asked.emit(data, f"inputs: {', '.join(names)}")

    def _ask_drawn(self, points: Points, words: str) -> None:
        data = self._data
        if data is None or data.plane is None:
            return
        try:
            drawn = self._drawn(points, data)
        except DataError as error:
            self.show_error(str(error))
            self.set_data(data)
            return
        self.data_asked.emit(drawn, words)

    def _drag_drawn(self, points: Points, words: str) -> None:
        """Tell of points that are being drawn; in the column not before its words are those of drawn points.

        Other words have another height: the canvas would move under the hand.
        """
        data = self._data
        is_in_column = self.sender() is self.canvas
        if data is None or data.plane is None or (is_in_column and data.source.get("shape") != DRAWN):
            return
        try:
            self.data_dragged.emit(self._drawn(points, data), words)
        except DataError as error:
            self.show_error(str(error))

    def _drawn(self, points: Points, data: DataSet) -> DataSet:
        plane = data.plane
        assert plane is not None  # noqa: S101 - whoever calls has asked
        return drawn_data(
            points.at, points.targets, points.is_training, features=plane.features.names, task=data.task,
            classes=data.classes or ("A", "B"), reach=(plane.low, plane.high),
        )  # fmt: skip

    def _empty(self) -> None:
        dimensions = self.canvas.scene.points.at.shape[1]
        self._ask_drawn(Points.none(dimensions), "all points taken away")

    # ---- showing ---------------------------------------------------------------------------------------------

    def _render_setup(self, name: str) -> None:
        shape = SHAPES.get(name)
        data = self._data
        counts = "" if data is None else f"{len(data.train):,} trained on, {len(data.validation):,} held back"
        self.shapes.show_shape(name, f"{shape.title if shape else 'drawn points'}: {counts}")
        for field_name, field in self.fields.items():
            field.set_value(getattr(self._setup, field_name))
        is_drawn = shape is None
        for field_name in ("count", "noise", "seed"):
            self.fields[field_name].setEnabled(not is_drawn)
        self.fields["train_share"].setEnabled(not is_drawn and name not in GATES)
        self.fields["parts"].setVisible(shape is not None and shape.parts is not None)
        if shape is not None and shape.parts is not None:
            self.fields["parts"].set_range(0, shape.parts[2])
        self.formula.setVisible(shape is not None and bool(shape.formula))
        if shape is not None and shape.formula and not self.formula.hasFocus():
            self.formula.setText(self._setup.formula or shape.formula)

    def _set_steps(self, is_on: bool) -> None:
        self._show(replace(self.canvas.scene, in_steps=is_on))

    def _set_held_back(self, is_on: bool) -> None:
        self._show(replace(self.canvas.scene, has_held_back=is_on))

    # ---- building --------------------------------------------------------------------------------------------

    def _field(self, name: str) -> NumberField:
        label, low, high, decimals, hint = _NUMBERS[name]
        field = NumberField(
            self._look, f"plane_{name}", label, low=low, high=high, value=getattr(self._setup, name),
            whole=decimals == 0, decimals=decimals, slider=name not in ("seed", "parts"), tooltip=hint, waits=True,
            parent=self,
        )  # fmt: skip
        field.changed.connect(lambda value, name=name: self._ask_number(name, value))
        return field

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._box = box
        box.addWidget(self.shapes)
        box.addWidget(self.perceptron)
        box.addWidget(self.shown)
        box.addWidget(self.canvas)
        box.addWidget(self.tools)
        for name in ("count", "noise", "train_share"):
            box.addWidget(self.fields[name])
        pair = FlowLayout(self._look, gap=0.6, is_filled=True)
        pair.addWidget(self.fields["seed"])
        pair.addWidget(self.fields["parts"])
        box.addLayout(pair)
        box.addWidget(self.formula)
        box.addWidget(self._table_words)
        box.addWidget(self._error)
        self._inputs_head = SectionHead(self._look, "Inputs", self)
        box.addWidget(self._inputs_head)
        box.addWidget(self.features)
        box.addStretch(1)

    def _connect(self) -> None:
        self.shapes.shape_chosen.connect(self._ask_shape)
        self._connect_canvas(self.canvas, self.shown)
        self.tools.emptied.connect(self._empty)
        self.tools.steps_toggled.connect(self._set_steps)
        self.tools.held_back_toggled.connect(self._set_held_back)
        self.features.features_asked.connect(self._ask_features)
        self.formula.returnPressed.connect(self._ask_formula)

    def _render_look(self) -> None:
        em = self._look.em()
        self._box.setSpacing(round(0.4 * em))
        self.formula.setFont(self._look.font(9.5, mono=True))
        for label in (self._error, self._table_words):
            label.setFont(self._look.font(9.0))
