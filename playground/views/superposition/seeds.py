"""The seeds panel: what the same task gives from other first weights, so that no single answer stands for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from playground.views.fields import NumberField
from playground.views.heads import FlatButton
from playground.views.inspector.words import QuietLine, SectionHead
from playground.views.look import Look
from playground.views.superposition.colours import feature_colours
from playground.views.superposition.model_column_words import loss_words
from playground.views.superposition.seeds_atlas import SeedModels, SeedsAtlas
from playground.views.superposition.space_words import formed

MOST_SEEDS = 64
_PAUSE_MS = 250  # between two pictures of all seeds
_BETWEEN_MS = 40  # between finding out what some seeds and the next ones formed
_BUDGET = 0.008  # seconds for it at a time
_MANY = 100  # features from which on it takes long
_SHOWN = 3  # labels that are named with their counts
_ROWS = 4  # of thumbnails before the panel scrolls
_WHOLE = 16  # seeds in so many rows


class SeedsPanel(QWidget):
    """Thumbnails of all seeds of one kind of model, their losses, and how often each arrangement formed."""

    seed_chosen = Signal(int)  # the place of the seed to show
    keep_asked = Signal(object)  # tuple of the places to keep: the best one
    count_asked = Signal(int)  # how many seeds to train

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._waiting: tuple[NDArray[np.floating], NDArray[np.floating], tuple[int, ...], str] | None = None
        self._models: SeedModels | None = None
        self._unnamed: list[int] = []  # places whose label is still that of the models before
        self._kind = ""
        self._count = 0
        self.setObjectName("seeds_panel")
        self.setAccessibleName("seeds")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render_waiting)
        self.head = SectionHead(look, "seeds", "", self)
        self.atlas = SeedsAtlas(look)
        self._scroll = _Thumbnails(self.atlas, self)
        self.bar = ShareBar(look, self)
        self.line = QuietLine(look, "", parent=self)
        self.line.setObjectName("seeds_line")
        self.keep = FlatButton(
            look,
            "seeds_keep",
            "Keep the best",
            "Go on with the seed of the smallest loss alone",
            framed=True,
            parent=self,
        )
        self.field = NumberField(
            look,
            "seeds_count",
            "seeds",
            low=1,
            high=MOST_SEEDS,
            value=8,
            whole=True,
            slider=False,
            digits=3,
            tooltip="How many models of each kind are trained from other first weights, on the same examples",
            parent=self,
        )
        self._build()
        self.atlas.seed_chosen.connect(self._choose)
        self.keep.clicked.connect(self._keep)
        self.field.edit_finished.connect(self._ask_count)
        look.changed.connect(self._render_look)
        self._render_look()

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.keep)
        foot.addStretch(1)
        foot.addWidget(self.field)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        for widget in (self.head, self._scroll, self.bar, self.line):
            self._box.addWidget(widget)
        self._box.addLayout(foot)

    # ---- what others call ----

    def render_models(
        self,
        weights: NDArray[np.floating],
        losses: NDArray[np.floating],
        seeds: Sequence[int],
        *,
        chosen: int = 0,
        kind: str = "",
    ) -> None:
        """Show W ``[R, n, m]`` and the losses ``[R]`` of the seeds (their numbers); ``chosen`` is the place shown.

        ``kind`` says of which model: ``ReLU on the output``. New pictures come four times a second at most; another
        number of seeds is shown at once.
        """
        if weights.ndim != 3 or len(weights) != len(losses) or len(weights) != len(seeds) or not len(weights):
            raise ValueError(
                f"Weights {list(weights.shape)}, {len(losses)} losses and {len(seeds)} seeds do not match."
            )
        self.atlas.set_chosen(min(max(chosen, 0), len(seeds) - 1))
        self._waiting = (weights, losses, tuple(seeds), kind)
        if self._models is None or self._models.weights.shape != weights.shape:
            self._unnamed = []
            self._render_waiting()
        elif not self._timer.isActive() and self.isVisible():
            self._timer.start(_PAUSE_MS)
        self._render_line()

    def catch_up(self) -> None:
        """Show what waits now: the training stands still. Many large seeds take their time all the same."""
        while self._waiting is not None or self._unnamed:
            if self._waiting is not None and self._waiting[0].shape[1] > _MANY:
                return
            self._render_waiting()
        self._timer.stop()

    # ---- parts ----

    def _render_waiting(self) -> None:
        """Show the models that came last; what many features form is found out a few seeds at a time."""
        if not self._unnamed and self._waiting is not None:
            weights, losses, seeds, kind = self._waiting
            self._waiting = None
            before = self._models
            is_other = before is None or before.weights.shape != weights.shape
            labels = tuple(map(formed, weights)) if before is None or is_other else before.labels
            self._models = SeedModels(weights, np.asarray(losses, np.float64), labels, seeds)
            self._kind = kind
            self._unnamed = [] if is_other else list(range(len(seeds)))
        self._name_some()
        self._render_models()
        if self._unnamed:
            self._timer.start(_BETWEEN_MS)
        elif self._waiting is not None and self.isVisible():
            self._timer.start(_PAUSE_MS)

    def _name_some(self) -> None:
        """Find out what the next seeds have formed, for as long as the window can spare."""
        if self._models is None or not self._unnamed:
            return
        labels, began = list(self._models.labels), perf_counter()
        least = 1 if self._models.weights.shape[1] > _MANY else MOST_SEEDS
        for done, place in enumerate(self._unnamed[:], 1):
            labels[place] = formed(self._models.weights[place])
            self._unnamed.remove(place)
            if done >= least and perf_counter() - began > _BUDGET:
                break
        self._models = replace(self._models, labels=tuple(labels))

    def _render_models(self) -> None:
        if self._models is None:
            return
        self.atlas.render_models(self._models)
        self.bar.set_counts(Counter(self._models.labels).most_common())
        losses, count, best = self._models.losses, len(self._models.seeds), self._models.best
        of = f" of {self._kind}" if self._kind else ""
        words = f"best{of}: {loss_words(float(losses[best]))}" if best >= 0 else "no loss is a number"
        self.head.set_text("1 seed" if count == 1 else f"{count} seeds", words)
        self.setAccessibleDescription(f"{count} seeds, {words}")
        self.keep.setEnabled(count > 1 and best >= 0)
        why = "" if count > 1 else "\nThere is only one seed."
        why = why or ("" if best >= 0 else "\nNo loss is a number any more.")
        self.keep.setToolTip(f"Go on with the seed of the smallest loss alone; undo brings the others back.{why}")
        if count != self._count:
            self._count = count
            self.field.set_value(count)
            self._scroll.fit(count)
        self._render_line()

    def _render_line(self) -> None:
        """Say whether the seed that is shown stands for all."""
        if self._models is None:
            return
        labels, place = self._models.labels, self.atlas.chosen()
        count, kinds = len(labels), len(set(labels))
        this = labels[place] if place < count else ""
        if count == 1:
            words = "One seed may not stand for all: train more to see."
        elif kinds > 1:
            words = f"{kinds} arrangements among {count} seeds: this is one of them ({this})."
        else:
            words = f"All {count} seeds formed the same: {this}."
        if words != self.line.text():
            self.line.setText(words)

    def _choose(self, place: int) -> None:
        self._render_line()
        self.seed_chosen.emit(place)

    def _keep(self) -> None:
        if self._models is not None and self._models.best >= 0:
            self.keep_asked.emit((self._models.best,))

    def _ask_count(self) -> None:
        count = self.field.value()
        if count is not None and int(count) != self._count:
            self.count_asked.emit(int(count))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._render_waiting()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _render_look(self) -> None:
        em = self._look.em()
        self._box.setSpacing(round(0.4 * em))
        self._scroll.updateGeometry()


class _Thumbnails(QScrollArea):
    """Shows up to four rows of thumbnails whole; more of them scroll."""

    def __init__(self, atlas: SeedsAtlas, parent: QWidget) -> None:
        super().__init__(parent)
        self._atlas = atlas
        self.setWidget(atlas)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        atlas.setAutoFillBackground(False)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.fit(1)

    def fit(self, count: int) -> None:
        """Take room for so many seeds."""
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if count > _WHOLE else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(bar)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the thumbnails, of four rows at most."""
        return self._atlas.heightForWidth(width, _ROWS)

    def sizeHint(self) -> QSize:
        """Return the size in which the thumbnails read well."""
        width = self._atlas.sizeHint().width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return self._atlas.minimumSizeHint()


