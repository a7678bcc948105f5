"""A folder of pictures before it becomes data: what was found in it, and what is to be made of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.engine.image_data import broken_words
from playground.engine.image_survey import ImageSurvey, received
from playground.views.data.image_choices import ImageChoices
from playground.views.data.picture_wall import PictureWall
from playground.views.data.source import ProgressLine
from playground.views.heads import FlatButton, SectionHead
from playground.views.look import Look

STOPPED = "Reading was stopped; nothing has changed."


class ImageSheet(QDialog):
    """Stands before the window until the data are used or left; ``used`` carries the `ImageChoice`."""

    used = Signal(object)
    stop_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._survey: ImageSurvey | None = None
        self._is_busy = False
        self.setObjectName("image_sheet")
        self.setWindowTitle("Pictures as data")
        self.setAccessibleName("A folder of pictures before it becomes data")
        self._title, self._detail, self._notes, self._error = (QLabel(self) for _ in range(4))
        for label, name, role in (
            (self._title, "image_title", "title"),
            (self._detail, "image_detail", "muted"),
            (self._notes, "image_notes", "muted"),
            (self._error, "image_error", "error"),
        ):
            label.setObjectName(name)
            label.setProperty("role", role)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.wall = PictureWall(look, self)
        self.choices = ImageChoices(look, self)
        self._progress = ProgressLine(look, self)
        self._use = FlatButton(
            look, "image_use", "Use these data", "Read all pictures and train on them; undo brings the old data back.",
            framed=True, parent=self,
        )  # fmt: skip
        self._leave = FlatButton(
            look, "image_leave", "Leave it", "Close without a change (Esc); the data in use stay.", framed=True,
            parent=self,
        )  # fmt: skip
        self._arrange()
        self.choices.changed.connect(self._render_choice)
        self._progress.cancelled.connect(self.stop_requested)
        self._use.clicked.connect(self._take)
        self._leave.clicked.connect(self.reject)
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_state()

    # ---- what others call --------------------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """Open for a folder of this name that is being looked at."""
        self._survey = None
        self._is_busy = False
        self._title.setText(name)
        self._detail.setText("being looked through …")
        self._notes.hide()
        self.show_error("")
        window = self.parentWidget()
        if window is not None:
            room, em = window.window().size(), self._look.em()
            self.resize(round(min(64 * em, 0.94 * room.width())), round(min(46 * em, 0.9 * room.height())))
        self.open()

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

    def show_progress(self, share: float, text: str) -> None:
        """Show how far looking or reading has come."""
        self._is_busy = True
        self._progress.render_progress(share, text)
        self._render_state()

    def hide_progress(self) -> None:
        """Take the bar away."""
        self._is_busy = False
        self._render_state()
        if self._survey is not None and self.focusWidget() in (None, self._leave):
            self._use.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_error(self, sentence: str) -> None:
        """Show in place why the folder cannot be used as it is; an empty sentence clears it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        if sentence and self._survey is None:
            self._detail.setText("")
        self._render_state()

    def show_stopped(self) -> None:
        """Looking or reading was broken off."""
        self.show_error(STOPPED)

    # ---- acting ------------------------------------------------------------------------------------------------

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
        self._progress.setVisible(self._is_busy)
        self._parts.setVisible(self._survey is not None)
        self.choices.setEnabled(not self._is_busy)
        self._use.setEnabled(self._survey is not None and not self._is_busy)
        self._use.update()

    # ---- layout ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self._parts = QWidget(self)
        left = QVBoxLayout()
        left.addWidget(SectionHead(self._look, "As the network receives them", self._parts))
        left.addWidget(self.wall, 1)
        middle = QHBoxLayout(self._parts)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addLayout(left, 1)
        middle.addWidget(self.choices)
        foot = QHBoxLayout()
        foot.addWidget(self._progress, 1)
        foot.addStretch(0)
        foot.addWidget(self._leave)
        foot.addWidget(self._use)
        column = QVBoxLayout(self)
        column.addWidget(self._title)
        column.addWidget(self._detail)
        column.addWidget(self._notes)
        column.addWidget(self._parts, 1)
        column.addWidget(self._error)
        column.addStretch(0)
        column.addLayout(foot)
        self._column, self._middle = column, middle

    def _render_look(self) -> None:
        em = self._look.em()
        self._title.setFont(self._look.font(12.0, bold=True))
        for label in (self._detail, self._notes, self._error):
            label.setFont(self._look.font(9.5))
        side = round(1.1 * em)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(round(0.6 * em))
        self._middle.setSpacing(round(1.4 * em))


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
