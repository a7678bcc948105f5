"""First-layer neurons with their weights as faces, and the input as an image: pictures made from arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from playground.views.diagram.colours import rgb
from playground.views.diagram.layout import Column
from playground.views.diagram.picture import INPUT, Picture, as_images, image_shape, magnitude
from playground.views.palette import Palette


def rgba_image(rgba: NDArray[np.uint8]) -> QImage:
    """Return ``[height, width, 3 or 4]`` as an image that owns its pixels."""
    height, width = rgba.shape[:2]
    solid = np.full((height, width, 4), 255, np.uint8)
    solid[..., : rgba.shape[2]] = rgba
    return QImage(solid.data, width, height, 4 * width, QImage.Format.Format_RGBX8888).convertToFormat(
        QImage.Format.Format_RGB32
    )


def input_image(picture: Picture, palette: Palette) -> QImage | None:
    """Return the current input as a picture, ink on paper; None where there is none."""
    act = picture.act(INPUT)
    if act is None or image_shape(picture.spec) is None:
        return None
    ink = np.clip(np.nan_to_num(as_images(act[None], picture.spec)[0]), 0.0, 1.0)[..., None]
    paper, drawn = (rgb(palette.colour(name)).astype(np.float32) for name in ("paper", "ink"))
    return rgba_image(np.rint(paper + (drawn - paper) * ink).astype(np.uint8))


class FaceAtlas:
    """The faces of all first-layer neurons in sight as one image, one below the other."""

    def __init__(self) -> None:
        self._image = QImage()
        self._made_for: tuple[object, ...] = ()

    def prepare(self, picture: Picture, column: Column, palette: Palette, *, per_layer: bool) -> None:
        """Make the image where weights, selection of neurons or look are others than last time."""
        made_for = (picture.snapshot, column, palette, per_layer)
        if len(self._made_for) == 4 and all(a is b for a, b in zip(made_for, self._made_for, strict=True)):
            return
        self._made_for = made_for
        rows = picture.weights[0][column.first : column.first + column.shown]
        images = as_images(rows, picture.spec)
        if per_layer:
            scale = picture.scales[0] if len(picture.spec.input_shape) == 2 else magnitude(images)
        else:
            largest = np.abs(np.nan_to_num(images)).max(axis=(1, 2), keepdims=True)
            images, scale = images / np.maximum(largest, 1e-12), 1.0
        count, height, width = images.shape
        self._image = rgba_image(palette.signed_rgba(images.reshape(count * height, width), scale))

    def paint(self, painter: QPainter, target: QRectF, spot: int, shape: tuple[int, int]) -> None:
        """Paint the face of the ``spot``-th neuron in sight."""
        height, width = shape
        painter.drawImage(target, self._image, QRectF(0, spot * height, width, height))
