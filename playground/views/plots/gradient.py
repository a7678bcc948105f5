"""How large the gradient is in each layer: bars on a logarithmic scale, with the numbers."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.engine.snapshots import Snapshot
from playground.views.calm import Calm
from playground.views.look import Look

LOWEST, HIGHEST = 1e-6, 1e2  # the ends of the bars; what lies beyond fills or empties them
HEAD = "gradient"
MOST_LETTERS = 6
NARROW = 4.5  # heights of a line: with less for each layer the bars stand upright
VANISHING = 1e-4  # below this share of the largest layer's gradient a layer hardly learns


class GradientStrip(QWidget):
    """One bar for each layer, from 1e-6 to 100 in equal factors; exact numbers on hover."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._norms: tuple[float, ...] = ()
        self._calm = Calm(self)
        self._calm.due.connect(self._show_snapshot)
        self._names: tuple[str, ...] = ()
        self._bars: tuple[float, float] | None = None  # where those of a profile stand
        self.setObjectName("gradient_strip")
        self.setAccessibleName("Size of the gradient in each layer")
        self.setToolTip(
            "The length ||g|| of the gradient in each layer: how hard the last batch pulls at its weights.\n"
            "Much smaller in the first layers than in the last: the gradient vanishes on its way down."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show the norms of ``snapshot``; where it carries none, no step has been made with these weights yet."""
        has_other_layers = len(snapshot.gradient_norms or ()) != len(self._norms)
        self._calm.offer(snapshot, at_once=has_other_layers or not snapshot.is_running)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let no timer run out of sight."""
        self._calm.stop()
        super().hideEvent(event)

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        norms = snapshot.gradient_norms or ()
        if norms == self._norms:
            return
        names = tuple(snapshot.spec.layer_name(index) for index in range(len(snapshot.spec.layers)))
        if len(names) == len(norms) or not norms:
            self._norms, self._names = norms, names
            self.setAccessibleDescription(", ".join(map(self.words, range(len(norms)))))
            self.update()

    def words(self, index: int) -> str:
        """Return layer and norm: ``hidden 1 0.31``."""
        return f"{self._names[index]} {norm_text(self._norms[index])}"

    def share(self, index: int) -> float:
        """Return how much of its bar a layer fills, 0 to 1."""
        norm = self._norms[index]
        if not math.isfinite(norm):
            return 1.0
        if norm <= LOWEST:
            return 0.0
        return min(math.log(norm / LOWEST) / math.log(HIGHEST / LOWEST), 1.0)

    def colour_name(self, index: int) -> str:
        """Return ``bad`` where a layer's gradient is no number or next to nothing beside the others'."""
        norm, finite = self._norms[index], [n for n in self._norms if math.isfinite(n)]
        is_bad = not math.isfinite(norm) or norm < VANISHING * max(finite, default=0.0)
        return "bad" if is_bad else "accent"

    def hint_at(self, x: float) -> str:
        """Return what the tooltip says at the pixel ``x``."""
        left, width = self._bars or self._cells()
        index = math.floor((x - left) / width) if self._norms else -1
        if not 0 <= index < len(self._norms):
            return self.toolTip()
        norm = self._norms[index]
        note = (
            "\nNext to nothing beside the other layers: it hardly learns." if self.colour_name(index) == "bad" else ""
        )
        if not math.isfinite(norm):
            note = "\nThe gradient is no number any more."
        return f"{self._names[index]}: ||g|| = {norm:.6g}{note}\n\n{self.toolTip()}"

    # ---- showing -----------------------------------------------------------------------------------------------

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return one line."""
        em = self._look.em(8.5)
        return QSize(round(20 * em), round(1.5 * em))

    def minimumSizeHint(self) -> QSize:
        """Return one short line."""
        em = self._look.em(8.5)
        return QSize(round(6 * em), round(1.5 * em))

    def _cells(self) -> tuple[float, float]:
        """Return where the first cell begins and how wide each one is."""
        em = self._look.em(8.5)
        left = 0.9 * em
        if self._shows_head():
            left += QFontMetricsF(self._look.font(8.5)).horizontalAdvance(HEAD) + 1.2 * em
        return left, (self.width() - 0.6 * em - left) / max(len(self._norms), 1)

    def _shows_head(self) -> bool:
        return self.width() > 9 * self._look.em(8.5) * (len(self._norms) + 1)

    def event(self, event: QEvent) -> bool:
        """Tell the exact number under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.hint_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _is_profile(self) -> bool:
        """Say whether there are so many layers that their bars stand upright, side by side."""
        return bool(self._norms) and self._cells()[1] < NARROW * self._look.em(8.5)

    def _extremes(self) -> str:
        """Return the least and the largest norm in words."""
        places = sorted(range(len(self._norms)), key=lambda i: (not math.isfinite(self._norms[i]), self._norms[i]))
        return f"least {self.words(places[0])} · most {self.words(places[-1])}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a cell for each layer: name, bar, number; what has no room is left out, the bar last."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width = self._cells()
        painter.setFont(self._look.font(8.5))
        painter.setPen(self._look.palette.colour("faint" if not self._norms else "muted"))
        words = HEAD if self._norms else "no gradient yet: make a step"
        if self._shows_head() or not self._norms:
            margin = round(0.9 * self._look.em(8.5))
            painter.drawText(self.rect().adjusted(margin, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
        is_profile = self._is_profile()
        self._bars = self._profile(painter) if is_profile else None
        left, width = self._bars or (left, width)
        for index in range(len(self._norms)):
            cell = QRectF(left + index * width, 0, width, self.height())
            if is_profile:
                self._paint_upright(painter, index, cell)
            else:
                self._paint_cell(painter, index, cell)
        painter.end()

    def _profile(self, painter: QPainter) -> tuple[float, float]:
        """Paint head and words of a profile; return where its bars begin and how far they are apart."""
        em, metrics = self._look.em(8.5), QFontMetricsF(self._look.font(8.5))
        room, flags = QRectF(self.rect()).adjusted(0.9 * em, 0, -0.6 * em, 0), int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(self._look.palette.colour("muted"))
        painter.drawText(room, flags, HEAD)
        left, words = room.left() + metrics.horizontalAdvance(HEAD) + em, self._extremes()
        length = metrics.horizontalAdvance(words) + em
        if room.right() - left - length > 0.8 * em * len(self._norms):
            painter.drawText(room, flags | int(Qt.AlignmentFlag.AlignRight), words)
            room.setRight(room.right() - length)
        return left, (room.right() - left) / len(self._norms)

    def _paint_upright(self, painter: QPainter, index: int, cell: QRectF) -> None:
        bar = cell.adjusted(0.12 * cell.width(), 1, -0.12 * cell.width(), -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.palette.colour("raised"))
        painter.drawRect(bar)
        bar.setTop(bar.bottom() - max(bar.height() * self.share(index), 1.5))
        painter.setBrush(self._look.palette.colour(self.colour_name(index)))
        painter.drawRect(bar)

    def _paint_cell(self, painter: QPainter, index: int, cell: QRectF) -> None:
        palette, em = self._look.palette, self._look.em(8.5)
        plain, mono = self._look.font(8.5), self._look.font(8.5, mono=True)
        name, number = self._names[index], norm_text(self._norms[index])
        inside = cell.adjusted(0, 0, -min(0.8 * em, 0.15 * cell.width()), 0)
        name_width = QFontMetricsF(plain).horizontalAdvance(name) + 0.4 * em
        number_width = QFontMetricsF(mono).horizontalAdvance("0" * MOST_LETTERS) + 0.4 * em
        least = 2.0 * em
        if inside.width() >= number_width + least:
            painter.setFont(mono)
            painter.setPen(palette.colour("text"))
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), number)
            inside.setRight(inside.right() - number_width)
        if inside.width() >= name_width + least:
            painter.setFont(plain)
            painter.setPen(palette.colour("muted"))
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter), name)
            inside.setLeft(inside.left() + name_width)
        bar = QRectF(inside.left(), inside.center().y() - 0.2 * em, max(inside.width(), 1.0), 0.4 * em)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.colour("raised"))
        painter.drawRoundedRect(bar, 0.2 * em, 0.2 * em)
        bar.setWidth(max(bar.width() * self.share(index), 1.5))
        painter.setBrush(palette.colour(self.colour_name(index)))
        painter.drawRoundedRect(bar, 0.2 * em, 0.2 * em)


def norm_text(norm: float) -> str:
    """Return a norm in at most six letters: 0.31, 0.0022, 12.4, 9.7e-4, 3e-12."""
    if not math.isfinite(norm):
        return "NaN" if math.isnan(norm) else "inf"
    if norm == 0:
        return "0"
    if 9.995e-4 <= norm < 9999.5:
        return f"{norm:#.2g}" if norm < 0.995 else f"{norm:.3g}" if norm < 999.5 else f"{norm:.0f}"
    for digits in (1, 0):
        mantissa, _, exponent = f"{norm:.{digits}e}".partition("e")
        text = f"{mantissa}e{int(exponent)}"
        if len(text) <= MOST_LETTERS:
            break
    return text
