"""All seeds of one kind of model as small pictures in one widget: arrows in the plane, or W Wᵀ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from playground.engine.superposition.metrics import REPRESENTED_NORM, gram
from playground.views.look import Look
from playground.views.superposition.colours import feature_colours
from playground.views.superposition.focus_painted import FocusPainted
from playground.views.superposition.model_column_words import loss_words

_COLUMNS = 4
MOST_ROWS = 10_000
_MOST_ARROWS = 60  # in one small picture: the longest
_MOST_CELLS = 48  # of a small W Wᵀ, along a side
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_COLUMNS, Qt.Key.Key_Down: _COLUMNS}
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, eq=False)
class SeedModels:
    """The models of one kind: W ``[R, n, m]``, losses ``[R]``, what each formed, and the numbers of the seeds."""

    weights: NDArray[np.floating]
    losses: NDArray[np.floating]
    labels: tuple[str, ...]
    seeds: tuple[int, ...]

    @property
    def best(self) -> int:
        """Return the place of the smallest loss, -1 where none is a number."""
        finite = np.isfinite(self.losses)
        return int(np.where(finite, self.losses, np.inf).argmin()) if finite.any() else -1

    def told(self, place: int) -> str:
        """Return what is said of one seed."""
        words = f"seed {self.seeds[place]}: loss {loss_words(float(self.losses[place]))}, {self.labels[place]}"
        return f"{words}, the best" if place == self.best else words


class SeedsAtlas(FocusPainted):
    """Thumbnails of `SeedModels`; a click or the arrow keys choose one."""

    seed_chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._models: SeedModels | None = None
        self._chosen = 0
        self._images: list[QImage] = []
        self.setObjectName("seeds_atlas")
        self.setAccessibleName("models of all seeds")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._render_look)

    def render_models(self, models: SeedModels) -> None:
        """Show other models."""
        is_other = self._models is None or len(self._models.seeds) != len(models.seeds)
        self._models = models
        self._chosen = min(self._chosen, len(models.seeds) - 1)
        self._colour()
        self._describe()
        if is_other:
            self.updateGeometry()
        self.update()

    def set_chosen(self, place: int) -> None:
        """Mark the seed that is shown."""
        if place != self._chosen:
            self._chosen = place
            self._describe()
            self.update()

    def chosen(self) -> int:
        """Return the place of the seed that is marked."""
        return self._chosen

    def cell(self, place: int) -> QRect:
        """Return where a thumbnail and its loss stand."""
        side = self._side()
        row, column = divmod(place, _COLUMNS)
        gap = self._gap()
        return QRect(column * (side + gap), row * (side + self._caption() + gap), side, side + self._caption())

    # ---- size ----

    def _gap(self) -> int:
        return round(0.4 * self._look.em())

    def _caption(self) -> int:
        return round(1.25 * self._look.em(8.5))

    def _side(self, width: int = 0) -> int:
        room = (width or self.width()) - (_COLUMNS - 1) * self._gap()
        return max(16, min(room // _COLUMNS, round(7 * self._look.em())))

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows from the width."""
        return True

    def heightForWidth(self, width: int, most_rows: int = MOST_ROWS) -> int:
        """Return the height of all rows, of ``most_rows`` at most."""
        count = 1 if self._models is None else len(self._models.seeds)
        rows = min(-(-count // _COLUMNS), most_rows)
        return rows * (self._side(width) + self._caption()) + (rows - 1) * self._gap() + 2

    def sizeHint(self) -> QSize:
        """Return the size in which the pictures read well."""
        width = round(20 * self._look.em())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(round(8 * self._look.em()), 16)

    def _render_look(self) -> None:
        self._colour()
        self.updateGeometry()
        self.update()

    # ---- painting ----

    def _colour(self) -> None:
        """Draw the small W Wᵀ anew: one image a seed, painted at any size."""
        self._images = []
        if self._models is None or self._models.weights.shape[2] <= 2:
            return
        weights = np.asarray(self._models.weights, np.float64)
        if weights.shape[1] > _MOST_CELLS:  # the first ones tell most: they are the most important
            weights = weights[:, :_MOST_CELLS]
        with np.errstate(all="ignore"):
            rgba = self._look.palette.signed_rgba(gram(weights), 1.0)  # [R, n, n, 4]
        side = rgba.shape[1]
        for pixels in rgba:
            image = QImage(np.ascontiguousarray(pixels).data, side, side, 4 * side, QImage.Format.Format_RGBA8888)
            self._images.append(image.copy())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the thumbnails in sight."""
        models = self._models
        if models is None:
            return
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = feature_colours(models.weights.shape[1], palette)
        side = self._side()
        for place in range(len(models.seeds)):
            cell = self.cell(place)
            if not cell.intersects(event.rect()):
                continue
            face = QRectF(cell.left() + 1, cell.top() + 1, side - 2, side - 2)
            painter.fillRect(face, palette.colour("sunken"))
            if self._images:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
                painter.drawImage(face, self._images[place])
            elif np.isfinite(models.weights[place]).all():
                _draw_arrows(painter, face, np.asarray(models.weights[place], np.float64), colours, em)
            is_chosen, is_best = place == self._chosen, place == models.best
            edge = "accent" if is_chosen else "good" if is_best else "line"
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.colour(edge), 2.0 if is_chosen or is_best else 1.0))
            painter.drawRect(face)
            painter.setFont(self._look.font(8.5, mono=True, bold=is_best))
            painter.setPen(palette.colour("good" if is_best else "text" if is_chosen else "muted"))
            below = QRectF(cell.left(), cell.top() + side, side, self._caption())
            words = loss_words(float(models.losses[place]))
            painter.drawText(below, _CENTRE, f"★ {words}" if is_best and len(models.seeds) > 1 else words)
        if self.hasFocus():
            painter.setPen(QPen(palette.colour("text"), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(self.cell(self._chosen)).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    # ---- mouse and keyboard ----

    def _place_at(self, point: QPointF) -> int:
        count = 0 if self._models is None else len(self._models.seeds)
        return next((place for place in range(count) if self.cell(place).contains(point.toPoint())), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the seed under the mouse."""
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._choose(place)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show by the pointer what can be clicked."""
        is_over = self._place_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from seed to seed."""
        key = Qt.Key(event.key())
        count = 0 if self._models is None else len(self._models.seeds)
        if key in _STEPS and 0 <= self._chosen + _STEPS[key] < count:
            self._choose(self._chosen + _STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and count:
            self._choose(0 if key == Qt.Key.Key_Home else count - 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, place: int) -> None:
        self.set_chosen(place)
        self.seed_chosen.emit(place)

    def event(self, event: QEvent) -> bool:
        """Tell of the seed under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._models is not None:
            place = self._place_at(QPointF(event.pos()))
            words = "Click a seed to see it large; arrow keys go on" if place < 0 else self._models.told(place)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _describe(self) -> None:
        if self._models is not None and 0 <= self._chosen < len(self._models.seeds):
            self.setAccessibleDescription(self._models.told(self._chosen))


def _draw_arrows(
    painter: QPainter, face: QRectF, weight: NDArray[np.floating], colours: list[QColor], em: float
) -> None:
    """Draw the rows of W ``[n, 1 or 2]``: in the plane from the middle, on a line one below the other."""
    norms = np.linalg.norm(weight, axis=1)
    shown = np.argsort(-norms, kind="stable")[:_MOST_ARROWS]
    shown = np.sort(shown[norms[shown] > REPRESENTED_NORM])
    unit = 0.42 * face.width() / max(1.15, float(norms.max()))
    middle = face.center()
    for rank, feature in enumerate(shown.tolist()):
        row = weight[feature] * unit
        tail = middle
        if len(row) == 1:
            tail = QPointF(middle.x(), face.top() + face.height() * (rank + 1) / (len(shown) + 1))
        tip = QPointF(tail.x() + row[0], tail.y() - (row[1] if len(row) > 1 else 0.0))
        painter.setPen(QPen(colours[feature], max(1.0, 0.1 * em)))
        painter.drawLine(tail, tip)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours[feature])
        painter.drawEllipse(tip, 0.16 * em, 0.16 * em)
