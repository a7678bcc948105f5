"""A number of the task: label and number above, the slider below; what makes no sense goes back with a sentence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QSizePolicy

from playground.views.fields import NumberField


def any_number(example: str, *, whole: bool = False) -> Callable[[str], float | int]:
    """Return a reader that takes every number: which of them make sense is for the task to say."""

    def read(text: str) -> float | int:
        cleaned = "".join(text.split()).replace(",", ".")
        try:
            number = float(cleaned)
        except ValueError:
            number = float("nan")
        if number != number:  # also 'nan' itself
            said = f"'{text.strip()[:40]}' is no number" if cleaned else "There is no number"
            raise ValueError(f"{said}: type one such as {example}.")
        if whole and number != round(min(max(number, -1e9), 1e9)):
            raise ValueError(f"{number:g} is no whole number: type one such as {example}.")
        return int(number) if whole else number

    return read


class TaskField(NumberField):
    """A number field for a narrow column. Whoever hears ``changed`` may ``refuse`` the value."""

    def refuse(self, value: float, sentence: str) -> None:
        """Go back to ``value``, the last one that holds, and say below why the other cannot be.

        What is being typed stays until Enter or a click elsewhere.
        """
        self._value = self._before = value
        if not self._is_typing():
            self._edit.setText(self._text())
            self._render_slider()
        self._set_error(sentence)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._edit, 0, 2)
        grid.addWidget(self._suffix, 0, 3)
        if self._slider is not None:
            grid.addWidget(self._slider, 1, 0, 1, 4)
        grid.addWidget(self._error_label, 2, 0, 1, 4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _accept(self) -> None:
        super()._accept()
        self._show_what_holds()

    def _leave(self) -> None:
        super()._leave()
        self._show_what_holds()

    def _show_what_holds(self) -> None:
        """Put the last good number back where the typed one was refused or is none; the sentence stays."""
        if self._error:
            self._edit.setText(self._text())
            self._edit.setModified(False)
