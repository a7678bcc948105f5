"""Asking for a file without holding up the window: the dialog opens, and the choice comes later."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.views.save_dialog import SaveDialog


def ask_to_open(parent: QWidget, title: str, pattern: str, then: Callable[[str], None]) -> QFileDialog:
    """Open a dialog for an existing file; ``then`` gets its path."""
    dialog = QFileDialog(parent, title, "", pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _opened(dialog, then)


def ask_to_open_several(
    parent: QWidget, title: str, pattern: str, then: Callable[[tuple[str, ...]], None]
) -> QFileDialog:
    """Open a dialog for existing files; ``then`` gets the paths of all that were chosen."""
    dialog = QFileDialog(parent, title, "", pattern)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda paths: then(tuple(paths)))
    dialog.open()
    return dialog


def ask_for_folder(parent: QWidget, title: str, then: Callable[[str], None]) -> QFileDialog:
    """Open a dialog for an existing folder; ``then`` gets its path."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _opened(dialog, then)


def ask_to_save(parent: QWidget, title: str, name: str, pattern: str, then: Callable[[str], None]) -> QFileDialog:
    """Open a dialog for a file to write, ``name`` being proposed; ``then`` gets its path."""
    return _opened(SaveDialog(parent, title, name, pattern), then)


def _opened(dialog: QFileDialog, then: Callable[[str], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(then)
    dialog.open()
    return dialog
