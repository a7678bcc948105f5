"""The three columns of the lab, each of which scrolls where it has no room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QMargins, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from playground.views.look import Look

_GAP, _MARGIN = 0.75, 0.7  # em: between sections, and around them


class Column(QScrollArea):
    """Sections below each other. ``shares`` says of those that take the room that is left over how much of it.

    With ``is_sideways`` it scrolls to the side too, where sections are wider than the window leaves them room.
    """

    room_changed = Signal(int)  # height in sight, within the margins

    def __init__(
        self,
        look: Look,
        name: str,
        label: str,
        sections: Sequence[QWidget],
        shares: Mapping[QWidget, int] | None = None,
        *,
        is_sideways: bool = False,
    ) -> None:
        super().__init__()
        self._look, self._is_sideways = look, is_sideways
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_sideways else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(policy)
        self.setCornerWidget(QWidget(self))  # nothing, where both bars meet
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = _Body(self)
        self._body.setObjectName(f"{name}_body")
        self._box = QVBoxLayout(self._body)
        for section in sections:
            self._box.addWidget(section, (shares or {}).get(section, 0))
        if not shares:
            self._box.addStretch(1)
        self.setWidget(self._body)
        look.changed.connect(self._render_look)
        self._render_look()

    def minimumSizeHint(self) -> QSize:
        """Return the width below which sections would be cut off, with the scroll bar; the height may be any."""
        em = self._look.em()
        width = self._body.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(min(width, round(20 * em)) if self._is_sideways else width, round(8 * em))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell how much of the sections is in sight."""
        super().resizeEvent(event)
        margins = self.margins()
        self.room_changed.emit(max(1, self.viewport().height() - margins.top() - margins.bottom()))

    def margins(self) -> QMargins:
        """Return the room around the sections."""
        return self._box.contentsMargins()

    def event(self, event: QEvent) -> bool:
        """Follow the sections where they take another width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def _render_look(self) -> None:
        em = self._look.em()
        margin = round(_MARGIN * em)
        self._box.setContentsMargins(margin, margin, margin, margin)
        self._box.setSpacing(round(_GAP * em))


class _Body(QWidget):
    """As high as its sections at least need to be: what they would like more of is shared out, not scrolled."""

    def heightForWidth(self, width: int) -> int:
        """Return the least height."""
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)
