"""How much each feature counts, and how rare each is: drawn by hand, by a pattern, typed or pasted."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.engine.superposition.problem import Floats, Problem, SuperpositionError, importance_vector
from playground.engine.superposition.reading import read_numbers
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.words import QuietLine, QuietMenu, SectionHead
from playground.views.look import Look
from playground.views.numbers import Scale
from playground.views.superposition.importance_curve import CurveCanvas
from playground.views.superposition.importance_words import numbers_text, pattern_of
from playground.views.superposition.numbers_entry import NumbersEntry
from playground.views.superposition.sparsity_scale import SparsityScale

IMPORTANCE, SPARSITY = "importance", "sparsity"
_LOWEST = 1e-3  # that a hand draws, of the highest: 0 would be no importance at all
_TIPS = {
    IMPORTANCE: (
        "Importance of each feature: the weight of its squared error in the loss. Draw over the bars with the mouse; "
        "arrow keys choose a feature and change it, Esc takes a stroke back."
    ),
    SPARSITY: (
        "Sparsity of each feature: the probability that it is 0, on the scale of the S slider. Draw over the bars; "
        "moving the S slider makes all alike again."
    ),
}
_TEXT_TIPS = {
    IMPORTANCE: (
        "Type equal, 1:0.1 (linear from 1 to 0.1), 0.9^i (geometric), or one number for each feature, also pasted "
        "from a spreadsheet, with points or commas. Enter sets them, Esc takes back."
    ),
    SPARSITY: (
        "Type one sparsity for all features, or one number for each, also pasted from a spreadsheet, with points or "
        "commas. Enter sets them, Esc takes back."
    ),
}
_PATTERNS = (
    ("equal", "equal", "all features count the same"),
    ("linear, 1 to 0.1", "1:0.1", "falling in equal steps"),
    ("geometric, 0.9^i", "0.9^i", "each counts nine tenths of the one before"),
    ("geometric, 0.8^i", "0.8^i", "each counts four fifths of the one before"),
)


class ImportanceEditor(QWidget):
    """One curve editor with two modes: importance and sparsity by feature.

    Signals name the mode. While the mouse draws: ``curve_dragged``; at its end ``curve_released`` or
    ``curve_cancelled``. A pattern or typed numbers come as ``curve_chosen``. Values are checked before they are told.
    """

    curve_dragged = Signal(str, object)  # mode, values [n]
    curve_released = Signal(str)
    curve_cancelled = Signal(str)
    curve_chosen = Signal(str, object)  # mode, tuple of n numbers
    mode_changed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problem: Problem | None = None
        self._mode = IMPORTANCE
        self._refused = ""
        self.setObjectName("importance_editor")
        self._head = SectionHead(look, "Importance", "drag the curve", self)
        self._modes = {
            IMPORTANCE: self._mode_button(IMPORTANCE, "Importance: how much the error of each feature counts"),
            SPARSITY: self._mode_button(SPARSITY, "Sparsity by feature: how rare each one is"),
        }
        self._menu = QuietMenu(look, "importance_patterns", self)
        for text, pattern, tip in _PATTERNS:
            action = self._menu.addAction(text)
            action.setData(pattern)
            action.setToolTip(f"{pattern}: {tip}")
        self._patterns = IconButton(
            look, "importance_pattern", "Patterns", "Importances by a rule: equal, falling in a line, or by a factor",
            text="pattern", is_flat=True, parent=self,
        )  # fmt: skip
        self._patterns.set_menu(self._menu)
        self.canvas = CurveCanvas(look, "importance_curve", "Importance curve", _TIPS[IMPORTANCE], self)
        self.entry = NumbersEntry(look, "importance_numbers", self)
        self._error = QuietLine(look, colour="bad", parent=self)
        self._error.setObjectName("importance_error")
        self._error.hide()
        self._arrange()
        self._connect()
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_mode()

    # ---- what others tell ---------------------------------------------------------------------------------------

    def show_problem(self, problem: Problem) -> None:
        """Show importances or sparsities; what is being typed stays."""
        before, self._problem = self._problem, problem
        if before is None or (before.importance, before.sparsity) != (problem.importance, problem.sparsity):
            self._render_values()
            self._show_error("")

    def set_mode(self, mode: str) -> None:
        """Show importance or sparsity."""
        if mode in self._modes:
            self._mode = mode
            self._render_mode()

    def mode(self) -> str:
        """Return which of the two is shown."""
        return self._mode

    def error(self) -> str:
        """Return the sentence that is shown below, or an empty text."""
        return self._refused

    def show_error(self, sentence: str) -> None:
        """Show below why values cannot be; those that hold come back."""
        self._render_values()
        self._show_error(sentence)

    # ---- building ------------------------------------------------------------------------------------------------

    def _mode_button(self, mode: str, tip: str) -> IconButton:
        name = f"curve_of_{mode}"
        return IconButton(self._look, name, f"Curve of {mode}", tip, text=mode, checkable=True, parent=self)

    def _arrange(self) -> None:
        self._row = QHBoxLayout()
        for button in self._modes.values():
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._row.addWidget(self._patterns)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._head)
        self._column.addLayout(self._row)
        for widget in (self.canvas, self.entry, self._error):
            self._column.addWidget(widget)

    def _connect(self) -> None:
        for button in self._modes.values():
            button.clicked.connect(self._choose_mode)
        self._menu.triggered.connect(self._choose_pattern)
        self.canvas.dragged.connect(self._drag)
        self.canvas.released.connect(self._release)
        self.canvas.cancelled.connect(self._cancel)
        self.entry.accepted.connect(self._take)
        self.entry.taken_back.connect(self._take_back)

    def _render_look(self) -> None:
        em = self._look.em()
        self._column.setSpacing(round(0.3 * em))
        self._row.setSpacing(round(0.3 * em))

    # ---- showing -------------------------------------------------------------------------------------------------

    def _render_mode(self) -> None:
        for mode, button in self._modes.items():
            button.setChecked(mode == self._mode)
        is_importance = self._mode == IMPORTANCE
        self._patterns.setEnabled(is_importance)
        self._head.set_text("Importance" if is_importance else "Sparsity by feature", "drag the curve")
        self.canvas.setAccessibleName(f"Curve of {self._mode}")
        self.canvas.setToolTip(_TIPS[self._mode])
        self.entry.setToolTip(_TEXT_TIPS[self._mode])
        self.entry.setAccessibleName(f"Numbers of {self._mode}")
        self.entry.setPlaceholderText("equal, 1:0.1, 0.9^i or numbers" if is_importance else "0.9 or numbers")
        self.entry.setModified(False)
        self._show_error("")
        self._render_values()

    def _render_values(self) -> None:
        if self._problem is None:
            return
        if self._mode == IMPORTANCE:
            values = self._problem.importance
            top = max(1.0, *values)
            self.canvas.show_values(values, Scale(0.0, top), _LOWEST * top)
        else:
            values = self._problem.sparsity
            self.canvas.show_values(values, SparsityScale())
        if not (self.entry.hasFocus() and self.entry.isModified()):
            self.entry.setText(self._words())
            self.entry.setCursorPosition(0)

    def _words(self) -> str:
        if self._problem is None:
            return ""
        if self._mode == IMPORTANCE:
            return pattern_of(self._problem.importance) or numbers_text(self._problem.importance)
        values = self._problem.sparsity
        return f"{values[0]:g}" if len(set(values)) == 1 else numbers_text(values)

    def _show_error(self, sentence: str) -> None:
        self._refused = sentence
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.entry.setAccessibleDescription(sentence or _TEXT_TIPS[self._mode])

    # ---- intents -------------------------------------------------------------------------------------------------

    def _choose_mode(self) -> None:
        mode = self.sender().objectName().removeprefix("curve_of_")
        is_other = mode != self._mode
        self.set_mode(mode)
        if is_other:
            self.mode_changed.emit(mode)

    def _choose_pattern(self, action: QAction) -> None:
        self._take(str(action.data()))

    def _drag(self, values: Floats) -> None:
        if self._checked(values) is not None:
            self.curve_dragged.emit(self._mode, values)

    def _release(self) -> None:
        self.curve_released.emit(self._mode)
        self._render_values()

    def _cancel(self) -> None:
        self.curve_cancelled.emit(self._mode)
        self._render_values()

    def _take_back(self) -> None:
        self.entry.setModified(False)
        self._show_error("")
        self._render_values()

    def _take(self, text: str) -> None:
        """Let typed or pasted numbers count; what is wrong stays in the field, to be mended there."""
        found = self._checked(text)
        if found is None:
            return
        self.entry.setModified(False)
        self.curve_chosen.emit(self._mode, found)
        self._render_values()

    def _checked(self, values: str | Floats) -> tuple[float, ...] | None:
        """Return the values as the task takes them; None after a sentence below."""
        if self._problem is None:
            return None
        try:
            if self._mode == IMPORTANCE:
                found = importance_vector(values if isinstance(values, str) else list(values), self._problem.features)
            else:
                numbers = read_numbers(values, "sparsities") if isinstance(values, str) else list(values)
                found = self._problem.with_sparsity(numbers[0] if len(numbers) == 1 else numbers).sparsity
        except SuperpositionError as error:
            self._show_error(str(error))
            return None
        self._show_error("")
        return found
