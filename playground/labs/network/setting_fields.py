"""The fields of the training settings, made once: in the bar or on the card of the rarer ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from playground.engine.settings import (
    FIELD_NAMES,
    INITIALIZATION_NAMES,
    LOSS_NAMES,
    OPTIMIZER_NAMES,
    OPTIONAL,
    SCHEDULES,
    Settings,
    bounds,
    parsed,
)
from playground.views.fields import ChoiceField, NumberField
from playground.views.look import Look
from playground.views.sources import Explain

SettingField = NumberField | ChoiceField

_CHOICES = {
    "optimizer": tuple(OPTIMIZER_NAMES.items()),
    "loss": tuple(LOSS_NAMES.items()),
    "schedule": tuple((name, name) for name in SCHEDULES),
    "initialization": tuple(INITIALIZATION_NAMES.items()),
}
_LABELS = {
    "batch_size": "batch",
    "schedule_epochs": "over epochs",
    "schedule_factor": "factor",
    "stop_epochs": "after epochs",
    "stop_accuracy": "at accuracy",
}
_TERMS = {"momentum": "momentum factor"}
_LOG = ("learning_rate", "l1", "l2", "schedule_epochs", "batch_size")
_WHOLE = ("batch_size", "seed", "stop_epochs")
_SLIDER = {"learning_rate": (1e-5, 1.0), "momentum": (0.0, 0.999), "l1": (0.0, 0.1), "l2": (0.0, 1.0)}


def setting_field(
    look: Look, field: str, explain: Explain, parent: QWidget, *, compact: bool, slider: bool = False
) -> SettingField:
    """Return the field for a setting, its tooltip the explanation of the term with its formula."""
    label = _LABELS.get(field, FIELD_NAMES[field])
    tooltip = explain(_TERMS.get(field, field)) or explain(FIELD_NAMES[field])
    value = getattr(Settings(), field)
    if field in _CHOICES:
        return ChoiceField(look, field, label, _CHOICES[field], value, tooltip, parent, compact=compact)
    low, high = bounds(field)
    number = NumberField(
        look,
        field,
        label,
        low=low,
        high=high,
        value=value,
        log=field in _LOG,
        whole=field in _WHOLE,
        optional=field in OPTIONAL,
        slider=slider,
        tooltip=tooltip,
        compact=compact,
        slider_range=_SLIDER.get(field),
        waits=True,
        parser=partial(parsed, field),
        parent=parent,
    )
    edit = number.focusProxy()
    if field in OPTIONAL and isinstance(edit, QLineEdit):
        edit.setPlaceholderText("never")
    return number


def connect_field(
    field: SettingField, changed: Callable[[str, Any, bool], object], finished: Callable[[str], object]
) -> None:
    """Tell ``changed(field, value, is_drag)`` of every value and ``finished(field)`` of the end of an edit."""
    name = field.objectName()
    if isinstance(field, ChoiceField):
        field.chosen.connect(lambda value: changed(name, value, False))  # noqa: FBT003 - a choice is no drag
    else:
        field.changed.connect(lambda value: changed(name, value, True))  # noqa: FBT003 - up to the end of the edit
        field.edit_finished.connect(partial(finished, name))
