"""The main window: menus, the bar of the lab in front, the rail, the lab itself, messages, help, status line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from playground.app.actions import Actions, LabKey
from playground.app.help_texts import explain
from playground.app.help_view import HelpView
from playground.app.hidden_line import HiddenLine
from playground.app.icons import Icons
from playground.app.menus import Menus
from playground.app.rail import Rail
from playground.app.save_question import OpenProject, SaveQuestion
from playground.app.space_key import SpaceKey, leave_focus_to_keyboard
from playground.app.status import StatusLine
from playground.app.strip import MessageStrip
from playground.labs.base import Lab, LabContext, LabView, Message, StatusItem
from playground.session.preferences import PreferenceFile
from playground.session.workspace import Workspace
from playground.views.look import Look

PROJECT_SUFFIX = ".playground"
SMALLEST = (1000, 620)  # device-independent pixels
FIRST_SHARE = 0.94  # of the screen, the first time


class MainWindow(QMainWindow):
    """The frame around the labs. It knows of no lab but through the seam of ``labs.base``."""

    lab_changed = Signal(str)
    project_dropped = Signal(object)  # Path
    painted = Signal()  # for the first time
    closed = Signal()

    def __init__(self, look: Look, labs: Iterable[Lab], workspace: Workspace, preferences: PreferenceFile) -> None:
        super().__init__()
        self.look = look
        self._labs = {lab.name: lab for lab in labs}
        self._views: dict[str, LabView] = {}
        self._readings: dict[str, dict[str, StatusItem]] = {name: {} for name in self._labs}  # of each lab
        self._front = ""
        self._preferences = preferences
        self._layout = _read_layout(preferences.values.layout)
        self._project: OpenProject | None = None
        self._is_agreed = False  # closing has been agreed to
        self._question = SaveQuestion(self)
        self._has_painted = False
        self.setObjectName("window")
        self.setAcceptDrops(True)
        keys = [LabKey(lab.name, lab.title, lab.description) for lab in self._labs.values()]
        self.actions_table = Actions(self, keys)
        self.icon = Icons(look, self)
        services = {"workspace": workspace, "preferences": preferences}
        self.context = LabContext(look, self.actions_table, self.icon, explain, services)
        self._build()
        self._connect()
        self._render_look()
        self._restore_layout()

    # ---- building --------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.menus = Menus(self.menuBar(), self.actions_table)
        self._name = QLabel("Playground", self)
        self._name.setProperty("role", "heading")
        self._title = QLabel(self)
        self._title.setObjectName("document_title")
        self._title.setProperty("role", "muted")
        self._title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.menuBar().setCornerWidget(self._name, Qt.Corner.TopLeftCorner)
        self.menuBar().setCornerWidget(self._title, Qt.Corner.TopRightCorner)
        self.bars = QStackedWidget(self)
        self.bars.setObjectName("bars")
        self.bars.setProperty("role", "bar")
        self.bars.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rail = Rail(self.look, self._labs.values(), self.icon, self)
        self.stack = QStackedWidget(self)
        self.stack.setObjectName("labs")
        self.messages = MessageStrip(self.look, self.icon, self)
        self.help_view = HelpView(self.look, self.icon, self)
        self.help_view.hide()
        self.status_line = StatusLine(self.look, self)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.addWidget(self.stack, 1)
        self.messages.float_over(middle)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(middle)
        self._split.addWidget(self.help_view)
        self._split.setStretchFactor(0, 1)
        body = QHBoxLayout()
        body.addWidget(self.rail)
        body.addWidget(self._split, 1)
        central = QWidget(self)
        central.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a click beside a field accepts what was typed in it
        whole = QVBoxLayout(central)
        whole.addWidget(self.bars)
        whole.addLayout(body, 1)
        self.hidden_line = HiddenLine(self.look, self)
        whole.addWidget(self.hidden_line)
        whole.addWidget(self.status_line)
        for layout in (column, body, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        self.setCentralWidget(central)
        central.setFocus()

    def _connect(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._space_key = SpaceKey(application, self)
        self.rail.lab_chosen.connect(self.show_lab)
        self.rail.setVisible(bool(self._labs))
        for name in self._labs:
            self.actions_table.answer(f"lab.{name}", self._show_chosen_lab)
        self.actions_table.answer("help.lab", self.show_help)
        self.help_view.closed.connect(self._hide_help)
        self.actions_table.answer("file.quit", self.close)
        self.actions_table.answer("view.full_screen", self._set_full_screen)
        self.look.changed.connect(self._render_look)

    def _show_chosen_lab(self) -> None:
        self.show_lab(self.sender().objectName().removeprefix("lab."))

    # ---- labs ------------------------------------------------------------------------------------------------

    @property
    def labs(self) -> tuple[Lab, ...]:
        """Return the labs of the catalog."""
        return tuple(self._labs.values())

    @property
    def lab(self) -> LabView | None:
        """Return the workspace in front."""
        return self._views.get(self._front)

    @property
    def lab_name(self) -> str:
        """Return the name of the lab in front."""
        return self._front

    def show_lab(self, name: str) -> LabView:
        """Bring a lab to the front, built where it is the first time.

        Raises
        ------
        KeyError
            Where there is no lab of that name.
        """
        if name == self._front:
            return self._views[name]
        before = self.lab
        view = self._views.get(name) or self._built(name)
        if before is not None:
            before.set_in_front(False)
        self._front = name
        self.stack.setCurrentWidget(view)
        bar = self._bar_of(view)
        self.bars.setVisible(bar is not None)
        if bar is not None:
            self.bars.setCurrentWidget(bar)
        self.status_line.clear_items()
        for item in self._readings[name].values():
            self.status_line.set_item(item)
        self.rail.set_front(name)
        self.actions_table[f"lab.{name}"].setChecked(True)
        self.actions_table.route(view.action_slots())
        self.help_view.set_terms(view.help_terms())
        view.set_in_front(True)
        self.lab_changed.emit(name)
        return view

    def _built(self, name: str) -> LabView:
        view = self._labs[name].build(self.context)
        view.setObjectName(f"lab_{name}")
        self._views[name] = view
        self.stack.addWidget(view)
        bar = view.top_bar()
        if bar is not None:
            self.bars.addWidget(bar)
            leave_focus_to_keyboard(bar)
        leave_focus_to_keyboard(view)
        view.message_raised.connect(self.messages.show_message)
        view.message_settled.connect(self.messages.settle)
        view.status_changed.connect(partial(self._show_status, name))
        state = self._layout.get(f"lab {name}")
        if isinstance(state, dict):
            view.restore_view(state)
        return view

    def save_views(self) -> dict[str, dict[str, Any]]:
        """Return how every lab that was opened lies, by its name."""
        return {name: view.save_view() for name, view in self._views.items()}

    def restore_views(self, states: dict[Any, Any]) -> None:
        """Take up what ``save_views`` returned: now, or when a lab is built."""
        for name, state in states.items():
            if name in self._labs and isinstance(state, dict):
                self._layout[f"lab {name}"] = state
                if name in self._views:
                    self._views[name].restore_view(state)

    def _bar_of(self, view: LabView) -> QWidget | None:
        bar = view.top_bar()
        return bar if bar is not None and self.bars.indexOf(bar) >= 0 else None

    def _show_status(self, lab: str, item: StatusItem) -> None:
        self._readings[lab][item.name] = item
        if lab == self._front:
            self.status_line.set_item(item)

    # ---- what others tell the window ---------------------------------------------------------------------------

    def show_message(self, message: Message) -> None:
        """Show a sentence above the lab."""
        self.messages.show_message(message)

    def set_project(self, project: OpenProject) -> None:
        """Know what is open: its name stands in the title, and closing asks about it."""
        self._project = project
        self.render_title()

    def render_title(self) -> None:
        """Show the project's name, with a dot where something is not saved."""
        project = self._project
        if project is None:
            self.setWindowTitle("Playground")
            return
        mark = " •" if project.is_dirty else ""
        self._title.setText(f"{project.title}{mark}")
        self._place_title()
        self._title.setToolTip(
            "The project in this window; the dot says that something is not saved yet" if mark else "All is saved"
        )
        self.setWindowTitle(f"{project.title}{mark} – Playground")

    def show_help(self, is_shown: bool = True) -> None:
        """Show or hide the words of the lab beside it."""
        self.help_view.setVisible(is_shown)
        self.actions_table["help.lab"].setChecked(is_shown)
        if is_shown:
            width = round(19 * self.look.em())
            self._split.setSizes([max(1, self._split.width() - width), width])
            self.help_view.focus_search()

    def explain_term(self, term: str) -> None:
        """Show one term in the help beside the lab."""
        self.show_help()
        self.help_view.show_term(term)

    def _hide_help(self) -> None:
        self.show_help(is_shown=False)

    def _set_full_screen(self, is_full: bool) -> None:
        if is_full:
            self.showFullScreen()
        else:
            self.showNormal()

    # ---- files dropped -----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, whatever they are: the answer to a wrong one is a sentence, not a forbidden sign."""
        if event.mimeData().hasUrls() and _local_paths(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files to the project or to the lab."""
        paths = _local_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.take_files(paths)

    def take_files(self, paths: tuple[str, ...]) -> None:
        """Open files that were dropped or named on the command line."""
        if len(paths) == 1 and paths[0].endswith(PROJECT_SUFFIX):
            self.project_dropped.emit(Path(paths[0]))
            return
        lab = self.lab
        if lab is not None and lab.accepts_drop(paths):
            lab.take_drop(paths)
            return
        names = ", ".join(Path(path).name for path in paths[:3]) + (" …" if len(paths) > 3 else "")
        self.show_message(
            Message(
                f"{names}: nothing here can open that. Drop a project (*{PROJECT_SUFFIX}), a table, arrays, IDX files "
                "or a picture.",
                kind="drop",
                is_error=True,
            )
        )

    # ---- closing -----------------------------------------------------------------------------------------------

    def ask_to_keep(self, then: Callable[[], object]) -> None:
        """Call ``then`` once nothing can be lost: at once, or after the question about unsaved work."""
        project = self._project
        if project is None or not project.is_dirty:
            then()
            return
        self._question.ask(project, then)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once where nothing is lost; else ask, and close after the answer."""
        if not self._is_agreed and self._project is not None and self._project.is_dirty:
            event.ignore()
            self.ask_to_keep(self._close_agreed)
            return
        try:
            self._keep_layout()
            for view in self._views.values():
                view.close_lab()
            self.help_view.close()
        finally:  # an error in there is reported; a window that is gone from sight must not keep the program alive
            event.accept()
            self.closed.emit()

    def close_without_asking(self) -> None:
        """Close at once: the system ends the program; autosave has what is not saved."""
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()  # Qt keeps a window from closing while a question stands before it
        self._close_agreed()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window stands: the zero timer is served when all its parts have painted."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def _close_agreed(self) -> None:
        self._is_agreed = True
        self.close()

    # ---- layout ------------------------------------------------------------------------------------------------

    def first_lab(self) -> str:
        """Return the lab to begin with: the one that was in front last, else the first of the catalog."""
        kept = self._layout.get("front")
        return kept if isinstance(kept, str) and kept in self._labs else next(iter(self._labs), "")

    def _keep_layout(self) -> None:
        self._layout["front"] = self._front
        self._layout["help"] = self.help_view.isVisible()
        for name, view in self._views.items():
            self._layout[f"lab {name}"] = view.save_view()
        layout = json.dumps(self._layout, separators=(",", ":")).encode()
        self._preferences.change(geometry=self.saveGeometry().data(), layout=layout)

    def _restore_layout(self) -> None:
        self.setMinimumSize(*SMALLEST)
        screen = self.screen().availableSize()
        self.resize(screen * FIRST_SHARE)
        if self._preferences.values.geometry:
            self.restoreGeometry(QByteArray(self._preferences.values.geometry))
        if self._layout.get("help") is True:
            self.show_help()

    def _place_title(self) -> None:
        """Give the corner the height of the menus and the width of the name: a menu bar does neither by itself."""
        self._title.setFixedHeight(round(1.85 * self.look.em()))
        self._title.setMinimumWidth(self._title.sizeHint().width())
        self.menuBar().setCornerWidget(self._title, Qt.Corner.TopRightCorner)

    def _render_look(self) -> None:
        em = self.look.em()
        self._name.setContentsMargins(round(0.8 * em), 0, round(0.8 * em), 0)
        self._title.setContentsMargins(0, 0, round(0.8 * em), 0)
        self._place_title()
        self.bars.setFixedHeight(round(3.1 * em))


def _local_paths(urls: Iterable[Any]) -> tuple[str, ...]:
    return tuple(url.toLocalFile() for url in urls if url.isLocalFile())


def _read_layout(kept: bytes) -> dict[str, Any]:
    try:
        found = json.loads(kept.decode()) if kept else {}
    except (UnicodeDecodeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
