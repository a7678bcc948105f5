"""What is made of a table: the column to be predicted, as what, scaling of the inputs, the split."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.datasets import MAX_CLASSES
from playground.engine.table_data import TableChoice
from playground.engine.table_facts import ColumnFacts, TableFacts
from playground.engine.table_form import CATEGORY, LEFT_OUT, TableForm
from playground.engine.table_inputs import NONE, STANDARDISED, TO_ONE, usual_target_scaling
from playground.engine.targets import CLASSES, VALUES
from playground.views.data.class_balance import ClassBalance
from playground.views.data.column_list import content_words
from playground.views.data.part_files import PARTS, PartFiles
from playground.views.data.split_fields import seed_field, share_field
from playground.views.fields import ChoiceField
from playground.views.heads import SectionHead
from playground.views.look import Look

SCALINGS = (
    (STANDARDISED, "mean 0, deviation 1"),
    (TO_ONE, "0 to 1"),
    (NONE, "as they are"),
)
TASKS = ((CLASSES, "classes"), (VALUES, "numbers"))


class TableChoices(QWidget):
    """``changed`` tells that something else is wished."""

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._form: TableForm | None = None
        self._facts: TableFacts | None = None
        self._asked_scaling = ""  # of numbers to be predicted; empty: as their size asks for
        self._asked_task = ""  # what the user has corrected; empty: as the target looks
        self.target = ChoiceField(
            look, "table_target", "Column", (), "", "Which column the network is to predict from the others.", self
        )
        self.task = ChoiceField(
            look, "table_task", "As", TASKS, CLASSES,
            "Classes are told apart (classification); numbers are hit as nearly as can be (regression).", self,
        )  # fmt: skip
        self.balance = ClassBalance(look, self)
        self._words = QLabel(self)
        self._words.setObjectName("target_words")
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        self.scaling = ChoiceField(
            look, "table_scaling", "Numbers", SCALINGS, STANDARDISED,
            "How columns of numbers are scaled; mean, deviation and reach are those of the training part alone.", self,
        )  # fmt: skip
        self.target_scaling = ChoiceField(
            look, "table_target_scaling", "Scaled", SCALINGS, STANDARDISED,
            "How the numbers to be predicted are scaled for the network, fitted on the training part alone. Answers "
            "and errors are told in their own unit again.", self,
        )  # fmt: skip
        self.share = share_field(
            look, "table",
            "Share of the rows that the network learns from; half of the rest checks it, half is the test. "
            "With a file for one of these, all of the rest is the other.", self,
        )  # fmt: skip
        self.seed = seed_field(look, "table", "rows", self)
        self.parts = PartFiles(look, self)
        self._arrange()
        self.target.chosen.connect(self._choose_target)
        self.task.chosen.connect(self._choose_task)
        self.target_scaling.chosen.connect(self._choose_target_scaling)
        for field in (self.scaling.chosen, self.share.changed, self.seed.changed):
            field.connect(self._tell)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_form(self, form: TableForm, target: str) -> None:
        """Offer the columns that are used; ``target`` where the one that was chosen is not among them."""
        self._form = form
        names = [name for name, kind in zip(form.names, form.kinds, strict=True) if kind != LEFT_OUT]
        before = self.target.value()
        wanted = next((name for name in (before, target) if name in names), names[-1] if names else "")
        self.target.set_options([(name, name) for name in names], wanted)
        if wanted != before:
            self._asked_task = self._asked_scaling = ""
        self._render()

    def set_facts(self, facts: TableFacts | None) -> None:
        """Show what was counted in the target."""
        self._facts = facts
        self._render()

    def set_part_files(self, names: Mapping[str, str]) -> None:
        """Show which parts are files of their own: all rows are for training where both are."""
        self.parts.set_files(names)
        self.share.setEnabled(len(names) < len(PARTS))
        self.changed.emit()

    def choice(self) -> TableChoice:
        """Return what is wished."""
        return TableChoice(
            self.target.value(),
            self._asked_task,
            self.scaling.value(),
            self.share.value() / 100,
            self.seed.value(),
            self._asked_scaling,
        )

    def _target_facts(self) -> ColumnFacts | None:
        return None if self._facts is None else self._facts.columns.get(self.target.value())

    def _is_of_words(self) -> bool:
        form, name = self._form, self.target.value()
        return form is not None and name in form.names and form.kinds[form.names.index(name)] == CATEGORY

    def _choose_target(self, _name: str) -> None:
        self._asked_task = self._asked_scaling = ""
        self._render()
        self.changed.emit()

    def _choose_task(self, task: str) -> None:
        self._asked_task = task
        self._render()
        self.changed.emit()

    def _choose_target_scaling(self, scaling: str) -> None:
        self._asked_scaling = scaling
        self.changed.emit()

    def _tell(self, _value: object) -> None:
        self.changed.emit()

    def _render(self) -> None:
        found = self._target_facts()
        if self._is_of_words():
            self.task.set_options(TASKS[:1], CLASSES)
        elif found is not None or self._asked_task:
            self.task.set_options(TASKS, self._asked_task or (found.task if found is not None else CLASSES))
        is_classes = self.task.value() == CLASSES
        self.balance.set_counts(found.counts if found is not None and is_classes else ())
        self.target_scaling.setVisible(not is_classes)
        if found is not None and not is_classes and np.isfinite(found.low):
            usual = usual_target_scaling(found.low, found.high)
            self.target_scaling.set_options(SCALINGS, self._asked_scaling or usual)
        self._words.setText(self._target_words(found, is_classes=is_classes))

    def _target_words(self, found: ColumnFacts | None, *, is_classes: bool) -> str:
        if found is None:
            return "being counted …" if self._facts is None else ""
        words = f"{found.missing:,} rows without it are left out." if found.missing else ""
        if not is_classes:
            return f"{content_words(found)}. {words}".strip()
        if not found.counts:
            return f"These are more than {MAX_CLASSES:,} different numbers: too many for classes. {words}".strip()
        return f"{len(found.counts):,} classes. {words}".strip()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (
            SectionHead(self._look, "Predict", self), self.target, self.task, self.target_scaling,
            self._words, self.balance, SectionHead(self._look, "Inputs", self), self.scaling,
            SectionHead(self._look, "Split", self), self.share, self.seed, self.parts,
        ):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        self._column = column
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _render_look(self) -> None:
        em = self._look.em()
        self._column.setSpacing(round(0.45 * em))
        self._words.setFont(self._look.font(9.0))
        self.setFixedWidth(round(19 * em))
