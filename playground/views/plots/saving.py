"""Copying a plot, and writing its picture or its numbers to a file: the menu beside it, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from playground.views.file_choice import ask_to_save
from playground.views.heads import FlatButton
from playground.views.look import Look
from playground.views.passing_message import PassingMessage
from playground.views.plots.export import Figure, SaveError, picture_of, write_whole

FORMATS = {"svg": "SVG picture (*.svg)", "png": "PNG picture (*.png)", "csv": "Numbers (*.csv)"}
_HINT = "Copy the picture, or save it and its numbers."


class PlotSaving(QObject):
    """A button with a menu, and a message, for ``plot`` to put in their places.

    ``figure`` returns what is copied, ``content`` what a file of a kind of `FORMATS` is to hold (raises SaveError);
    ``stem`` begins the name of the file. ``saved`` carries the path of a file that was written.
    """

    saved = Signal(str)

    def __init__(
        self,
        look: Look,
        name: str,
        title: str,
        figure: Callable[[], Figure],
        content: Callable[[str], bytes],
        plot: QWidget,
    ) -> None:
        super().__init__(plot)
        self._plot, self._title, self._figure, self._content = plot, title, figure, content
        self.stem = name
        self.menu = self._new_menu(name)
        self.button = FlatButton(
            look, f"{name}_menu", "⋯", _HINT, accessible="Copy and save", menu=self.menu, arrow=False, parent=plot
        )
        self.message = PassingMessage(look, f"{name}_message", plot)

    def copy_picture(self) -> None:
        """Put the picture in the clipboard."""
        QGuiApplication.clipboard().setImage(picture_of(self._figure()))
        self.message.say("The picture is in the clipboard.")

    def save(self, path: Path) -> bool:
        """Write picture or numbers, by the ending of ``path``; says in place what went wrong."""
        kind = path.suffix.lower().lstrip(".")
        if kind not in FORMATS:
            sentence = f"{path.name} has no ending that can be saved: use .svg, .png or .csv."
            self.message.say(sentence, is_error=True)
            return False
        try:
            write_whole(path, self._content(kind))
        except SaveError as error:
            self.message.say(str(error), is_error=True)
            return False
        self.message.say(f"Saved as {path.name}.")
        self.saved.emit(str(path))
        return True

    def _new_menu(self, name: str) -> QMenu:
        menu = QMenu(self._plot)
        menu.setObjectName(f"{name}_actions")
        for key, words in (
            ("copy", "Copy as picture"), ("svg", "Save as SVG …"), ("png", "Save as PNG …"),
            ("csv", "Save the numbers as CSV …"),
        ):  # fmt: skip
            action = menu.addAction(words)
            action.setData(key)
            action.setObjectName(f"{name}_{key}")
        menu.triggered.connect(self._obey)
        return menu

    def _obey(self, action: QAction) -> None:
        key = action.data()
        if key == "copy":
            self.copy_picture()
        elif key in FORMATS:  # the plot may have put wishes of its own below these
            ask_to_save(self._plot, self._title, f"{self.stem}.{key}", FORMATS[key], self._save_chosen)

    def _save_chosen(self, name: str) -> None:
        self.save(Path(name))
