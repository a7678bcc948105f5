"""Feeding: data into the document, the current input into the network, and what it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from playground.engine.bundled_sets import bundled_sets
from playground.engine.datasets import DataError, DataSet
from playground.engine.snapshots import Mistakes, Snapshot
from playground.engine.spec import SpecError
from playground.labs.network.answers import answer_bars
from playground.labs.network.image_preview import ImagePreview
from playground.labs.network.prediction_mode import PredictionMode
from playground.labs.network.table_preview import TablePreview
from playground.session.workspace import Workspace
from playground.views.data.panel import DataPanel
from playground.views.file_choice import ask_for_folder, ask_to_open_several
from playground.views.inspector import Inspector
from playground.views.look import Look

TABLE_PATTERNS, ARRAY_PATTERNS, IDX_PATTERNS = (
    "*.csv *.tsv *.tab *.txt *.dat *.xlsx *.xlsm",
    "*.npz *.npy",
    "*ubyte* *.idx* *.gz",
)
FILE_KINDS = (
    f"All that can be data ({TABLE_PATTERNS} {ARRAY_PATTERNS} {IDX_PATTERNS});;Tables ({TABLE_PATTERNS});;"
    f"Arrays of numpy ({ARRAY_PATTERNS});;IDX files, as MNIST has them ({IDX_PATTERNS});;All files (*)"
)
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


class Feeding(QObject):
    """Ties the data panel to the workspace."""

    def __init__(
        self, workspace: Workspace, panel: DataPanel, inspector: Inspector, look: Look, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.preview = TablePreview(workspace.document, workspace.loading.tables, panel, look, self)
        self.images = ImagePreview(workspace.document, workspace.loading.images, panel, look, self)
        self.predictions = PredictionMode(workspace.document, workspace.predicting, panel, look, self)
        self._workspace = workspace
        self._document = workspace.document
        self._panel = panel
        self._inspector = inspector
        self._mistakes_at: tuple[object, ...] = ()  # the weights that the mistakes in sight belong to
        loading = workspace.loading
        panel.digits_requested.connect(self.digits)
        panel.open_requested.connect(self.choose_files)
        panel.folder_requested.connect(self.choose_folder)
        panel.source.bundled_requested.connect(self.bundled)
        panel.source.set_bundled({each.key: each.title for each in bundled_sets()})
        panel.download_requested.connect(self.download)
        panel.predictions_requested.connect(self.predictions.open)
        panel.cancel_requested.connect(loading.cancel)
        panel.input_changed.connect(self._input_changed)
        panel.add_requested.connect(self._add)
        panel.browser.mistakes_requested.connect(self._request_mistakes)
        loading.progressed.connect(panel.show_progress)
        loading.ended.connect(panel.hide_progress)
        loading.failed.connect(panel.show_error)
        loading.done.connect(self._loaded)
        self._document.data_changed.connect(self._data_changed)
        self._data_changed(self._document.data)

    def digits(self, preset: str) -> None:
        """Go over to the drawn digits of a preset."""
        self._workspace.loading.digits(preset)

    def download(self, name: str) -> None:
        """Download a data set, then go over to it."""
        self._workspace.loading.download(name)

    def bundled(self, key: str) -> None:
        """Go over to a set of scikit-learn; a table is shown first."""
        self._workspace.loading.bundled(key, self.preview.open)

    def choose_files(self) -> None:
        """Ask for files that can be data and go over to them."""
        title = "Open data: a table, arrays, or images with labels (select all files that belong together)"
        ask_to_open_several(self._panel, title, FILE_KINDS, self._open_named)

    def choose_folder(self) -> None:
        """Ask for a folder of pictures (or of IDX files) and go over to it."""
        title = "Open pictures: a folder with a sub-folder for each class"
        ask_for_folder(self._panel, title, self._open_folder)

    def _open_folder(self, name: str) -> None:
        self.open((Path(name),))

    def _open_named(self, names: tuple[str, ...]) -> None:
        self.open(tuple(Path(name) for name in names))

    def open(self, paths: tuple[Path, ...]) -> None:
        """Go over to the data of these files; a table or a folder of pictures is shown first."""
        from playground.engine.file_data import is_table, named_tables  # not needed before the window stands
        from playground.engine.image_folder import is_image_folder
        from playground.engine.table_parts import TRAIN

        if len(paths) == 1 and is_table(paths[0]):
            self.preview.open(paths[0])
        elif len(paths) > 1 and (parts := named_tables(paths)) is not None:
            self.preview.open(parts.pop(TRAIN), parts)
        elif len(paths) == 1 and is_image_folder(paths[0]):
            self.images.open(paths[0])
        else:
            self._workspace.loading.files(paths)

    def paste(self) -> None:
        """Paste weights where those of a neuron are in sight, else a table."""
        if self._inspector.takes_grid:
            self._inspector.paste_grid()
        else:
            self.preview.paste()

    def move_example(self, places: int) -> None:
        """Go on to a later example of the strip, or back."""
        strip = self._panel.browser.strip
        strip.choose(max(0, min(strip.count - 1, strip.place + places)))

    def clear_drawing(self) -> None:
        """Wipe the drawing pad."""
        self._panel.drawing.pad.clear()

    def add_current(self) -> None:
        """Add what the network receives to the training part."""
        self._panel.add_row.request()

    def accepts(self, paths: tuple[str, ...]) -> bool:
        """Say whether these can be data or a picture for the pad."""
        return bool(paths)

    def take(self, paths: tuple[str, ...]) -> None:
        """Open dropped files: a picture goes on the pad, anything else is read as data."""
        if len(paths) == 1 and paths[0].lower().endswith(PICTURES):
            self._panel.drawing.pad.open_picture(Path(paths[0]))
        else:
            self.open(tuple(Path(path) for path in paths))

    def _loaded(self, data: DataSet) -> None:
        try:
            is_first = self._document.data.source.get("kind") == "none"
            self._document.set_data(data, is_undoable=not is_first)
            if is_first:
                self._workspace.loading.preset_pictures(self._panel.set_preset_pictures)
        except (SpecError, DataError) as error:
            self._panel.show_error(str(error))

    def _data_changed(self, data: DataSet) -> None:
        self._panel.set_data(data)
        self._panel.show_added(data.added)
        if len(data.train) and len(data.input_shape) == 2:
            self._inspector.set_class_means(data.classes, _class_means(data))

    def _input_changed(self, values: Any, label: Any, origin: str) -> None:
        self._document.set_input(values, label)
        shape = self._document.data.input_shape
        if origin == "drawing" and len(shape) == 2 and values is not None:
            self._inspector.set_drawing(np.asarray(values, np.float32).reshape(shape))

    def _add(self, values: Any, label: int) -> None:
        try:
            self._document.add_example(np.asarray(values, np.float32), label)
        except (SpecError, DataError) as error:
            self._panel.show_error(str(error))

    def render(self, snapshot: Snapshot) -> None:
        """Show the answer to the current input."""
        self.predictions.render(snapshot)
        self._panel.answer.set_ready()
        found = answer_bars(snapshot, self._document.data)
        if found is not None:
            self._panel.render_answer(
                found.values, found.names, are_probabilities=found.are_probabilities, reach=found.reach
            )
        if self._panel.browser.shows_mistakes and not snapshot.is_running:
            self._renew_mistakes(snapshot)

    def _renew_mistakes(self, snapshot: Snapshot) -> None:
        """Look for the mistakes again where paused weights have changed, and no hand is on them."""
        effect = snapshot.stroke_effect
        if (effect is None or not effect.is_open) and self._weights(snapshot) != self._mistakes_at:
            self._request_mistakes(self._panel.browser.part)

    def _request_mistakes(self, part: str) -> None:
        if self._document.snapshot is not None:
            self._mistakes_at = self._weights(self._document.snapshot)
        self._document.request_mistakes(part, self._show_mistakes)

    def _show_mistakes(self, found: Mistakes | None) -> None:
        if found is not None:
            self._panel.browser.set_mistakes(found)

    def _weights(self, snapshot: Snapshot) -> tuple[object, ...]:
        """Return what is another one whenever paused weights have been measured anew."""
        found = snapshot.evaluation
        at = () if found is None else (found.step, found.after_seq)
        return (self._panel.browser.part, snapshot.segment, *at)


def _class_means(data: DataSet) -> list[Any]:
    """Return the mean image of each class over the first 2,000 training examples, zeros where there is none."""
    inputs, labels = data.train.inputs[:2_000], data.train.labels[:2_000]
    scale = 255.0 if inputs.dtype == np.uint8 else 1.0
    means = []
    for label in range(len(data.classes)):
        chosen = inputs[labels == label]
        mean = chosen.mean(axis=0) / scale if len(chosen) else np.zeros(data.features)
        means.append(mean.astype(np.float32).reshape(data.input_shape))
    return means
