"""Going over to a project that was read: its data are built, and its network and its superposition models restored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from playground.engine.datasets import DataError, DataSet
from playground.engine.project_file import Document as Entry
from playground.engine.project_file import Extra, Project, SandboxEntry
from playground.engine.settings import Settings
from playground.engine.superposition.problem import SuperpositionError
from playground.session.loading import DataLoading
from playground.session.network_document import NetworkDocument, first_spec, no_data
from playground.session.sandbox_document import SandboxDocument


@dataclass(frozen=True, eq=False)
class Carried:
    """What a project holds beside the documents that the window shows; it is saved again as it is."""

    extra: Extra
    networks: tuple[Entry, ...] = ()  # that no lab of this window shows
    sandbox: SandboxEntry | None = None  # of the file: the one that is shown, for as long as its thread does not run
    sandboxes: tuple[SandboxEntry, ...] = ()


Then = Callable[[Carried, list[str]], None]  # takes what is carried, and sentences: what could not be taken over


class Opening(QObject):
    """Puts projects into the documents of the window."""

    warned = Signal(str)  # a sentence: it is open, but

    def __init__(
        self, document: NetworkDocument, sandbox: SandboxDocument, loading: DataLoading, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._sandbox, self._loading = document, sandbox, loading

    def take(self, project: Project, then: Then) -> None:
        """Go over to a project and call ``then``; that may be later, when its data are there."""
        if not project.documents:
            self._take_without_network(project, then)
            return
        entry = project.documents[0]

        def with_data(data: DataSet) -> None:
            self._take_network(project, entry, data, then)

        if entry.data_source.get("kind") == "none":
            with_data(no_data(entry.checkpoint.spec))
        else:
            self._loading.source(
                entry.data_source, with_data, lambda sentence: self._without_data(with_data, entry, sentence)
            )

    def _without_data(self, with_data: Callable[[DataSet], None], entry: Entry, sentence: str) -> None:
        """Open all the same where the data are missing; the sentence names the file."""
        # the description stays with the project: saved again and opened where the files are, they are found
        data = replace(no_data(entry.checkpoint.spec), name="missing data", source=entry.data_source)
        with_data(data)
        self.warned.emit(f"The network is open, but its data are not there. {sentence}")

    def _take_network(self, project: Project, entry: Entry, data: DataSet, then: Then) -> None:
        spec = entry.checkpoint.spec
        warnings = []
        if data.features != spec.inputs or data.outputs != spec.outputs:
            warnings.append(f"The data '{data.name}' no longer fit this network; it is open without data.")
            data = no_data(spec)
        if len(entry.added_labels):
            try:
                data = data.with_added(entry.added_inputs, entry.added_labels)
            except DataError as error:
                warnings.append(f"The drawings that were added could not be taken over: {error}")
        self._document.restore(entry.checkpoint, data)
        others = tuple(document for document in project.documents if document is not entry)
        self._take_sandbox(Carried(project.extra, others), project.sandboxes, warnings, then)

    def _take_without_network(self, project: Project, then: Then) -> None:
        spec = first_spec()
        self._document.start_anew(spec, Settings(), no_data(spec))
        self._take_sandbox(Carried(project.extra), project.sandboxes, [], then)
        self._loading.digits("easy")

    def _take_sandbox(
        self, carried: Carried, entries: tuple[SandboxEntry, ...], warnings: list[str], then: Then
    ) -> None:
        """Go over to the sandbox of the file, or a fresh one."""
        if entries:
            try:
                self._sandbox.restore(entries[0].checkpoint, entries[0].results)
                carried = replace(carried, sandbox=entries[0], sandboxes=entries[1:])
            except SuperpositionError as error:
                self._sandbox.start_anew()
                carried = replace(carried, sandboxes=entries)
                warnings.append(
                    f"The superposition models of this project stay in its file, but cannot be shown. {error}"
                )
        else:
            self._sandbox.start_anew()
        then(carried, warnings)
