"""Leaving a field before what it stands for becomes something else."""

from __future__ import annotations

from playground.views.fields import NumberField


def leave_field(field: NumberField) -> None:
    """Take what is being typed as meant, so that it goes to what was shown and the field can show the next."""
    edit = field.focusProxy()
    if edit is not None and edit.hasFocus():
        edit.clearFocus()
