"""Losses of all kinds of models against steps, beside the closed form of the linear optimum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QCloseEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.snapshots import Mark
from playground.engine.superposition.snapshots import LossCurves
from playground.views.heads import FlatButton
from playground.views.look import Look
from playground.views.plots.export import Figure
from playground.views.plots.overlay import Crosshair, mark_lines
from playground.views.plots.points import loss_text
from playground.views.superposition.loss_plot_traces import KindCurve, LossTraces
from playground.views.superposition.model_column_words import COLUMN_NAMES, KIND_COLOURS, SHORT_NAMES

_SCALE = 1e3  # losses are quoted times 1000
_NONE = LossCurves(np.zeros(0, np.int64), np.zeros((0, 0, 0)))


class LossHead(QWidget):
    """The name of the plot, and every kind with its best loss in the kind's colour."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._entries: tuple[tuple[str, str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Loss × 10⁻³ of the best seed")
        look.changed.connect(self._render_look)

    def set_entries(self, entries: Sequence[tuple[str, str, str]]) -> None:
        """Show colour name, kind and number of each."""
        found = tuple(entries)
        if found != self._entries:
            self._entries = found
            self.setAccessibleDescription(", ".join(f"{COLUMN_NAMES[kind]} {number}" for _, kind, number in found))
            self.update()

    def entries(self) -> tuple[tuple[str, str, str], ...]:
        """Return what is shown."""
        return self._entries

    def sizeHint(self) -> QSize:
        """Return one line of text."""
        em = self._look.em(9.0)
        return QSize(round(12 * em), round(1.35 * em))

    def minimumSizeHint(self) -> QSize:
        """Return room for the numbers."""
        return QSize(round(6 * self._look.em(9.0)), self.sizeHint().height())

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the name, and the kinds as fully as there is room: with names, or their numbers alone."""
        palette, em = self._look.palette, self._look.em(9.0)
        painter = QPainter(self)
        plain, mono = self._look.font(8.5), self._look.font(8.5, mono=True)
        metrics, digits = QFontMetricsF(plain), QFontMetricsF(mono)
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.setFont(plain)
        painter.setPen(palette.colour("muted"))
        names = self._names(metrics, digits)
        parts = zip(self._entries, names, strict=True)
        wide = sum(
            digits.horizontalAdvance(number) + metrics.horizontalAdvance(name) + (1.0 if name else 0.6) * em
            for (_, _, number), name in parts
        )
        titles = ("Loss × 10⁻³, best seed", "Loss × 10⁻³", "Loss")
        title = next((words for words in titles if metrics.horizontalAdvance(words) + em <= self.width() - wide), "")
        painter.drawText(QPointF(0, baseline), title)
        x = self.width() - wide + 0.7 * em
        for (colour, _, number), name in zip(self._entries, names, strict=True):
            painter.setPen(palette.colour(colour))
            painter.setFont(plain)
            painter.drawText(QPointF(x, baseline), name)
            x += metrics.horizontalAdvance(name) + (0.3 * em if name else 0.0)
            painter.setFont(mono)
            painter.drawText(QPointF(x, baseline), number)
            x += digits.horizontalAdvance(number) + (0.7 if name else 0.6) * em
        painter.end()

    def _names(self, metrics: QFontMetricsF, digits: QFontMetricsF) -> list[str]:
        """Return what the kinds are called in the room that there is: in full, in short, or not at all."""
        em = self._look.em(9.0)
        left = self.width() - sum(digits.horizontalAdvance(number) + em for _, _, number in self._entries)
        kinds = [kind for _, kind, _ in self._entries]
        for names, title in ((COLUMN_NAMES, "Loss × 10⁻³"), (SHORT_NAMES, "Loss"), (SHORT_NAMES, "")):
            words = [names[kind] for kind in kinds]
            if sum(metrics.horizontalAdvance(word) for word in words) + metrics.horizontalAdvance(title) + em <= left:
                return words
        return [""] * len(kinds)


class LossPlot(QWidget):
    """The curves of all kinds: bold the seed that is best now, a band from the lowest to the highest seed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._curves = _NONE
        self._kinds: tuple[str, ...] = ()
        self._segment: int | None = None
        self._optimum: float | None = None
        self._marks: tuple[Mark, ...] = ()
        self._step: int | None = None  # that is being read
        self._latest: tuple[float, ...] = ()
        self.setObjectName("sandbox_loss")
        self.setAccessibleName("Losses against steps")
        self.head = LossHead(look, self)
        self.plot = LossTraces(look, self)
        self.plot.setAccessibleName("Loss against steps")
        self.plot.setToolTip(
            "Dashed: the best that a linear model can do, in closed form. Drag to zoom in, wheel for the steps,\n"
            "double-click for all; arrow keys read the points."
        )
        self._log = FlatButton(
            look, "sandbox_loss_log", "log", "Losses on a logarithmic scale: equal factors are equal heights.",
            accessible="Logarithmic losses", parent=self,
        )  # fmt: skip
        self._log.setCheckable(True)
        hint = "Back to the whole picture (double-click does it too)."
        self._all = FlatButton(look, "sandbox_loss_all", "all", hint, accessible="Show all steps", parent=self)
        self._all.hide()
        self._arrange()
        self._connect()
        self._render_look()

    # ---- what others call ----

    def show_curves(
        self,
        curves: LossCurves | None,
        kinds: Sequence[str],
        *,
        optimum: float | None = None,
        segment: int = 0,
        marks: tuple[Mark, ...] = (),
    ) -> None:
        """Show losses ``[points, K, R]`` of ``kinds``, not scaled; ``optimum`` is the loss of the closed form.

        Another ``segment`` is another run: its ranges start anew.
        """
        held = curves or _NONE
        is_other = segment != self._segment or tuple(kinds) != self._kinds
        if is_other:
            self.plot.start_anew()
            self.show_all()
        if is_other or optimum != self._optimum or not _are_same(held, self._curves):
            self._curves, self._kinds, self._segment, self._optimum = held, tuple(kinds), segment, optimum
            self._render_curves()
        if marks is not self._marks:
            self._marks = marks
            self.plot.overlay.set_marks(marks)

    def set_log(self, is_log: bool) -> None:
        """Show the losses on a logarithmic scale, or not."""
        self._log.setChecked(is_log)

    def is_log(self) -> bool:
        """Return whether the losses are on a logarithmic scale."""
        return self._log.isChecked()

    def show_all(self) -> None:
        """Go back to the whole picture."""
        self.plot.show_all()
        self._all.hide()

    def figure(self) -> Figure:
        """Return what belongs in a picture: head and plot, no buttons."""
        return Figure((self.head, self.plot), self.size(), self._look.palette.colour("window"))

    # ---- inside ----

    def _render_curves(self) -> None:
        kinds = self._kind_curves()
        optimum = None if self._optimum is None else _SCALE * self._optimum
        self.plot.show_kinds(self._steps(), kinds, optimum)
        self.head.set_entries([(kind.colour, kind.kind, _latest_text(kind)) for kind in kinds])
        self.plot.overlay.set_note("" if len(self._curves.steps) else "no steps yet")
        self._point_at(self._pointed())

    def _steps(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return self._curves.steps.astype(np.float64)

    def _kind_curves(self) -> tuple[KindCurve, ...]:
        losses = _SCALE * self._curves.losses  # [points, K, R]
        if not len(losses) or losses.shape[1] != len(self._kinds):
            return ()
        with np.errstate(invalid="ignore"):
            held = np.where(np.isfinite(losses), losses, np.nan)
        lowest, highest = np.fmin.reduce(held, axis=2), np.fmax.reduce(held, axis=2)  # [points, K]
        found = []
        for at, kind in enumerate(self._kinds):
            last = np.nan_to_num(losses[-1, at], nan=np.inf)
            best = held[:, at, int(last.argmin())]
            found.append(KindCurve(kind, KIND_COLOURS[kind], best, lowest[:, at], highest[:, at]))
        return tuple(found)

    def _pointed(self) -> int:
        steps, step = self._curves.steps, self._step
        if step is None or not len(steps):
            return -1
        index = int(np.searchsorted(steps, step))
        return index if index < len(steps) and int(steps[index]) == step else -1

    def _point_at(self, index: int) -> None:
        """Show the exact losses at a point, -1: at none."""
        if not 0 <= index < len(self._curves.steps):
            self._step = None
            self.plot.show_point(None, -1)
            return
        step = self._curves.steps[index]
        self._step = int(step)
        lines, dots = [("text", f"step {int(step):,}")], []
        for kind in self._kind_curves():
            best, low, high = (float(part[index]) for part in (kind.best, kind.lowest, kind.highest))
            words = f"{COLUMN_NAMES[kind.kind]} {loss_text(best)}"
            lines.append((kind.colour, words if low == high else f"{words}  ({loss_text(low)} to {loss_text(high)})"))
            if np.isfinite(best):
                dots.append((kind.colour, self.plot.ordinate(best)))
        if self._optimum is not None:
            lines.append(("muted", f"linear optimum {loss_text(_SCALE * self._optimum)}"))
        near = self.plot.overlay.marks_near(self.plot.to_pixel(float(step), 0.0).x())
        lines += mark_lines(near)
        self.plot.show_point(Crosshair(float(step), tuple(lines), tuple(dots)), index)
        self.plot.setAccessibleDescription(", ".join(words for _, words in lines))

    def _read_log(self, is_log: bool) -> None:
        self.plot.set_log_scale(is_log, self._steps())
        self._all.hide()
        self._point_at(self._pointed())

    # ---- building ----

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.head, 1)
        top.addWidget(self._all)
        top.addWidget(self._log)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addWidget(self.plot, 1)

    def _connect(self) -> None:
        self.plot.hovered.connect(self._point_at)
        self.plot.zoomed.connect(self._all.show)
        self.plot.reset_requested.connect(self.show_all)
        self._all.clicked.connect(self.show_all)
        self._log.toggled.connect(self._read_log)
        self._look.changed.connect(self._render_look)

    def _render_look(self) -> None:
        self.plot.render_look()
        self.updateGeometry()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take the plot apart before its events can reach what is gone."""
        self.plot.close()
        super().closeEvent(event)


def _latest_text(kind: KindCurve) -> str:
    value = float(kind.best[-1])
    return loss_text(value) if np.isfinite(value) else "no number"


def _are_same(a: LossCurves, b: LossCurves) -> bool:
    """Say whether two read-outs show the same points: curves only grow, or begin anew."""
    if a is b:
        return True
    if a.losses.shape != b.losses.shape:
        return False
    if not len(a.steps):
        return True
    return bool(a.steps[-1] == b.steps[-1]) and np.array_equal(a.losses[-1], b.losses[-1], equal_nan=True)
