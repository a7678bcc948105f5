"""Hands: arrows that are dragged, cells and bars that are painted, tools and pasted numbers, as edits of one model."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Unpack

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from playground.engine.superposition import hands
from playground.engine.superposition.metrics import REPRESENTED_NORM
from playground.engine.superposition.problem import Floats, SuperpositionError
from playground.engine.superposition.snapshots import Array
from playground.labs.superposition.chosen import Chosen
from playground.session.sandbox_document import SandboxDocument
from playground.session.sandbox_edits import Change
from playground.views.superposition import hand_tools
from playground.views.superposition.hand_tools import HandTools
from playground.views.superposition.hidden_space import HiddenSpace
from playground.views.superposition.model_column import ModelColumn
from playground.views.superposition.model_columns import ModelColumns

FRAME_MS = 16  # moves of the mouse within it are one command


class SandboxHands(QObject):
    """Collects the moves of a drag per frame; what they touch is held until the mouse is up."""

    training_asked = Signal()  # "Train from here"
    said = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        document: SandboxDocument,
        chosen: Chosen,
        space: HiddenSpace,
        tools: HandTools,
        columns: ModelColumns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._chosen = document, chosen
        self._space, self._tools, self._columns = space, tools, columns
        self._strokes = itertools.count(1)
        self._stroke: int | None = None
        self._model = (0, 0)  # that the stroke is on
        self._rows: dict[int, Floats] = {}  # dragged and not posted yet
        self._biases: dict[int, float] = {}
        self._known: set[ModelColumn] = set()
        self.last_seq = 0  # of the last edit: older snapshots do not know of it
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._flush)
        space.feature_dragged.connect(self._drag_row)
        space.drag_released.connect(self._release)
        space.drag_cancelled.connect(self._cancel)
        tools.tool_asked.connect(self._use_tool)
        tools.mode_chosen.connect(space.set_tool)
        tools.weight_pasted.connect(self._paste_weight)
        tools.bias_pasted.connect(self._paste_bias)
        document.stroke_closing.connect(self._let_go)

    def listen_to_columns(self) -> None:
        """Hear the columns that there are; those that were heard before are not heard twice."""
        present = set(self._columns.columns)
        for column in present - self._known:
            column.grid.cells_painted.connect(self._paint_weight)
            column.grid.decode_painted.connect(self._paint_decode)
            column.grid.bias_painted.connect(self._paint_bias)
            column.biases.bias_dragged.connect(self._drag_bias)
            for part in (column.grid.released, column.biases.bias_released):
                part.connect(self._release)
            for part in (column.grid.cancelled, column.biases.bias_cancelled):
                part.connect(self._cancel)
        self._known = present

    def close(self) -> None:
        """End a stroke that is still open."""
        self._document.close_stroke()
        self._frame.stop()

    # ---- drags -----------------------------------------------------------------------------------------------

    def _drag_row(self, feature: int, row: Floats) -> None:
        self._begin(self._chosen.model)
        self._rows[feature] = np.asarray(row)
        self._flush_soon()

    def _drag_bias(self, feature: int, value: float) -> None:
        self._begin((self._place_of_sender(), self._chosen.seed))
        self._biases[feature] = value
        self._flush_soon()

    def _begin(self, model: tuple[int, int]) -> None:
        if self._stroke is None or model != self._model:
            self._release()
            self._stroke, self._model = next(self._strokes), model

    def _flush_soon(self) -> None:
        """Post now, and what comes within the next frame at its end."""
        if not self._frame.isActive():
            self._flush()
            self._frame.start()

    def _flush(self) -> None:
        rows, biases = self._rows, self._biases
        self._rows, self._biases = {}, {}
        if rows:
            weight = self._weight(self._model)
            for feature, row in rows.items():
                weight[feature] = row
            self._edit(f"drag feature {min(rows)}", weight=weight, features=tuple(rows))
        if biases:
            bias = self._bias(self._model)
            for feature, value in biases.items():
                bias[feature] = value
            self._edit(f"bias of feature {min(biases)}", bias=bias, features=tuple(biases))

    def _release(self) -> None:
        self._flush()
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._document.end_stroke(stroke)

    def _cancel(self) -> None:
        self._rows.clear()
        self._biases.clear()
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._document.cancel_stroke(stroke)

    def _let_go(self) -> None:
        """The document ends the stroke: what is in the hand belongs to it, what comes later to the next one."""
        self._flush()
        self._stroke = None

    # ---- painting --------------------------------------------------------------------------------------------

    def _paint_weight(self, values: Array) -> None:
        column = self._column_of_sender()
        reading = column.reading()
        if reading is not None:
            self._paint(column, "paint W", weight=values, entries=values != reading.weight)

    def _paint_decode(self, values: Array) -> None:
        column = self._column_of_sender()
        reading = column.reading()
        if reading is not None and reading.decode is not None:
            self._paint(column, "paint V", decode=values, entries=values != reading.decode)

    def _paint_bias(self, values: Array) -> None:
        column = self._column_of_sender()
        reading = column.reading()
        if reading is not None:
            changed = tuple(int(at) for at in np.flatnonzero(values != reading.bias))
            self._paint(column, "paint b", bias=values, features=changed)

    def _paint(self, column: ModelColumn, label: str, **change: Unpack[Change]) -> None:
        self._begin((self._columns.columns.index(column), self._chosen.seed))
        seq = self._edit(label, **change)
        if seq is not None:
            column.acknowledge(seq)

    def _place_of_sender(self) -> int:
        return self._columns.columns.index(self._column_of_sender())

    def _column_of_sender(self) -> ModelColumn:
        sender = self.sender()
        return next(column for column in self._columns.columns if sender in (column.grid, column.biases))

    # ---- tools -----------------------------------------------------------------------------------------------

    def _use_tool(self, tool: str, features: tuple[int, ...]) -> None:
        self._model = self._chosen.model
        if tool == hand_tools.TRAIN:
            self.training_asked.emit()
        elif tool == hand_tools.COPY:
            self.said.emit("W is on the clipboard: one row a feature, parted by tabs.")
        elif tool in (hand_tools.FREEZE, hand_tools.UNFREEZE):
            self._try(lambda: self._document.freeze(self._model, features, tool == hand_tools.FREEZE))
        else:
            self._try(lambda: self._reshape(tool, features))

    def freeze_chosen(self) -> None:
        """Hold the chosen features of the model in hand, or let them go where all are held."""
        features = self._tools.features_for(hand_tools.FREEZE)
        if not features:
            self.refused.emit("Choose features first: click an arrow in hidden space.")
            return
        snapshot = self._document.snapshot
        frozen = None if snapshot is None or snapshot.frozen is None else snapshot.frozen[self._chosen.model]
        is_held = frozen is not None and bool(frozen[list(features)].all())
        self._use_tool(hand_tools.UNFREEZE if is_held else hand_tools.FREEZE, features)

    def use(self, tool: str) -> None:
        """Use a tool of the row by its key."""
        features = self._tools.features_for(tool)
        if features:
            self._use_tool(tool, features)
        else:
            self.refused.emit("Choose features first: click an arrow in hidden space.")

    def _reshape(self, tool: str, features: tuple[int, ...]) -> None:
        weight, names = self._weight(self._model), _named(features)
        if tool == hand_tools.SWAP:
            one, other = features
            swapped = hands.swapped(weight, one, other)
            bias = hands.swapped(self._bias(self._model), one, other)
            change: Change = {"weight": swapped, "bias": bias, "features": features}
            decode = self._decode(self._model)
            if decode is not None:
                change["decode"] = hands.swapped(decode, one, other)
            self._edit(f"swap {names}", **change)
            return
        if tool == hand_tools.SPREAD:
            norms = np.linalg.norm(weight, axis=1)
            length = float(norms[norms > REPRESENTED_NORM].mean()) if (norms > REPRESENTED_NORM).any() else 1.0
            changed, words = hands.polygon(len(weight), length), "spread all features"
        else:
            act, words = _RESHAPES[tool]
            changed, words = act(weight, features), f"{words} {names}"
        self._edit(words, weight=changed, features=features)

    def _paste_weight(self, values: Floats) -> None:
        self._model = self._chosen.model
        self._try(lambda: self._document.edit_model(self._model, "paste W", weight=values))

    def _paste_bias(self, values: Floats) -> None:
        self._model = self._chosen.model
        self._try(lambda: self._document.edit_model(self._model, "paste b", bias=values))

    # ---- the model -------------------------------------------------------------------------------------------

    def _weight(self, model: tuple[int, int]) -> Floats:
        return np.array(self._document.snapshot.weights[model], np.float64)  # type: ignore[union-attr]

    def _decode(self, model: tuple[int, int]) -> Floats | None:
        if not self._document.setup.is_absolute:
            return None
        return np.array(self._document.snapshot.decode[model], np.float64)  # type: ignore[union-attr]

    def _bias(self, model: tuple[int, int]) -> Floats:
        return np.array(self._document.snapshot.biases[model], np.float64)  # type: ignore[union-attr]

    def _edit(self, label: str, **change: Unpack[Change]) -> int | None:
        """Post an edit, as a move of the stroke where one is open; return its number, None where it was refused."""
        try:
            seq = self._document.edit_model(self._model, label, stroke=self._stroke, **change)
        except SuperpositionError as error:
            self.refused.emit(str(error))
            return None
        self.last_seq = seq
        return seq

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except SuperpositionError as error:
            self.refused.emit(str(error))
            return
        self.last_seq = self._document.last_seq


_RESHAPES: dict[str, tuple[Callable[[NDArray[np.floating], Sequence[int]], Floats], str]] = {
    hand_tools.SILENCE: (hands.silenced, "silence"),
    hand_tools.FLIP: (hands.flipped, "flip"),
    hand_tools.EQUALISE: (hands.equalised, "equalise"),
    hand_tools.SNAP: (hands.snapped, "snap"),
}


def _named(features: tuple[int, ...]) -> str:
    return f"feature {features[0]}" if len(features) == 1 else f"{len(features)} features"
