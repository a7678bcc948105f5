"""What the network receives of a point: features to switch on and off, each with its picture."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.input_features import FEATURES, FOURIER, FeatureError, input_features
from playground.engine.targets import VALUES
from playground.views.inspector.flow import FlowLayout
from playground.views.look import Look
from playground.views.plane.colours import surface_image, surface_rgb

_CELLS = 20  # of a picture, a side
_HARMONIC = 4  # features of one harmonic: sine and cosine of x1 and x2


class FeatureButton(QAbstractButton):
    """One feature: its picture over the plane and its name."""

    def __init__(self, look: Look, name: str, reach: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.feature = name
        self._reach = reach
        self._picture = QImage()
        self._made_for: object = None
        self.setObjectName(f"plane_feature_{name}")
        self.setText(name)
        self.setAccessibleName(f"feature {name}")
        self.setToolTip(f"Give the network {name} of every point, or no longer. Weights of the other inputs stay.")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def _render_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for picture and name."""
        em = self._look.em()
        words = QFontMetricsF(self._look.font(9.0)).horizontalAdvance(self.text())
        return QSize(round(1.5 * em + words + 0.9 * em), round(1.7 * em))

    def _image(self) -> QImage:
        palette = self._look.palette
        if self._made_for is not palette:
            self._made_for = palette
            line = np.linspace(-self._reach, self._reach, _CELLS)
            x2, x1 = np.meshgrid(line, line, indexing="ij")
            found = input_features((self.feature,), 2, self._reach)
            values = found.matrix(np.stack([x1.ravel(), x2.ravel()], 1), is_picture=True)[:, 0]
            scale = max(float(np.abs(values).max()), 1e-6)
            self._picture = surface_image(surface_rgb(values.reshape(1, _CELLS, _CELLS), VALUES, palette, scale=scale))
        return self._picture

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, the name, and a frame where it is on."""
        palette, em = self._look.palette, self._look.em()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_on = self.isChecked()
        painter.setPen(palette.colour("accent" if is_on or self.hasFocus() else "line"))
        painter.setBrush(palette.colour("raised" if is_on or self.underMouse() else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 0.3 * em, 0.3 * em)
        side = 1.2 * em
        painter.setOpacity(1.0 if is_on else 0.55)
        painter.drawImage(QRectF(0.25 * em, 0.25 * em, side, side), self._image())
        painter.setOpacity(1.0)
        painter.setFont(self._look.font(9.0))
        painter.setPen(palette.colour("text" if is_on else "muted"))
        words = QRectF(self.rect()).adjusted(1.7 * em, 0, -0.3 * em, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())
        painter.end()


class FeatureChooser(QWidget):
    """The features in use; ``features_asked`` carries all names that are to be in use."""

    features_asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._reach = 6.0
        self._dimensions = 2
        self._used: tuple[str, ...] = ()
        self.buttons: dict[str, FeatureButton] = {}
        self.setObjectName("plane_features")
        self._flow = FlowLayout(look, gap=0.3)
        self.typed = QLineEdit(self)
        self.typed.setObjectName("plane_feature_typed")
        self.typed.setAccessibleName("Another feature")
        self.typed.setPlaceholderText("another: x1*x1*x2, exp(-x1^2) …")
        self.typed.setToolTip(
            "A formula in x1 and x2 that becomes an input of the network: + - * / ^, sin, cos, exp, abs, sqrt, max …"
        )
        self.typed.returnPressed.connect(self._take_typed)
        self._error = QLabel(self)
        self._error.setObjectName("plane_feature_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(self._flow)
        box.addWidget(self.typed)
        box.addWidget(self._error)
        look.changed.connect(self._render_look)
        self._render_look()

    def show_features(self, used: tuple[str, ...], dimensions: int, reach: float) -> None:
        """Show which features are in use, of points on a line or in a plane that goes to ``reach``."""
        if (dimensions, reach) != (self._dimensions, self._reach):
            self._dimensions, self._reach = dimensions, reach
            for name in list(self.buttons):
                self._remove(name)
        self._used = used
        offered = [name for name in (*FEATURES, *_offered_waves(used)) if self._is_possible(name)]
        for name in [*offered, *(name for name in used if name not in offered)]:
            if name not in self.buttons:
                self._add(name)
        for name in [name for name in self.buttons if name not in offered and name not in used]:
            self._remove(name)
        for name, button in self.buttons.items():
            button.setChecked(name in used)
        self.show_error("")

    def show_error(self, sentence: str) -> None:
        """Show in place why a feature cannot be; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _is_possible(self, name: str) -> bool:
        return self._dimensions == 2 or ("x2" not in name and name != "radius")

    def _add(self, name: str) -> None:
        button = FeatureButton(self._look, name, self._reach, self)
        button.clicked.connect(self._toggled)
        self.buttons[name] = button
        self._flow.addWidget(button)

    def _remove(self, name: str) -> None:
        button = self.buttons.pop(name)
        self._flow.removeWidget(button)
        button.hide()
        button.deleteLater()

    def _toggled(self) -> None:
        wanted = [name for name in self._used if self.buttons[name].isChecked()]
        wanted += [name for name, button in self.buttons.items() if button.isChecked() and name not in wanted]
        self._ask(tuple(wanted))

    def _take_typed(self) -> None:
        self._ask((*self._used, self.typed.text().strip()), is_typed=True)

    def _ask(self, names: tuple[str, ...], *, is_typed: bool = False) -> None:
        try:
            found = input_features(names, self._dimensions, self._reach)
        except FeatureError as error:
            for name, button in self.buttons.items():
                button.setChecked(name in self._used)
            self.show_error(str(error))
            return
        self.show_error("")
        if is_typed:
            self.typed.clear()
        self.features_asked.emit(found.names)

    def _render_look(self) -> None:
        self.typed.setFont(self._look.font(9.0))
        self._error.setFont(self._look.font(9.0))


def _offered_waves(used: tuple[str, ...]) -> tuple[str, ...]:
    """Return Fourier features up to the harmonic after the highest in use: the room of the column is small."""
    highest = max((place // _HARMONIC + 1 for place, name in enumerate(FOURIER) if name in used), default=0)
    return FOURIER[: _HARMONIC * (highest + 1)]
