"""What is made of a folder of pictures: their size, colours, how they are fitted, the split."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from playground.engine.image_survey import ImageSurvey
from playground.engine.images import SIDE
from playground.engine.picture_fitting import (
    AS_DIGITS,
    BY_FOLDER,
    BY_SHARE,
    FILLED,
    LEAST_SIDE,
    MOST_SIDE,
    STRETCHED,
    WHOLE,
    ImageChoice,
)
from playground.views.data.class_balance import ClassBalance
from playground.views.data.split_fields import seed_field, share_field
from playground.views.fields import ChoiceField, NumberField
from playground.views.heads import SectionHead
from playground.views.look import Look

FITS = ((WHOLE, "whole, with margins"), (FILLED, "filled, edges cut"), (STRETCHED, "stretched"))
DIGITS = ((AS_DIGITS, "centred as digits are"),)
COLOURS = (("", "grey"), ("rgb", "red, green, blue"))
INKS = (("", "as they are"), ("inverted", "inverted"))
SPLITS = ((BY_FOLDER, "by the folders"), (BY_SHARE, "by share"))


class ImageChoices(QWidget):
    """``changed`` tells that something else is wished."""

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.balance = ClassBalance(look, self, noun="pictures")
        self.columns, self.rows = self._side("columns", "Width"), self._side("rows", "Height")
        self.fit = ChoiceField(
            look, "image_fit", "Fitted", FITS + DIGITS, WHOLE,
            "How a picture of another size gets there; centred as digits are: 28 × 28, its ink in 20 × 20, by mass.",
            self,
        )  # fmt: skip
        self.colour = ChoiceField(
            look, "image_colour", "Colours", COLOURS, "",
            "Grey is the luminance. Red, green and blue stand one above the other: three times the inputs.", self,
        )  # fmt: skip
        self.ink = ChoiceField(
            look, "image_ink", "Light", INKS, "",
            "Light becomes 1 (ink), dark 0 (paper). Inverted suits dark drawings on light ground.", self,
        )  # fmt: skip
        self.split = ChoiceField(
            look, "image_split", "Parted", SPLITS, BY_SHARE,
            "The folders train, validation and test part the pictures, or a share of each class is drawn by a seed.",
            self,
        )  # fmt: skip
        self.share = share_field(
            look, "image",
            "Share that the network learns from; half of the rest checks it, half is the test. "
            "With a folder for the test the whole rest checks it.", self,
        )  # fmt: skip
        self.seed = seed_field(look, "image", "pictures", self)
        self._arrange()
        for field in (self.fit.chosen, self.colour.chosen, self.ink.chosen, self.split.chosen, self.rows.changed,
                      self.columns.changed, self.share.changed, self.seed.changed):  # fmt: skip
            field.connect(self._tell)
        look.changed.connect(self._render_look)
        self._render_look()

    def _side(self, name: str, label: str) -> NumberField:
        return NumberField(
            self._look, f"image_{name}", label, low=LEAST_SIDE, high=MOST_SIDE, value=SIDE, whole=True, slider=False,
            tooltip=f"Pixels of every picture, {LEAST_SIDE} to {MOST_SIDE}: each is an input of the network.",
            parent=self,
        )  # fmt: skip

    def set_survey(self, survey: ImageSurvey) -> None:
        """Offer what these pictures can become, first what is proposed for them."""
        proposed = survey.proposed
        self.balance.set_counts(survey.folder.counts())
        self.rows.set_value(proposed.rows)
        self.columns.set_value(proposed.columns)
        self.colour.set_value("rgb" if proposed.colour else "")
        self.colour.setEnabled(survey.has_colours)
        self.ink.set_value("inverted" if proposed.is_inverted else "")
        self.split.set_options(SPLITS if survey.folder.has_parts else SPLITS[1:], proposed.split)
        self.share.set_value(round(100 * proposed.train_share))
        self.fit.set_value(proposed.fit)
        self._render()

    def choice(self) -> ImageChoice:
        """Return what is wished."""
        return ImageChoice(
            rows=self.rows.value(),
            columns=self.columns.value(),
            colour=bool(self.colour.value()),
            fit=self.fit.value(),
            is_inverted=bool(self.ink.value()),
            split=self.split.value(),
            train_share=self.share.value() / 100,
            seed=self.seed.value(),
        )

    def _tell(self, _value: object) -> None:
        self._render()
        self.changed.emit()

    def _render(self) -> None:
        """Offer the fitting of digits where it can be had."""
        can_be_digits = not self.colour.value() and self.rows.value() == self.columns.value() == SIDE
        fit = self.fit.value()
        self.fit.set_options(FITS + DIGITS * can_be_digits, WHOLE if fit == AS_DIGITS and not can_be_digits else fit)

    def _arrange(self) -> None:
        size = QHBoxLayout()
        size.addWidget(self.columns)
        size.addWidget(self.rows)
        size.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(SectionHead(self._look, "Classes", self))
        column.addWidget(self.balance)
        column.addWidget(SectionHead(self._look, "Every picture becomes", self))
        column.addLayout(size)
        for widget in (self.fit, self.colour, self.ink, SectionHead(self._look, "Split", self), self.split, self.share,
                       self.seed):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        self._column, self._size = column, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _render_look(self) -> None:
        em = self._look.em()
        self._column.setSpacing(round(0.45 * em))
        self._size.setSpacing(round(0.8 * em))
        self.setFixedWidth(round(20 * em))
