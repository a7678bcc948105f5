"""A small window into which W or b are pasted as numbers; what cannot be is said in place."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from playground.engine.superposition.problem import Floats, SuperpositionError
from playground.engine.superposition.reading import read_matrix, read_numbers
from playground.views.choices import ChoiceField
from playground.views.heads import FlatButton
from playground.views.inspector.words import QuietLine
from playground.views.look import Look

WEIGHT, BIAS = "weight", "bias"
LARGEST = 1e6
_MOST_OFFERED = 200_000  # characters of the clipboard that are put into the field


class PasteNumbers(QDialog):
    """Reads a pasted W ``[n, m]`` or b ``[n]``."""

    numbers_ready = Signal(str, object)  # weight or bias, and the array

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shape = (1, 1)
        self._found: Floats | None = None
        self.setObjectName("paste_numbers")
        self.setWindowTitle("Paste W or b")
        self.setAccessibleName("paste W or b as numbers")
        options = ((WEIGHT, "W, the directions"), (BIAS, "b, the biases"))
        self.which = ChoiceField(
            look, "paste_which", "what", options, WEIGHT, "Which part of the model these numbers are", self
        )
        self.wanted = QLabel(self)
        self.wanted.setObjectName("paste_shape")
        self.wanted.setWordWrap(True)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("paste_text")
        self.text.setAccessibleName("the numbers")
        self.text.setToolTip("Paste from a spreadsheet or a program: points and decimal commas are both understood")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.error = QuietLine(look, "", colour="bad", parent=self)
        self.error.setObjectName("paste_error")
        self.take = FlatButton(
            look,
            "paste_take",
            "Put into the model",
            "Replace these numbers of the model; undo brings the old ones back",
            framed=True,
            parent=self,
        )
        self.leave = FlatButton(
            look, "paste_leave", "Leave it", "Close without a change (Esc)", framed=True, parent=self
        )
        self._build()
        self.text.textChanged.connect(self._read)
        self.which.chosen.connect(self._choose)
        self.take.clicked.connect(self._accept)
        self.leave.clicked.connect(self.reject)
        look.changed.connect(self._render_look)
        self._render_look()

    def _build(self) -> None:
        self._box = QVBoxLayout(self)
        for widget in (self.which, self.wanted):
            self._box.addWidget(widget)
        self._box.addWidget(self.text, 1)
        self._box.addWidget(self.error)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.leave)
        line.addWidget(self.take)
        self._box.addLayout(line)

    def open_for(self, shape: tuple[int, int]) -> None:
        """Open for a model with W ``[n, m]``; the clipboard is offered as it is."""
        self._shape = shape
        offered = QGuiApplication.clipboard().text()
        self.text.setPlainText(offered if len(offered) <= _MOST_OFFERED else "")
        self._choose()
        self.open()
        self.text.setFocus(Qt.FocusReason.PopupFocusReason)

    def set_shape(self, shape: tuple[int, int]) -> None:
        """Follow the model where it takes another shape in the meantime."""
        if shape != self._shape:
            self._shape = shape
            self._choose()

    def _choose(self, _which: str = "") -> None:
        features, hidden = self._shape
        if self.which.value() == WEIGHT:
            words = f"{features} rows (features) of {hidden} numbers (hidden dimensions), one row a line."
        else:
            words = f"{features} numbers, one a feature."
        self.wanted.setText(words)
        self._read()

    def _read(self) -> None:
        text = self.text.toPlainText()
        self._found, sentence = None, ""
        if text.strip():
            try:
                self._found = self._numbers(text)
            except SuperpositionError as error:
                sentence = str(error)
        self.error.setText(sentence)
        self.take.setEnabled(self._found is not None)
        reason = (
            "" if self._found is not None else " Now there is nothing to put in: paste numbers of this shape first."
        )
        self.take.setToolTip(f"Replace these numbers of the model; undo brings the old ones back.{reason}")

    def _numbers(self, text: str) -> Floats:
        features, hidden = self._shape
        if self.which.value() == WEIGHT:
            found = read_matrix(text, features, hidden, "W")
        else:
            found = np.array(read_numbers(text, "list of biases"))
            if len(found) != features:
                raise SuperpositionError(f"b here has {features} numbers; what was pasted has {len(found)}.")
        largest = float(np.abs(found).max())
        if largest > LARGEST:
            raise SuperpositionError(f"{largest:.3g} is too large for a weight: up to {LARGEST:,.0f} are taken.")
        return found

    def _accept(self) -> None:
        if self._found is not None:
            found = self._found
            self.accept()
            self.numbers_ready.emit(self.which.value(), found)

    def _render_look(self) -> None:
        palette, em = self._look.palette, self._look.em()
        self.setStyleSheet(f"PasteNumbers {{ background: {palette.panel}; }}")
        self.wanted.setFont(self._look.font(9.0))
        self.wanted.setStyleSheet(f"QLabel {{ color: {palette.muted}; background: transparent; }}")
        font = self._look.font(9.5, mono=True)
        self.text.setFont(font)
        self.text.setStyleSheet(
            f"QPlainTextEdit {{ background: {palette.sunken}; color: {palette.text};"
            f" border: 1px solid {palette.line}; selection-background-color: {palette.accent}; }}"
        )
        self.text.setMinimumSize(round(22 * em), round(9 * em))
        self.error.setMinimumHeight(round(2.2 * em))
        side = round(0.8 * em)
        self._box.setContentsMargins(side, side, side, side)
        self._box.setSpacing(round(0.5 * em))
