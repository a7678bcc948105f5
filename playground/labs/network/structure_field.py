"""The structure as one types it, 784-16-16-10: Enter builds it, a mistake is named below the field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from playground.engine.spec import WARN_PARAMETERS, NetworkSpec, SpecError, build, parse_widths
from playground.session.memory import check_memory
from playground.views.look import Look
from playground.views.number_edit import ErrorBubble
from playground.views.roles import set_role


class StructureField(QWidget):
    """Shows the widths; while one types, the count of parameters or what is wrong stands below."""

    typed = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._text = ""
        self._bubble: ErrorBubble | None = None
        self.setObjectName("structure")
        self._label = QLabel("structure", self)
        self._label.setProperty("role", "muted")
        self._edit = QLineEdit(self)
        self._edit.setObjectName("structure_text")
        self._edit.setAccessibleName("Structure of the network")
        hint = (
            "The widths of the layers, inputs first: type 784-16-16-10 and press Enter (Ctrl+L).\n"
            "Weights that still have a place are kept; undo brings the others back. Esc takes back."
        )
        self._edit.setAccessibleDescription(hint)
        for widget in (self, self._edit):
            widget.setToolTip(hint)
        self._edit.setProperty("role", "quiet")
        self._edit.setFrame(False)
        self._edit.textEdited.connect(self._check)
        self._edit.returnPressed.connect(self._accept)
        self._edit.installEventFilter(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._edit, 1, 0)
        self.setFocusProxy(self._edit)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)
        self._render_look()

    def text(self) -> str:
        """Return the structure that is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show the structure as it is; what is being typed stays."""
        self._text = text
        if not (self._edit.hasFocus() and self._edit.isModified()):
            self._edit.setText(text)
            self._edit.setCursorPosition(0)
        self._render_look()

    def begin(self) -> None:
        """Put the cursor into the field and select what is there."""
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Take back on Esc; leaving the field accepts nothing that was not confirmed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._take_back()
            self._edit.clearFocus()
            return True
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            self._take_back()
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _check(self, text: str) -> None:
        try:
            spec = self._read(text)
        except SpecError as error:
            self._say(str(error), is_error=True)
            return
        is_large = spec.parameter_count > WARN_PARAMETERS
        warning = "; training will be slow, and undo needs room on the disk" if is_large else ""
        self._say(f"{spec.parameter_sum} parameters{warning}; Enter builds it", is_error=False)

    def _read(self, text: str) -> NetworkSpec:
        """Return the network that was typed (raises SpecError where it cannot be)."""
        widths = parse_widths(text)
        if self._text:
            now = parse_widths(self._text)
            if (widths[0], widths[-1]) != (now[0], now[-1]):
                raise SpecError(
                    f"These data have {now[0]:,} inputs and {now[-1]:,} classes: begin with {now[0]} and end with "
                    f"{now[-1]}."
                )
        spec = build(widths)
        check_memory(spec)
        return spec

    def _accept(self) -> None:
        try:
            self._read(self._edit.text())
        except SpecError as error:
            self._say(str(error), is_error=True)
            return
        text = self._edit.text()
        self._edit.setModified(False)
        self._say("", is_error=False)
        self.typed.emit(text)
        self._edit.clearFocus()  # Enter closes: Space plays again, and undo means the network

    def _take_back(self) -> None:
        self._edit.setText(self._text)
        self._edit.setCursorPosition(0)
        self._say("", is_error=False)

    def _say(self, sentence: str, *, is_error: bool) -> None:
        if self._bubble is not None:
            self._bubble.hide()
            self._bubble.deleteLater()
            self._bubble = None
        set_role(self._edit, "error" if is_error else "quiet")
        if sentence and self.isVisible():
            self._bubble = ErrorBubble(self._look, self.window(), is_error=is_error)
            self._bubble.setObjectName("structure_word")
            self._bubble.show_below(self, sentence, round(22 * self._look.em()))

    def _render_look(self) -> None:
        self._label.setFont(self._look.font(9.0))
        font = self._look.font(9.5, mono=True)
        self._edit.setFont(font)
        letters = min(max(len(self._text), 12), 22)
        width = QFontMetricsF(font).horizontalAdvance("0" * letters) + 0.9 * self._look.em()
        self._edit.setFixedWidth(round(width))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room for label and text."""
        return QSize(self._edit.width(), super().sizeHint().height())
