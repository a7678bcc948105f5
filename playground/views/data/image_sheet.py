"""A folder of pictures before it becomes data: what was found in it, and what is to be made of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.engine.image_data import broken_words
from playground.engine.image_survey import ImageSurvey, received
from playground.views.data.data_sheet import DataSheet
from playground.views.data.image_choices import ImageChoices
from playground.views.data.picture_wall import PictureWall
from playground.views.heads import SectionHead
from playground.views.look import Look

STOPPED = "Reading was stopped; nothing has changed."


class ImageSheet(DataSheet):
    """Shows a few of the pictures as the network will receive them; ``used`` carries the `ImageChoice`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, "image", "Pictures as data", "A folder of pictures before it becomes data", parent)
        self._survey: ImageSurvey | None = None
        self._notes = self._label("notes", "muted")
        self.wall = PictureWall(look, self)
        self.choices = ImageChoices(look, self)
        self._arrange()
        self.choices.changed.connect(self._render_choice)
        self._render_look()
        self._render_state()

    # ---- what others call --------------------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """Open for a folder of this name that is being looked at."""
        self._survey = None
        self._notes.hide()
        self.hide_progress()
        self._open(name, "being looked through …", 64, 46)

    def show_survey(self, survey: ImageSurvey) -> None:
        """Show what was found: it can be used."""
        self._survey = survey
        self._detail.setText(found_words(survey))
        notes = " ".join(words for words in (_broken(survey), survey.folder.left_out.words()) if words)
        self._notes.setText(notes)
        self._notes.setVisible(bool(notes))
        self.choices.set_survey(survey)
        self._render_choice()
        self._render_state()

    def hide_progress(self) -> None:
        """Take the bar away."""
        super().hide_progress()
        if self._survey is not None and self.focusWidget() in (None, self._leave):
            self._use.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_error(self, sentence: str) -> None:
        """Show in place why the folder cannot be used as it is; an empty sentence clears it."""
        if sentence and self._survey is None:
            self._detail.setText("")
        super().show_error(sentence)

    def show_stopped(self) -> None:
        """Looking or reading was broken off."""
        self.show_error(STOPPED)

    # ---- acting ------------------------------------------------------------------------------------------------

    def _is_usable(self) -> bool:
        return self._survey is not None

    def _take(self) -> None:
        if self._survey is not None:
            self.show_error("")
            self.used.emit(self.choices.choice())

    def _render_choice(self) -> None:
        survey = self._survey
        if survey is None:
            return
        choice, classes = self.choices.choice(), survey.folder.classes
        self.show_error("")
        self.wall.set_pictures(
            [received(picture, choice) for _, picture in survey.pictures],
            [classes[label] for label, _ in survey.pictures],
            [
                f"{classes[label]}, from {_by((len(picture), picture.shape[1]))} pixels"
                for label, picture in survey.pictures
            ],
        )

    def _render_state(self) -> None:
        super()._render_state()
        self._parts.setVisible(self._survey is not None)
        self.choices.setEnabled(not self._is_busy)

    # ---- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self._parts = QWidget(self)
        left = QVBoxLayout()
        left.addWidget(SectionHead(self._look, "As the network receives them", self._parts))
        left.addWidget(self.wall, 1)
        self._parts.setLayout(self._middle)
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.addLayout(left, 1)
        self._middle.addWidget(self.choices)
        self._column.addWidget(self._notes)
        self._column.addWidget(self._parts, 1)
        self._column.addWidget(self._error)
        self._column.addStretch(0)
        self._column.addLayout(self._foot("Read all pictures and train on them; undo brings the old data back."))


def found_words(survey: ImageSurvey) -> str:
    """Return in a few words what a folder holds."""
    folder = survey.folder
    words = f"{len(folder.files):,} pictures of {len(folder.classes):,} classes. "
    if folder.has_parts:
        parts = ", ".join(f"{len(files):,} in {part}" for part, files in folder.parts.items())
        words += f"They are parted already: {parts}. "
    whom = "all" if survey.looked_at == len(folder.files) else f"the {survey.looked_at:,} looked at"
    size, count = survey.sizes[0]
    if len(survey.sizes) == 1:
        return f"{words}{whom[0].upper()}{whom[1:]} have {_by(size)} pixels."
    by_area = sorted((size for size, _ in survey.sizes), key=_area)
    reach = f"from {_by(by_area[0])} to {_by(by_area[-1])} pixels"
    return f"{words}Sizes {reach}, most often {_by(size)} ({count:,} of {whom})."


def _broken(survey: ImageSurvey) -> str:
    words = broken_words(survey.broken)
    return f"{words}." if words else ""


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _by(size: tuple[int, int]) -> str:
    """Return a size as people tell it: width by height."""
    return f"{size[1]:,} × {size[0]:,}"
