"""The open network: every change that can be made to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from playground.engine import commands as ask
from playground.engine.channel import Channel
from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.settings import RESETTING, SettingError, Settings, change_words, changed
from playground.engine.snapshots import Snapshot
from playground.engine.spec import FIRST_ID, NetworkSpec, SpecError, build
from playground.engine.structure import fitted_to_data
from playground.engine.targets import VALUES, TargetError, check_loss
from playground.engine.vectors import none_data
from playground.session.document import Document
from playground.session.trainer import Loop
from playground.session.undo import Face, HandChange, SettingChange

NO_WAY_BACK = (
    "Nothing was changed: the training has neither diverged nor fallen far behind its best, so there is no step to go "
    "back to."
)


def first_spec() -> NetworkSpec:
    """Return the network of the film: 784-16-16-10, sigmoid."""
    return build((784, 16, 16, 10), input_shape=(28, 28), first_id=FIRST_ID)


def no_data(spec: NetworkSpec) -> DataSet:
    """Return a data set without examples that fits ``spec``: what there is before the first data have come."""
    return none_data(spec.input_shape, tuple(str(number) for number in range(spec.outputs)))


def _network_loop(channel: Channel[Snapshot]) -> Loop:
    from playground.engine.network_runner import NetworkRunner

    return NetworkRunner(channel)


class NetworkDocument(Document):
    """Structure, settings and data as the window shows them; the weights live in the training thread."""

    structure_changed = Signal(object)  # NetworkSpec
    settings_changed = Signal(object)  # Settings
    data_changed = Signal(object)  # DataSet

    face: Face
    snapshot: Snapshot | None

    def __init__(self, parent: QObject | None = None, *, settings: Settings | None = None) -> None:
        spec = first_spec()
        super().__init__(_network_loop, Face(spec, settings or Settings(), no_data(spec)), parent)
        self._next_id, self._version = spec.next_id, spec.version
        self._drawing_seq = 0  # of the change that holds the points drawn last
        self._post(ask.Start(spec, self.face.settings, self.face.data))

    # ---- what the window shows -------------------------------------------------------------------------------

    @property
    def spec(self) -> NetworkSpec:
        """Return the structure, its counters above all ids that ever were in use."""
        return replace(self.face.spec, next_id=self._next_id, version=self._version)

    @property
    def settings(self) -> Settings:
        """Return the settings."""
        return self.face.settings

    @property
    def data(self) -> DataSet:
        """Return the data."""
        return self.face.data

    def _show(self, face: Face) -> None:
        before, self.face = self.face, face
        self._next_id = max(self._next_id, face.spec.next_id)
        self._version = max(self._version, face.spec.version)
        if face.spec is not before.spec:
            self.structure_changed.emit(face.spec)
        if face.settings is not before.settings:
            self.settings_changed.emit(face.settings)
        if face.data is not before.data:
            self.data_changed.emit(face.data)

    def _turned_face(self, shown: Face, left: Face) -> Face:
        # settings are put back only where this change touched them: entries of their own hold the others
        settings = shown.settings if shown.settings is not left.settings else self.face.settings
        return Face(shown.spec, settings, shown.data)

    def set_input(self, values: NDArray[np.float32] | None, label: int | None = None) -> None:
        """Show what the network makes of ``values``."""
        self._post(ask.SetInput(values, label))

    def request_mistakes(self, part: str, then: Callable[[Any], None]) -> None:
        """Ask which examples of ``part`` are answered wrongly now; ``then`` is called with the Mistakes, or None."""
        token = next(self._tokens)
        self._awaited[token] = then
        self.channel.post(ask.RequestMistakes(token, part))
        self.posted.emit()

    # ---- changes by hand: each an entry of the undo list -------------------------------------------------------

    def restructure(self, change: ask.Restructure) -> None:
        """Go over to another structure (made by the functions of ``engine.structure`` from ``spec``)."""
        self.close_stroke()
        seq = self._post(change)
        self._push(change.label, seq, replace(self.face, spec=change.spec))

    def change_setting(self, field: str, value: Any, *, is_drag: bool = False) -> None:
        """Change one setting (raises SettingError); all values of a drag, up to ``end_drag``, are one entry."""
        self.change_settings({field: value}, is_drag=is_drag)

    def change_settings(self, changes: Mapping[str, Any], *, is_drag: bool = False) -> None:
        """Change several settings at once (raises SettingError); those that need it start the training anew."""
        settings = changed(self.settings, changes)
        try:
            check_loss(self.data.task, settings.loss)
        except TargetError as error:
            raise SettingError("loss", str(error)) from error
        before = {field: getattr(self.settings, field) for field in changes}
        after = {field: getattr(settings, field) for field in changes}
        if before == after:
            return
        if any(field in RESETTING for field in changes):
            self.reset(after)
            return
        drag, is_first = self._drag_number(is_drag=is_drag)
        self._post(ask.Change(after, is_quiet=not is_first))
        self._show(replace(self.face, settings=settings))
        self.undo_stack.push(SettingChange(change_words(after), drag, before, after, self._put_settings))

    def _put_settings(self, values: Mapping[str, Any]) -> None:
        self._drag = 0
        self._post(ask.Change(dict(values)))
        self._show(replace(self.face, settings=changed(self.settings, values)))

    def reset(self, changes: Mapping[str, Any] | None = None) -> None:
        """Start again at step 0 from the seed; undo brings the trained weights back."""
        self.close_stroke()
        seq = self._post(ask.Reset(dict(changes or {})))
        settings = changed(self.settings, changes or {})
        label = f"reset, seed {settings.seed}"
        self._push(label, seq, replace(self.face, settings=settings) if changes else self.face)

    def take_weights(self, widths: tuple[int, ...], parameters: NDArray[np.float32], label: str) -> None:
        """Go over to imported weights (flat, layer by layer W then b); activations stay as far as there are layers.

        Raises
        ------
        SpecError
            Where they do not fit the data.
        """
        data = self.data
        if (widths[0], widths[-1]) != (data.features, data.outputs):
            raise SpecError(
                f"Those weights are of a {'-'.join(map(str, widths))} network, but '{data.name}' has {data.features} "
                f"inputs and {data.outputs} outputs: open data that fit first."
            )
        self.close_stroke()
        old = self.spec
        made = build(widths, input_shape=data.input_shape, first_id=old.next_id, version=old.version + 1)
        names = [layer.activation for layer in old.layers[:-1]] or ["relu"]
        hidden = [
            replace(layer, activation=names[min(place, len(names) - 1)]) for place, layer in enumerate(made.layers[:-1])
        ]
        spec = replace(made, layers=(*hidden, replace(made.layers[-1], activation=old.layers[-1].activation)))
        seq = self._post(ask.TakeWeights(spec, parameters, label))
        self._push(label, seq, replace(self.face, spec=spec))

    @property
    def can_go_back(self) -> bool:
        """Say whether training has diverged or fallen far behind its best, so that there is a step to go back to."""
        return self.snapshot is not None and self.snapshot.way_back is not None

    def back_to_last_good(self) -> None:
        """After a divergence: to the last moment whose loss was a number; after a fall: to the best. Else say so."""
        if not self.can_go_back:
            self.said.emit(NO_WAY_BACK)
            return
        self.close_stroke()
        self._push("back to the last good step", self._post(ask.BackToLastGood()), self.face)

    def set_data(self, data: DataSet, label: str = "", *, is_undoable: bool = True) -> None:
        """Train on other data; input and output widths follow them, the loss where it must (raises SpecError)."""
        self.close_stroke()
        change = fitted_to_data(self.spec, data, self.data)
        settings = self.face.settings
        changes = {"loss": "squared_error"} if data.task == VALUES and settings.loss != "squared_error" else {}
        seq = self._post(ask.SetData(data, label or data.name, change, changes))
        settings = changed(settings, changes) if changes else settings
        face = Face(self.face.spec if change is None else change.spec, settings, data)
        if is_undoable:
            self._push(label or f"data: {data.name}", seq, face)
        else:
            self._show(face)

    def drag_points(self, data: DataSet, label: str) -> None:
        """Train on points that the hand is drawing; all that come up to ``end_drag`` are one entry (raises SpecError).

        Points of a class that was not there before, or with other features, begin a new one.
        """
        top = self.undo_stack.command(self.undo_stack.index() - 1)
        old = self.data
        is_alike = (data.task, data.features, data.outputs) == (old.task, old.features, old.outputs)
        if self._drag and is_alike and isinstance(top, HandChange) and top.seq == self._drawing_seq:
            self._post(ask.SetData(data, label, is_drag=True))
            top.after = replace(self.face, data=data)
            self._show(top.after)
            return
        self.set_data(data, label)
        entry = self.undo_stack.command(self.undo_stack.index() - 1)
        # not the last command: who sees other data may have asked for other readings since
        self._drawing_seq = entry.seq if isinstance(entry, HandChange) else 0
        self._drag = next(self._drags)

    def add_example(self, values: NDArray[np.float32], label: int) -> None:
        """Add an input with its class to the training part."""
        data = self.data.with_added(values[None, :], np.array([label]))
        self.set_data(data, f"drawing added as {self.data.classes[label]}")

    # ---- keeping ---------------------------------------------------------------------------------------------

    def restore(self, checkpoint: Checkpoint, data: DataSet) -> None:
        """Go over to another document: a checkpoint on its data; the undo list starts empty."""
        face = Face(checkpoint.spec, checkpoint.settings, data)
        self._begin_with(ask.Restore(checkpoint, data), face, (checkpoint.segment, checkpoint.step))

    def start_anew(
        self, spec: NetworkSpec, settings: Settings, data: DataSet, weights: NDArray[np.float32] | None = None
    ) -> None:
        """Go over to a fresh document: with ``weights`` (flat, as ``spec.slots`` says), or those of the seed."""
        self._begin_with(ask.Start(spec, settings, data), Face(spec, settings, data), (0, 0))
        if weights is not None:
            self._post(ask.TakeWeights(spec, weights, "shared weights"))
