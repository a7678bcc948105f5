"""All kinds of models side by side, on one colour scale and one scale of bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.superposition.problem import ABS
from playground.views.grid.legend import Legend
from playground.views.heads import FlatButton
from playground.views.look import Look
from playground.views.superposition.model_column import GRAM, WEIGHTS, ModelColumn, Pointed
from playground.views.superposition.model_column_reading import ColumnReading, ColumnScales, shared_scales


class ModelColumns(QWidget):
    """The columns with the switch of their picture and the legend of their colours.

    ``kind_chosen`` carries the place of a kind that the user chose, ``feature_pointed`` the feature under the mouse
    (-1: none). The wishes of a column's parts are those of its ``grid`` and ``biases``.
    """

    kind_chosen = Signal(int)
    feature_pointed = Signal(int)
    picture_changed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._columns: list[ModelColumn] = []
        self._scales: ColumnScales | None = None
        self._frame_of: tuple[tuple[str, ...], int, int] | None = None
        self._picture = GRAM
        self._chosen = 0
        self._height = 0  # of the room in sight, 0: not known
        self.setObjectName("model_columns")
        self.setAccessibleName("Models side by side")
        self.legend = Legend(look, self)
        self._switches = {
            GRAM: FlatButton(
                look, "show_gram", "W Wᵀ", "Show what each feature adds to every other: W Wᵀ, n × n.", parent=self
            ),
            WEIGHTS: FlatButton(
                look, "show_weights", "W", "Show the weights themselves, to be painted and typed into.", parent=self
            ),
        }
        self._arrange()
        for button in self._switches.values():
            button.setCheckable(True)
            button.clicked.connect(self._read_switch)
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_switch()

    # ---- what others call ----

    @property
    def columns(self) -> tuple[ModelColumn, ...]:
        """Return the columns in sight, one a kind."""
        return tuple(self._columns)

    def show_readings(self, readings: Sequence[ColumnReading], applied_seq: int | None = None) -> None:
        """Show a model of every kind; ``applied_seq`` is the number of the latest command that they include."""
        frame = (tuple(one.kind for one in readings), *readings[0].weight.shape) if readings else None
        if frame != self._frame_of:
            self._rebuild(readings, frame)
        self._scales = shared_scales(readings, self._scales)
        for column, reading in zip(self._columns, readings, strict=True):
            column.show_reading(reading, self._scales, applied_seq)
        self.legend.set_scale(self._scales.gram if self._picture == GRAM else self._scales.weight)

    def set_chosen(self, place: int) -> None:
        """Mark the kind at ``place``."""
        self._chosen = place
        for at, column in enumerate(self._columns):
            column.set_chosen(at == place)

    def set_picture(self, picture: str) -> None:
        """Show ``gram`` or ``weights`` in every column (raises ValueError for something else)."""
        if picture not in self._switches:
            raise ValueError(f"There is no picture '{picture}' of a model.")
        if picture != self._picture:
            self._picture = picture
            for column in self._columns:
                column.set_picture(picture)
            if self._scales is not None:
                self.legend.set_scale(self._scales.gram if picture == GRAM else self._scales.weight)
            self.picture_changed.emit(picture)
        self._render_switch()

    def picture(self) -> str:
        """Return which picture is shown."""
        return self._picture

    def set_room(self, height: int) -> None:
        """Fit the columns into ``height``, so that their bars are in sight: pictures that would be larger are not."""
        self._height = height
        used = self._row.geometry().top() + self._box.contentsMargins().bottom()
        for column in self._columns:
            column.fit_height(max(1, height - used))

    def show_feature(self, feature: int) -> None:
        """Light up a feature that is pointed at elsewhere, -1: none."""
        for column in self._columns:
            column.show_pointed(feature if feature >= 0 else None)

    # ---- inside ----

    def _rebuild(self, readings: Sequence[ColumnReading], frame: tuple[tuple[str, ...], int, int] | None) -> None:
        """Have as many columns as kinds; the scales start anew with another task."""
        is_absolute = bool(readings) and readings[0].kind == ABS
        was_absolute = self._frame_of is not None and self._frame_of[0] == (ABS,)
        self._frame_of, self._scales = frame, None
        while len(self._columns) > len(readings):
            column = self._columns.pop()
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        while len(self._columns) < len(readings):
            self._add_column()
        for at, (column, reading) in enumerate(zip(self._columns, readings, strict=True)):
            column.setObjectName(f"model_column_{reading.kind}")
            column.set_chosen(at == self._chosen)
            column.set_alone(is_alone=len(readings) == 1)
        if is_absolute != was_absolute:
            self.set_picture(WEIGHTS if is_absolute else GRAM)

    def _add_column(self) -> None:
        column = ModelColumn(self._look, self)
        column.set_picture(self._picture)
        column.fit_height(self._height)
        column.chosen.connect(self._choose)
        column.pointed.connect(self._point)
        self._columns.append(column)
        self._row.insertWidget(self._row.count() - 1, column, 1)

    def _choose(self) -> None:
        sender = self.sender()
        for at, column in enumerate(self._columns):
            if column is sender:
                self.kind_chosen.emit(at)

    def _point(self, pointed: Pointed) -> None:
        """Light up the same features in the columns beside, so that they can be compared."""
        sender = self.sender()
        for column in self._columns:
            if column is not sender:
                column.show_pointed(pointed)
        feature = pointed[0] if isinstance(pointed, tuple) else pointed
        self.feature_pointed.emit(-1 if feature is None else feature)

    def _read_switch(self) -> None:
        sender = self.sender()
        for picture, button in self._switches.items():
            if button is sender:
                self.set_picture(picture)

    def _render_switch(self) -> None:
        for picture, button in self._switches.items():
            button.setChecked(picture == self._picture)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        for button in self._switches.values():
            top.addWidget(button)
        top.addStretch(1)
        top.addWidget(self.legend)
        self._row = QHBoxLayout()
        self._row.addStretch(0)  # takes what is left where all columns are as wide as they may be
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(top)
        box.addLayout(self._row)
        box.addStretch(1)
        self._box, self._top = box, top

    def _render_look(self) -> None:
        em = self._look.em()
        self._top.setContentsMargins(round(0.7 * em), round(0.2 * em), round(0.7 * em), 0)
        self._top.setSpacing(round(0.3 * em))
        self._row.setSpacing(round(0.5 * em))
        self.legend.setFixedWidth(round(12 * em))
