"""The File menu: asks for names and hands them to the project's keeping; what happened becomes a message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QPixmap

from playground.app.drops import PROJECT_SUFFIX
from playground.app.resources import resource
from playground.app.window import MainWindow
from playground.engine.share import ShareError, shared_from
from playground.labs.base import Message, Remedy
from playground.session.preferences import PreferenceFile
from playground.session.workspace import Workspace
from playground.views.file_choice import ask_to_open, ask_to_save

PROJECTS = f"Playground projects (*{PROJECT_SUFFIX})"


class Files(QObject):
    """New, open, save, export, import; the window asks it about unsaved work."""

    def __init__(self, window: MainWindow, workspace: Workspace, preferences: PreferenceFile) -> None:
        super().__init__(window)
        self._window = window
        self._workspace = workspace
        self._keeping, self._sharing, self._exchange = workspace.keeping, workspace.sharing, workspace.exchange
        self._preferences = preferences
        self._then: Callable[[bool], object] | None = None
        answer = window.actions_table.answer
        answer("file.new", self.new)
        answer("file.open", self.choose_project)
        answer("file.save", self.save_now)
        answer("file.save_as", self.save_as_now)
        answer("file.share", self.share)
        answer("file.open_shared", self.paste_shared)
        answer("file.export_script", self.choose_export)
        answer("file.import_weights", self.choose_weights)
        answer("file.save_picture", self.choose_picture)
        self._keeping.gather_view = self._view
        self._keeping.examples = resource("examples")
        self._keeping.view_restored.connect(self._restore_view)
        self._keeping.named.connect(window.render_title)
        self._keeping.saved.connect(self._saved)
        self._keeping.opened.connect(self._opened)
        self._exchange.exported.connect(self._exported)
        for source in (self._keeping, self._sharing, self._exchange):
            source.failed.connect(self._failed)
            source.warned.connect(self._warned)
        self._sharing.opened.connect(self._opened_shared)
        workspace.dirty_changed.connect(window.render_title)
        window.project_dropped.connect(self.open_project)
        preferences.changed.connect(self._fill_recent)
        self._fill_recent()
        self._fill_examples()
        window.set_project(self)

    # ---- what the window asks ----------------------------------------------------------------------------------

    @property
    def is_dirty(self) -> bool:
        """Say whether something would be lost."""
        return self._workspace.is_dirty

    @property
    def title(self) -> str:
        """Return the project's name."""
        return self._keeping.name

    def save(self, then: Callable[[bool], object]) -> None:
        """Save, asking for a file where there is none yet; ``then`` is told whether it is kept."""
        if self._keeping.path is None:
            self.save_as(then)
        else:
            self._save_to(None, then)

    # ---- sharing -----------------------------------------------------------------------------------------------

    def share(self) -> None:
        """Put the present state on the clipboard, as a text."""
        self._sharing.share(self._window.lab_name, self._copy_shared)

    def _copy_shared(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        shared = shared_from(text)
        weights = shared.weights if shared.models is None else shared.models.weights
        what = "with its weights" if weights is not None else "with its seed: the weights are too many for a text"
        if shared.data_name:
            what += f", without {shared.data_name}, which is a file"
        self._window.show_message(
            Message(
                f"Copied, {what}: {len(text):,} letters that 'Open the shared text' takes.", kind="file", seconds=8.0
            )
        )

    def paste_shared(self) -> None:
        """Open the text on the clipboard once nothing can be lost."""
        self.open_shared(QGuiApplication.clipboard().text())

    def open_shared(self, text: str) -> None:
        """Open the state of a text once nothing can be lost; what is wrong with it is said first."""
        try:
            shared_from(text)
        except ShareError as error:
            self._failed(str(error))
            return
        self._window.ask_to_keep(partial(self._sharing.take, text))

    def _opened_shared(self, lab: str) -> None:
        self._opened(None)
        if lab in (one.name for one in self._window.labs):
            self._window.show_lab(lab)

    # ---- saving ------------------------------------------------------------------------------------------------

    def save_now(self) -> None:
        """Save."""
        self.save(lambda _is_kept: None)

    def save_as_now(self) -> None:
        """Ask for a file and save to it."""
        self.save_as()

    def save_as(self, then: Callable[[bool], object] | None = None) -> None:
        """Ask for a file and save to it; ``then`` is told whether the project is kept."""
        start = self._keeping.path or Path(f"{self._keeping.name}{PROJECT_SUFFIX}")
        dialog = ask_to_save(
            self._window, "Save the project as", str(start), PROJECTS, lambda name: self._save_to(Path(name), then)
        )
        if then is not None:
            dialog.rejected.connect(lambda: then(False))  # noqa: FBT003

    def _save_to(self, path: Path | None, then: Callable[[bool], object] | None) -> None:
        self._then = then
        self._keeping.save(path)

    def _saved(self, path: object) -> None:
        self._preferences.add_recent(str(path))
        self._window.messages.settle("file")
        self._window.render_title()
        then, self._then = self._then, None
        if then is not None:
            then(True)  # noqa: FBT003

    def _failed(self, sentence: str) -> None:
        self._window.show_message(Message(sentence, kind="file", is_error=True))
        then, self._then = self._then, None
        if then is not None:
            then(False)  # noqa: FBT003

    def _warned(self, sentence: str) -> None:
        self._window.show_message(Message(sentence, kind="file", is_error=True))

    # ---- opening -----------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Begin a new project once nothing can be lost."""
        self._window.ask_to_keep(self._keeping.new)

    def choose_project(self) -> None:
        """Ask for a project file and open it."""
        kinds = f"{PROJECTS};;All files (*)"
        ask_to_open(self._window, "Open a project", kinds, lambda name: self.open_project(Path(name)))

    def open_project(self, path: Path) -> None:
        """Open a project file once nothing can be lost."""
        self._window.ask_to_keep(partial(self._keeping.open, path))

    def open_example(self, path: Path) -> None:
        """Open an example as a project without a file of its own."""
        self._window.ask_to_keep(partial(self._keeping.open, path, as_copy=True))

    def _opened(self, path: object) -> None:
        self._window.messages.settle("file")
        if path is not None:
            self._preferences.add_recent(str(path))
        self._window.render_title()

    def _fill_recent(self, field: str = "recent_files") -> None:
        if field != "recent_files":
            return
        menu = self._window.menus["File/Open recent"]
        menu.clear()
        for path in self._preferences.values.recent_files:
            action = menu.addAction(Path(path).name)
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._open_listed, Path(path)))
        menu.setEnabled(bool(menu.actions()))

    def _open_listed(self, path: Path, _is_checked: bool = False) -> None:
        if path.is_file():
            self.open_project(path)
            return
        self._preferences.remove_recent(path)
        self._failed(f"{path} is not there any more; it was taken off the list of recent projects.")

    def _fill_examples(self) -> None:
        menu = self._window.menus["File/Examples"]
        folder = resource("examples")
        for path in sorted(folder.glob(f"*{PROJECT_SUFFIX}")):
            action = menu.addAction(path.stem)
            action.triggered.connect(partial(self._open_example_listed, path))
        menu.setEnabled(bool(menu.actions()))

    def _open_example_listed(self, path: Path, _is_checked: bool = False) -> None:
        self.open_example(path)

    # ---- other formats -----------------------------------------------------------------------------------------

    def choose_export(self) -> None:
        """Ask for a file and export the network as a script beside its weights."""
        start = f"{self._keeping.name}.py"
        title, kinds = "Export as Python script", "Python (*.py)"
        ask_to_save(self._window, title, start, kinds, lambda name: self._exchange.export_script(Path(name)))

    def choose_weights(self) -> None:
        """Ask for a file of weights and take them over."""
        kinds = "Weights (*.safetensors *.pt *.pth *.bin);;All files (*)"
        ask_to_open(self._window, "Import weights", kinds, lambda name: self._exchange.import_weights(Path(name)))

    def choose_picture(self) -> None:
        """Ask for a file and save what the window shows."""
        start, write = f"{self._keeping.name}.png", partial(self._save_picture, self._window.grab())
        ask_to_save(self._window, "Save picture", start, "PNG (*.png)", write)

    def _save_picture(self, picture: QPixmap, name: str) -> None:
        if not picture.save(name, "PNG"):
            self._failed(f"The picture could not be written to {name}: choose another folder.")

    def _exported(self, path: object) -> None:
        text = f"Exported: {path} runs with torch alone."
        self._window.show_message(Message(text, kind="file", seconds=10.0))

    # ---- the view ----------------------------------------------------------------------------------------------

    def _view(self) -> dict[str, object]:
        hidden = self._workspace.hiding.to_json()
        return {"lab": self._window.lab_name, "labs": self._window.save_views(), "hidden": hidden}

    def _restore_view(self, view: object) -> None:
        if not isinstance(view, dict):
            return
        states = view.get("labs")
        if not isinstance(states, dict):
            states = {view.get("lab"): view.get("state")}  # as the first files have it
        self._window.restore_views(states)
        self._workspace.hiding.restore(view.get("hidden"))


def recovery_message(text: str, restore: Callable[[], object], discard: Callable[[], object]) -> Message:
    """Return the offer of work that a crash left behind."""
    remedies = (Remedy("Restore", restore), Remedy("Discard", discard))
    return Message(text, kind="recovery", remedies=remedies)
