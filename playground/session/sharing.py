"""The state of a lab as a text: taken from the documents, and begun from what somebody has sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from playground.engine.checkpoint import Checkpoint
from playground.engine.datasets import DataSet
from playground.engine.share import Shared, SharedModels, ShareError, share_text, shared_from
from playground.engine.superposition.checkpoint import SandboxCheckpoint
from playground.engine.superposition.problem import SuperpositionError
from playground.session.hiding import Hiding
from playground.session.keeping import Keeping
from playground.session.loading import DataLoading
from playground.session.network_document import NetworkDocument, no_data
from playground.session.sandbox_document import SandboxDocument

NOTHING_YET = "There is nothing to share yet: torch is still being loaded."
SANDBOX = "superposition"  # the lab whose models go with the text, where it is in front


class Sharing(QObject):
    """Makes and takes the texts of `engine.share`. A text that is opened begins a project without a file."""

    failed = Signal(str)  # a sentence
    opened = Signal(str)  # the lab that was in front, or nothing
    warned = Signal(str)  # a sentence: done, but; after ``opened``

    def __init__(
        self,
        documents: tuple[NetworkDocument, SandboxDocument],
        keeping: Keeping,
        loading: DataLoading,
        hiding: Hiding,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._sandbox = documents
        self._keeping, self._loading, self._hiding = keeping, loading, hiding

    def share(self, lab: str, then: Callable[[str], None]) -> None:
        """Hand the present state on as a text that can be pasted elsewhere; ``lab`` is in front."""
        data = self._document.data

        def received(checkpoint: Checkpoint | None) -> None:
            if checkpoint is None:
                self.failed.emit(NOTHING_YET)
            elif lab == SANDBOX and self._sandbox.is_alive:
                self._sandbox.request_checkpoint(lambda models: self._tell(lab, data, checkpoint, models, then))
            else:
                self._tell(lab, data, checkpoint, None, then)

        self._document.request_checkpoint(received)

    def _tell(
        self,
        lab: str,
        data: DataSet,
        checkpoint: Checkpoint,
        models: SandboxCheckpoint | None,
        then: Callable[[str], None],
    ) -> None:
        try:
            text = share_text(
                checkpoint.spec,
                checkpoint.settings,
                data.source,
                checkpoint.arrays["parameters"],
                data_name=data.name if data.source.get("kind") != "none" else "",
                hidden=self._hiding.parts,
                lab=lab,
                models=None if models is None else SharedModels(models.setup, models.arrays["parameters"]),
            )
        except ShareError as error:
            self.failed.emit(str(error))
            return
        then(text)

    def take(self, text: str) -> None:
        """Begin a new project with the state that a text holds."""
        try:
            shared = shared_from(text)
        except ShareError as error:
            self.failed.emit(str(error))
            return
        if shared.data is not None:
            self._loading.source(shared.data, lambda data: self._install(shared, data), self.failed.emit)
        else:
            self._install(shared, self._document.data.without_added())

    def _install(self, shared: Shared, data: DataSet) -> None:
        spec, warnings = shared.spec, [_words_on_data(shared, data)]
        if data.features != spec.inputs or data.outputs != spec.outputs:
            data = no_data(spec)
        self._keeping.begin(lambda: self._document.start_anew(spec, shared.settings, data, shared.weights))
        if shared.models is not None:
            try:
                self._sandbox.start_anew(shared.models.setup, shared.models.weights)
            except SuperpositionError as error:
                warnings.append(f"The superposition models of the shared state cannot be begun. {error}")
        self._keeping.view_restored.emit({"hidden": sorted(shared.hidden)})
        self.opened.emit(shared.lab)
        if any(warnings):
            self.warned.emit(" ".join(filter(None, warnings)))


def _words_on_data(shared: Shared, data: DataSet) -> str:
    """Say which data are missing: a text holds none that were read from files."""
    if shared.data is not None:
        fits = data.features == shared.spec.inputs and data.outputs == shared.spec.outputs
        return "" if fits else "The data of the shared state do not fit its network; it is open without data."
    if not shared.data_name and not len(data.train):
        return ""
    whose = f"The data of the shared state ({shared.data_name})" if shared.data_name else "The data of the shared state"
    missing = f"{whose} were files and are not in the text"
    if data.features != shared.spec.inputs or data.outputs != shared.spec.outputs:
        return f"{missing}: open them."
    return f"{missing}: it trains on {data.name} until you open them."
