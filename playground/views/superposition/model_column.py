"""One kind of model as a column: name, formula, loss, W Wᵀ or W, norms and biases."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from playground.engine.superposition.problem import ABS
from playground.views.look import Look
from playground.views.superposition.bars import NormBars
from playground.views.superposition.bars_bias import BiasBars
from playground.views.superposition.focus_painted import FocusPainted
from playground.views.superposition.gram import GramHeatmap
from playground.views.superposition.model_column_head import ColumnHead, Readout
from playground.views.superposition.model_column_reading import ColumnReading, ColumnScales
from playground.views.superposition.model_column_words import (
    COLUMN_NAMES,
    announce,
    feature_words,
    pair_words,
    spoken_feature,
)
from playground.views.superposition.weight_grid import WeightGrid

GRAM, WEIGHTS = "gram", "weights"
_WIDEST, _LEAST = 34.0, 6.0  # em: of the picture
_WORDS = 13.0  # em: that the words of a column need, however small its picture
_PICTURE_SHARE = 0.6  # of the width that the picture takes where the bars stand beside it
_UNBOUNDED = 16_777_215  # pixels: what Qt takes for no bound
Pointed = tuple[int, int] | int | None


class ModelColumn(FocusPainted):
    """Shows one model. A click anywhere, Enter or Space choose its kind.

    ``pointed`` carries what is under the mouse: (row, column) of W Wᵀ, a feature, or None.
    """

    chosen = Signal()
    pointed = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._reading: ColumnReading | None = None
        self._scales = ColumnScales()
        self._is_chosen = False
        self._height = 0  # of the room in sight, 0: not known
        self._is_alone = False
        self._widest = round(_WIDEST * look.em())  # pixels: of the picture
        self._pointed: Pointed = None
        self.head = ColumnHead(look, self)
        self.gram = GramHeatmap(look, self)
        self.grid = WeightGrid(look, self)
        self.readout = Readout(look, self)
        self.norms = NormBars(look, self)
        self.biases = BiasBars(look, self)
        self.setObjectName("model_column")
        self.setToolTip("Click to choose this kind of model: the hand, the seeds and the probe then work on it.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._arrange()
        self._connect()
        self._render_look()

    # ---- what others call ----

    def show_reading(self, reading: ColumnReading, scales: ColumnScales, applied_seq: int | None = None) -> None:
        """Show another moment; ``applied_seq`` is the number of the latest command that it includes."""
        if self._reading is None or reading.kind != self._reading.kind:
            self.setAccessibleName(f"{COLUMN_NAMES[reading.kind]} model")
        if reading is self._reading and scales == self._scales:
            self.grid.show_model(reading, scales.weight, applied_seq)  # it waits for what was painted
            return
        has_fewer = self._reading is not None and reading.features < self._reading.features
        self._reading, self._scales = reading, scales
        if has_fewer:  # what was pointed at may be gone
            self.show_pointed(self._pointed)
        self.head.show_reading(reading, is_chosen=self._is_chosen)
        if self.picture() == GRAM:
            self.gram.show_gram(reading.gram, scales.gram)
        self.grid.show_model(reading, scales.weight, applied_seq)
        self.norms.show_reading(reading, scales)
        self.biases.show_reading(reading, scales)
        self._say_pointed()

    def reading(self) -> ColumnReading | None:
        """Return what is shown."""
        return self._reading

    def set_chosen(self, is_chosen: bool) -> None:
        """Mark the column as the one that the hand works on."""
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            if self._reading is not None:
                self.head.show_reading(self._reading, is_chosen=is_chosen)
            self.update()

    @property
    def is_chosen(self) -> bool:
        """Return whether the column is marked."""
        return self._is_chosen

    def set_picture(self, picture: str) -> None:
        """Show ``gram`` (W Wᵀ) or ``weights`` (W as a grid)."""
        self._stack.setCurrentWidget(self.gram if picture == GRAM else self.grid)
        if self._reading is not None and picture == GRAM:
            self.gram.show_gram(self._reading.gram, self._scales.gram)

    def picture(self) -> str:
        """Return which picture is shown."""
        return GRAM if self._stack.currentWidget() is self.gram else WEIGHTS

    def show_pointed(self, pointed: Pointed) -> None:
        """Light up what is pointed at, here or in the column beside, and tell its numbers."""
        count = 0 if self._reading is None else self._reading.features
        features = pointed if isinstance(pointed, tuple) else () if pointed is None else (pointed,)
        if any(not 0 <= feature < count for feature in features):
            pointed, features = None, ()
        self._pointed = pointed
        self.gram.show_pair(pointed if isinstance(pointed, tuple) else None)
        self.norms.show_marked(features)
        self.biases.show_marked(features)
        self.grid.show_feature(features[0] if features else -1)
        self._say_pointed()

    def acknowledge(self, seq: int) -> None:
        """Take the number under which the wish that is being emitted was asked for."""
        self.grid.acknowledge(seq)

    # ---- pointing ----

    def _say_pointed(self) -> None:
        reading, pointed = self._reading, self._pointed
        if reading is None:
            return
        if isinstance(pointed, tuple):
            self.readout.show_text(pair_words(reading, *pointed))
        elif pointed is not None:
            self.readout.show_text(feature_words(reading, pointed))
        else:
            self.readout.show_text(resting_words(reading), is_quiet=True)

    def _note_pair(self, pair: tuple[int, int] | None) -> None:
        self._note(self.gram, pair)

    def _note_norm(self, feature: int) -> None:
        self._note(self.norms, feature if feature >= 0 else None)

    def _note_bias(self, feature: int) -> None:
        self._note(self.biases, feature if feature >= 0 else None)

    def _note_cell(self, feature: int) -> None:
        self._note(self.grid, feature if feature >= 0 else None)

    def _note(self, part: QWidget, pointed: Pointed) -> None:
        self.show_pointed(pointed)
        if self._reading is not None and pointed is not None and part.hasFocus() and part is not self.grid:
            words = pair_words(self._reading, *pointed) if isinstance(pointed, tuple) else ""
            announce(part, words or spoken_feature(self._reading, pointed if isinstance(pointed, int) else 0))
        self.pointed.emit(self._pointed)

    def _say_cell(self, words: str) -> None:
        if words:
            self.readout.show_text(words)
        else:
            self._say_pointed()

    def _refuse(self, sentence: str) -> None:
        self.readout.show_text(sentence, is_error=True)
        announce(self, sentence)

    # ---- choosing ----

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose the kind with every press in one of the parts, before the part acts on it."""
        if event.type() == QEvent.Type.MouseButtonPress and not self._is_chosen:
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the kind."""
        is_in_part = self.childAt(event.position().toPoint()) is not None  # (then it is chosen already)
        if event.button() == Qt.MouseButton.LeftButton and not self._is_chosen and not is_in_part:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the kind with Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    # ---- building ----

    def _arrange(self) -> None:
        self._room = QWidget(self)
        self._room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._stack = QStackedLayout(self._room)
        self._stack.addWidget(self.gram)
        self._stack.addWidget(self.grid)
        picture, bars = QVBoxLayout(), QVBoxLayout()
        for part in (self._room, self.readout):
            picture.addWidget(part)
        picture.addStretch(1)
        for bar in (self.norms, self.biases):
            bars.addWidget(bar)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._parts.addLayout(picture)
        self._parts.addLayout(bars, 1)
        box = QVBoxLayout(self)
        box.addWidget(self.head)
        box.addLayout(self._parts)
        box.addStretch(1)
        self._box, self._lines = box, (box, picture, bars)

    def _connect(self) -> None:
        self.gram.pointed.connect(self._note_pair)
        self.norms.pointed.connect(self._note_norm)
        self.biases.pointed.connect(self._note_bias)
        self.grid.feature_pointed.connect(self._note_cell)
        self.grid.cell_pointed.connect(self._say_cell)
        self.grid.refused.connect(self._refuse)
        self.biases.refused.connect(self._refuse)
        for part in (self.head, self.gram, self.grid, self.readout, self.norms, self.biases):
            part.installEventFilter(self)
        self._look.changed.connect(self._render_look)

    def _render_look(self) -> None:
        em = self._look.em()
        self._box.setContentsMargins(round(0.7 * em), round(0.45 * em), round(0.7 * em), round(0.4 * em))
        for line in self._lines:
            line.setSpacing(round(0.35 * em))
        self._render_direction()
        self.setMinimumWidth(round(9.8 * em))
        self.fit_height(self._height)
        self.update()

    def set_alone(self, *, is_alone: bool) -> None:
        """Take all of the room: with no other model beside it, the bars stand beside the picture."""
        if is_alone != self._is_alone:
            self._is_alone = is_alone
            self._render_direction()
            self.fit_height(self._height)

    def _render_direction(self) -> None:
        em, way = self._look.em(), QBoxLayout.Direction
        self._parts.setDirection(way.LeftToRight if self._is_alone else way.TopToBottom)
        upright = QSizePolicy.Policy.Expanding if self._is_alone else QSizePolicy.Policy.Fixed
        for bar in (self.norms, self.biases):
            bar.setSizePolicy(QSizePolicy.Policy.Expanding, upright)
        self._parts.setSpacing(round((1.5 if self._is_alone else 0.35) * em))

    def fit_height(self, height: int) -> None:
        """Be no wider than lets the square picture and all below it fit into ``height``; 0: any will do."""
        em = self._look.em()
        self._height = height
        for layout in (*self._lines, self._parts):
            layout.invalidate()  # rows within rows keep what they knew until the window lays them out
        widest = self._side(height - (self.sizeHint().height() - self._room.height()))
        self.setMaximumWidth(_UNBOUNDED if self._is_alone else round(max(widest, _WORDS * em) + 1.4 * em))
        self._widest = round(widest)
        self._fit_picture()

    def _side(self, room: int) -> float:
        """Return how large the picture may be where so many pixels are left for it."""
        em = self._look.em()
        return min(max(room, _LEAST * em), _WIDEST * em) if self._height else _WIDEST * em

    def event(self, event: QEvent) -> bool:
        """Keep the picture square at every width."""
        if event.type() == QEvent.Type.Resize:
            self._fit_picture()
        return super().event(event)

    def _fit_picture(self) -> None:
        """Make the picture square: as wide as the column, or as high as it where the bars stand beside."""
        margins = self._box.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        if not self._is_alone:
            side = max(1, min(width, self._widest))
            self._room.setFixedSize(side, side)
            for bars in (self.norms, self.biases):  # each bar below the column of its feature
                bars.setMaximumWidth(side)
            return
        for bars in (self.norms, self.biases):
            bars.setMaximumWidth(_UNBOUNDED)
        words = self.head.sizeHint().height() + self.readout.sizeHint().height() + 2 * self._box.spacing()
        room = self._height - words - margins.top() - margins.bottom()
        room = max(room, round(_LEAST * self._look.em())) if self._height else self._widest
        side = max(1, round(min(room, _PICTURE_SHARE * width)))
        self._room.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame the column where it is chosen or has the focus."""
        if not (self._is_chosen or self.hasFocus()):
            return
        painter = QPainter(self)
        palette, em = self._look.palette, self._look.em()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(palette.colour("accent"), 1.6 if self.hasFocus() else 1.0))
        painter.setBrush(palette.colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 0.4 * em, 0.4 * em)
        painter.end()


def resting_words(reading: ColumnReading) -> str:
    """Return what stands below the picture while nothing is pointed at."""
    if reading.kind == ABS and reading.per_neuron is not None:
        served = reading.per_neuron[reading.per_neuron > 0]
        mean = float(served.mean()) if served.size else 0.0
        return f"{mean:.1f} features a neuron ({served.size} of {reading.per_neuron.size} work)"
    return f"mean off-diagonal {float(reading.metrics.off_diagonal):.3f}"
