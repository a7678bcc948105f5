"""The band of claims: a sentence from the literature, and what the user's own run says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.views.heads import FlatButton
from playground.views.look import Look

_TONES = ("good", "bad", "activation", "muted")
_NARROW = 32.0  # em


@dataclass(frozen=True)
class HeldClaim:
    """A claim, what the runs say of it, and the verdict in a few words (empty: not known yet).

    ``tone`` is the palette's name of the verdict's colour: good, bad, activation (only partly) or muted.
    """

    text: str
    finding: str
    verdict: str = ""
    tone: str = "muted"


class ClaimsBand(QWidget):
    """Shows one claim at a time; hidden where there are none. ``claim_shown`` carries the place of the claim."""

    claim_shown = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._claims: tuple[HeldClaim, ...] = ()
        self._place = 0
        self.setObjectName("claims_band")
        self.setAccessibleName("Claims, held against your own runs")
        self.setToolTip("A claim from the literature, and what the models that you have trained say of it.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._text = self._label("claim_text")
        self._finding = self._label("claim_finding")
        self._finding.setProperty("role", "muted")
        self._verdict = self._label("claim_verdict")
        self._next = FlatButton(
            look, "next_claim", "", "Show the next claim; the left arrow key goes back.", accessible="Next claim",
            parent=self,
        )  # fmt: skip
        self._next.clicked.connect(self.show_next)
        self._next.installEventFilter(self)
        self._arrange()
        look.changed.connect(self._render_look)
        self._render_look()
        self.hide()

    # ---- what others call ----

    def show_claims(self, claims: Sequence[HeldClaim]) -> None:
        """Show these claims, or what the runs say of them by now; with other claims from the first on."""
        found = tuple(claims)
        if found == self._claims:
            return
        if [claim.text for claim in found] != [claim.text for claim in self._claims]:
            self._place = 0
        self._claims = found
        self.setVisible(bool(found))
        self._render_claim()

    def show_next(self) -> None:
        """Show the next claim, after the last the first."""
        self._go(1)

    def place(self) -> int:
        """Return the place of the claim that is shown."""
        return self._place

    # ---- inside ----

    def _go(self, by: int) -> None:
        if self._claims:
            self._place = (self._place + by) % len(self._claims)
            self._render_claim()
            self.claim_shown.emit(self._place)

    def _render_claim(self) -> None:
        if not self._claims:
            return
        claim = self._claims[self._place]
        self._text.setText(f"“{claim.text}”")
        self._finding.setText(claim.finding)
        self._verdict.setText(claim.verdict)
        self._verdict.setVisible(bool(claim.verdict))
        tone = claim.tone if claim.tone in _TONES else "muted"
        self._verdict.setStyleSheet(f"color: {self._look.palette.colour(tone).name()}")
        count = len(self._claims)
        self._next.setText(f"claim {self._place + 1} of {count} ›")
        self._next.setVisible(count > 1)
        self._next.updateGeometry()
        words = (f"claim {self._place + 1} of {count}: {claim.text}", claim.finding, claim.verdict)
        self.setAccessibleDescription(" ".join(part for part in words if part))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go through the claims with the arrow keys: a button alone would give its focus away."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
            if by is not None:
                self._go(by)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground of the band."""
        painter = QPainter(self)
        palette, em = self._look.palette, self._look.em()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("line"), 1))
        painter.setBrush(palette.colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 0.3 * em, 0.3 * em)
        painter.end()

    # ---- building ----

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _arrange(self) -> None:
        self._verdict.setWordWrap(False)
        self._words = QVBoxLayout()
        self._words.addWidget(self._text)
        self._words.addWidget(self._finding)
        self._side = QHBoxLayout()
        self._side.addWidget(self._verdict, 1, Qt.AlignmentFlag.AlignVCenter)
        self._side.addWidget(self._next, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addLayout(self._words, 1)
        self._row.addLayout(self._side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put verdict and button below the words where the band is narrow."""
        super().resizeEvent(event)
        self._direct()

    def _direct(self) -> None:
        is_narrow = self.width() < _NARROW * self._look.em()
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(below if is_narrow else beside)

    def _render_look(self) -> None:
        em = self._look.em()
        self._row.setContentsMargins(round(0.8 * em), round(0.5 * em), round(0.6 * em), round(0.5 * em))
        self._row.setSpacing(round(0.8 * em))
        self._side.setSpacing(round(0.8 * em))
        self._words.setSpacing(round(0.15 * em))
        self._direct()
        palette = self._look.palette
        for label, size, colour in ((self._text, 9.5, "text"), (self._finding, 9.0, "muted")):
            label.setFont(self._look.font(size))
            label.setStyleSheet(f"color: {palette.colour(colour).name()}")
        self._verdict.setFont(self._look.font(9.5, bold=True))
        self._render_claim()
        self.update()
