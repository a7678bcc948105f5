"""The strip of messages above the lab: sentences with the buttons that help. Nothing waits for them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from playground.labs.base import Message, Remedy
from playground.views.look import Look
from playground.views.sources import IconSource

MOST = 3  # messages at a time; the oldest goes


class MessageRow(QFrame):
    """One message."""

    def __init__(self, look: Look, icon: IconSource, message: Message, strip: MessageStrip) -> None:
        super().__init__(strip)
        self.message = message
        self._strip, self._look, self._icon = strip, look, icon
        self.setObjectName(f"message_{message.kind}")
        self.setProperty("role", "strip-error" if message.is_error else "strip")
        self.setAccessibleName(message.text)
        row = QHBoxLayout(self)
        self._row = row
        self._sign = QLabel(self)
        self._sign.setObjectName(f"message_{message.kind}_sign")
        self._sign.setVisible(message.is_error)
        row.addWidget(self._sign)
        text = QLabel(message.text, self)
        text.setObjectName(f"message_{message.kind}_text")
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        text.setSizePolicy(policy)
        row.addWidget(text, 1)
        for remedy in message.remedies:
            button = QPushButton(remedy.text, self)
            button.setObjectName(f"remedy_{remedy.text.lower().replace(' ', '_')}")
            button.setAccessibleName(remedy.text)
            button.setToolTip(f"{remedy.text}: {message.text}")
            button.clicked.connect(partial(self._apply, remedy))
            row.addWidget(button)
        close = QToolButton(self)
        close.setObjectName(f"message_{message.kind}_close")
        close.setProperty("role", "flat")
        close.setAccessibleName("Close the message")
        close.setToolTip("Close the message; nothing else changes")
        close.clicked.connect(self.go)
        row.addWidget(close)
        self._close = close
        self._render_look()
        look.changed.connect(self._render_look)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.go)
        if message.seconds is not None:
            self._timer.start(round(1000 * message.seconds))

    def _render_look(self) -> None:
        """Take over colours and sizes."""
        em = self._look.em()
        size = QSize(round(1.1 * em), round(1.1 * em))
        self._row.setContentsMargins(round(0.8 * em), round(0.35 * em), round(0.5 * em), round(0.35 * em))
        self._row.setSpacing(round(0.6 * em))
        self._close.setIcon(self._icon("close", "muted"))
        self._close.setIconSize(size)
        if self.message.is_error:
            self._sign.setPixmap(self._icon("warning", "bad").pixmap(size, self.devicePixelRatioF()))

    def go(self) -> None:
        """Take the message away."""
        self._timer.stop()
        self._strip.drop(self)

    def _apply(self, remedy: Remedy, _is_checked: bool = False) -> None:
        if remedy.is_closing:
            self.go()
        remedy.act()


class MessageStrip(QWidget):
    """The messages, the latest at the top. They float over the lab, so that nothing jumps as they come and go."""

    def __init__(self, look: Look, icon: IconSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._icon = look, icon
        self.setObjectName("messages")
        self._rows: list[MessageRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(round(0.3 * look.em()))
        self._ground: QWidget | None = None
        self.hide()

    def float_over(self, ground: QWidget) -> None:
        """Stand at the lower edge of ``ground``, in its middle: above the curves, where the fewest hands are."""
        self._ground = ground
        self.setParent(ground)
        ground.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the ground."""
        if watched is self._ground and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Be as high as the messages, also once their letters have got their size."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return is_done

    def _place(self) -> None:
        ground = self._ground
        if ground is None:
            return
        em = self._look.em()
        widest = 56 if any(row.message.remedies for row in self._rows) else 40  # buttons leave the sentence its room
        width = max(1, min(round(widest * em), ground.width() - round(2 * em)))
        height = (
            self._column.heightForWidth(width) if self._column.hasHeightForWidth() else self._column.sizeHint().height()
        )
        top = max(0, ground.height() - height - round(0.8 * em))
        self.setGeometry((ground.width() - width) // 2, top, width, max(1, height))
        self.raise_()

    def show_message(self, message: Message) -> None:
        """Show a message, in place of an earlier one of the same kind."""
        self.settle(message.kind)
        row = MessageRow(self._look, self._icon, message, self)
        self._rows.insert(0, row)
        self._column.insertWidget(0, row)
        row.show()
        self.show()
        self._place()
        for old in self._rows[MOST:]:
            old.go()

    def settle(self, kind: str) -> None:
        """Take away the messages of ``kind``: what they said no longer holds."""
        for row in [row for row in self._rows if row.message.kind == kind]:
            row.go()

    def texts(self) -> tuple[str, ...]:
        """Return the sentences on the screen, the latest first."""
        return tuple(row.message.text for row in self._rows)

    def drop(self, row: MessageRow) -> None:
        """Take one row away."""
        if row in self._rows:
            self._rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.setVisible(bool(self._rows))
        self._place()
