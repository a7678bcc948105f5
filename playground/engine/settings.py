"""How a network is trained: the settings, their bounds, and the sentences for values that cannot be. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "perceptron")
OPTIMIZER_NAMES = {
    "sgd": "SGD",
    "momentum": "momentum",
    "nesterov": "Nesterov",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "perceptron": "Rosenblatt's rule",
}
LOSSES = ("cross_entropy", "squared_error")
LOSS_NAMES = {"cross_entropy": "cross-entropy", "squared_error": "squared error"}
SCHEDULES = ("constant", "cosine", "step")
INITIALIZATIONS = ("torch", "xavier", "he", "normal", "normal_fan_in", "zero", "browser")
INITIALIZATION_NAMES = {
    "torch": "torch's default",
    "xavier": "Xavier",
    "he": "He",
    "normal": "N(0, 1)",
    "normal_fan_in": "N(0, 1/fan-in)",
    "zero": "zero",
    "browser": "as in the browser playground",
}


class SettingError(ValueError):
    """A value that a setting cannot take; ``field`` names the setting, the text is a sentence for the user."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Settings:
    """Everything that decides what a training step does, apart from structure and data.

    ``schedule``: constant; cosine from ``learning_rate`` to 0 over ``schedule_epochs`` epochs (then it stays 0);
    step: multiplied by ``schedule_factor`` every ``schedule_epochs`` epochs. ``l1`` and ``l2`` count weights,
    not biases. ``momentum`` is also Adam's beta1 where Adam runs. ``stop_*``: None is off.
    """

    optimizer: str = "adam"
    learning_rate: float = 0.01
    schedule: str = "constant"
    schedule_epochs: float = 20.0
    schedule_factor: float = 0.5
    batch_size: int = 32
    momentum: float = 0.9
    l1: float = 0.0
    l2: float = 0.0
    loss: str = "cross_entropy"
    initialization: str = "torch"
    seed: int = 7
    stop_epochs: int | None = None
    stop_accuracy: float | None = None


_LARGEST = 1e300  # NaN, infinities and whole numbers that no float can hold lie outside
# field -> (low, high, is a whole number)
_BOUNDS: dict[str, tuple[float, float, bool]] = {
    "learning_rate": (1e-8, 1e3, False),
    "schedule_epochs": (0.01, 1e6, False),
    "schedule_factor": (1e-6, 1.0, False),
    "batch_size": (1, 1_000_000, True),
    "momentum": (0.0, 0.9999, False),
    "l1": (0.0, 10.0, False),
    "l2": (0.0, 10.0, False),
    "seed": (0, 2**31 - 1, True),
    "stop_epochs": (1, 1_000_000, True),
    "stop_accuracy": (0.0, 1.0, False),
}
_CHOICES = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "loss": LOSSES,
    "initialization": INITIALIZATIONS,
}
FIELD_NAMES = {
    "learning_rate": "learning rate",
    "schedule_epochs": "epochs of the schedule",
    "schedule_factor": "factor of the schedule",
    "batch_size": "batch size",
    "momentum": "momentum",
    "l1": "L1",
    "l2": "L2",
    "seed": "seed",
    "stop_epochs": "epochs to stop after",
    "stop_accuracy": "accuracy to stop at",
    "optimizer": "optimizer",
    "schedule": "schedule",
    "loss": "loss",
    "initialization": "initialisation",
}
OPTIONAL = ("stop_epochs", "stop_accuracy")
RESETTING = ("initialization", "seed")  # a change of these starts the training anew


def checked(field: str, value: Any) -> Any:
    """Return ``value`` as ``field`` takes it.

    Raises
    ------
    SettingError
        With a sentence that names the setting and its bounds.
    """
    name = FIELD_NAMES.get(field)
    if name is None:
        raise SettingError(field, f"There is no setting '{str(field)[:40]}'.")
    if field in _CHOICES:
        if value not in _CHOICES[field]:
            choices = ", ".join(_CHOICES[field])
            raise SettingError(field, f"'{str(value)[:40]}' is no {name}: choose one of {choices}.")
        return value
    if value is None and field in OPTIONAL:
        return None
    low, high, is_whole = _BOUNDS[field]
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST < value < _LARGEST:
        raise SettingError(field, f"The {name} must be a number between {low:g} and {high:g}.")
    if is_whole and value != int(value):
        raise SettingError(field, f"The {name} must be a whole number between {low:g} and {high:g}.")
    if not low <= value <= high:
        raise SettingError(field, f"The {name} must lie between {low:g} and {high:g}; {value:g} does not.")
    return int(value) if is_whole else float(value)


def parsed(field: str, text: str) -> Any:
    """Return the value that the user typed for ``field``; decimal comma and percent sign are understood.

    Raises
    ------
    SettingError
        With a sentence that names the setting.
    """
    stripped = text.strip().replace(" ", "")
    if field in _CHOICES:
        return checked(field, stripped)
    if not stripped and field in OPTIONAL:
        return None
    is_percent = stripped.endswith("%")
    try:
        number = float(stripped.removesuffix("%").replace(",", "."))
    except ValueError:
        low, high, _ = _BOUNDS[field]
        raise SettingError(
            field,
            f"'{text.strip()[:40]}' is no number: the {FIELD_NAMES[field]} lies between {low:g} and {high:g}.",
        ) from None
    return checked(field, number / 100 if is_percent else number)


def bounds(field: str) -> tuple[float, float]:
    """Return the lowest and the highest value of a numeric setting."""
    low, high, _ = _BOUNDS[field]
    return low, high


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return ``settings`` with ``changes``, each checked (raises SettingError)."""
    return replace(settings, **{field: checked(field, value) for field, value in changes.items()})


_CHOICE_NAMES = {"optimizer": OPTIMIZER_NAMES, "loss": LOSS_NAMES, "initialization": INITIALIZATION_NAMES}


def change_words(changes: Mapping[str, Any]) -> str:
    """Return changes as the curve and the undo list say them: ``learning rate 0.01, L2 0``."""
    return ", ".join(
        f"{FIELD_NAMES[name]} {_CHOICE_NAMES.get(name, {}).get(value) or _spoken(value)}"
        for name, value in changes.items()
    )


def _spoken(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else "off" if value is None else str(value)


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain JSON values."""
    return asdict(settings)


def settings_from_json(value: Any) -> Settings:
    """Read what ``settings_to_json`` wrote; unknown names are left out, wrong values raise SettingError."""
    if not isinstance(value, dict):
        raise SettingError("settings", "The settings of the file are garbled.")
    known = {field.name for field in fields(Settings)}
    return changed(Settings(), {field: entry for field, entry in value.items() if field in known})
