"""Undo, redo and the list of all changes, for the document in front."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QUndoGroup
from PySide6.QtWidgets import QDockWidget, QUndoView

from playground.app.window import MainWindow
from playground.session.workspace import Workspace

DOCK_WIDTH = 12  # heights of a line


class Undoing(QObject):
    """Ties the window's undo actions to the undo stack of the document in front (a QUndoGroup chooses it)."""

    def __init__(self, window: MainWindow, workspace: Workspace) -> None:
        super().__init__(window)
        self._window = window
        self.group = QUndoGroup(self)
        self._workspace = workspace
        for document in workspace.documents:
            self.group.addStack(document.undo_stack)
        self.group.setActiveStack(workspace.document.undo_stack)
        window.lab_changed.connect(self._follow_lab)
        actions = window.actions_table
        self._undo = actions.answer("edit.undo", self.group.undo)
        self._redo = actions.answer("edit.redo", self.group.redo)
        self._history = actions.answer("edit.history", self._show_history)
        self._dock = self._built()
        self.group.canUndoChanged.connect(self._undo.setEnabled)
        self.group.canRedoChanged.connect(self._redo.setEnabled)
        self.group.undoTextChanged.connect(self._name_undo)
        self.group.redoTextChanged.connect(self._name_redo)
        self._undo.setEnabled(self.group.canUndo())
        self._redo.setEnabled(self.group.canRedo())

    def _follow_lab(self, _name: str) -> None:
        lab = self._window.lab
        document = None if lab is None else lab.open_document()
        self.group.setActiveStack((document or self._workspace.document).undo_stack)
        self._workspace.bring_to_front(document)

    def _built(self) -> QDockWidget:
        dock = QDockWidget("Undo history", self._window)
        dock.setObjectName("undo_history")
        view = QUndoView(self.group, dock)
        view.setObjectName("undo_list")
        view.setAccessibleName("Undo history")
        view.setToolTip("All changes, oldest first; a click returns to the moment after it, forwards as well")
        view.setEmptyLabel("as it began")
        dock.setWidget(view)
        dock.hide()
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        dock.visibilityChanged.connect(self._follow_dock)
        return dock

    def _show_history(self, is_shown: bool) -> None:
        is_new = is_shown and self._dock.isHidden()
        self._dock.setVisible(is_shown)
        if is_new:  # as wide as its words need, not as Qt would have it: the network keeps its room
            wide = round(DOCK_WIDTH * self._window.look.em())
            self._window.resizeDocks([self._dock], [wide], Qt.Orientation.Horizontal)

    def _follow_dock(self, is_visible: bool) -> None:
        self._history.setChecked(is_visible or not self._dock.isHidden())

    def _name_undo(self, text: str) -> None:
        self._undo.setText(f"Undo: {text}" if text else "Undo")

    def _name_redo(self, text: str) -> None:
        self._redo.setText(f"Redo: {text}" if text else "Redo")
