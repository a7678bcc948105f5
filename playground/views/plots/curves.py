"""Loss and accuracy of a training side by side, against true steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QCloseEvent, QHideEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from playground.engine.snapshots import Curves, Evaluation, Mark, Snapshot
from playground.views.calm import Calm
from playground.views.heads import FlatButton
from playground.views.look import Look
from playground.views.plots.errors import NO_ACCURACY, LossScale, OwnUnit
from playground.views.plots.export import Figure, png_of, svg_of
from playground.views.plots.head import PlotHead
from playground.views.plots.overlay import Crosshair, mark_lines
from playground.views.plots.points import csv_text, loss_text, percent_text
from playground.views.plots.saving import PlotSaving
from playground.views.plots.trace import Trace, TracePlot

READING = "Drag to zoom in, wheel for the steps, double-click for all; arrow keys read the points."
_NONE: Curves = Curves(np.zeros(0, np.int64), np.zeros((0, 4)))


class CurvePlots(QWidget):
    """Shows the curves of snapshots; draws only what changed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._curves, self._ghost = _NONE, _NONE
        self._segment: int | None = None
        self._applied_seq = -1
        self._evaluation: Evaluation | None = None
        self._pointed_step: int | None = None
        self._marks: tuple[Mark, ...] = ()
        self._unit: OwnUnit | None = None
        self._is_squared = False
        self._calm = Calm(self)
        self._calm.due.connect(self._show_snapshot)
        self.setObjectName("curve_plots")
        self.setAccessibleName("Curves of the training")
        self.loss = TracePlot(look, "loss", "loss_plot", self)
        self.accuracy = TracePlot(look, "share", "accuracy_plot", self)
        self._plots = (self.loss, self.accuracy)
        self._heads = (PlotHead(look, "Loss", self), PlotHead(look, "Accuracy", self))
        self._log = FlatButton(
            look, "loss_log", "log", "Loss on a logarithmic scale: equal factors are equal heights.",
            accessible="Logarithmic loss", parent=self,
        )  # fmt: skip
        self._log.setCheckable(True)
        hint = "Back to the whole picture (double-click does it too)."
        self._all = FlatButton(look, "curves_all", "all", hint, accessible="Show all steps", parent=self)
        self._all.hide()
        self.saving = self._new_saving()
        self._arrange()
        self._connect()
        self._render_look()

    # ---- what others call --------------------------------------------------------------------------------------

    def render_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is new in ``snapshot``: at once what the user did and where it pauses, points a little later."""
        is_news = snapshot.segment != self._segment or snapshot.marks is not self._marks
        self._calm.offer(snapshot, at_once=is_news or not snapshot.is_running)

    def set_unit(self, unit: OwnUnit | None, scale: LossScale) -> None:
        """Tell errors in the unit of what is predicted (None where there are classes), and in which the loss is."""
        self._unit = unit
        self._heads[0].set_title(scale.title, scale.hint)
        self.loss.setToolTip(f"{scale.hint}\n{READING}".strip())
        self._point_at(self._pointed_index())
        self._render_latest()

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self._is_squared = snapshot.settings.loss == "squared_error"
        curves = snapshot.curves or _NONE
        is_new_segment = self._segment is not None and snapshot.segment != self._segment
        if is_new_segment and self._was_reset(snapshot):
            self._begin_segment()
        elif is_new_segment or not _goes_on(self._curves, curves):
            self._begin_anew()
        self._segment, self._applied_seq = snapshot.segment, snapshot.applied_seq
        has_changed = is_new_segment or not _are_same(curves, self._curves)
        if has_changed:
            self._curves = curves
            for plot, trace in zip(self._plots, self._traces(curves), strict=True):
                plot.set_trace(*trace)
            self._point_at(self._pointed_index())
        for plot in self._plots:
            plot.set_reach(snapshot.step)
        if has_changed or snapshot.evaluation != self._evaluation:
            self._evaluation = snapshot.evaluation
            self._render_latest()
        if snapshot.marks is not self._marks:
            self._marks = snapshot.marks
            self._point_at(self._pointed_index())
            for plot in self._plots:
                plot.overlay.set_marks(snapshot.marks)
            # two losses are not to be compared; the accuracy is the same under any
            self.loss.set_breaks([mark.step for mark in snapshot.marks if mark.kind == "loss"])

    def curves(self) -> Curves:
        """Return the points that are shown."""
        return self._curves

    def is_log(self) -> bool:
        """Return whether the loss is on a logarithmic scale."""
        return self._log.isChecked()

    def set_log(self, is_log: bool) -> None:
        """Show the loss on a logarithmic scale, or not."""
        self._log.setChecked(is_log)

    def show_all(self) -> None:
        """Go back to the whole picture."""
        for plot in self._plots:
            plot.show_all()
        self._all.hide()

    # ---- data --------------------------------------------------------------------------------------------------

    @staticmethod
    def _traces(curves: Curves) -> tuple[Trace, Trace]:
        steps = curves.steps.astype(np.float64)
        values: NDArray[np.float64] = curves.values
        return (steps, values[:, 0], values[:, 2]), (steps, values[:, 1], values[:, 3])

    def _was_reset(self, snapshot: Snapshot) -> bool:
        """Say whether this training was put back since the last look; if not, its curves are of another project."""
        return any(
            mark.kind == "reset" and self._applied_seq < mark.seq <= snapshot.applied_seq for mark in snapshot.marks
        )

    def _begin_segment(self) -> None:
        """Keep the curves as ghosts: the training starts anew."""
        self._ghost = Curves(self._curves.steps.copy(), self._curves.values.copy())
        self._curves = _NONE
        for plot, trace in zip(self._plots, self._traces(self._ghost), strict=True):
            plot.set_reach(0)
            plot.set_ghost(*trace)

    def _begin_anew(self) -> None:
        """Drop ranges, zoom and ghosts: these are the curves of another training, or of other data."""
        self._ghost = _NONE
        for plot, trace in zip(self._plots, self._traces(_NONE), strict=True):
            plot.set_reach(0)
            plot.set_ghost(*trace)
        self.show_all()

    def _latest(self) -> tuple[int, NDArray[np.float64]] | None:
        """Return step and row of the latest measurement."""
        found = self._evaluation
        if found is not None and (not len(self._curves.steps) or found.step >= int(self._curves.steps[-1])):
            train, validation = found.train, found.validation
            row = np.array([train.loss, train.accuracy, validation.loss, validation.accuracy])
            return found.step, row
        if len(self._curves.steps):
            return int(self._curves.steps[-1]), self._curves.values[-1]
        return None

    def _render_latest(self) -> None:
        latest = self._latest()
        has_ghost = len(self._ghost.steps) > 0
        for column, (plot, head) in enumerate(zip(self._plots, self._heads, strict=True)):
            if latest is None:
                head.set_values("", "", has_ghost=has_ghost)
                plot.overlay.set_ring(None)
                continue
            step, row = latest
            pair = (float(row[column]), float(row[column + 2]))
            text = loss_text if plot is self.loss else percent_text
            words = [text(value) if np.isfinite(value) else "∞" if np.isinf(value) else "–" for value in pair]
            head.set_values(*words, has_ghost=has_ghost)
            plot.overlay.set_ring(self._ring(plot, step, row, pair))
        shares = self._curves.values[:, 1]
        self.accuracy.overlay.set_note(self._error_words(latest) if len(shares) and np.isnan(shares).all() else "")

    def _error_words(self, latest: tuple[int, NDArray[np.float64]] | None) -> str:
        if self._unit is None or latest is None or not self._is_squared:
            return NO_ACCURACY
        return self._unit.words(float(latest[1][0]), float(latest[1][2]))

    def _ring(
        self, plot: TracePlot, step: int, row: NDArray[np.float64], pair: tuple[float, float]
    ) -> tuple[float, tuple[tuple[str, float], ...]] | None:
        """Return the measurement after an edit, which is no point of the curve; None where it is one."""
        steps = self._curves.steps
        is_point = len(steps) and int(steps[-1]) == step
        if len(steps) > 1 and is_point and np.array_equal(self._curves.values[-1], row, equal_nan=True):
            return None  # (a single point makes no line yet: it is shown by its ring)
        dots = zip(("train", "validation"), pair, strict=True)
        return float(step), tuple((name, plot.ordinate(value)) for name, value in dots if np.isfinite(value))

    # ---- pointing ----------------------------------------------------------------------------------------------

    def _pointed_index(self) -> int:
        """Return where the point that is being read stands now that there are more points, -1 where it is gone."""
        steps, step = self._curves.steps, self._pointed_step
        if step is None or not len(steps):
            return -1
        index = int(np.searchsorted(steps, step))
        return index if index < len(steps) and int(steps[index]) == step else -1

    def _point_at(self, index: int) -> None:
        is_there = 0 <= index < len(self._curves.steps)
        self._pointed_step = int(self._curves.steps[index]) if is_there else None
        for column, plot in enumerate(self._plots):
            if not 0 <= index < len(self._curves.steps):
                plot.show_point(None, -1)
                plot.setAccessibleDescription("")
                continue
            step = int(self._curves.steps[index])
            pair = (float(self._curves.values[index, column]), float(self._curves.values[index, column + 2]))
            words = [loss_text(value, 6) if plot is self.loss else percent_text(value, 3) for value in pair]
            if plot is self.loss:
                words = [word + self._in_unit(step, loss) for word, loss in zip(words, pair, strict=True)]
            lines = [("text", f"step {step:,}"), ("train", f"train {words[0]}"), ("validation", f"valid. {words[1]}")]
            lines += mark_lines(plot.overlay.marks_near(plot.to_pixel(step, 0.0).x()))
            dots = tuple(
                (name, plot.ordinate(value))
                for name, value in zip(("train", "validation"), pair, strict=True)
                if np.isfinite(value)
            )
            plot.show_point(Crosshair(step, tuple(lines), dots), index)
            plot.setAccessibleDescription(", ".join(text for _, text in lines))

    def _in_unit(self, step: int, loss: float) -> str:
        """Return the error that a loss stands for; nothing before the data changed, which had another unit."""
        changed = max((mark.step for mark in self._marks if mark.kind == "data"), default=-1)
        return f" (RMSE {self._unit.text(loss)})" if self._unit and self._is_squared and step >= changed else ""

    def _note_zoom(self) -> None:
        for plot in self._plots:
            plot.follow_zoom()
        self._all.show()

    def _read_log(self, is_log: bool) -> None:
        (trace, _), (ghost, _) = self._traces(self._curves), self._traces(self._ghost)
        self.loss.set_log(is_log, trace, ghost)
        self._render_latest()

    # ---- building ----------------------------------------------------------------------------------------------

    def _new_saving(self) -> PlotSaving:
        saving = PlotSaving(self._look, "curves", "Save the curves", self._figure, self._content, self)
        action = saving.menu.addAction("Show all steps")
        action.setObjectName("curves_all")
        action.triggered.connect(self.show_all)
        return saving

    def _content(self, kind: str) -> bytes:
        if kind == "csv":
            return csv_text(self._curves).encode()
        figure = self._figure()
        return svg_of(figure, "Loss and accuracy") if kind == "svg" else png_of(figure)

    def _figure(self) -> Figure:
        """Return what belongs in a picture: heads and plots, no buttons."""
        return Figure((*self._heads, *self._plots), self.size(), self._look.palette.colour("window"))

    def _arrange(self) -> None:
        tops = [QHBoxLayout(), QHBoxLayout()]
        for top, head in zip(tops, self._heads, strict=True):
            top.setSpacing(4)
            top.addWidget(head, 1)
        tops[0].addWidget(self._log)
        tops[1].addWidget(self._all)
        tops[1].addWidget(self.saving.button)
        grid = QGridLayout(self)
        grid.setVerticalSpacing(0)
        for column, (top, plot) in enumerate(zip(tops, self._plots, strict=True)):
            grid.addLayout(top, 0, column)
            grid.addWidget(plot, 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        grid.addWidget(self.saving.message, 2, 0, 1, 2)
        self._grid = grid

    def _connect(self) -> None:
        words = {"loss_plot": "Loss against steps", "accuracy_plot": "Accuracy against steps"}
        for plot in self._plots:
            plot.setAccessibleName(words[plot.objectName()])
            plot.setToolTip(READING)
            plot.hovered.connect(self._point_at)
            plot.zoomed.connect(self._note_zoom)
            plot.reset_requested.connect(self.show_all)
        self.accuracy.setXLink(self.loss)
        self._log.toggled.connect(self._read_log)
        self._look.changed.connect(self._render_look)

    def _render_look(self) -> None:
        em = self._look.em()
        self._grid.setContentsMargins(round(0.8 * em), round(0.5 * em), round(0.6 * em), round(0.3 * em))
        self._grid.setHorizontalSpacing(round(1.6 * em))
        for plot in self._plots:
            plot.render_look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let no timer run out of sight."""
        self._calm.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take the plots apart in the order that they need."""
        self.saving.message.stop()
        self._calm.stop()
        for plot in self._plots:
            plot.close()
        super().closeEvent(event)


def _goes_on(old: Curves, new: Curves) -> bool:
    """Say whether ``new`` is the same run as ``old``: its first point is the same."""
    if not len(old.steps):
        return True
    if not len(new.steps):
        return False
    return bool(old.steps[0] == new.steps[0]) and np.array_equal(old.values[0], new.values[0], equal_nan=True)


def _are_same(a: Curves, b: Curves) -> bool:
    """Say whether two read-outs show the same points: the buffers only ever grow, or are replaced from some step on."""
    if a is b:
        return True
    if len(a.steps) != len(b.steps):
        return False
    if not len(a.steps):
        return True
    return bool(a.steps[-1] == b.steps[-1]) and np.array_equal(a.values[-1], b.values[-1], equal_nan=True)
