"""Small data sets and pictures for the tests of the left column."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from playground.engine.datasets import DataSet, Examples

LEFT = Qt.MouseButton.LeftButton


def digits(train: int = 40, validation: int = 30, test: int = 20, **changes: object) -> DataSet:
    """Return images of 28 x 28 with a bar whose row tells the class."""
    made = {}
    for seed, (name, count) in enumerate((("train", train), ("validation", validation), ("test", test))):
        labels = np.arange(count) % 10
        images = np.zeros((count, 28, 28), np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[4 + 2 * label : 6 + 2 * label, 6 : 20 + seed] = 255
        made[name] = Examples(images.reshape(count, 784), labels)
    options = {"name": "Digits", "source": {"kind": "digits", "preset": "easy"}, "detail": "28 × 28, 10 classes, easy"}
    return DataSet(input_shape=(28, 28), classes=tuple("0123456789"), **{**options, **made, **changes})


def six_inputs() -> DataSet:
    """Return one example of six plain numbers."""
    inputs = np.array([[8, 5, 22, -5, 2, -3]], np.float32)
    empty = Examples(np.zeros((0, 6), np.float32), np.zeros(0, np.int64))
    labels = np.zeros(1, np.int64)
    return DataSet(
        "Six inputs", {"kind": "six"}, (6,), ("output",), Examples(inputs, labels), empty, empty, "6 numbers"
    )


def small_images() -> DataSet:
    """Return images of 8 x 16, two classes."""
    images = np.zeros((6, 8, 16), np.uint8)
    images[:, 2:5, 3:9] = 200
    part = Examples(images.reshape(6, 128), np.arange(6) % 2)
    return DataSet("Signs", {"kind": "signs"}, (8, 16), ("a", "b"), part, part, part, "8 × 16, 2 classes")


def drag(
    widget: QWidget, points: list[tuple[float, float]], button: Qt.MouseButton = Qt.MouseButton.LeftButton
) -> None:
    """Draw a stroke through points given as shares of the widget's width and height."""
    places = [QPointF(x * widget.width(), y * widget.height()).toPoint() for x, y in points]
    QTest.mousePress(widget, button, pos=places[0])
    for start, end in pairwise(places):
        for step in range(1, 6):
            QTest.mouseMove(widget, start + (end - start) * (step / 5))
    QTest.mouseRelease(widget, button, pos=places[-1])


def photo_of_a_one(width: int = 600, height: int = 800) -> QImage:
    """Return a photo-like picture: a dark upright stroke on grey paper that is darker towards one corner."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(225, 222, 214))
    painter = QPainter(image)
    for band in range(8):
        painter.fillRect(QRectF(width * band / 8, 0, width / 8 + 1, height), QColor(0, 0, 0, 6 * band))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(40, 42, 60))
    painter.drawRoundedRect(QRectF(width * 0.46, height * 0.2, width * 0.07, height * 0.6), 12, 12)
    painter.end()
    return image


def column_of_ink(ink: NDArray[np.float32]) -> tuple[float, float]:
    """Return the mean column and row of the ink, as shares of the sheet."""
    mass = ink.sum()
    rows, columns = ink.shape
    return (
        float(ink.sum(0) @ (np.arange(columns) + 0.5) / mass / columns),
        float(ink.sum(1) @ (np.arange(rows) + 0.5) / mass / rows),
    )
