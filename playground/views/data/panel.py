"""The left column as a whole: data, examples, drawing, what the network receives, its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.datasets import DataSet
from playground.engine.images import fit_and_centre
from playground.views.data.adjust import Adjustment, AdjustSection
from playground.views.data.answer import MAX_ROWS, AnswerBars
from playground.views.data.answer_room import bars_with_room
from playground.views.data.browser import ExampleBrowser
from playground.views.data.drawing import DrawSection
from playground.views.data.ink import area_mean
from playground.views.data.naming import input_names, place_words, target_words
from playground.views.data.panel_state import (
    adjustment_state,
    browser_state,
    drawing_state,
    restore_adjustment,
    restore_browser,
    restore_drawing,
    restored_numbers,
)
from playground.views.data.received import AddRow, ReceivedCard, received_words
from playground.views.data.source import SourceCard
from playground.views.data.strip import image_shape
from playground.views.data.table import InputTable
from playground.views.heads import CutLine, FlatButton, SectionHead
from playground.views.look import Look
from playground.views.plane.section import PlaneSection

DRAWING, EXAMPLE = "drawing", "example"
ROOM_FOR_SLIDERS = 57  # heights of a line: with less, the pad would become small


class DataPanel(QWidget):
    """Everything that decides what the network sees.

    ``input_changed`` carries the values ``[features]`` that the network is to receive, the label (None for a
    drawing) and the origin, ``"drawing"`` or ``"example"``. ``add_requested`` carries values and class.
    """

    input_changed = Signal(object, object, str)
    add_requested = Signal(object, int)
    digits_requested = Signal(str)
    download_requested = Signal(str)
    open_requested = Signal()
    folder_requested = Signal()
    plane_requested = Signal()
    predictions_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._dataset: DataSet | None = None
        self._shape: tuple[int, int] | None = (28, 28)
        self._origin = DRAWING
        self._values: NDArray[np.float32] = np.zeros(784, np.float32)
        self._base: NDArray[np.float32] = np.zeros((28, 28), np.float32)  # the input before it is adjusted
        self._label: int | None = None
        self._drawn_with = Adjustment()  # where the sliders stood when the drawing was last touched
        self._was_shown = False
        self._names: tuple[str, ...] = ()  # of inputs that are plain numbers
        self.setObjectName("data_panel")
        self.source = SourceCard(look, self)
        self.plane = PlaneSection(look, self)
        self.place: tuple[float, ...] | None = None  # of the current input in the plane, where there is one
        self.browser = ExampleBrowser(look, self)
        self.drawing = DrawSection(look, self)
        self.table = InputTable(look, self)
        self.received = ReceivedCard(look, self)
        self.adjust = AdjustSection(look, self)
        self.add_row = AddRow(look, self)
        self.answer = AnswerBars(look, self)
        self._all = FlatButton(
            look, "answer_all", "all", "All answers beside their targets, to sort and to export.", framed=True,
            accessible="All answers", parent=self,
        )  # fmt: skip
        self._for = CutLine(self)
        self._for.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._for.setObjectName("answer_for")
        self._for.setProperty("role", "muted")
        self._scroll = QScrollArea(self)
        self._body = QWidget(self._scroll)
        self._arrange()
        self._connect()
        for widget in (self.table, self.browser, self.plane):
            widget.hide()
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_input()

    # ---- what others call --------------------------------------------------------------------------------------

    def set_data(self, dataset: DataSet) -> None:
        """Show other data. They bring their first example, unless a drawing (or the same data) is being looked at."""
        old = self._dataset
        is_same = old is not None and dict(old.source) == dict(dataset.source) and old.features == dataset.features
        self._dataset = dataset
        self.source.set_data(dataset)
        is_plane = dataset.plane is not None
        has_examples = any(map(len, (dataset.train, dataset.validation, dataset.test)))
        self.browser.setVisible(has_examples and not is_plane)
        self.browser.set_data(dataset, keep_place=is_same)
        self.plane.setVisible(is_plane)
        self.plane.set_data(dataset)
        self.add_row.setVisible(bool(dataset.classes) and not is_plane)
        self.add_row.set_classes(dataset.classes)
        self.add_row.render_added(dataset.added)
        if not is_same:
            had_drawing = self._origin == DRAWING and not self.drawing.pad.is_empty
            keeps_drawing = self._take_shape(dataset) and had_drawing
            if is_plane:
                self._show_place(self._place_in(dataset))
            elif keeps_drawing:
                self._show_drawing(self.drawing.pad.ink())
            else:
                self._show_example()
        self._part_height()

    def set_input(self, values: NDArray[np.floating], label: int | None, origin: str) -> None:
        """Make ``values`` ``[features]`` the current input, as a project that is opened brings them; tells of it."""
        self._origin, self._label = origin, label
        self._base = np.array(values, np.float32).reshape(self._shape or (-1,))
        self.table.set_values(self._base.reshape(-1), self._names)
        self._send()

    def save_state(self) -> dict[str, Any]:
        """Return what is looked at, as JSON values."""
        return {
            "origin": self._origin,
            "example": browser_state(self.browser),
            "drawing": drawing_state(self.drawing.pad),
            "sliders": adjustment_state(self.adjust),
            "numbers": self.table.values().tolist() if self._shape is None and self._origin == DRAWING else None,
            "place": None if self.place is None else list(self.place),
        }

    def restore_state(self, state: Any) -> None:
        """Look at what ``save_state`` returned again, as far as the data have it; tells of the input."""
        if self._dataset is None or not isinstance(state, dict):
            return
        if self._dataset.plane is not None:
            found = restored_numbers(state.get("place"), self._dataset.plane.dimensions)
            if found is not None:
                self._show_place(found.astype(np.float64))
            return
        if not self.browser.strip.count:
            return
        restore_browser(self.browser, state.get("example"))
        restore_drawing(self.drawing.pad, state.get("drawing"))
        with QSignalBlocker(self.adjust):  # the input is told of once, below
            restore_adjustment(self.adjust, state.get("sliders"))
        if state.get("origin") == DRAWING and self._shape is not None and not self.drawing.pad.is_empty:
            self._show_drawing(self.drawing.pad.ink())
            return
        self._show_example()
        numbers = restored_numbers(state.get("numbers"), self._dataset.features) if self._shape is None else None
        if numbers is not None:
            self.table.set_values(numbers, self._names)
            self._show_typed(numbers)

    def current_input(self) -> tuple[NDArray[np.float32], int | None, str]:
        """Return what ``input_changed`` told last."""
        return self._values, self._label, self._origin

    def show_added(self, count: int) -> None:
        """Tell how many examples the user has added."""
        self.add_row.render_added(count)

    def show_progress(self, share: float, text: str) -> None:
        """Show how far loading has come, with Cancel; ends with ``set_data``, ``show_error`` or ``hide_progress``."""
        self.source.render_progress(share, text)

    def hide_progress(self) -> None:
        """Take the bar away: the loading was cancelled."""
        self.source.hide_progress()

    def show_error(self, sentence: str) -> None:
        """Show in place why data could not be had; an empty sentence clears it."""
        self.source.render_error(sentence)

    def set_preset_pictures(self, pictures: Mapping[str, NDArray[np.generic]]) -> None:
        """Show in the menu what each preset draws: ``[n, h, w]`` by preset."""
        self.source.set_preset_pictures(pictures)

    def render_answer(
        self,
        values: NDArray[np.floating] | None,
        names: Sequence[str] = (),
        *,
        are_probabilities: bool = True,
        reach: tuple[float, float] | None = None,
    ) -> None:
        """Show the outputs ``[classes]`` for the current input; ``reach`` see `AnswerBars`."""
        names = names or (self._dataset.classes if self._dataset is not None else ())
        self.answer.render_answer(values, names, self._label, are_probabilities=are_probabilities, reach=reach)
        if self._origin == DRAWING and self.adjust.adjustment() == self._drawn_with:
            self.add_row.guess(self.answer.winner())  # shifted or turned since, a drawing means what it meant before

    # ---- the input ---------------------------------------------------------------------------------------------

    def _take_shape(self, dataset: DataSet) -> bool:
        """Offer paper or table for inputs of this shape; return whether the drawing could stay."""
        old, self._shape = self._shape, image_shape(dataset.input_shape)
        is_image = self._shape is not None
        for widget in (self.drawing, self.received, self.adjust):
            widget.setVisible(is_image)
        self.table.setVisible(not is_image and (dataset.plane is None or dataset.columns is not None))
        self.table.set_columns(dataset.columns)
        self.place = None
        self._base = np.zeros(self._shape or (dataset.features,), np.float32)
        self._names = input_names(dataset)
        self.table.set_values(np.zeros(0 if is_image else dataset.features, np.float32), self._names)
        if self._shape is not None:
            is_digits = self._shape == (28, 28) and dataset.classes == tuple("0123456789")
            self.drawing.pad.set_shape(*self._shape, "draw a digit" if is_digits else "draw here")
            if self._shape != old:
                self.drawing.pad.discard()
        return is_image and self._shape == old

    def _show_example(self) -> None:
        found = self.browser.current()
        if found is None:
            self._origin, self._label = DRAWING, None
        else:
            values, self._label = found
            self._origin = EXAMPLE
            self._base = values.reshape(self._shape or (-1,))
            if self._shape is None:
                self.table.set_values(values, self._names)
                self.table.set_target(self._target_words())
            self.add_row.begin_input()
            self.add_row.suggest(self._label)
        self._send()

    def _target_words(self) -> str:
        """Return what the example that is looked at was to be answered with."""
        dataset, index = self._dataset, self.browser.strip.index()
        if dataset is None or index is None:
            return ""
        return target_words(dataset, self.browser.part, index)

    def _show_drawing(self, ink: NDArray[np.float32]) -> None:
        if self._shape is None:
            return
        self._origin, self._label, self._drawn_with = DRAWING, None, self.adjust.adjustment()
        self._base = fit_and_centre(ink) if self._shape == (28, 28) else area_mean(ink, *self._shape)
        self._send()

    def _show_typed(self, values: NDArray[np.float32]) -> None:
        self._origin, self._label, self._base = DRAWING, None, values
        self._drawn_with = self.adjust.adjustment()
        self.table.set_target("")
        self._send()

    def _show_place(self, place: NDArray[np.float64]) -> None:
        """Let the network receive a place of the plane."""
        plane = None if self._dataset is None else self._dataset.plane
        if plane is None or len(place) != plane.dimensions:
            return
        self.place = tuple(float(value) for value in place)
        self.plane.show_place(self.place)
        values = plane.inputs_at(np.asarray(place, np.float64)[None])[0]
        if plane.columns:
            self.table.set_values(values, self._names)
        self._show_typed(values)

    def _take_typed(self, values: NDArray[np.float32]) -> None:
        """Take a row that was typed; where the rows lie in the plane its place goes with it."""
        if self.place is not None:
            self.place = tuple(values.tolist())
            self.plane.show_place(self.place)
        self._show_typed(values)

    def _place_in(self, dataset: DataSet) -> NDArray[np.float64]:
        """Return the place that is looked at, in other data too; at first that of the first point."""
        plane = dataset.plane
        if plane is None or (self.place is not None and len(self.place) == plane.dimensions):
            return np.array(self.place or (), np.float64)
        points = np.concatenate([plane.train, plane.validation])
        return np.asarray(points[0] if len(points) else np.zeros(plane.dimensions), np.float64)

    def _begin_drawing(self) -> None:
        if self._origin != DRAWING or self.drawing.pad.is_empty:
            self.add_row.begin_input()

    def _send(self) -> None:
        base = self._base
        adjusted = self.adjust.adjustment().applied(base) if self._shape is not None else base
        values = np.array(adjusted, np.float32).reshape(-1)
        values.setflags(write=False)
        self._values = values
        self._render_input()
        self.input_changed.emit(values, self._label, self._origin)

    def _request_add(self, label: int) -> None:
        self.add_requested.emit(self._values, label)

    # ---- showing -----------------------------------------------------------------------------------------------

    def _render_input(self) -> None:
        if self._shape is not None:
            self.received.picture.render_values(self._values.reshape(self._shape))
            example = self.browser.words() if self._origin == EXAMPLE else ""
            words = received_words(self._dataset, self._shape, self._label, example)
            self.received.render_words(words + ", adjusted" * (self.adjust.adjustment() != Adjustment()))
        self.browser.strip.set_is_input(self._origin == EXAMPLE)
        if self.place is not None:
            self._for.setText("" if self._dataset is None else place_words(self._dataset, self.place))
        elif self._origin == DRAWING:
            is_row = self._dataset is not None and self._dataset.columns is not None
            self._for.setText("for your " + ("drawing" if self._shape else "row" if is_row else "numbers"))
        else:
            self._for.setText(f"for {self.browser.words()}")

    def _arrange(self) -> None:
        inner = QVBoxLayout(self._body)
        self._inner = inner
        for section in (
            self.source, self.plane, self.browser, self.drawing, self.table, self.received, self.adjust, self.add_row,
        ):  # fmt: skip
            inner.addWidget(section, 1000 if section is self.drawing else 0)  # room beyond the least goes to the pad
        inner.addStretch(1)
        self._scroll.setWidget(self._body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        self._foot = QWidget(self)
        head = QHBoxLayout()
        head.addWidget(SectionHead(self._look, "Answer", self))
        head.addWidget(self._all)
        head.addWidget(self._for, 1)
        foot = QVBoxLayout(self._foot)
        self._foot_layout = foot
        foot.addLayout(head)
        foot.addWidget(self.answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._foot)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def _connect(self) -> None:
        for signal in (
            "digits_requested", "download_requested", "open_requested", "folder_requested", "plane_requested",
            "cancel_requested",
        ):  # fmt: skip
            getattr(self.source, signal).connect(getattr(self, signal))
        self._all.clicked.connect(self.predictions_requested)
        self.browser.example_chosen.connect(self._show_example)
        self.drawing.pad.stroke_started.connect(self._begin_drawing)
        self.drawing.pad.drawing_changed.connect(self._show_drawing)
        self.table.values_changed.connect(self._take_typed)
        self.plane.place_chosen.connect(self._show_place)
        self.adjust.changed.connect(self._send)
        self.add_row.add_requested.connect(self._request_add)

    def showEvent(self, event: QShowEvent) -> None:
        """Open the sliders at first where there is room for them."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.adjust.set_open(is_open=self.height() >= ROOM_FOR_SLIDERS * self._look.em())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many bars of the answer as leave the pad in sight."""
        super().resizeEvent(event)
        self._part_height()

    def _part_height(self) -> None:
        if self._shape is None or self._dataset is None:
            self.answer.set_most(MAX_ROWS)
            return
        above = (self.source, self.browser, self.drawing)
        self.answer.set_most(bars_with_room(self, self._inner, above, self._foot, self.answer))

    def _render_look(self) -> None:
        em = self._look.em()
        side = round(0.75 * em)
        self._inner.setContentsMargins(side, round(0.6 * em), side, round(0.4 * em))
        self._inner.setSpacing(round(0.55 * em))
        self._foot_layout.setContentsMargins(side, round(0.3 * em), side, round(0.5 * em))
        self._foot_layout.setSpacing(round(0.3 * em))
        self._for.setFont(self._look.font(8.5))
        self._part_height()
        self.setMinimumWidth(self.answer.minimumSizeHint().width() + 2 * side)  # the widest that does not bend
