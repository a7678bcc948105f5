"""The dialog for a file to write: that one is there already is said in it, not in another window before it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QGridLayout, QLabel, QLineEdit, QWidget


class SaveDialog(QFileDialog):
    """Asks in place before a file is replaced; a dialog of the system asks in its own way."""

    def __init__(self, parent: QWidget, title: str, name: str, pattern: str) -> None:
        super().__init__(parent, title, name, pattern)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setDefaultSuffix(name.rpartition(".")[2])
        self.selectFile(name)
        self._asked: Path | None = None  # the file that the question is about
        self._question: QLabel | None = None
        self._label = self.labelText(QFileDialog.DialogLabel.Accept)
        layout = self.layout()
        edit = self.findChild(QLineEdit, "fileNameEdit")
        if isinstance(layout, QGridLayout) and edit is not None:  # Qt's own widgets, not the system's
            self._question = QLabel(self)
            self._question.setObjectName("overwrite_question")
            self._question.setProperty("role", "error")
            self._question.setTextFormat(Qt.TextFormat.PlainText)
            self._question.setWordWrap(True)
            self._question.hide()
            layout.addWidget(self._question, layout.rowCount(), 0, 1, layout.columnCount())
            self.setOption(QFileDialog.Option.DontConfirmOverwrite, on=True)
            edit.textChanged.connect(self._withdraw)

    def accept(self) -> None:
        """Take the file where it is a new one or the question is answered; else ask."""
        chosen = self.selectedFiles()
        path = Path(chosen[0]) if chosen else None
        if self._question is not None and path is not None and path.is_file() and path != self._asked:
            self._ask(self._question, path)
            return
        super().accept()

    def _ask(self, question: QLabel, path: Path) -> None:
        self._asked = path
        question.setText(f"{path.name} is there already. Replace writes over it; another name keeps it.")
        question.show()
        edit = self.findChild(QLineEdit, "fileNameEdit")
        completer = None if edit is None else edit.completer()
        names = None if completer is None else completer.popup()
        if names is not None:
            names.hide()  # they stand over the question
        self.setLabelText(QFileDialog.DialogLabel.Accept, "Replace")
        buttons = self.findChild(QDialogButtonBox, "buttonBox")
        if buttons is not None:
            buttons.button(QDialogButtonBox.StandardButton.Save).setAccessibleDescription(question.text())

    def _withdraw(self) -> None:
        """Another name is being typed: the question no longer stands."""
        if self._asked is not None and self._question is not None:
            self._asked = None
            self._question.hide()
            self.setLabelText(QFileDialog.DialogLabel.Accept, self._label)
