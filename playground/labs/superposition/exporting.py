"""Exporting: pictures of what is shown, and the numbers of the models as tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.geometry import label
from playground.engine.superposition.metrics import measure
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.labs.superposition.chosen import Chosen
from playground.session.sandbox_document import SandboxDocument
from playground.views.file_choice import ask_to_save
from playground.views.look import Look
from playground.views.plots.export import Figure, SaveError, png_of, svg_of, write_whole
from playground.views.superposition.loss_plot import LossPlot
from playground.views.superposition.model_columns import ModelColumns


class Exporting(QObject):
    """Asks for a file and writes it whole; ``said`` and ``refused`` tell how it went."""

    said = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        look: Look,
        document: SandboxDocument,
        chosen: Chosen,
        columns: ModelColumns,
        losses: LossPlot,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._look, self._document, self._chosen = look, document, chosen
        self._columns, self._losses, self._owner = columns, losses, parent

    def export(self, what: str) -> None:
        """Ask where to, and write ``models_png``, ``loss_svg``, ``loss_png``, ``weights_csv`` or ``readings_csv``."""
        name, kind = what.rsplit("_", 1)
        makers: dict[str, Callable[[], bytes]] = {
            "models_png": self._models_picture,
            "loss_svg": lambda: svg_of(self._losses.figure(), "Losses against steps"),
            "loss_png": lambda: png_of(self._losses.figure()),
            "weights_csv": lambda: weights_table(self._document.snapshot, self._chosen.model).encode(),
            "readings_csv": lambda: readings_table(self._document.snapshot).encode(),
        }
        if self._document.snapshot is None:
            self.refused.emit("There are no models yet: they stand in a moment.")
            return
        make = makers[what]
        title, pattern = f"Save {name}", f"{kind.upper()} (*.{kind})"
        ask_to_save(self._owner, title, f"{name}.{kind}", pattern, lambda path: self._write(Path(path), make))

    def _write(self, path: Path, make: Callable[[], bytes]) -> None:
        try:
            write_whole(path, make())
        except SaveError as error:
            self.refused.emit(str(error))
            return
        self.said.emit(f"Saved: {path}")

    def _models_picture(self) -> bytes:
        columns = self._columns
        return png_of(Figure((*columns.columns,), QSize(columns.size()), self._look.palette.colour("window")))


def weights_table(snapshot: SandboxSnapshot | None, model: tuple[int, int]) -> str:
    """Return W (and V) and b of one model, a feature a line."""
    if snapshot is None:
        return ""
    hidden = snapshot.setup.problem.hidden
    has_decode = snapshot.setup.is_absolute
    head = ["feature", *(f"W{at}" for at in range(hidden))]
    head += [f"V{at}" for at in range(hidden)] if has_decode else []
    rows: list[list[object]] = []
    for feature, weight in enumerate(snapshot.weights[model].tolist()):
        decode = snapshot.decode[model][feature].tolist() if has_decode else []
        numbers = [f"{value:.9g}" for value in (*weight, *decode, float(snapshot.biases[model][feature]))]
        rows.append([feature, *numbers])
    return _csv([*head, "b"], rows)


def readings_table(snapshot: SandboxSnapshot | None) -> str:
    """Return what is read off every model, a model a line; losses are not scaled."""
    if snapshot is None:
        return ""
    setup, found = snapshot.setup, measure(snapshot.weights, snapshot.biases)
    head = ["model", "seed", "step", "loss", "represented", "off_diagonal", "sum_dimensionality", "dims_per_feature"]
    rows = []
    for at, kind in enumerate(setup.kinds):
        for place, seed in enumerate(setup.seeds):
            numbers = (found.off_diagonal, found.sum_dimensionality, found.dims_per_feature)
            rows.append(
                [
                    kind,
                    seed,
                    snapshot.step,
                    f"{snapshot.losses[at, place]:.9g}",
                    int(found.represented[at, place]),
                    *(f"{one[at, place]:.9g}" for one in numbers),
                    label(snapshot.weights[at, place]),
                ]
            )
    return _csv([*head, "formed"], rows)


def _csv(head: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
