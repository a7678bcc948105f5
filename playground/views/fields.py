"""Fields for settings: a number with slider and text paired, and a choice; errors stand in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QHideEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from playground.views.choices import ChoiceField
from playground.views.look import Look
from playground.views.number_edit import ErrorBubble, NumberEdit, number_inset
from playground.views.numbers import Scale, number_text, parsed_number
from playground.views.slider import TrackSlider
from playground.views.waiting import PAUSE_MS, Waiting

__all__ = ["ChoiceField", "NumberField", "align"]

FINE_ENOUGH = 100  # places on the line, from which a slider keeps to the decimals of its number
ERROR_DELAY_MS = 450  # so that half-typed numbers are not called wrong


class NumberField(QWidget):
    """Label, slider and number of one setting.

    ``changed`` carries each valid value at once, per keystroke and per mouse move; ``edit_started`` and
    ``edit_finished`` bracket what is one step for undo. With ``waits`` a typed value counts only on Enter, when the
    hand goes elsewhere, or after a pause (see ``Waiting``). ``parser`` reads the typed text in the place of the plain
    number parser and raises ValueError with the sentence for the user. ``slider_range`` narrows the slider, not
    the number, ``scale`` is another line for it to move on; ``digits`` is how many letters the number has room
    for. ``signed`` fills the slider from zero in the colours of the signs.
    """

    changed = Signal(object)
    edit_started = Signal()
    edit_finished = Signal()

    def __init__(
        self,
        look: Look,
        name: str,
        label: str,
        *,
        low: float,
        high: float,
        value: float | None,
        log: bool = False,
        whole: bool = False,
        optional: bool = False,
        decimals: int = 3,
        slider: bool = True,
        tooltip: str = "",
        suffix: str = "",
        compact: bool = False,
        signed: bool = False,
        slider_range: tuple[float, float] | None = None,
        scale: Scale | None = None,
        digits: int = 0,
        waits: bool = False,
        parser: Callable[[str], Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look, self._label_text = look, label
        self._low, self._high, self._whole, self._optional, self._decimals = low, high, whole, optional, decimals
        self._scale = scale or Scale(*(slider_range or (low, high)), log=log, whole=whole)
        self._parser = parser
        self._is_compact = compact
        self._digits = digits or (7 if compact else 8)
        self._value: Any = value
        self._before: Any = value
        self._is_editing = False
        self._error = ""
        self._bubble: ErrorBubble | None = None
        self.setObjectName(name)
        self._build(slider, suffix, signed)
        self._describe(name, tooltip or f"{label}: a number from {low:g} to {high:g}.")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._finish)
        self._error_delay = QTimer(self, singleShot=True, interval=ERROR_DELAY_MS)
        self._error_delay.timeout.connect(self._show_typed_error)
        self._waiting = Waiting(self) if waits else None
        if self._waiting is not None:
            self._waiting.due.connect(self._take_typed)
        look.changed.connect(self._render_look)
        self._render_look()
        self._render_value()

    # ---- what others call --------------------------------------------------------------------------------------

    def value(self) -> Any:
        """Return the present value: a number, or None where the field may be empty."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show ``value`` without a word to anybody; a field in the middle of an edit stays as it is."""
        is_same = value == self._value
        if is_same or self._is_editing or self._is_typing():
            return
        self._value = self._before = value
        self._set_error("")
        self._render_value()

    def show_error(self, sentence: str) -> None:
        """Show why a value cannot be, in place; an empty sentence clears it."""
        self._set_error(sentence)

    def error(self) -> str:
        """Return the sentence that is being shown, or an empty text."""
        return self._error

    def is_editing(self) -> bool:
        """Return whether a drag or a typed edit is going on."""
        return self._is_editing

    def side_widths(self) -> tuple[int, int]:
        """Return the room that label and suffix ask for."""
        return self._label.sizeHint().width(), self._suffix.sizeHint().width() if self._suffix.text() else 0

    def set_side_widths(self, label: int, suffix: int) -> None:
        """Give label and suffix this much room."""
        self._label.setFixedWidth(label)
        self._suffix.setFixedWidth(suffix)
        self._suffix.setVisible(suffix > 0)

    def set_range(self, low: float, high: float) -> None:
        """Set new bounds for number and slider."""
        self._low, self._high = low, high
        self._scale = Scale(low, high, log=self._scale.log, whole=self._whole)
        self._render_value()

    # ---- building ----------------------------------------------------------------------------------------------

    def _build(self, slider: bool, suffix: str, signed: bool) -> None:
        self._label = QLabel(self._label_text, self)
        self._label.setProperty("role", "muted")
        self._edit = NumberEdit(self._look, self)
        self._suffix = QLabel(suffix, self)
        self._suffix.setProperty("role", "muted")
        self._suffix.setVisible(bool(suffix))
        origin = self._scale.share(0.0) if self._low < 0 < self._high else 0.0
        self._slider = TrackSlider(self._look, origin=origin, signed=signed, parent=self) if slider else None
        self._error_label = QLabel(self)
        self._error_label.setProperty("role", "error")
        self._error_label.setWordWrap(True)
        self._error_label.hide()
        self._arrange()
        self._edit.textEdited.connect(self._read_text)
        self._edit.accepted.connect(self._accept)
        self._edit.taken_back.connect(self._take_back)
        self._edit.left.connect(self._leave)
        self._edit.step_requested.connect(self._step)
        if self._slider is not None:
            self._slider.sliderPressed.connect(self._begin)
            self._slider.sliderReleased.connect(self._finish)
            self._slider.valueChanged.connect(self._read_slider)
            self._slider.step_requested.connect(self._step)
        self.setFocusProxy(self._edit)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        if self._is_compact and self._slider is None:
            places = ((self._label, 0, 0, 1, 2), (self._edit, 1, 0, 1, 1), (self._suffix, 1, 1, 1, 1))
            self._edit.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        elif self._is_compact:
            places = ((self._label, 0, 0, 1, 1), (self._edit, 0, 1, 1, 1), (self._suffix, 0, 2, 1, 1))
            grid.addWidget(self._slider, 1, 0, 1, 3)  # type: ignore[arg-type]
            grid.setColumnStretch(0, 1)
        else:
            places = ((self._label, 0, 0, 1, 1), (self._edit, 0, 2, 1, 1), (self._suffix, 0, 3, 1, 1))
            if self._slider is not None:
                grid.addWidget(self._slider, 0, 1)
            grid.setColumnStretch(1, 1)
            grid.addWidget(self._error_label, 1, 0, 1, 4)
        for widget, *place in places:
            grid.addWidget(widget, *place)
        vertical = QSizePolicy.Policy.Fixed if self._is_compact else QSizePolicy.Policy.Minimum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def _describe(self, name: str, tooltip: str) -> None:
        hint = f"{tooltip}\nUp and Down step, with Shift finer; Enter accepts, Esc takes back."
        self.setToolTip(hint)
        self.setAccessibleName(self._label_text)
        self._edit.setObjectName(f"{name}_number")
        self._edit.setAccessibleName(self._label_text)
        self._edit.setAccessibleDescription(tooltip)
        self._edit.setToolTip(hint)
        self._error_label.setObjectName(f"{name}_error")
        if self._slider is not None:
            self._slider.setObjectName(f"{name}_slider")
            self._slider.setAccessibleName(f"{self._label_text}, slider")
            self._slider.setAccessibleDescription(tooltip)
            self._slider.setToolTip(hint)

    def changeEvent(self, event: QEvent) -> None:
        """Take the type of the look again: in another parent a style sheet gives words the size of the desk back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._render_look()

    def _render_look(self) -> None:
        em = self._look.em()
        # in a bar, words begin where the number or the line of the slider below them begins
        inset = number_inset(self._look) if self._slider is None else self._slider.inset()
        self._label.setContentsMargins(round(inset) if self._is_compact else 0, 0, 0, 0)
        for label in (self._label, self._suffix, self._error_label):
            label.setFont(self._look.font(9.0))
        digits = QFontMetricsF(self._look.font(9.5, mono=True)).horizontalAdvance("0" * self._digits)
        self._edit.setFixedWidth(round(digits + 0.5 * em))
        self._edit.setFixedHeight(round(1.3 * em))
        layout = self.layout()
        if isinstance(layout, QGridLayout):
            layout.setHorizontalSpacing(round(0.4 * em))
            layout.setRowMinimumHeight(0, round(1.3 * em))  # so that fields of all kinds stand level in a bar
            layout.setRowMinimumHeight(1, round(1.3 * em) if self._is_compact else 0)

    # ---- the value ---------------------------------------------------------------------------------------------

    def _is_typing(self) -> bool:
        return self._edit.hasFocus() and self._edit.isModified()

    def _text(self) -> str:
        text = number_text(self._value, decimals=self._decimals, whole=self._whole, log=self._scale.log)
        return text.replace("-", "−")

    def _render_value(self) -> None:
        self._edit.setText(self._text())
        self._render_slider()

    def _render_slider(self) -> None:
        if self._slider is None or self._slider.isSliderDown():
            return
        with QSignalBlocker(self._slider):  # a place on the slider is coarser than the number
            self._slider.set_share(0.0 if self._value is None else self._scale.share(float(self._value)))
        self._slider.update()

    def _parse(self, text: str) -> Any:
        text = text.replace("−", "-")
        if self._parser is not None:
            return self._parser(text)
        return parsed_number(
            text, self._label_text, low=self._low, high=self._high, whole=self._whole, optional=self._optional
        )

    def _begin(self) -> None:
        self._pause.stop()
        if not self._is_editing:
            self._is_editing = True
            self.edit_started.emit()

    def _apply(self, value: Any) -> None:
        self._set_error("")
        if value != self._value:
            self._begin()
            self._value = value
            self.changed.emit(value)

    def _finish(self) -> None:
        self._pause.stop()
        if self._slider is not None and self._slider.isSliderDown():
            return
        if self._is_editing:
            self._is_editing = False
            self.edit_finished.emit()
            self._render_slider()

    def _read_text(self, text: str) -> None:
        try:
            value = self._parse(text)
        except ValueError:
            self._forget_typed()
            if self._value != self._before:  # "1e9": what its first letter has set does not stay
                self._apply(self._before)
                self._render_slider()
            self._edit.set_error(True)
            self._error_delay.start()
            return
        self._error_delay.stop()
        if self._waiting is not None:
            self._set_error("")
            self._waiting.hold(value)
            return
        self._apply(value)
        self._render_slider()
        self._pause.start()

    def _take_typed(self, value: Any) -> None:
        """Let what was typed count, as one edit."""
        self._apply(value)
        self._finish()
        self._render_slider()

    def _forget_typed(self) -> None:
        if self._waiting is not None:
            self._waiting.drop()

    def _count_typed(self) -> None:
        if self._waiting is not None:
            self._waiting.flush()

    def _show_typed_error(self) -> None:
        try:
            self._parse(self._edit.text())
        except ValueError as error:
            self._set_error(str(error))

    def _accept(self) -> None:
        self._error_delay.stop()
        self._count_typed()
        self._show_typed_error()
        self._finish()
        if not self._error:
            self._before = self._value
            self._edit.setText(self._text())
            self._edit.selectAll()

    def _leave(self) -> None:
        self._error_delay.stop()
        self._count_typed()
        if self._edit.isModified():
            self._show_typed_error()
        self._finish()
        self._before = self._value
        if not self._error:
            self._edit.setText(self._text())

    def _take_back(self) -> None:
        self._error_delay.stop()
        self._forget_typed()
        self._apply(self._before)
        self._finish()
        self._render_value()
        self._edit.selectAll()

    def _read_slider(self, _place: int) -> None:
        if self._slider is None:
            return
        self._forget_typed()
        found = self._scale.value(self._slider.share())
        if not self._scale.log and (self._scale.high - self._scale.low) * 10.0**self._decimals >= FINE_ENOUGH:
            found = round(found, self._decimals) if self._decimals else round(found)  # no digits that it does not show
        self._apply(found)
        self._edit.setText(self._text())
        if not self._slider.isSliderDown():
            self._before = self._value
            self._pause.start()

    def _step(self, steps: float) -> None:
        self._count_typed()
        start = self._scale.low if self._value is None else float(self._value)
        self._apply(self._scale.stepped(start, steps, self._low, self._high))
        self._render_value()
        self._pause.start()

    # ---- errors ------------------------------------------------------------------------------------------------

    def _set_error(self, sentence: str) -> None:
        self._error_delay.stop()
        self._edit.set_error(bool(sentence))
        if sentence == self._error:
            return
        self._error = sentence
        self._edit.setAccessibleDescription(sentence or self.toolTip())
        if self._is_compact:
            self._show_bubble()
        else:
            self._error_label.setText(sentence)
            self._error_label.setVisible(bool(sentence))

    def _show_bubble(self) -> None:
        if self._bubble is not None:
            self._bubble.hide()
            self._bubble.deleteLater()
            self._bubble = None
        if self._error and self.isVisible():
            self._bubble = ErrorBubble(self._look, self.window())
            self._bubble.setObjectName(f"{self.objectName()}_error")
            self._bubble.show_below(self, self._error, round(15 * self._look.em()))

    def hideEvent(self, event: QHideEvent) -> None:
        """End the edit and its timers with the field out of sight."""
        self._error_delay.stop()
        self._count_typed()
        self._finish()
        if self._bubble is not None:
            self._bubble.hide()
        super().hideEvent(event)


def align(fields: Iterable[NumberField]) -> None:
    """Let the sliders and the numbers of fields that stand below each other begin and end at one line."""
    group = list(fields)
    widths = [field.side_widths() for field in group]
    for field in group:
        field.set_side_widths(max(label for label, _ in widths), max(suffix for _, suffix in widths))
