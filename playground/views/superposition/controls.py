"""What is asked of the models: features, hidden dimensions, sparsity, kinds; and what a move of S means."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.superposition.problem import (
    HIGHEST_SPARSITY,
    MOST_FEATURES,
    MOST_HIDDEN,
    Problem,
    SuperpositionError,
    make_problem,
)
from playground.engine.superposition.setup import Setup
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look
from playground.views.superposition.animate_row import AnimateRow
from playground.views.superposition.kinds_row import KindsRow
from playground.views.superposition.sparsity_scale import SparsityScale
from playground.views.superposition.task_field import TaskField, any_number

_FEATURES = "Features n: how many things the models are asked to remember, from 2 to 400; more than hidden dimensions."
_HIDDEN = "Hidden dimensions m: the room they have for it, from 1 to 100; fewer than features, so that they must share."
_SPARSITY = (
    "Sparsity S: the probability that a feature is 0, from 0 to 0.999. The slider moves by factors of 1 − S: "
    "as much room from 0.9 to 0.99 as from 0 to 0.9."
)
_CONTINUE = (
    "Continue: when S moves, the models train on from the weights that they have. What has formed tends to stay, "
    "even where something else would now be better (hysteresis), so the answer depends on the way you came."
)
_RESTART = (
    "Restart: when S moves, all models start again from their seeds. That asks what forms at this sparsity, "
    "whatever stood here before. The two answers differ: the difference is hysteresis."
)
_WHEN = "Whether a move of S continues from the present weights or starts anew: the two give different answers."


class TaskPanel(QWidget):
    """Sliders for n, m and S, the switch beside S, its animation, and the kinds of models.

    What makes no sense is refused here, beside its field, and is not told to anybody.
    """

    sizes_chosen = Signal(int, int)  # features, hidden dimensions
    sparsity_changed = Signal(float)  # each value, also within a drag
    edit_finished = Signal()  # the slider was let go, or a typed number counts
    continuing_chosen = Signal(bool)  # whether a move of S continues
    kinds_chosen = Signal(object)  # tuple of kinds
    animation_toggled = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problem: Problem = make_problem(5, 2, 0.9)
        self._is_continuing = True
        self.setObjectName("task_panel")
        self._head = SectionHead(look, "Model", parent=self)
        self.features = TaskField(
            look, "features", "features n", low=2, high=MOST_FEATURES, value=5, log=True, whole=True,
            tooltip=_FEATURES, waits=True, parser=any_number("40", whole=True), parent=self,
        )  # fmt: skip
        self.hidden = TaskField(
            look, "hidden", "hidden dimensions m", low=1, high=MOST_HIDDEN, value=2, log=True, whole=True,
            tooltip=_HIDDEN, waits=True, parser=any_number("5", whole=True), parent=self,
        )  # fmt: skip
        self.sparsity = TaskField(
            look, "sparsity", "sparsity S", low=0, high=HIGHEST_SPARSITY, value=0.9, scale=SparsityScale(),
            tooltip=_SPARSITY, waits=True, digits=9, parser=any_number("0.9"), parent=self,
        )  # fmt: skip
        self._continue = self._switch("sparsity_continues", "continue", _CONTINUE)
        self._restart = self._switch("sparsity_restarts", "restart", _RESTART)
        self._when = QuietLine(look, "when S moves", parent=self)
        self._when.setToolTip(_WHEN)
        self.animation = AnimateRow(look, self)
        self.kinds = KindsRow(look, self)
        self._arrange()
        self._connect()
        self.set_continuing(is_continuing=True)
        look.changed.connect(self._render_look)
        self._render_look()

    # ---- what others tell ---------------------------------------------------------------------------------------

    def show_setup(self, setup: Setup) -> None:
        """Show task and kinds; a field in the middle of an edit stays as it is."""
        self._problem = problem = setup.problem
        self.features.set_value(problem.features)
        self.hidden.set_value(problem.hidden)
        lowest, highest = min(problem.sparsity), max(problem.sparsity)
        self.sparsity.set_value(mean_sparsity(problem))
        self._head.set_text("Model", "" if lowest == highest else f"S differs by feature: {lowest:g} to {highest:g}")
        self.kinds.show_kinds(setup.kinds)

    def set_continuing(self, *, is_continuing: bool) -> None:
        """Show what a move of S means."""
        self._is_continuing = is_continuing
        self._continue.setChecked(is_continuing)
        self._restart.setChecked(not is_continuing)

    def is_continuing(self) -> bool:
        """Return whether a move of S continues from the present weights."""
        return self._is_continuing

    def show_size_error(self, sentence: str) -> None:
        """Show below the features why the models cannot be so large; the sizes that hold come back."""
        self.features.refuse(self._problem.features, sentence)
        self.hidden.set_value(self._problem.hidden)

    def show_sparsity_error(self, sentence: str) -> None:
        """Show below S why it cannot be so; the last one that holds comes back."""
        self.sparsity.refuse(mean_sparsity(self._problem), sentence)

    # ---- building ------------------------------------------------------------------------------------------------

    def _switch(self, name: str, text: str, tooltip: str) -> IconButton:
        return IconButton(self._look, name, f"{text} when S moves", tooltip, text=text, checkable=True, parent=self)

    def _arrange(self) -> None:
        self._switch_row = QHBoxLayout()
        self._switch_row.addWidget(self._continue)
        self._switch_row.addWidget(self._restart)
        self._switch_row.addWidget(self._when, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._head)
        for field in (self.features, self.hidden, self.sparsity):
            self._column.addWidget(field)
        self._column.addLayout(self._switch_row)
        self._column.addWidget(self.animation)
        self._column.addWidget(self.kinds)

    def _connect(self) -> None:
        self.features.changed.connect(self._take_features)
        self.hidden.changed.connect(self._take_hidden)
        self.sparsity.changed.connect(self._take_sparsity)
        for field in (self.features, self.hidden, self.sparsity):
            field.edit_finished.connect(self.edit_finished)
        self._continue.clicked.connect(self._choose_continue)
        self._restart.clicked.connect(self._choose_restart)
        self.animation.toggled.connect(self.animation_toggled)
        self.kinds.kinds_chosen.connect(self.kinds_chosen)

    def _render_look(self) -> None:
        em = self._look.em()
        self._column.setSpacing(round(0.3 * em))
        self._switch_row.setSpacing(round(0.4 * em))

    # ---- intents -------------------------------------------------------------------------------------------------

    def _take_features(self, features: int) -> None:
        hidden = self._problem.hidden
        sentence = _size_error(features, hidden)
        if sentence:
            self.features.refuse(self._problem.features, sentence)
        else:
            self.hidden.show_error("")
            self.sizes_chosen.emit(features, hidden)

    def _take_hidden(self, hidden: int) -> None:
        features = self._problem.features
        sentence = _size_error(features, hidden)
        if sentence:
            self.hidden.refuse(self._problem.hidden, sentence)
        else:
            self.features.show_error("")
            self.sizes_chosen.emit(features, hidden)

    def _take_sparsity(self, sparsity: float) -> None:
        try:
            self._problem.with_sparsity(sparsity)
        except SuperpositionError as error:
            self.show_sparsity_error(str(error))
            return
        self.sparsity_changed.emit(sparsity)

    def _choose_continue(self) -> None:
        self.set_continuing(is_continuing=True)
        self.continuing_chosen.emit(self._is_continuing)

    def _choose_restart(self) -> None:
        self.set_continuing(is_continuing=False)
        self.continuing_chosen.emit(self._is_continuing)


def mean_sparsity(problem: Problem) -> float:
    """Return the one sparsity of a task, the mean where features differ."""
    values = problem.sparsity
    return values[0] if len(set(values)) == 1 else round(sum(values) / len(values), 4)


def _size_error(features: int, hidden: int) -> str:
    """Return why a model cannot have these sizes, an empty text where it can."""
    try:
        make_problem(features, hidden, 0.0)
    except SuperpositionError as error:
        return str(error)
    return ""
