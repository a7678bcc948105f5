"""The main window: menus, the bar of the lab in front, the rail, the lab itself, messages, help, status line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from playground.app.actions import Actions, LabKey
from playground.app.drops import local_paths, nothing_opens, project_of
from playground.app.help_texts import explain
from playground.app.help_view import HelpView
from playground.app.hidden_line import HiddenLine
from playground.app.icons import Icons
from playground.app.kept_layout import KeptLayout
from playground.app.lost_focus import LostFocus
from playground.app.menus import Menus
from playground.app.rail import Rail
from playground.app.save_question import OpenProject, SaveQuestion
from playground.app.space_key import SpaceKey, leave_focus_to_keyboard
from playground.app.status import StatusLine
from playground.app.strip import MessageStrip
from playground.app.title_corners import TitleCorners
from playground.labs.base import Lab, LabContext, LabView, Message, StatusItem
from playground.session.preferences import PreferenceFile
from playground.session.workspace import Workspace
from playground.views.look import Look

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
        self._kept = KeptLayout(preferences)
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
        self._corners = TitleCorners(self.look, self.menuBar())
        self._title = self._corners.title
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
        self._central = central
        central.setFocus()

    def _connect(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._space_key = SpaceKey(application, self)
            self._lost_focus = LostFocus(application, self, self._central)
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
        had_focus = view.focusWidget()
        if before is not None:
            before.set_in_front(False)
            self._central.setFocus()  # a stack would give it to the first field of the page that comes
        self._front = name
        self.stack.setCurrentWidget(view)
        bar = self._bar_of(view)
        self.bars.setVisible(bar is not None)
        if bar is not None:
            self.bars.setCurrentWidget(bar)
        if had_focus is not None:
            had_focus.setFocus()
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
        state = self._kept.of_lab(name)
        if state is not None:
            view.restore_view(state)
        return view

    def save_views(self) -> dict[str, dict[str, Any]]:
        """Return how every lab that was opened lies, by its name."""
        return {name: view.save_view() for name, view in self._views.items()}

    def restore_views(self, states: dict[Any, Any]) -> None:
        """Take up what ``save_views`` returned: now, or when a lab is built."""
        for name, state in states.items():
            if name in self._labs and isinstance(state, dict):
                self._kept.put_lab(name, state)
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
        title = "Playground" if self._project is None else self._corners.show_project(self._project)
        self.setWindowTitle(title)

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
        if event.mimeData().hasUrls() and local_paths(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files to the project or to the lab."""
        paths = local_paths(event.mimeData().urls())
        if paths:
            event.acceptProposedAction()
            self.take_files(paths)

    def take_files(self, paths: tuple[str, ...]) -> None:
        """Open files that were dropped or named on the command line."""
        project = project_of(paths)
        if project is not None:
            self.project_dropped.emit(project)
            return
        lab = self.lab
        if lab is not None and lab.accepts_drop(paths):
            lab.take_drop(paths)
            return
        self.show_message(nothing_opens(paths))

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
        kept = self._kept.front
        return kept if kept in self._labs else next(iter(self._labs), "")

    def _keep_layout(self) -> None:
        has_help = self.help_view.isVisible()
        self._kept.keep(bytes(self.saveGeometry().data()), self._front, self.save_views(), has_help=has_help)

    def _restore_layout(self) -> None:
        self.setMinimumSize(*SMALLEST)
        screen = self.screen().availableSize()
        self.resize(screen * FIRST_SHARE)
        if self._kept.geometry:
            self.restoreGeometry(QByteArray(self._kept.geometry))
        if self._kept.has_help:
            self.show_help()

    def _render_look(self) -> None:
        self._corners.render_look()
        self.bars.setFixedHeight(round(3.1 * self.look.em()))
