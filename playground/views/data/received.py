"""What the network receives: the very pixels of its input, and the wish to learn from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from playground.engine.datasets import DataSet
from playground.views.choices import ChoiceBox
from playground.views.data.ink import ink_picture, ink_table
from playground.views.heads import FlatButton
from playground.views.look import Look


class InputPicture(QWidget):
    """A small picture of the input, pixel by pixel, with each value on hover."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._values: NDArray[np.float32] = np.zeros((28, 28), np.float32)
        self._picture = QImage()
        self.setObjectName("input_picture")
        self.setAccessibleName("What the network receives")
        self.setToolTip("The pixels that the network gets: 0 is paper, 1 is ink.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)
        self._render_look()

    def render_values(self, values: NDArray[np.float32]) -> None:
        """Show an image ``[h, w]``."""
        self._values = np.array(values, np.float32)
        self._render_look()

    def values(self) -> NDArray[np.float32]:
        """Return the image that is shown."""
        return self._values

    def _render_look(self) -> None:
        self._picture = ink_picture(self._values, ink_table(self._look.palette))
        self.updateGeometry()
        self.update()

    def _inside(self) -> QRectF:
        rows, columns = self._values.shape
        scale = (self.width() - 6) / max(rows, columns)
        width, height = columns * scale, rows * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def sizeHint(self) -> QSize:
        """Return a square that takes whole pixels of the screen for each pixel of a 28 x 28 image."""
        side = 28 * max(round(4.2 * self._look.em() / 28), 1) + 6
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pixels, unsmoothed."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setPen(QPen(palette.colour("line"), 1.0))
        painter.setBrush(palette.colour("paper"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 0.25 * em, 0.25 * em)
        painter.drawImage(self._inside(), self._picture)
        painter.end()

    def value_at(self, x: float, y: float) -> str:
        """Return in words the pixel at a place of the widget."""
        inside = self._inside()
        rows, columns = self._values.shape
        column, row = ((x - inside.x()) * columns / inside.width(), (y - inside.y()) * rows / inside.height())
        if not (0 <= row < rows and 0 <= column < columns):
            return ""
        return f"x[{int(row)}, {int(column)}] = {self._values[int(row), int(column)]:.3f}"

    def event(self, event: QEvent) -> bool:
        """Tell the value under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.value_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), words or self.toolTip(), self)
            return True
        return super().event(event)


ADD = "Add to training set as"


class AddRow(QWidget):
    """The button "Add to training set as" with the class to choose; ``add_requested`` carries the class."""

    add_requested = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._is_hand_chosen = False
        hint = "Add what the network receives, as it is now, to the examples it learns from. Undo takes it out again."
        self._button = FlatButton(look, "add_example", ADD, hint, framed=True, parent=self)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._class = ChoiceBox(look, self)
        self._class.setObjectName("add_class")
        self._class.setAccessibleName("Class of the added example")
        self._class.setToolTip("What the drawing is meant to be.")
        self._note = QLabel(self)
        self._note.setObjectName("added_note")
        self._note.setProperty("role", "muted")
        self._note.hide()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._button, 1)
        row.addWidget(self._class)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._note)
        self._button.clicked.connect(self.request)
        self._class.activated.connect(self._choose)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Offer these classes."""
        chosen = self._class.currentIndex()
        self._class.clear()
        self._class.addItems(list(names))
        self._class.setCurrentIndex(max(min(chosen, len(names) - 1), 0))
        self.setEnabled(bool(names))
        self._say_within()  # long names leave less room

    def suggest(self, label: int | None) -> None:
        """Prefill the class, unless the user chose one for this input."""
        if label is not None and not self._is_hand_chosen and 0 <= label < self._class.count():
            self._class.setCurrentIndex(label)

    def guess(self, label: int | None) -> None:
        """Prefill the class with what the network takes the input for.

        A guess must not change under the hand: while the mouse or the keyboard is here, what stands there stays.
        """
        is_chosen_from = self._class.view().isVisible()
        if not (self.underMouse() or self._button.hasFocus() or self._class.hasFocus() or is_chosen_from):
            self.suggest(label)

    def begin_input(self) -> None:
        """Forget the choice of the user: another input is there."""
        self._is_hand_chosen = False

    def chosen_class(self) -> int:
        """Return the class that stands there."""
        return self._class.currentIndex()

    def render_added(self, count: int) -> None:
        """Tell how many examples were added so far."""
        self._note.setText(f"{count:,} example{'s' * (count != 1)} added by you")
        self._note.setVisible(count > 0)

    def _choose(self, _index: int) -> None:
        self._is_hand_chosen = True

    def request(self) -> None:
        """Ask for what the network receives to be added as the chosen class."""
        if self._class.currentIndex() >= 0:
            self.add_requested.emit(self._class.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say it in fewer words where there is little room."""
        super().resizeEvent(event)
        self._say_within()

    def _say_within(self) -> None:
        room = self.width() - self._class.sizeHint().width() - 1.2 * self._look.em() - 4
        needed = QFontMetricsF(self._look.font(9.5)).horizontalAdvance(ADD)
        self._button.setText(ADD if needed <= room else "Add as")

    def _render_look(self) -> None:
        self._note.setFont(self._look.font(9.0))
        words = QFontMetricsF(self._look.font(9.5)).horizontalAdvance("Add as")
        self._button.setMinimumWidth(round(words + 1.2 * self._look.em()))
        self._say_within()


class ReceivedCard(QWidget):
    """The picture of the input beside a line that says how it came about."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.picture = InputPicture(look, self)
        self._words = QLabel(self)
        self._words.setObjectName("received_words")
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        look.changed.connect(self._render_look)
        self._render_look()

    def render_words(self, words: str) -> None:
        """Say how the input came about."""
        if words != self._words.text():
            self._words.setText(words)

    def _render_look(self) -> None:
        self._words.setFont(self._look.font(9.0))


def received_words(dataset: DataSet | None, shape: tuple[int, int], label: int | None, example: str) -> str:
    """Return how the input came about: ``example`` names it, or is empty for a drawing."""
    words = "what the network receives:\n"
    if example:
        words += example
        if label is not None and dataset is not None and label < len(dataset.classes):
            words += f", label\u00a0{dataset.classes[label]}"
        return words
    return words + (
        "fitted to 20 × 20,\ncentred by mass" if shape == (28, 28) else f"reduced to {shape[0]} × {shape[1]}"
    )
