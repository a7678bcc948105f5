"""Asking: what the left column wants of the models becomes changes of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from playground.engine.superposition.problem import (
    Floats,
    Group,
    Problem,
    SuperpositionError,
    make_problem,
)
from playground.session.sandbox_document import SandboxDocument
from playground.views.superposition.controls import TaskPanel
from playground.views.superposition.groups import GroupsPanel
from playground.views.superposition.importance import IMPORTANCE, ImportanceEditor
from playground.views.superposition.importance_words import importance_for, stretched
from playground.views.superposition.seeds import SeedsPanel


class Asking(QObject):
    """Ties task, curve, groups and seeds to the document; a refusal goes back to the panel that asked."""

    said = Signal(str)  # a sentence about what a change has brought along
    refused = Signal(str)  # a sentence that has no panel to stand in

    def __init__(
        self,
        document: SandboxDocument,
        task: TaskPanel,
        curve: ImportanceEditor,
        groups: GroupsPanel,
        seeds: SeedsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._task, self._curve, self._groups = task, curve, groups
        self._before_stroke: int | None = None  # place in the undo list where a stroke over the curve began
        task.sizes_chosen.connect(self._set_sizes)
        task.sparsity_changed.connect(self._set_sparsity)
        task.edit_finished.connect(document.end_drag)
        task.kinds_chosen.connect(self._set_kinds)
        curve.curve_dragged.connect(self._drag_curve)
        curve.curve_released.connect(self._end_curve)
        curve.curve_cancelled.connect(self._cancel_curve)
        curve.curve_chosen.connect(self._choose_curve)
        groups.groups_chosen.connect(self._set_groups)
        seeds.count_asked.connect(self._set_seed_count)
        seeds.keep_asked.connect(self._keep_seeds)

    # ---- the task ------------------------------------------------------------------------------------------------

    def _set_sizes(self, features: int, hidden: int) -> None:
        setup = self._document.setup
        problem, lost = resized(setup.problem, features, hidden)
        label = f"{features} features in {hidden} dimension{'s' if hidden > 1 else ''}"
        is_drag = self._task.features.is_editing() or self._task.hidden.is_editing()
        self._try(
            lambda: self._document.rebuild(replace(setup, problem=problem), label, is_drag=is_drag),
            self._task.show_size_error,
        )
        if lost:
            self.said.emit(lost)

    def _set_sparsity(self, sparsity: float) -> None:
        restart = not self._task.is_continuing()
        self._try(
            lambda: self._document.set_sparsity(sparsity, restart=restart, is_drag=True),
            self._task.show_sparsity_error,
        )

    def _set_kinds(self, kinds: tuple[str, ...]) -> None:
        setup = replace(self._document.setup, kinds=kinds)
        self._try(lambda: self._document.rebuild(setup, f"models: {', '.join(kinds)}"), self._refuse)
        self._task.kinds.show_kinds(self._document.setup.kinds)

    def _set_groups(self, groups: tuple[Group, ...], words: str) -> None:
        setup = self._document.setup
        problem = replace(setup.problem, groups=groups)
        self._try(
            lambda: self._document.rebuild(replace(setup, problem=problem), words),
            self._groups.show_error,
        )

    # ---- the curve -----------------------------------------------------------------------------------------------

    def _drag_curve(self, mode: str, values: Floats) -> None:
        if self._before_stroke is None:
            self._before_stroke = self._document.undo_stack.index()
        self._put_curve(mode, tuple(float(value) for value in values), is_drag=True)

    def _choose_curve(self, mode: str, values: tuple[float, ...]) -> None:
        self._put_curve(mode, values, is_drag=False)

    def _put_curve(self, mode: str, values: tuple[float, ...], *, is_drag: bool) -> None:
        restart = mode != IMPORTANCE and not self._task.is_continuing()

        def put() -> None:
            if mode == IMPORTANCE:
                self._document.set_importance(values, is_drag=is_drag)
            else:
                self._document.set_sparsity(values, restart=restart, is_drag=is_drag)

        self._try(put, self._curve.show_error)

    def _end_curve(self, _mode: str) -> None:
        self._before_stroke = None
        self._document.end_drag()

    def _cancel_curve(self, _mode: str) -> None:
        before, self._before_stroke = self._before_stroke, None
        self._document.end_drag()
        if before is not None and self._document.undo_stack.index() > before:  # it has changed something
            self._document.undo_stack.undo()

    # ---- seeds ---------------------------------------------------------------------------------------------------

    def _set_seed_count(self, count: int) -> None:
        setup = self._document.setup
        kept = setup.seeds[:count]
        free = (seed for seed in range(max(setup.seeds) + 1, max(setup.seeds) + 1 + count))
        seeds = (*kept, *(seed for seed, _ in zip(free, range(count - len(kept)), strict=False)))
        if count < len(setup.seeds):
            self._try(lambda: self._document.keep_seeds(tuple(range(count))), self._refuse)
        else:
            self._try(lambda: self._document.rebuild(replace(setup, seeds=seeds), f"{count} seeds"), self._refuse)

    def _keep_seeds(self, places: tuple[int, ...]) -> None:
        self._try(lambda: self._document.keep_seeds(places), self._refuse)

    # ---- refusals ------------------------------------------------------------------------------------------------

    def _refuse(self, sentence: str) -> None:
        self.refused.emit(sentence)

    def _try(self, act: Callable[[], None], refuse: Callable[[str], None]) -> None:
        try:
            act()
        except SuperpositionError as error:
            refuse(str(error))


def resized(problem: Problem, features: int, hidden: int) -> tuple[Problem, str]:
    """Return the same task with other sizes, and a sentence about what of it had to go (mostly empty).

    Patterns of importance go on over the other features, a drawn curve is stretched; groups lose the features that
    there are no more.

    Raises
    ------
    SuperpositionError
        Where the sizes make no sense.
    """
    importance = importance_for(problem.importance, features)
    same = len(set(problem.sparsity)) == 1
    sparsity = problem.sparsity[0] if same else stretched(problem.sparsity, features)
    kept = [replace(group, members=tuple(one for one in group.members if one < features)) for group in problem.groups]
    groups = tuple(group for group in kept if len(group.members) > 1)
    found = make_problem(features, hidden, sparsity, importance, groups)
    gone = len(problem.groups) - len(groups)
    if not gone:
        return found, ""
    words = "A group is" if gone == 1 else f"{gone} groups are"
    return found, f"{words} gone: of {features} features fewer than two are left in it. Undo brings it back."
