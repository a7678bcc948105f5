"""The hand on a zero line: it shifts the line (the bias) or turns it by a grip (the weights), as one stroke each."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal

from playground.engine.commands import BIAS, Cells
from playground.views.grid.intents import CellDrag, IntentWidget
from playground.views.look import Look
from playground.views.plane.points import Floats
from playground.views.plane.scene import Ground, Scene
from playground.views.plane.zero_line import ZeroLine

SHIFT, TURN = "shift", "turn"
GRIP = 0.12  # of the visible line: where its grips sit, from either end
_NEAR_GRIP, _NEAR_LINE = 0.75, 0.45  # em
_KEY_TURN, _KEY_SHIFT = math.radians(2), 1 / 120  # of a key; of the width of the plane
_FINE = 0.1
# key -> what it does to the line, and which way: towards the arrow, counter-clockwise
LINE_KEYS = {
    Qt.Key.Key_PageUp: (SHIFT, 1),
    Qt.Key.Key_PageDown: (SHIFT, -1),
    Qt.Key.Key_Home: (TURN, 1),
    Qt.Key.Key_End: (TURN, -1),
}


def grips(ends: Floats) -> Floats:
    """Return where the grips of a visible line sit ``[2, 2]``."""
    return np.stack([ends[0] + GRIP * (ends[1] - ends[0]), ends[1] + GRIP * (ends[0] - ends[1])])


class LineHand(QObject):
    """Asks ``owner`` for the edits and keeps what the hand has made until the network has caught up."""

    moved = Signal()

    def __init__(self, look: Look, owner: IntentWidget) -> None:
        super().__init__(owner)
        self._look = look
        self._drag = CellDrag(owner)
        self._line: ZeroLine | None = None  # as the hand has it
        self._begun: tuple[ZeroLine, str, Floats, Floats] | None = None  # line, part, place and pivot of the press

    @property
    def is_dragging(self) -> bool:
        """Say whether the hand is on a line."""
        return self._begun is not None

    def lines(self, scene: Scene) -> tuple[ZeroLine, ...]:
        """Return the lines of a scene, that in the hand as the hand has it."""
        mine = self._line
        if mine is not None and not self._drag.is_behind(scene.applied_seq):
            mine = self._line = None
        if mine is None:
            return scene.lines
        return tuple(mine if (line.layer, line.unit) == (mine.layer, mine.unit) else line for line in scene.lines)

    def hit(self, scene: Scene, ground: Ground, spot: QPointF) -> tuple[ZeroLine, str] | None:
        """Return which line lies under the mouse, and by which part the hand would take it."""
        em, place = self._look.em(), ground.plane(spot)[0]
        best: tuple[float, ZeroLine, str] | None = None
        for line in self.lines(scene):
            ends = line.ends(scene.low, scene.high)
            if ends is None or not line.columns:
                continue
            away = np.hypot(*(ground.screen(grips(ends)) - (spot.x(), spot.y())).T).min()
            if line.can_turn and away < _NEAR_GRIP * em:
                found = (float(away) - em, line, TURN)  # a grip goes before any line
            elif line.distance(place) < ground.length(_NEAR_LINE * em):
                found = (line.distance(place), line, SHIFT)
            else:
                continue
            if best is None or found[0] < best[0]:
                best = found
        return None if best is None else best[1:]

    def press(self, scene: Scene, ground: Ground, spot: QPointF) -> ZeroLine | None:
        """Take the line under the mouse and return it, None where there is none."""
        found = self.hit(scene, ground, spot)
        if found is None:
            return None
        line, part = found
        ends = line.ends(scene.low, scene.high)
        if ends is None:
            return None
        self._begun = (line, part, ground.plane(spot)[0], ends.mean(0))
        self._drag.begin()
        return line

    def move(self, place: Floats) -> None:
        """Shift or turn the line that was taken."""
        if self._begun is None:
            return
        line, part, start, pivot = self._begun
        if part == SHIFT:
            self._ask(line.shifted(place - start), part)
        elif np.abs(place - pivot).max() > 1e-9:
            angles = [math.atan2(*(to - pivot)[::-1].tolist()) for to in (start, place)]
            self._ask(line.turned(pivot, angles[1] - angles[0]), part)

    def end(self) -> None:
        """Let go."""
        self._begun = None
        self._drag.end()

    def cancel(self) -> None:
        """Take back what the hand, still on the line, has done."""
        self._begun = self._line = None
        self._drag.cancel()
        self.moved.emit()

    def press_key(self, scene: Scene, key: Qt.Key, *, is_fine: bool) -> bool:
        """Shift or turn the line of the selected neuron (see ``LINE_KEYS``); say whether there is one."""
        part, sign = LINE_KEYS[key]
        line = next((line for line in self.lines(scene) if line.is_chosen and line.norm), None)
        if line is None or (part == TURN and not line.can_turn):
            return False
        if not self._drag.is_open:
            self._drag.begin()
        size = sign * (_FINE if is_fine else 1.0)
        if part == SHIFT:
            self._ask(line.shifted(size * _KEY_SHIFT * (scene.high - scene.low) * line.normal), SHIFT)
            return True
        ends = line.ends(scene.low, scene.high)
        pivot = -line.normal * line.bias / line.norm if ends is None else ends.mean(0)
        self._ask(line.turned(pivot, size * _KEY_TURN), TURN)
        return True

    def _ask(self, line: ZeroLine, part: str) -> None:
        self._line = line
        if line.can_turn:  # also for a shift: training is not to turn the line under the hand
            cells = Cells.of_unit(line.layer, line.unit, [*line.columns, BIAS])
            values = [*line.weight, line.bias]
        else:
            cells, values = Cells.of_unit(line.layer, line.unit, [BIAS]), [line.bias]
        word = "shift" if part == SHIFT else "turn"
        self._drag.move(cells, np.array(values, np.float32), f"{word} the zero line of {line.name}")
        self.moved.emit()
