"""The bundled experiments: a card to choose one from, and a band with what to look for while it runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.superposition.experiments import ANNEAL, GROUPS, PHASE, Experiment
from playground.engine.superposition.problem import KIND_NAMES
from playground.views.heads import FlatButton
from playground.views.inspector.buttons import IconButton
from playground.views.look import Look
from playground.views.popover import Popover

_WIDTH, _LIST = 50, 22  # em: the card, and its list
_HINT = "Click to run it; the mouse or the arrow keys show what to look for. Undo brings your own models back."


def experiment_words(one: Experiment) -> str:
    """Return what an experiment trains, in a line."""
    size = f"{one.features} → {one.hidden}"
    if one.way == PHASE:
        return f"{size}: the optimum of every cell, then the best of {one.seeds} trained seeds"
    kinds = ", ".join(KIND_NAMES[kind] for kind in one.kinds)
    if one.way == ANNEAL:
        return f"{size}: {kinds}, {one.seeds} seeds, the density lowered step by step"
    if one.way == GROUPS:
        return f"{size}: {kinds}, {one.seeds} seeds, beside as many without groups"
    sparsities = ", ".join(f"{value:g}" for value in one.sparsities)
    return f"{size} at S = {sparsities}: {kinds}; {one.seeds} seeds"


class ExperimentsCard(Popover):
    """Floats below its button; one click on a line runs the experiment."""

    experiment_chosen = Signal(str)  # name

    def __init__(self, look: Look, experiments: Sequence[Experiment], parent: QWidget | None = None) -> None:
        super().__init__(look, "experiments_card", "Experiments", parent)
        self._experiments = tuple(experiments)
        self._lines: list[_Line] = []
        self._list = QVBoxLayout()
        for one in self._experiments:
            line = _Line(look, one, self)
            line.clicked.connect(self._run)
            line.pointed.connect(self.show_text)
            self._lines.append(line)
            self._list.addWidget(line)
        self._list.addStretch(1)
        self._title, self._what, self._text = QLabel(self), QLabel(self), QLabel(self)
        self._title.setProperty("role", "heading")
        self._what.setProperty("role", "muted")
        self._text.setObjectName("experiment_text")
        self._hint = QLabel(_HINT, self)
        self._hint.setProperty("role", "faint")
        words = QVBoxLayout()
        for label in (self._title, self._what, self._text, self._hint):
            label.setWordWrap(True)
            words.addWidget(label, 1 if label is self._text else 0, Qt.AlignmentFlag.AlignTop)
        self._words = words
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._list)
        self._row.addLayout(words, 1)
        look.changed.connect(self._render_look)
        self._render_look()
        self.show_text(self._experiments[0].name)

    def show_text(self, name: str) -> None:
        """Show what to look for in an experiment."""
        one = next(one for one in self._experiments if one.name == name)
        self._title.setText(one.title)
        self._what.setText(experiment_words(one))
        self._text.setText(one.text)
        for line in self._lines:
            line.setChecked(line.objectName() == f"experiment_{name}")

    def show_below(self, anchor: QWidget) -> None:
        """Show the card below ``anchor``; the keys are at the first line."""
        super().show_below(anchor)
        self._lines[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def fit_window(self, window: QWidget) -> None:
        """Be as wide as reads well, and high enough for the longest text."""
        self.setFixedWidth(min(round(_WIDTH * self._look.em()), window.width() - 8))
        self.setFixedHeight(min(self._full_height(), window.height() - 8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go from line to line, Esc closes."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            place = next((at for at, line in enumerate(self._lines) if line.hasFocus()), 0)
            step = 1 if key == Qt.Key.Key_Down else -1
            self._lines[(place + step) % len(self._lines)].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _run(self) -> None:
        self.closed.emit()
        self.experiment_chosen.emit(self.sender().objectName().removeprefix("experiment_"))

    def _full_height(self) -> int:
        """Return the height at which the longest of the texts has room."""
        em = self._look.em()
        width = self.width() - round((_LIST + 2.6) * em)
        longest = 0
        for one in self._experiments:
            parts = ((self._title, one.title), (self._what, experiment_words(one)), (self._text, one.text))
            longest = max(longest, sum(_height_of(label, text, width) for label, text in parts))
        words = longest + _height_of(self._hint, _HINT, width) + 3 * self._words.spacing()
        lines = sum(line.sizeHint().height() for line in self._lines)
        return round(max(words, lines) + 1.8 * em)

    def _render_look(self) -> None:
        em = self._look.em()
        margin = round(0.8 * em)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self._row.setSpacing(margin)
        self._list.setSpacing(0)
        self._words.setSpacing(round(0.5 * em))
        for line in self._lines:
            line.setFixedWidth(round(_LIST * em))
        self._text.setFont(self._look.font(10.0))


class _Line(QAbstractButton):
    """One experiment in the list."""

    pointed = Signal(str)  # name

    def __init__(self, look: Look, one: Experiment, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._name = look, one.name
        self.setObjectName(f"experiment_{one.name}")
        self.setText(one.title)
        self.setAccessibleName(one.title)
        self.setAccessibleDescription(f"{experiment_words(one)}. {one.text}")
        self.setToolTip(f"Run: {experiment_words(one)}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the room of a line."""
        return QSize(round(_LIST * self._look.em()), round(1.9 * self._look.em()))

    def nextCheckState(self) -> None:
        """Stay marked while its text is shown, whatever is clicked."""

    def enterEvent(self, event: object) -> None:
        """Show the text under the mouse."""
        super().enterEvent(event)  # type: ignore[arg-type]
        self.pointed.emit(self._name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the text that the keys have reached."""
        super().focusInEvent(event)
        self.pointed.emit(self._name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and title."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(palette.colour("accent") if self.hasFocus() else palette.colour("raised"))
            painter.setBrush(palette.colour("raised"))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 0.3 * em, 0.3 * em)
        painter.setFont(self._look.font(10.0))
        painter.setPen(palette.colour("text"))
        room = self.rect().adjusted(round(0.6 * em), 0, -round(0.4 * em), 0)
        text = QFontMetricsF(painter.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.end()


class ExperimentBand(QFrame):
    """What to look for in the experiment that was started last; folded to its title or closed by its buttons."""

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = self._title = self._words = ""
        self._is_folded = False
        self.setObjectName("experiment_band")
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setObjectName("experiment_band_text")
        self._close = IconButton(
            look, "experiment_band_close", "Close the text", "Put the text away; the models stay as they are",
            text="×", is_flat=True, parent=self,
        )  # fmt: skip
        self._close.clicked.connect(self.closed)
        self._fold = FlatButton(
            look, "experiment_band_fold", "less", "Leave the title alone, or show the whole text",
            accessible="Less or more of the text", parent=self,
        )  # fmt: skip
        self._fold.clicked.connect(self._turn)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        look.changed.connect(self._render_look)
        self._render_look()
        self.hide()

    def show_experiment(self, one: Experiment | None) -> None:
        """Show the paragraph of an experiment; None takes the band away."""
        self._name, self._is_folded = "" if one is None else one.name, False
        if one is not None:
            self._title, self._words = one.title, one.text
            self.setAccessibleName(one.title)
            self._render_words()
        self.setVisible(one is not None)

    def _turn(self) -> None:
        self._is_folded = not self._is_folded
        self._render_words()

    def _render_words(self) -> None:
        title = f"<b>{self._title}.</b>"
        self._text.setText(title if self._is_folded else f"{title} {self._words}")
        self._text.setToolTip(self._words if self._is_folded else "")
        self._fold.setText("more" if self._is_folded else "less")
        self._fold.updateGeometry()

    def name(self) -> str:
        """Return whose text is shown, an empty text for none."""
        return self._name

    def _render_look(self) -> None:
        em = self._look.em()
        self._row.setContentsMargins(round(0.7 * em), round(0.4 * em), round(0.4 * em), round(0.4 * em))
        self._text.setFont(self._look.font(9.5))


def _height_of(label: QLabel, text: str, width: int) -> int:
    rect = label.fontMetrics().boundingRect(0, 0, max(width, 1), 10_000, int(Qt.TextFlag.TextWordWrap), text)
    return rect.height()
