"""A file or folder before it becomes data: what every such sheet says, how it opens, waits, and is used or left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.views.data.source import ProgressLine
from playground.views.heads import FlatButton
from playground.views.look import Look


class DataSheet(QDialog):
    """Stands before the window until the data are used or left; ``used`` carries what is to be made of them.

    A subclass makes what it shows, and after that the foot: so the keyboard comes to the buttons last.
    """

    used = Signal(object)
    stop_requested = Signal()

    def __init__(self, look: Look, name: str, title: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._name = look, name
        self._is_busy = False
        self.setObjectName(f"{name}_sheet")
        self.setWindowTitle(title)
        self.setAccessibleName(accessible)
        self._labels: list[QLabel] = []
        self._title, self._detail = self._label("title", "title"), self._label("detail", "muted")
        self._error = self._label("error", "error")
        self._error.hide()
        self._middle = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._detail)
        look.changed.connect(self._render_look)

    # ---- what others call --------------------------------------------------------------------------------------

    def show_progress(self, share: float, text: str) -> None:
        """Show how far looking or reading has come."""
        self._is_busy = True
        self._progress.render_progress(share, text)
        self._progress.show()
        self._render_state()

    def hide_progress(self) -> None:
        """Take the bar away."""
        self._is_busy = False
        self._progress.hide()
        self._render_state()

    def show_error(self, sentence: str) -> None:
        """Show in place why this cannot be used as it is; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self._render_state()

    def show_stopped(self) -> None:
        """Looking or reading was broken off."""
        raise NotImplementedError

    # ---- what subclasses say -----------------------------------------------------------------------------------

    def _is_usable(self) -> bool:
        """Say whether there is something to be used."""
        raise NotImplementedError

    def _take(self) -> None:
        """Emit ``used``."""
        raise NotImplementedError

    # ---- what subclasses are built from ------------------------------------------------------------------------

    def _open(self, name: str, doing: str, widest: float, highest: float) -> None:
        """Stand before the window, at most so many em wide and high."""
        self._title.setText(name)
        self._detail.setText(doing)
        self.show_error("")
        window = self.parentWidget()
        if window is not None:
            room, em = window.window().size(), self._look.em()
            self.resize(round(min(widest * em, 0.94 * room.width())), round(min(highest * em, 0.9 * room.height())))
        self.open()

    def _label(self, name: str, role: str) -> QLabel:
        """Return a line of words, named after the sheet."""
        label = QLabel(self)
        label.setObjectName(f"{self._name}_{name}")
        label.setProperty("role", role)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self._labels.append(label)
        return label

    def _foot(self, use_hint: str) -> QHBoxLayout:
        """Return bar and buttons."""
        self._progress = ProgressLine(self._look, self)
        self._progress.hide()
        self._use = FlatButton(self._look, f"{self._name}_use", "Use these data", use_hint, framed=True, parent=self)
        self._leave = FlatButton(
            self._look, f"{self._name}_leave", "Leave it", "Close without a change (Esc); the data in use stay.",
            framed=True, parent=self,
        )  # fmt: skip
        self._progress.cancelled.connect(self.stop_requested)
        self._use.clicked.connect(self._take)
        self._leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._progress, 1)
        foot.addStretch(0)
        foot.addWidget(self._leave)
        foot.addWidget(self._use)
        return foot

    def _render_state(self) -> None:
        self._use.setEnabled(self._is_usable() and not self._is_busy)
        self._use.update()

    def _render_look(self) -> None:
        em = self._look.em()
        for label in self._labels:
            is_title = label is self._title
            label.setFont(self._look.font(12.0, bold=True) if is_title else self._look.font(9.5))
        side = round(1.1 * em)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(round(0.6 * em))
        self._middle.setSpacing(round(1.4 * em))
