"""Browsing the examples: which part, which class, which page, which one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.engine.datasets import DataSet, Examples
from playground.engine.snapshots import Mistakes
from playground.views.choices import ChoiceBox
from playground.views.data.strip import ExampleStrip, example_values, image_shape
from playground.views.heads import FlatButton
from playground.views.look import Look

PARTS = (("train", "training"), ("validation", "validation"), ("test", "test"))
ALL, ADDED, WRONG = "all", "added", "wrong"


class ExampleBrowser(QWidget):
    """Part and class to choose from, a strip of pictures, and paging; ``example_chosen`` tells of a choice.

    Which examples are answered wrongly only the training thread knows: ``mistakes_requested`` carries the part, and
    ``set_mistakes`` is the answer.
    """

    example_chosen = Signal()
    mistakes_requested = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._dataset: DataSet | None = None
        self._part = "validation"
        self._filter = ALL
        self._mistakes: Mistakes | None = None
        self._is_awaiting = False  # the mistakes that were asked for choose their first example
        self._parts = ChoiceBox(look, self)
        self._parts.setObjectName("example_part")
        self._parts.setAccessibleName("Part of the data")
        self._parts.setToolTip(
            "Training examples are learnt from; hand-tuning is judged on validation; the test part is for the end."
        )
        self._classes = ChoiceBox(look, self)
        self._classes.setObjectName("example_class")
        self._classes.setAccessibleName("Class of the examples")
        self._classes.setToolTip(
            "Show the examples of one class only, those that you added, or those that the network answers wrongly now. "
            "While it trains, choose the last again to look anew; paused it follows what you change."
        )
        self._strip = ExampleStrip(look, self)
        self._back = FlatButton(
            look, "example_back", "‹", "Turn one page back.", accessible="Previous page", parent=self
        )
        self._on = FlatButton(look, "example_on", "›", "Turn one page on.", accessible="Next page", parent=self)
        self._position = QLabel("no examples", self)
        self._position.setObjectName("example_position")
        self._position.setProperty("role", "muted")
        self._arrange()
        self._parts.activated.connect(self._choose_part)
        self._classes.activated.connect(self._choose_class)
        self._strip.chosen.connect(self._tell)
        self._strip.page_changed.connect(self._render_position)
        self._back.clicked.connect(self._turn_back)
        self._on.clicked.connect(self._turn_on)
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others call --------------------------------------------------------------------------------------

    def set_data(self, dataset: DataSet, *, keep_place: bool) -> None:
        """Page through other data; ``keep_place`` stays at the example that is selected."""
        place, kept = (self._strip.place, self._strip.index()) if keep_place else (0, None)
        self._dataset = dataset
        sizes = {key: len(getattr(dataset, key)) for key, _ in PARTS}
        if not keep_place or not sizes[self._part]:
            self._part = "validation" if sizes["validation"] else max(sizes, key=lambda key: sizes[key])
        self._parts.clear()
        for key, words in PARTS:
            if sizes[key]:
                self._parts.addItem(words, key)
        self._parts.setCurrentIndex(max(self._parts.findData(self._part), 0))
        self._fill_classes(keep=keep_place)
        self._filter_examples(place, kept=kept)

    def current(self) -> tuple[NDArray[np.float32], int] | None:
        """Return values ``[features]`` and label of the selected example."""
        index = self._strip.index()
        if self._dataset is None or index is None:
            return None
        examples = self._examples()
        return example_values(examples, index), int(examples.labels[index])

    def words(self) -> str:
        """Return which example is selected: ``validation example 1,204``."""
        index = self._strip.index()
        part = dict(PARTS)[self._part]
        return "no example" if index is None else f"{part} example {index + 1:,}"

    def choice(self) -> tuple[str, str]:
        """Return the part that is shown, and the class (or ``all``, ``added``)."""
        return self._part, self._filter

    def go_to(self, part: str, filter_: str, place: int) -> None:
        """Show the example at ``place`` of a part and class, silently; nothing where there is no such part."""
        index = self._parts.findData(part)
        if index < 0:
            return
        self._parts.setCurrentIndex(index)
        self._part, self._filter = part, filter_
        self._fill_classes(keep=True)
        self._filter_examples(place)

    @property
    def shows_mistakes(self) -> bool:
        """Return whether the examples that are answered wrongly are shown."""
        return self._filter == WRONG

    @property
    def part(self) -> str:
        """Return the part that is shown."""
        return self._part

    def set_mistakes(self, found: Mistakes) -> None:
        """Show these, where they are still asked for; what is selected stays selected, whatever its answer is now."""
        if self._filter != WRONG or found.part != self._part or self._dataset is None:
            return
        is_new, self._is_awaiting = self._is_awaiting, False
        kept = None if is_new else self._strip.index()
        self._mistakes = found
        self._filter_examples(kept=kept)
        if is_new:
            self._tell()

    @property
    def strip(self) -> ExampleStrip:
        """Return the strip of pictures."""
        return self._strip

    # ---- choosing ----------------------------------------------------------------------------------------------

    def _examples(self) -> Examples:
        if self._dataset is None:
            raise ValueError("there are no data yet")
        found: Examples = getattr(self._dataset, self._part)
        return found

    def _fill_classes(self, *, keep: bool) -> None:
        dataset = self._dataset
        if dataset is None:
            return
        wanted = self._filter if keep else ALL
        self._classes.clear()
        self._classes.addItem("all classes", ALL)
        for index, name in enumerate(dataset.classes):
            self._classes.addItem(name, str(index))
        if dataset.added and self._part == "train":
            self._classes.addItem("added by you", ADDED)
        if len(dataset.classes) > 1:
            self._classes.addItem("mistakes", WRONG)
        self._classes.setVisible(bool(dataset.classes))
        self._classes.setCurrentIndex(max(self._classes.findData(wanted), 0))
        self._filter = str(self._classes.currentData())

    def _filter_examples(self, place: int = 0, *, kept: int | None = None) -> None:
        """Show the examples of the filter with ``place`` selected; among mistakes ``kept`` stays, right or wrong."""
        dataset, examples = self._dataset, self._examples()
        if dataset is None:
            return
        notes: dict[int, str] = {}
        if self._filter == ALL:
            indices = np.arange(len(examples))
        elif self._filter == WRONG:
            indices, notes = self._wrong_ones(dataset.classes)
            if kept is not None:
                indices = np.union1d(indices, [kept])
                place = int(np.searchsorted(indices, kept))
        elif self._filter == ADDED:
            indices = np.arange(len(examples) - dataset.added, len(examples))
        else:
            indices = np.flatnonzero(examples.labels == int(self._filter))
        self._strip.set_examples(examples, indices, image_shape(dataset.input_shape), dataset.classes, place, notes)
        self._render_position()

    def _wrong_ones(self, names: tuple[str, ...]) -> tuple[NDArray[np.int64], dict[int, str]]:
        """Return the indices of the mistakes, and for each the class that it is taken for."""
        found = self._mistakes
        if found is None:
            return np.zeros(0, np.int64), {}
        pairs = zip(found.indices.tolist(), found.answers.tolist(), strict=True)
        return found.indices, {index: f"taken for {names[answer]}" for index, answer in pairs if answer < len(names)}

    def _choose_part(self, _index: int) -> None:
        self._part = str(self._parts.currentData())
        self._fill_classes(keep=True)
        self._show_filtered()

    def _choose_class(self, _index: int) -> None:
        self._filter = str(self._classes.currentData())
        self._show_filtered()

    def _show_filtered(self) -> None:
        """Show what was chosen; for the mistakes, once they are known."""
        self._mistakes = None
        self._is_awaiting = self._filter == WRONG
        if self._is_awaiting:
            self.mistakes_requested.emit(self._part)
            return
        self._filter_examples()
        self._tell()

    def _tell(self) -> None:
        if self._strip.count:
            self.example_chosen.emit()

    def _turn_back(self) -> None:
        self._strip.turn(-1)

    def _turn_on(self) -> None:
        self._strip.turn(1)

    # ---- showing -----------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(2)
        choices.addWidget(self._parts)
        choices.addWidget(self._classes)
        choices.addStretch(1)
        pager = QHBoxLayout()
        pager.setSpacing(2)
        pager.addStretch(1)
        pager.addWidget(self._back)
        pager.addWidget(self._position)
        pager.addWidget(self._on)
        pager.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(choices)
        column.addWidget(self._strip)
        column.addLayout(pager)

    def _render_position(self) -> None:
        found = self._mistakes if self._filter == WRONG else None
        if found is None:
            self._position.setText(self._strip.position_text())
        elif not len(found.indices):
            self._position.setText(f"none wrong at step {found.step:,}")
        else:
            self._position.setText(f"{self._strip.position_text()} wrong at step {found.step:,}")

    def _render_look(self) -> None:
        self._position.setFont(self._look.font(9.0))
