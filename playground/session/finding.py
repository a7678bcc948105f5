"""Data of a project that are no longer where they were: taken from another path, checked against what they were."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from playground.engine.datasets import DataError, DataSet
from playground.engine.spec import SpecError
from playground.session.loading import DataLoading
from playground.session.network_document import NetworkDocument


class Finding(QObject):
    """``found`` carries a sentence where the file is another one than before, else an empty text."""

    found = Signal(str)
    failed = Signal(str)

    def __init__(self, document: NetworkDocument, loading: DataLoading, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._loading = document, loading

    @property
    def missing(self) -> Path | None:
        """Return the file that the data in use need and that is not there; None where nothing is missing."""
        data = self._document.data
        if len(data.train) > data.added or len(data.validation) or len(data.test):
            return None
        return next((path for path in source_paths(data.source) if not path.exists()), None)

    @property
    def wants_folder(self) -> bool:
        """Say whether what is missing is a folder rather than a file."""
        return self._document.data.source.get("kind") == "images"

    def take(self, chosen: Path) -> None:
        """Build the data from ``chosen`` instead of the missing file; others are looked for beside it."""
        old, missing = self._document.data, self.missing
        if missing is None:
            self.failed.emit("No file is missing any more.")
            return
        source = moved(old.source, missing, chosen)
        self._loading.source(source, partial(self._install, old), self.failed.emit)

    def _install(self, old: DataSet, data: DataSet) -> None:
        if self._document.data is not old:
            return  # others have been chosen in the meantime
        spec = self._document.spec
        if data.features != spec.inputs or data.outputs != spec.outputs:
            self.failed.emit(
                f"{data.name} has {data.features} inputs and {data.outputs} outputs, but the network was trained on "
                f"{spec.inputs} and {spec.outputs}: this is another file. Nothing was changed."
            )
            return
        try:
            if old.added:
                own = old.train.taken(slice(len(old.train) - old.added, len(old.train)))
                data = data.with_added(own.inputs, own.labels)
            self._document.set_data(data, f"data found: {data.name}")
        except (SpecError, DataError) as error:
            self.failed.emit(str(error))
            return
        before, now = old.source.get("sha256"), data.source.get("sha256")
        is_other = before is not None and before != now
        self.found.emit(
            f"{data.name} is not the very file that this was trained on: its checksum differs. It fits, so it is in "
            "use; undo takes it back."
            if is_other
            else ""
        )


def source_paths(source: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return the files that a description of data names."""
    paths = source.get("paths")
    named = [source.get("path"), *(paths if isinstance(paths, list | tuple) else ())]
    return tuple(Path(path) for path in named if isinstance(path, str) and 0 < len(path) <= 4096 and "\x00" not in path)


def moved(source: Mapping[str, Any], missing: Path, chosen: Path) -> dict[str, Any]:
    """Return a description that names ``chosen`` for ``missing``, and for other missing files those beside it."""

    def other(name: Any) -> Any:
        if not isinstance(name, str):
            return name
        path = Path(name)
        if path == missing:
            return str(chosen.absolute())
        beside = chosen.absolute().parent / path.name
        return str(beside) if not path.exists() and beside.exists() else name

    found = {key: value for key, value in source.items() if key != "sha256"}
    if "path" in found:
        found["path"] = other(found["path"])
    if isinstance(found.get("paths"), list | tuple):
        found["paths"] = [other(name) for name in found["paths"]]
    return found
