"""The head of the column: which data are in use, and the wish for others; loading with progress and cancel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.datasets import DataSet
from playground.views.data.ink import ink_picture, ink_table
from playground.views.data.strip import example_picture, image_shape
from playground.views.heads import FlatButton, SectionHead
from playground.views.look import Look

PRESETS = (("easy", "easy"), ("medium", "medium"), ("mnist-like", "MNIST-like"))
DOWNLOADS = (("mnist", "MNIST"), ("fashion-mnist", "Fashion-MNIST"))
NO_DATA, WHAT_TO_DO = "No data yet", "Choose digits, or open files."


def mosaic(pictures: list[QImage], side: int, gap: int) -> QImage:
    """Return up to four pictures as a square of two by two, one alone as the whole square, ``side`` pixels wide."""
    result = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    small = (side - gap) / 2 if len(pictures) > 1 else side
    for place, picture in enumerate(pictures[:4]):
        painter.drawImage(QRectF(place % 2 * (small + gap), place // 2 * (small + gap), small, small), picture)
    painter.end()
    return result


def bordered(picture: QImage, side: int) -> QImage:
    """Return ``picture`` in the middle of an empty square, ``side`` pixels wide."""
    result = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.drawImage((side - picture.width()) // 2, (side - picture.height()) // 2, picture)
    painter.end()
    return result


class Mosaic(QWidget):
    """A small square of four examples."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._dataset: DataSet | None = None
        self._pictures: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._render_look)

    def set_data(self, dataset: DataSet) -> None:
        """Show four examples of different classes."""
        self._dataset = dataset
        self._render_look()

    def _render_look(self) -> None:
        self._pictures = []
        if self._dataset is not None:
            part = next((p for p in (self._dataset.train, self._dataset.validation) if len(p)), self._dataset.test)
            labels = part.labels[:2000]
            firsts = [int(np.flatnonzero(labels == label)[0]) for label in np.unique(labels)] if len(part) else []
            chosen = [firsts[round(place)] for place in np.linspace(0, max(len(firsts) - 1, 0), min(len(firsts), 4))]
            palette, shape = self._look.palette, image_shape(self._dataset.input_shape)
            table = ink_table(palette)
            self._pictures = [example_picture(part, index, shape, palette, table) for index in chosen]
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        side = round(3.6 * self._look.em())
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pictures on paper."""
        em, palette = self._look.em(), self._look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(palette.colour("line"))
        painter.setBrush(palette.colour("paper"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 0.25 * em, 0.25 * em)
        if self._pictures:
            inset, ratio = round(0.25 * em), self.devicePixelRatioF()
            side = self.width() - 2 * inset
            image = mosaic(self._pictures, round(side * ratio), round(2 * ratio))
            painter.drawImage(QRectF(inset, inset, side, side), image)
        painter.end()


class ProgressLine(QWidget):
    """A thin bar with a sentence and Cancel."""

    cancelled = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._share = 0.0
        self._text = QLabel(self)
        self._text.setProperty("role", "muted")
        self._text.setWordWrap(True)
        self._cancel = FlatButton(look, "data_cancel", "Cancel", "Stop loading; the data in use stay.", parent=self)
        self._cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 6)
        row.addWidget(self._text, 1)
        row.addWidget(self._cancel)
        self.setObjectName("data_progress")
        self.setAccessibleName("Loading")
        look.changed.connect(self._render_look)
        self._render_look()

    def render_progress(self, share: float, text: str) -> None:
        """Show the part done, 0 to 1, and what is being done."""
        self._share = min(max(share, 0.0), 1.0) if np.isfinite(share) else 0.0
        self._text.setText(text)
        self.setAccessibleDescription(f"{text}, {self._share:.0%}")
        self.update()

    def share(self) -> float:
        """Return the part done."""
        return self._share

    def _render_look(self) -> None:
        self._text.setFont(self._look.font(9.0))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bar below the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        line = QRectF(0, self.height() - 4, self.width(), 3)
        painter.setBrush(self._look.palette.colour("raised"))
        painter.drawRoundedRect(line, 1.5, 1.5)
        line.setWidth(max(line.width() * self._share, 3.0))
        painter.setBrush(self._look.palette.colour("accent"))
        painter.drawRoundedRect(line, 1.5, 1.5)
        painter.end()


class SourceCard(QWidget):
    """Name and kind of the data in use, and the menu of others."""

    digits_requested = Signal(str)
    download_requested = Signal(str)
    open_requested = Signal()
    folder_requested = Signal()
    bundled_requested = Signal(str)
    plane_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._preset_pictures: Mapping[str, NDArray[np.generic]] = {}
        self._preset_actions: dict[str, QAction] = {}
        self._mosaic = Mosaic(look, self)
        self._name = QLabel(NO_DATA, self)
        self._name.setObjectName("data_name")
        self._detail = QLabel(WHAT_TO_DO, self)
        self._detail.setObjectName("data_detail")
        self._detail.setProperty("role", "muted")
        self._detail.setWordWrap(True)
        self._progress = ProgressLine(look, self)
        self._progress.cancelled.connect(self.cancel_requested)
        self._progress.hide()
        self._error = QLabel(self)
        self._error.setObjectName("data_error")
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._menu = self._build_menu()
        self._open = FlatButton(
            look, "data_open_instead", "Open files …", "Use files that you have instead.", framed=True, parent=self
        )
        self._open.clicked.connect(self.open_requested)
        self._dismiss = FlatButton(
            look, "data_error_close", "Close", "Take this message away; the data in use stay.", parent=self
        )
        self._dismiss.clicked.connect(self._clear_error)
        self._remedies = QWidget(self)
        self._remedies.hide()
        self._arrange(self._menu)
        look.changed.connect(self._render_look)
        self._render_look()

    def set_data(self, dataset: DataSet) -> None:
        """Show what is in use now."""
        self._mosaic.set_data(dataset)
        self.hide_progress()
        self.render_error("")
        if not any(map(len, (dataset.train, dataset.validation, dataset.test))):
            self._name.setText(NO_DATA)
            self._detail.setText(WHAT_TO_DO)
            return
        self._name.setText(dataset.name)
        held_back = [f"{len(dataset.validation):,} validation"] * bool(len(dataset.validation))
        held_back += [f"{len(dataset.test):,} test"] * bool(len(dataset.test))
        lines = [f"{len(dataset.train):,} train", " · ".join(held_back), dataset.detail]
        lines += [f"{dataset.added:,} added by you"] * bool(dataset.added)
        self._detail.setText("\n".join(line.replace(" ", "\u00a0", 1) for line in lines if line))

    def render_progress(self, share: float, text: str) -> None:
        """Show how far the loading has come."""
        self.render_error("")
        self._progress.render_progress(share, text)
        self._progress.show()

    def hide_progress(self) -> None:
        """Take the bar away."""
        self._progress.hide()

    def render_error(self, sentence: str) -> None:
        """Show why data could not be loaded, in place, and offer files; an empty sentence clears it."""
        if sentence:
            self.hide_progress()
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self._remedies.setVisible(bool(sentence))

    def _clear_error(self) -> None:
        self.render_error("")

    def set_preset_pictures(self, pictures: Mapping[str, NDArray[np.generic]]) -> None:
        """Show in the menu what each preset draws: ``[n, h, w]`` by preset."""
        self._preset_pictures = dict(pictures)
        self._render_look()

    def set_bundled(self, sets: Mapping[str, str]) -> None:
        """Offer the sets of scikit-learn by key and title; none where it is not installed."""
        if not sets:
            return
        menu = self._menu.addMenu("From scikit-learn")
        menu.setObjectName("data_bundled")
        menu.setToolTipsVisible(True)
        for key, title in sets.items():
            action = menu.addAction(title)
            action.setData(("bundled", key))
            action.setObjectName(f"data_bundled_{key}")
            action.setToolTip("It comes with scikit-learn, which is installed here; nothing is downloaded.")

    def _build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("data_menu")
        menu.setToolTipsVisible(True)
        menu.triggered.connect(self._request)
        for preset, words in PRESETS:
            action = menu.addAction(f"Digits, {words}")
            action.setData(("digits", preset))
            action.setToolTip("Digits that the program draws itself; the harder presets vary and bend them more.")
            self._preset_actions[preset] = action
        menu.addSeparator()
        action = menu.addAction("Points in the plane")
        action.setData(("plane", ""))
        action.setToolTip("Circles, spirals, waves, or points drawn by hand: every neuron's answer becomes a picture.")
        menu.addSeparator()
        action = menu.addAction("Open files …")
        action.setData(("open", ""))
        action.setToolTip(
            "A table (CSV, TSV), arrays of numpy (NPZ, NPY), or images with labels in the format of MNIST; "
            "dropping them on the window does too."
        )
        action = menu.addAction("Open a folder of pictures …")
        action.setData(("folder", ""))
        action.setToolTip(
            "A folder with a sub-folder of PNG, JPEG or other pictures for each class; dropping it on the window does "
            "too."
        )
        menu.addSeparator()
        for key, words in DOWNLOADS:
            action = menu.addAction(f"Download {words}")
            action.setData(("download", key))
            action.setToolTip("Fetched once, checked, and kept for the next time.")
        for action in menu.actions():
            if not action.isSeparator():
                action.setObjectName("data_" + "_".join(action.data()).strip("_").replace("-", "_"))
        return menu

    def _request(self, action: QAction) -> None:
        kind, value = action.data()
        if kind == "digits":
            self.digits_requested.emit(value)
        elif kind == "download":
            self.download_requested.emit(value)
        elif kind == "plane":
            self.plane_requested.emit()
        elif kind == "folder":
            self.folder_requested.emit()
        elif kind == "bundled":
            self.bundled_requested.emit(value)
        else:
            self.open_requested.emit()

    def _arrange(self, menu: QMenu) -> None:
        head = SectionHead(self._look, "Data", self)
        hint = "Other data: drawn digits, files of your own, or a download."
        change = FlatButton(self._look, "data_change", "change", hint, caps=True, menu=menu, parent=self)
        change.setAccessibleName("Change the data")
        top = QHBoxLayout()
        top.addWidget(head)
        top.addStretch(1)
        top.addWidget(change)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        words.addStretch(1)
        card = QGridLayout()
        card.setHorizontalSpacing(10)
        card.addWidget(self._mosaic, 0, 0, Qt.AlignmentFlag.AlignTop)
        card.addLayout(words, 0, 1)
        card.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(top)
        column.addLayout(card)
        column.addWidget(self._progress)
        column.addWidget(self._error)
        remedies = QHBoxLayout(self._remedies)
        remedies.setContentsMargins(0, 0, 0, 0)
        remedies.addWidget(self._open)
        remedies.addWidget(self._dismiss)
        remedies.addStretch(1)
        column.addWidget(self._remedies)

    def _render_look(self) -> None:
        self._name.setFont(self._look.font(10.0, bold=True))
        self._detail.setFont(self._look.font(8.5))
        self._error.setFont(self._look.font(9.0))
        table, side = (
            ink_table(self._look.palette),
            2 * round(3.6 * self._look.em()),
        )  # for screens of two pixels a point
        self._menu.setStyleSheet(f"QMenu {{ icon-size: {side // 2}px; }}")  # a data set is chosen by its picture
        for preset, images in self._preset_pictures.items():
            if preset in self._preset_actions:
                pictures = [ink_picture(image, table) for image in images]
                picture = bordered(mosaic(pictures, round(0.8 * side), 2), side)
                self._preset_actions[preset].setIcon(QIcon(QPixmap.fromImage(picture)))
