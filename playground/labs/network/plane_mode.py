"""Data in the plane: other points and features into the document, the network's answers over the plane back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from playground.engine.datasets import DataError, DataSet
from playground.engine.plane import PlaneSetup, plane_data, plane_points
from playground.engine.snapshots import Snapshot, plane_probe
from playground.engine.spec import SpecError
from playground.engine.targets import CLASSES, TWO, VALUES
from playground.labs.network.answers import answer_border
from playground.labs.network.perceptron_mode import PerceptronMode
from playground.labs.network.plane_lines import PlaneLines
from playground.labs.network.plane_neuron import neuron_surface
from playground.labs.network.selection import Selection
from playground.session.network_document import NetworkDocument
from playground.views.data.panel import DataPanel
from playground.views.plane.scene import ANSWER
from playground.views.plane.shown import NO_NEURON
from playground.views.plane.stage import PlaneStage

RESOLUTION = 100  # points a side of the pictures


class PlaneMode(QObject):
    """Ties what shows the plane, in the data column and on the stage, to the document."""

    def __init__(
        self,
        document: NetworkDocument,
        selection: Selection,
        panel: DataPanel,
        stage: PlaneStage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._panel, self._stage = document, selection, panel, stage
        self._expected: NDArray[np.float64] | None = None  # [n] class or number of every point, training part first
        self.shown = ANSWER  # what fills the plane (see ``scene``)
        self._is_dragging = False  # points are being drawn, and the network follows
        panel.plane.join(stage.canvas, stage.shown)
        canvases = (panel.plane.canvas, stage.canvas)
        self._lines = PlaneLines(document, selection, panel.plane, stage.overlays, canvases, self)
        self.perceptron = PerceptronMode(document, selection, panel.plane.perceptron, self)
        panel.plane_requested.connect(self.begin)
        panel.plane.data_asked.connect(self._take)
        panel.plane.data_dragged.connect(self._drag)
        panel.plane.data_dropped.connect(self._drop)
        panel.plane.shown_chosen.connect(self.show_way)
        selection.changed.connect(self._render_again)
        document.data_changed.connect(self._data_changed)
        self._data_changed(document.data)

    @property
    def probes(self) -> frozenset[str]:
        """Return what is to be watched while the lab is in front."""
        return frozenset() if self._document.data.plane is None else frozenset({plane_probe(RESOLUTION)})

    def begin(self) -> None:
        """Go over to points in the plane."""
        self._take(plane_data(PlaneSetup()), "data: points in the plane")

    def show_way(self, way: str) -> None:
        """Fill the plane with the answer, or with the selected neuron (see ``scene``)."""
        self.shown = way
        self._render_again()

    def render(self, snapshot: Snapshot) -> None:
        """Show what the network answers."""
        surfaces, data = snapshot.surfaces, self._document.data
        if data.plane is None:
            return
        self._render_neuron(snapshot)
        self._lines.render(snapshot)
        self.perceptron.render(snapshot)
        if surfaces is None or surfaces.act[-1].shape[0] != data.outputs:
            self._panel.plane.render_answers(None)
            return
        centre, half = answer_border(snapshot) if data.task == TWO else (0.0, 1.0)
        surface = surfaces.act[-1] if data.task != TWO else (surfaces.act[-1] - np.float32(centre)) / np.float32(half)
        if data.plane.dimensions == 1:
            surface = surface[:, 0]
        answers, expected = surfaces.answers, self._expected
        if answers is None or expected is None or len(answers) != len(expected):
            self._panel.plane.render_answers(surface)
        elif data.task == VALUES:
            self._panel.plane.render_answers(surface, None, answers[:, 0])
        else:
            given = answers.argmax(1) if data.task == CLASSES else answers[:, 0] > centre
            self._panel.plane.render_answers(surface, given != expected)

    def close(self) -> None:
        """Show nothing any more."""
        self._lines.close()

    def _render_neuron(self, snapshot: Snapshot) -> None:
        if self.shown == ANSWER:
            self._panel.plane.render_neuron(None, ANSWER, "")
            return
        units = self._selection.units
        neuron = neuron_surface(snapshot, units[0], self.shown) if len(units) == 1 else None
        self._panel.plane.render_neuron(neuron, self.shown, NO_NEURON if neuron is None else neuron.name)

    def _render_again(self) -> None:
        if self._document.snapshot is not None:
            self.render(self._document.snapshot)

    def _take(self, data: DataSet, label: str) -> None:
        try:
            if self._is_dragging:
                self._drag(data, label)
                self._document.end_drag()
                self._is_dragging = False
            else:
                self._document.set_data(data, label)
        except (SpecError, DataError) as error:
            self._panel.show_error(str(error))

    def _drag(self, data: DataSet, label: str) -> None:
        """Let the network follow points that are being drawn: all of a stroke are one entry."""
        try:
            self._document.drag_points(data, label)
        except (SpecError, DataError) as error:
            self._panel.show_error(str(error))
        else:
            self._is_dragging = True

    def _drop(self) -> None:
        if self._is_dragging:
            self._is_dragging = False
            self._document.end_drag()
            self._document.undo_stack.undo()

    def _data_changed(self, data: DataSet) -> None:
        self._expected = None if data.plane is None else np.asarray(plane_points(data)[1], np.float64)
