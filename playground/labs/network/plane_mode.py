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
from playground.session.network_document import NetworkDocument
from playground.views.data.panel import DataPanel

RESOLUTION = 100  # points a side of the pictures


class PlaneMode(QObject):
    """Ties the part of the data column that shows the plane to the document."""

    def __init__(self, document: NetworkDocument, panel: DataPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._panel = document, panel
        self._expected: NDArray[np.float64] | None = None  # [n] class or number of every point, training part first
        panel.plane_requested.connect(self.begin)
        panel.plane.data_asked.connect(self._take)
        document.data_changed.connect(self._data_changed)
        self._data_changed(document.data)

    @property
    def probes(self) -> frozenset[str]:
        """Return what is to be watched while the lab is in front."""
        return frozenset() if self._document.data.plane is None else frozenset({plane_probe(RESOLUTION)})

    def begin(self) -> None:
        """Go over to points in the plane."""
        self._take(plane_data(PlaneSetup()), "data: points in the plane")

    def render(self, snapshot: Snapshot) -> None:
        """Show what the network answers."""
        surfaces, data = snapshot.surfaces, self._document.data
        if data.plane is None:
            return
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

    def _take(self, data: DataSet, label: str) -> None:
        try:
            self._document.set_data(data, label)
        except (SpecError, DataError) as error:
            self._panel.show_error(str(error))

    def _data_changed(self, data: DataSet) -> None:
        self._expected = None if data.plane is None else np.asarray(plane_points(data)[1], np.float64)
