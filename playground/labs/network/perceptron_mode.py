"""The perceptron and its limits: gates to learn or to set by hand, with the truth table of the network as it is."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PySide6.QtCore import QObject, Signal

from playground.engine import structure
from playground.engine.datasets import DataError
from playground.engine.gates import gate, truth_table
from playground.engine.plane import PlaneSetup, plane_data
from playground.engine.plane_shapes import GATES, SHAPES
from playground.engine.snapshots import Snapshot
from playground.engine.spec import SpecError
from playground.labs.network.selection import Selection
from playground.session.network_document import NetworkDocument
from playground.views.plane.perceptron_box import PerceptronBox
from playground.views.plane.truth import MOST_COLUMNS, TruthRows

_SHAPES = {"AND": "and", "OR": "or", "NOT": "not", "NAND": "nand", "XOR": "xor-gate"}  # gate -> data
RULE = {
    "optimizer": "perceptron",
    "loss": "squared_error",
    "learning_rate": 1.0,
    "batch_size": 1,
    "schedule": "constant",
    "l1": 0.0,
    "l2": 0.0,
}
LEARNING = (
    "Press Step, or play slowly: Rosenblatt's rule moves the line only where an answer is wrong. After a few rounds "
    "nothing is wrong any more, and the weights stand still."
)
CYCLING = (
    "Press play: no straight line parts XOR. The rule never comes to rest, and its weights come round to the same few "
    "places again and again: it cycles."
)
SETTING = "Set weights and biases by hand, or drag the zero lines, until every line of the table is right."
RIGHT = "Every line of the table is right. Move a zero line and watch which lines break."
STILL = "Every line of the table is right: the rule changes nothing any more, and the weights stand still."
THREE = "XOR takes three neurons: OR and NAND below, AND of both above. Each draws one line; together they are right."
SLOW = 10.0  # steps a second
MOST_REMEMBERED = 2_000  # different weights


class PerceptronMode(QObject):
    """Ties the menu, the sentence and the table to the document."""

    slowness_wished = Signal(object)  # steps a second at which an eye can follow

    def __init__(
        self, document: NetworkDocument, selection: Selection, box: PerceptronBox, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._box = document, selection, box
        self._met: Counter[bytes] = Counter()  # weights in the moments that were shown, and how often
        self._met_for: tuple[object, ...] = ()
        self._last_step = -1
        box.learning_asked.connect(self.learn)
        box.gate_asked.connect(self.set_gate)

    def learn(self, shape: str) -> None:
        """Set up one neuron with a step, weights at 0, and Rosenblatt's rule on a gate's four points."""
        document = self._document
        document.pause()
        stack = document.undo_stack
        stack.beginMacro(f"perceptron: {SHAPES[shape].title}")
        try:
            document.set_data(plane_data(PlaneSetup(shape)), f"data: {SHAPES[shape].title}")
            self._take(("perceptron", (2, 1)), np.zeros(3, np.float32))
            document.change_settings({**RULE, "initialization": "zero"})
        except (SpecError, DataError) as error:
            document.said.emit(str(error))
        finally:
            stack.endMacro()
        self._select_first()
        self.slowness_wished.emit(SLOW)

    def set_gate(self, name: str) -> None:
        """Set up the neurons of a gate, their weights as McCulloch and Pitts would set them."""
        document = self._document
        spec, parameters = gate(name)
        widths = spec.widths
        if widths[0] == 1:  # of two bits the second one does not count
            widths, parameters = (2, 1), np.array([parameters[0], 0.0, parameters[1]], np.float32)
        document.pause()
        stack = document.undo_stack
        stack.beginMacro(f"gate: {name}")
        try:
            shape = _SHAPES[name]
            document.set_data(plane_data(PlaneSetup(shape)), f"data: {SHAPES[shape].title}")
            self._take((name, widths), parameters)
            document.change_settings(RULE)
        except (SpecError, DataError) as error:
            document.said.emit(str(error))
        finally:
            stack.endMacro()
        self._select_first()

    def _take(
        self, what: tuple[str, tuple[int, ...]], parameters: np.ndarray[tuple[int], np.dtype[np.float32]]
    ) -> None:
        """Go over to neurons that fire by a step, with these weights."""
        name, widths = what
        self._document.take_weights(widths, parameters, f"weights: {name}")
        for layer in self._document.spec.layers:
            if layer.activation != "step":
                self._document.restructure(structure.set_activation(self._document.spec, layer.id, "step"))

    def _select_first(self) -> None:
        layer = self._document.spec.layers[0]
        self._selection.set([(layer.id, layer.units[0])])

    # ---- showing ---------------------------------------------------------------------------------------------

    def render(self, snapshot: Snapshot) -> None:
        """Show the table of this moment where the data are a gate."""
        data, spec = self._document.data, snapshot.spec
        shape = str(data.source.get("shape", ""))
        is_gate = data.plane is not None and shape in GATES and data.plane.features.names == ("x1", "x2")
        if not is_gate or (spec.inputs, spec.outputs) != (2, 1):
            self._box.show_nothing()
            return
        parameters = snapshot.parameters
        if snapshot.present is not None:
            parameters = np.where(snapshot.present, parameters, np.float32(0))
        table = truth_table(spec, parameters)
        hidden = [
            (f"{spec.layer_name(index)}·{place + 1}", fires[:, place])
            for index, fires in enumerate(table.fires[:-1])
            for place in range(fires.shape[1])
        ][:MOST_COLUMNS]
        columns = [table.bits[:, 0], table.bits[:, 1], *(fires for _, fires in hidden), table.answers[:, 0]]
        assert data.plane is not None  # noqa: S101 - a gate lies in the plane
        wanted = {tuple(at): int(label) for at, label in zip(data.plane.train.tolist(), data.train.labels, strict=True)}
        rows = TruthRows(
            ("x1", "x2", *(name.replace("hidden ", "h") for name, _ in hidden), "answer"),
            tuple(tuple(int(column[line]) for column in columns) for line in range(len(table.bits))),
            tuple(wanted[tuple(map(float, bits))] for bits in table.bits),
        )
        self._box.show_gate(rows, self._words(snapshot, shape, rows))

    def _words(self, snapshot: Snapshot, shape: str, table: TruthRows) -> str:
        is_rule = snapshot.settings.optimizer == "perceptron" and len(snapshot.spec.layers) == 1
        is_right = table.right == len(table.rows)
        if shape == "xor-gate" and not is_rule:
            return THREE if is_right else SETTING
        if shape == "xor-gate":
            return f"{CYCLING} {self._cycle_words(snapshot)}".strip()
        if is_right:
            return STILL if is_rule and snapshot.step > 0 else RIGHT
        return LEARNING if is_rule else SETTING

    def _cycle_words(self, snapshot: Snapshot) -> str:
        """Count at how many different places the weights have been, in the moments that were shown."""
        met_for = (snapshot.segment, snapshot.spec.version, self._document.data)
        if met_for != self._met_for:
            self._met.clear()
            self._met_for, self._last_step = met_for, -1
        if snapshot.step != self._last_step and len(self._met) < MOST_REMEMBERED:
            self._last_step = snapshot.step
            self._met[snapshot.parameters.tobytes()] += 1
        total = self._met.total()
        if total < 2:
            return ""
        now = self._met[snapshot.parameters.tobytes()]
        times = "once" if now == 1 else f"{now:,} times"
        return f"In {total:,} moments shown so far: {len(self._met):,} different weights, the present ones {times}."