class ShareBar(QWidget):
    """How many seeds formed what: a stacked bar, and the counts in words."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._counts: tuple[tuple[str, int], ...] = ()
        self._words = QuietLine(look, "", parent=self)
        self._words.setObjectName("seeds_shares")
        self._box = QVBoxLayout(self)
        self._box.addWidget(self._words)
        self.setObjectName("seeds_bar")
        self.setAccessibleName("share of each arrangement")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_counts(self, counts: Sequence[tuple[str, int]]) -> None:
        """Show labels and how many seeds formed each, the most frequent first."""
        found = tuple(counts)
        if found == self._counts:
            return
        self._counts = found
        total = sum(count for _, count in found)
        parts = [f"{name}: {count} of {total}" for name, count in found]
        words = " · ".join(parts[:_SHOWN])
        if len(parts) > _SHOWN:
            words += f" · {len(parts) - _SHOWN} others"
        self._words.setText(words)
        self.setToolTip("\n".join(parts))
        self.setAccessibleDescription(", ".join(parts))
        self.update()

    def words(self) -> str:
        """Return the counts as they are written."""
        return self._words.text()

    def sizeHint(self) -> QSize:
        """Return the room of the bar and a line."""
        return self._box.sizeHint()

    def _render_look(self) -> None:
        self._box.setContentsMargins(0, round(0.75 * self._look.em()), 0, 0)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the parts side by side."""
        total = sum(count for _, count in self._counts)
        if not total:
            return
        em = self._look.em()
        painter = QPainter(self)
        colours = feature_colours(len(self._counts), self._look.palette)
        left, height = 0.0, 0.5 * em
        for colour, (_, count) in zip(colours, self._counts, strict=True):
            width = self.width() * count / total
            painter.fillRect(QRectF(left, 0.1 * em, max(width - 1.0, 1.0), height), colour)
            left += width
        painter.end()
