"""A small picture of each example in the table of answers: a row of pixels' numbers says nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap

from playground.engine.predictions import Predictions, part_of
from playground.views.data.ink import ink_table
from playground.views.data.strip import example_picture, image_shape
from playground.views.look import Look

SIDE = 2.4  # heights of a line


class PictureRows:
    """The pictures of the examples that were answered; each is drawn when its row comes into sight."""

    def __init__(self, look: Look, found: Predictions, ratio: float) -> None:
        self._look, self._found, self._ratio = look, found, ratio  # device pixels per pixel
        self._examples = part_of(found.data, found.part)

    @staticmethod
    def are_in(found: Predictions) -> bool:
        """Return whether these data are pictures."""
        return image_shape(found.data.input_shape) is not None

    @property
    def side(self) -> int:
        """Return the longer side of a picture, in pixels."""
        return round(SIDE * self._look.em())

    def picture(self, row: int) -> QPixmap:
        """Return the picture of the example in a row of the table."""
        shape, palette = image_shape(self._found.data.input_shape), self._look.palette
        image = example_picture(self._examples, int(self._found.indices[row]), shape, palette, ink_table(palette))
        side = round(self.side * self._ratio)
        picture = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
        picture.setDevicePixelRatio(self._ratio)
        return picture
