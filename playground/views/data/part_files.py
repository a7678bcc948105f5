"""Files of their own for the validation and the test part of a table: added, shown by name, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.views.heads import FlatButton
from playground.views.look import Look

PARTS = (("validation", "Validation"), ("test", "Test"))


class PartFiles(QWidget):
    """``asked`` and ``removed`` carry the part, ``validation`` or ``test``."""

    asked = Signal(str)
    removed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._names: dict[str, str] = {}
        self._labels: dict[str, QLabel] = {}
        self._add: dict[str, FlatButton] = {}
        self._remove: dict[str, FlatButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setObjectName("table_parts")
        self.setAccessibleName("Files for validation and test")
        for part, title in PARTS:
            self._build(part, title)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_files(self, names: Mapping[str, str]) -> None:
        """Show which parts are files of their own, by their names."""
        self._names = dict(names)
        self._render()

    def _build(self, part: str, title: str) -> None:
        label = self._labels[part] = QLabel(self)
        label.setObjectName(f"table_part_{part}")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", "muted")
        self._add[part] = FlatButton(
            self._look, f"table_add_{part}", f"Add a {title.lower()} file …",
            f"A table with the same columns whose rows are the {title.lower()} part; scaling knows the training part "
            "alone.", parent=self,
        )  # fmt: skip
        self._remove[part] = FlatButton(
            self._look, f"table_remove_{part}", "Remove", f"Take the {title.lower()} part out of the rows again.",
            accessible=f"Remove the {title.lower()} file", parent=self,
        )  # fmt: skip
        self._add[part].clicked.connect(partial(self.asked.emit, part))
        self._remove[part].clicked.connect(partial(self.removed.emit, part))
        row = QHBoxLayout()
        row.addWidget(self._add[part])
        row.addWidget(label, 1)
        row.addWidget(self._remove[part])
        self._column.addLayout(row)

    def _render(self) -> None:
        for part, title in PARTS:
            name = self._names.get(part)
            self._add[part].setVisible(name is None)
            self._remove[part].setVisible(name is not None)
            shown = "" if name is None else name if len(name) <= 24 else f"…{name[-23:]}"
            self._labels[part].setText(f"{title}: {shown}" if shown else "")
            self._labels[part].setToolTip(name or "")

    def _render_look(self) -> None:
        self._column.setSpacing(round(0.2 * self._look.em()))
        for label in self._labels.values():
            label.setFont(self._look.font(9.0))
        self._render()
