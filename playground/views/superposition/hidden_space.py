"""Hidden space of one model: its features as arrows that a hand can move."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.views.choices import ChoiceField
from playground.views.inspector.buttons import IconButton
from playground.views.inspector.words import SectionHead
from playground.views.look import Look
from playground.views.superposition.plane import PRINCIPAL
from playground.views.superposition.space_canvas import SpaceCanvas

_AXES = "axes"


class HiddenSpace(QWidget):
    """The arrows of W ``[n, m]``: on a line, in the plane, in a space that turns, or in a plane of many dimensions.

    Features are counted from 0. A tip follows the mouse at once, without waiting for the model.
    """

    feature_dragged = Signal(int, object)  # a feature and its new row of W, float64 [m]: at every move of the mouse
    drag_released = Signal()  # the mouse let go: the moves since it went down are one edit
    drag_cancelled = Signal()  # Escape: the moves since the mouse went down are to be taken back
    selection_changed = Signal(object)  # tuple of the chosen features, in order
    hovered = Signal(int)  # the feature under the mouse, -1: none

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._hidden = 0
        self.setObjectName("hidden_space")
        self.setAccessibleName("hidden space")
        self.canvas = SpaceCanvas(look, self)
        self._head = SectionHead(look, "hidden space", "drag an arrow", self)
        self._row = QWidget(self)
        self._shown = ChoiceField(
            look,
            "space_shown",
            "shown",
            ((PRINCIPAL, "principal axes"),),
            PRINCIPAL,
            "The plane that leaves out least of W, or two hidden dimensions of your choice",
            self._row,
            compact=True,
        )
        self._across = self._axis_field("across")
        self._up = self._axis_field("up")
        self._turn = IconButton(
            look,
            "space_turn",
            "Turn",
            "Turn slowly by itself, which tells near from far; drag beside the arrows to turn by hand",
            icon="turn",
            text="Turn",
            checkable=True,
            parent=self._row,
        )
        self._left_out = QLabel(self._row)
        self._left_out.setObjectName("space_left_out")
        self._left_out.setToolTip(
            "The share of ‖W‖² that lies outside of this plane: the arrows show the rest.\n"
            "A drag moves a feature within the plane; what lies outside of it stays."
        )
        self._build()
        self._connect()
        look.changed.connect(self._render_look)
        self._render_look()

    def _axis_field(self, name: str) -> ChoiceField:
        hint = f"The hidden dimension that is drawn {name}"
        return ChoiceField(
            look=self._look,
            name=f"space_{name}",
            label=name,
            options=(("0", "h0"),),
            value="0",
            tooltip=hint,
            parent=self._row,
            compact=True,
        )

    def _build(self) -> None:
        self._line = QHBoxLayout(self._row)
        for widget in (self._shown, self._across, self._up, self._turn):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        self._line.addWidget(self._left_out, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._head)
        self._box.addWidget(self._row)
        self._box.addWidget(self.canvas, 1)
        self._row.hide()

    def _connect(self) -> None:
        self.canvas.feature_dragged.connect(self._pass_drag)
        self.canvas.drag_released.connect(self._render_released)
        self.canvas.drag_cancelled.connect(self.drag_cancelled)
        self.canvas.selection_changed.connect(self.selection_changed)
        self.canvas.hovered.connect(self.hovered)
        self._shown.chosen.connect(self._choose_shown)
        self._across.chosen.connect(self._choose_axes)
        self._up.chosen.connect(self._choose_axes)
        self._turn.clicked.connect(self._choose_turning)

    # ---- what others call ----

    def render_model(
        self, weight: NDArray[np.floating], frozen: NDArray[np.bool_] | None = None, *, is_settled: bool = True
    ) -> None:
        """Show W ``[n, m]`` and which of its features are frozen, ``[n]``.

        ``is_settled``: these weights know of all that was dragged; until then a dragged feature stays where the hand
        left it. Raises ValueError where W is no matrix.
        """
        self.canvas.render_model(weight, frozen, is_settled=is_settled)
        hidden = self.canvas.state.hidden
        if hidden != self._hidden:
            self._hidden = hidden
            self._offer(hidden)
        self._render_left_out()

    def set_tool(self, tool: str) -> None:
        """Let the mouse move arrows (``drag``) or frame them (``select``)."""
        self.canvas.set_tool(tool)

    def set_selection(self, features: Sequence[int]) -> None:
        """Choose features, silently."""
        self.canvas.set_selection(features)

    def selection(self) -> tuple[int, ...]:
        """Return the chosen features."""
        return self.canvas.selection()

    def set_least_side(self, side: int) -> None:
        """Be a picture of at least so many pixels in height, where that is more than the least that can be read."""
        self.canvas.setMinimumHeight(max(side, self.canvas.minimumSizeHint().height()))

    # ---- parts ----

    def _offer(self, hidden: int) -> None:
        """Offer what can be shown of so many dimensions."""
        self._head.set_text(f"hidden space, m = {hidden}", "drag an arrow")
        first = "space, to turn" if hidden == 3 else "principal axes"
        choice = self.canvas.state.choice
        self._shown.set_options(
            ((PRINCIPAL, first), (_AXES, "two dimensions")), _AXES if isinstance(choice, tuple) else PRINCIPAL
        )
        options = [(str(axis), f"h{axis}") for axis in range(hidden)]
        across, up = choice if isinstance(choice, tuple) else (0, min(1, hidden - 1))
        self._across.set_options(options, str(across))
        self._up.set_options(options, str(up))
        if hidden != 3:
            self._turn.setChecked(False)
            self.canvas.set_turning(is_turning=False)
        self._row.setVisible(hidden > 2)
        self._render_row()

    def _render_row(self) -> None:
        has_axes = self._shown.value() == _AXES
        self._across.setVisible(has_axes)
        self._up.setVisible(has_axes)
        self._turn.setVisible(self.canvas.state.can_turn)

    def _render_left_out(self) -> None:
        state = self.canvas.state
        if state.hidden < 3 or not state.is_finite or state.can_turn:
            self._left_out.setText("")
            return
        self._left_out.setText(f"leaves out {100 * state.plane.residual(state.weight):.0f} %")

    def _choose_shown(self, choice: str) -> None:
        if choice == PRINCIPAL:
            self._look_at(PRINCIPAL)
        else:
            self._choose_axes()

    def _choose_axes(self, _axis: str = "") -> None:
        across, up = int(self._across.value()), int(self._up.value())
        if across == up:  # the field that was not touched gives way
            free = next(axis for axis in range(self._hidden) if axis != across)
            other = self._up if self.sender() is not self._up else self._across
            other.set_value(str(free))
            across, up = int(self._across.value()), int(self._up.value())
        self._look_at((across, up))

    def _look_at(self, choice: str | tuple[int, int]) -> None:
        self.canvas.cancel()
        self.canvas.state.choice = choice
        self.canvas.state.fit()
        self.canvas.update()
        if not self.canvas.state.can_turn:
            self._turn.setChecked(False)
            self.canvas.set_turning(is_turning=False)
        self._render_row()
        self._render_left_out()

    def _choose_turning(self) -> None:
        self.canvas.set_turning(is_turning=self._turn.isChecked())

    def _pass_drag(self, feature: int, row: QObject) -> None:
        self._render_left_out()
        self.feature_dragged.emit(feature, row)

    def _render_released(self) -> None:
        self._render_left_out()
        self.drag_released.emit()

    def _render_look(self) -> None:
        em = self._look.em()
        self._left_out.setFont(self._look.font(9.0, mono=True))
        self._left_out.setStyleSheet(f"QLabel {{ color: {self._look.palette.muted}; background: transparent; }}")
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(round(0.6 * em))
        self._box.setSpacing(round(0.25 * em))
