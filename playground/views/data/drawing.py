"""The section DRAW: the pad with its pen menu, undo, redo and clear."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QMenu, QVBoxLayout, QWidget

from playground.views.data.pad import PEN_RADII, DrawPad
from playground.views.data.pictures import PATTERN
from playground.views.file_choice import ask_to_open
from playground.views.heads import FlatButton, SectionHead
from playground.views.look import Look


class DrawSection(QWidget):
    """The pad under its head, with its errors below."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.pad = DrawPad(look, self)
        self._pens: dict[str, QAction] = {}
        self._error = QLabel(self)
        self._error.setObjectName("draw_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        pen_hint = "Width of the pen, eraser, and pictures from outside."
        self._pen = FlatButton(look, "draw_pen", "pen", pen_hint, caps=True, menu=self._build_menu(), parent=self)
        self._undo = FlatButton(
            look, "draw_undo", "↶", "Take the last stroke back.", accessible="Undo the stroke", parent=self
        )
        self._redo = FlatButton(
            look, "draw_redo", "↷", "Draw the stroke again that was taken back.", accessible="Redo", parent=self
        )
        self._clear = FlatButton(
            look,
            "draw_clear",
            "clear",
            "Take a new sheet; the arrow beside brings the drawing back.",
            caps=True,
            parent=self,
        )
        self._arrange()
        self._undo.clicked.connect(self.pad.undo)
        self._redo.clicked.connect(self.pad.redo)
        self._clear.clicked.connect(self.pad.clear)
        self.pad.history_changed.connect(self._render_history)
        self.pad.pen_changed.connect(self._render_pen)
        self.pad.failed.connect(self.render_error)
        self.pad.drawing_changed.connect(self._clear_error)
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_history()
        self._render_pen()

    def render_error(self, sentence: str) -> None:
        """Show why a picture could not be used, in place; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def open_picture(self) -> None:
        """Ask for a photo and put it on the paper."""
        title = "Open a photo of something written"
        ask_to_open(self, title, f"Pictures ({PATTERN})", self._open_chosen)

    def _open_chosen(self, name: str) -> None:
        self.pad.open_picture(Path(name))

    def _build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("draw_menu")
        menu.setToolTipsVisible(True)
        menu.triggered.connect(self._obey)
        pens = QActionGroup(menu)
        for name in (*PEN_RADII, "eraser"):
            words = "Eraser" if name == "eraser" else f"Pen, {name}"
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setData(name)
            action.setObjectName(f"draw_{name}")
            pens.addAction(action)
            self._pens[name] = action
        self._pens["eraser"].setToolTip("The right mouse button erases at any time.")
        menu.addSeparator()
        for key, words in (("photo", "Open a photo …"), ("paste", "Paste a picture")):
            action = menu.addAction(words)
            action.setData(key)
            action.setObjectName(f"draw_{key}")
        return menu

    def _obey(self, action: QAction) -> None:
        name = action.data()
        if name in PEN_RADII:
            self.pad.set_pen(PEN_RADII[name], erasing=False)
        elif name == "eraser":
            self.pad.set_pen(erasing=True)
        elif name == "paste":
            self.pad.paste()
        else:
            self.open_picture()

    def _clear_error(self, _ink: object) -> None:
        self.render_error("")

    def _render_history(self) -> None:
        self._undo.setEnabled(self.pad.can_undo)
        self._redo.setEnabled(self.pad.can_redo)
        self._clear.setEnabled(not self.pad.is_empty)

    def _render_pen(self) -> None:
        nearest = min(PEN_RADII, key=lambda name: abs(PEN_RADII[name] - self.pad.pen_radius))
        self._pens["eraser" if self.pad.is_erasing else nearest].setChecked(True)
        self._pen.setText("eraser" if self.pad.is_erasing else "pen")
        self._pen.updateGeometry()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(SectionHead(self._look, "Draw", self))
        top.addStretch(1)
        for button in (self._undo, self._redo, self._pen, self._clear):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)  # the pad never grows beyond a square
        column.addLayout(top)
        column.addWidget(self.pad)
        column.addWidget(self._error)

    def _render_look(self) -> None:
        self._error.setFont(self._look.font(9.0))
