"""Hands: what is painted and set in the inspector goes to the document; what went wrong becomes a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from playground.engine.commands import Paint, SetCells, SetMask, SetMaskWhole, TransformUnits
from playground.engine.snapshots import Trouble
from playground.labs.base import Message, Remedy
from playground.labs.network.running import Running
from playground.session.network_document import NetworkDocument
from playground.views.grid.intents import next_stroke
from playground.views.inspector import Inspector


class Hands(QObject):
    """Forwards the inspector's intents and tells it the numbers under which they were posted."""

    def __init__(self, document: NetworkDocument, inspector: Inspector, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._inspector = inspector
        inspector.paint_requested.connect(self._paint)
        inspector.set_requested.connect(self._set)
        inspector.mask_requested.connect(self._mask)
        inspector.mask_whole_requested.connect(self._mask_whole)
        inspector.transform_requested.connect(self._transform)
        inspector.transforms_requested.connect(self._transform_all)
        document.stroke_closing.connect(inspector.end_stroke)
        inspector.stroke_ended.connect(document.end_stroke)
        inspector.stroke_cancelled.connect(document.cancel_stroke)

    def close(self) -> None:
        """End a stroke that is still open."""
        self._document.close_stroke()

    def _paint(self, command: Paint) -> None:
        unit = int(command.cells.units[0])
        self._post(command, f"paint {self._unit_name(command.cells.layer, unit)}")

    def _set(self, command: SetCells) -> None:
        self._post(command, command.label)

    def _mask(self, command: SetMask) -> None:
        words = {("movable", True): "release", ("movable", False): "freeze", ("present", True): "join"}
        word = words.get((command.mask, command.on), "cut")
        self._post(command, f"{word} weights of {self._layer_name(command.cells.layer)}")

    def _mask_whole(self, command: SetMaskWhole) -> None:
        word = "release" if command.on else "freeze"
        what = self._layer_name(command.layer)
        if command.units:
            what = self._unit_name(command.layer, command.units[0]) if len(command.units) == 1 else f"neurons of {what}"
        self._post(command, f"{word} {what}")

    def _transform(self, command: TransformUnits) -> None:
        what = f"{len(command.units)} neurons of {self._layer_name(command.layer)}"
        if len(command.units) == 1:
            what = self._unit_name(command.layer, command.units[0])
        self._post(command, f"{command.kind.replace('_', ' ')} {what}")

    def _transform_all(self, commands: tuple[TransformUnits, ...]) -> None:
        """Transform the neurons of several layers as one change."""
        if len(commands) == 1:
            self._transform(commands[0])
            return
        count = sum(len(command.units) for command in commands)
        word = commands[0].kind.replace("_", " ")
        stroke = next_stroke()  # one step of undo, and measured as one
        for command in commands:
            self._post(replace(command, stroke=stroke), f"{word} {count} neurons of {len(commands)} layers")
        self._document.end_stroke(stroke)

    def _post(self, command: Paint | SetCells | SetMask | SetMaskWhole | TransformUnits, label: str) -> None:
        self._inspector.acknowledge(self._document.edit(command, label))

    def _layer_name(self, layer: int) -> str:
        spec = self._document.spec
        index = spec.index_of(layer)
        return "a layer" if index is None else spec.layer_name(index)

    def _unit_name(self, layer: int, unit: int) -> str:
        spec = self._document.spec
        index = spec.index_of(layer)
        if index is None or unit not in spec.layers[index].units:
            return "a neuron"
        return f"neuron {spec.layers[index].units.index(unit) + 1} of {spec.layer_name(index)}"

    def trouble_message(self, trouble: Trouble, running: Running) -> Message:
        """Return the message for what went wrong in the thread, with the ways out of it."""
        remedies: list[Remedy] = []
        if trouble.can_go_back:
            remedies.append(Remedy("Back to the last good step", self._document.back_to_last_good))
            remedies.append(Remedy("Learning rate ÷ 10, and back", self._go_back_slower(running)))
        if trouble.report:
            remedies.append(Remedy("Copy report", lambda: _copy(trouble.report), is_closing=False))
        return Message(trouble.sentence, kind="trouble", is_error=True, remedies=tuple(remedies))

    def _go_back_slower(self, running: Running) -> Callable[[], None]:
        def go() -> None:
            if not self._document.can_go_back:
                self._document.back_to_last_good()  # which says so
                return
            stack = self._document.undo_stack
            stack.beginMacro("back, learning rate ÷ 10")
            self._document.back_to_last_good()
            running.scale_learning_rate(0.1)
            stack.endMacro()

        return go


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
