"""Features that come together or exclude each other: the list of groups, and how a new one is made."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.engine.superposition.problem import (
    ANTICORRELATED,
    CORRELATED,
    Group,
    Problem,
    SuperpositionError,
    make_problem,
)
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look
from playground.views.superposition.feature_picker import FeaturePicker

_TIPS = {
    CORRELATED: "Correlated: all features of the group are on in the same examples; their values are independent",
    ANTICORRELATED: "Anticorrelated: no two features of the group are ever on in the same example",
}
_SIGNS = {CORRELATED: "together", ANTICORRELATED: "never together"}


class GroupsPanel(QWidget):
    """``groups_chosen`` carries all groups that there are to be; they are checked before it is told."""

    groups_chosen = Signal(object, str)  # tuple of Group, what was done

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problem: Problem | None = None
        self._kind = CORRELATED  # of the group in the making
        self._is_making = False
        self._rows: list[_GroupRow] = []
        self.setObjectName("groups_panel")
        self._head = SectionHead(look, "Groups", parent=self)
        self._add = {kind: self._button(f"add_{kind}", f"+ {kind}", _TIPS[kind]) for kind in _TIPS}
        self._making = QWidget(self)
        self._word = QuietLine(look, parent=self._making)
        self.picker = FeaturePicker(look, "group_features", self._making)
        self._accept = self._button("group_accept", "put together", "Make a group of the features that are chosen")
        self._cancel = self._button("group_cancel", "cancel", "Make no group after all (the list stays as it is)")
        self._error = QuietLine(look, colour="bad", parent=self)
        self._error.setObjectName("groups_error")
        self._arrange()
        self._connect()
        self._set_making(is_making=False)
        self._show_error("")
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others tell ---------------------------------------------------------------------------------------

    def show_problem(self, problem: Problem) -> None:
        """Show the groups of a task."""
        before, self._problem = self._problem, problem
        if before is not None and (before.groups, before.features) == (problem.groups, problem.features):
            return
        taken = {member: "in a group already" for group in problem.groups for member in group.members}
        self.picker.show_features(problem.features, taken)
        self._show_error("")
        self._render_rows()

    def show_error(self, sentence: str) -> None:
        """Show below why groups cannot be so; an empty sentence clears it."""
        self._show_error(sentence)

    def error(self) -> str:
        """Return the sentence that is shown, or an empty text."""
        return self._error.text()

    def begin(self, kind: str) -> None:
        """Let the features of a new group be chosen."""
        self._kind = kind
        self.picker.set_chosen(())
        self._word.setText(f"Choose two features or more that are {_SIGNS[kind]}.")
        self._show_error("")
        self._set_making(is_making=True)
        self.picker.setFocus()

    # ---- building ------------------------------------------------------------------------------------------------

    def _button(self, name: str, text: str, tip: str) -> IconButton:
        return IconButton(self._look, name, text.removeprefix("+ "), tip, text=text, parent=self)

    def _arrange(self) -> None:
        self._add_row = QHBoxLayout()
        for button in self._add.values():
            self._add_row.addWidget(button)
        self._add_row.addStretch(1)
        self._end_row = QHBoxLayout()
        self._end_row.addWidget(self._accept)
        self._end_row.addWidget(self._cancel)
        self._end_row.addStretch(1)
        self._making_column = QVBoxLayout(self._making)
        self._making_column.setContentsMargins(0, 0, 0, 0)
        self._making_column.addWidget(self._word)
        self._making_column.addWidget(self.picker)
        self._making_column.addLayout(self._end_row)
        self._list = QVBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._head)
        self._column.addLayout(self._list)
        self._column.addLayout(self._add_row)
        self._column.addWidget(self._making)
        self._column.addWidget(self._error)

    def _connect(self) -> None:
        for button in self._add.values():
            button.clicked.connect(self._begin_clicked)
        self._accept.clicked.connect(self._make)
        self._cancel.clicked.connect(self._give_up)
        self.picker.chosen_changed.connect(self._forget_error)

    def _render_look(self) -> None:
        em = self._look.em()
        for layout in (self._column, self._making_column):
            layout.setSpacing(round(0.3 * em))
        self._list.setSpacing(round(0.1 * em))
        for row in (self._add_row, self._end_row):
            row.setSpacing(round(0.4 * em))

    def _render_rows(self) -> None:
        while self._rows:
            row = self._rows.pop()
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        groups = self._problem.groups if self._problem is not None else ()
        for place, group in enumerate(groups):
            row = _GroupRow(self._look, place, group, self)
            row.removed.connect(self._remove)
            self._list.addWidget(row)
            self._rows.append(row)
        self._head.set_text("Groups", "" if groups else "all features independent")

    def _show_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _set_making(self, *, is_making: bool) -> None:
        self._is_making = is_making
        self._making.setVisible(is_making)
        for button in self._add.values():
            button.setVisible(not is_making)

    # ---- intents -------------------------------------------------------------------------------------------------

    def _begin_clicked(self) -> None:
        self.begin(self.sender().objectName().removeprefix("add_"))

    def _forget_error(self, _chosen: object) -> None:
        self._show_error("")

    def _give_up(self) -> None:
        self._show_error("")
        self._set_making(is_making=False)

    def _make(self) -> None:
        """Tell of the groups with the new one; where they cannot be, say so and keep what was chosen."""
        problem = self._problem
        if problem is None:
            return
        groups = (*problem.groups, Group(self.picker.chosen(), self._kind))
        try:
            make_problem(problem.features, problem.hidden, problem.sparsity, problem.importance, groups)
        except SuperpositionError as error:
            self._show_error(str(error))
            return
        self._set_making(is_making=False)
        self.groups_chosen.emit(groups, f"{self._kind} group of {len(groups[-1].members)}")

    def _remove(self, place: int) -> None:
        if self._problem is None:
            return
        groups = tuple(group for at, group in enumerate(self._problem.groups) if at != place)
        self.groups_chosen.emit(groups, "group dissolved")


class _GroupRow(QWidget):
    """One group: its kind, its features, and the button that dissolves it."""

    removed = Signal(int)

    def __init__(self, look: Look, place: int, group: Group, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._place = look, place
        features = ", ".join(str(member) for member in group.members)
        self._text = text = QLabel(f"{features}  {_SIGNS[group.kind]}", self)
        text.setWordWrap(True)
        text.setToolTip(f"{_TIPS[group.kind]}: features {features}")
        remove = IconButton(
            look, f"group_{place}_remove", f"Dissolve the group of {features}",
            "Dissolve the group: its features become independent, and the models start anew", text="×", is_flat=True,
            parent=self,
        )  # fmt: skip
        remove.clicked.connect(self._remove)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(text, 1)
        row.addWidget(remove)
        look.changed.connect(self._render_look)
        self._render_look()

    def _render_look(self) -> None:
        self._text.setFont(self._look.font(9.0))

    def _remove(self) -> None:
        self.removed.emit(self._place)
