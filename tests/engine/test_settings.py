"""Settings: their bounds, what is typed for them, what is read from files."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine.settings import (
    FIELD_NAMES,
    OPTIONAL,
    SettingError,
    Settings,
    bounds,
    change_words,
    changed,
    checked,
    parsed,
    settings_from_json,
    settings_to_json,
)
from tests.engine.properties import checking


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("learning_rate", "0.01", 0.01),
        ("learning_rate", " 1e-3 ", 0.001),
        ("learning_rate", "0,05", 0.05),
        ("learning_rate", ".5", 0.5),
        ("learning_rate", "1000", 1000.0),
        ("batch_size", "64", 64),
        ("batch_size", "1 000", 1000),
        ("stop_accuracy", "95%", 0.95),
        ("stop_accuracy", "95 %", 0.95),
        ("stop_accuracy", "", None),
        ("stop_epochs", "  ", None),
        ("stop_epochs", "12", 12),
        ("optimizer", " adamw ", "adamw"),
        ("seed", "0", 0),
        ("l2", "0", 0.0),
    ],
)
def test_typed_values(field: str, text: str, value: Any) -> None:
    found = parsed(field, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("learning_rate", "0", "must lie between 1e-08 and 1000; 0 does not"),
        ("learning_rate", "-1", "-1 does not"),
        ("learning_rate", "1e9", "1e+09 does not"),
        ("learning_rate", "fast", "'fast' is no number: the learning rate lies between 1e-08 and 1000"),
        ("learning_rate", "", "'' is no number"),
        ("learning_rate", "nan", "must be a number between"),
        ("learning_rate", "inf", "must be a number between"),
        ("learning_rate", "0.0.1", "is no number"),
        ("learning_rate", "%", "is no number"),
        ("batch_size", "1.5", "must be a whole number"),
        ("batch_size", "0", "must lie between 1 and 1e+06"),
        ("batch_size", "", "is no number"),
        ("stop_accuracy", "101%", "must lie between 0 and 1"),
        ("optimizer", "sgdm", "'sgdm' is no optimizer: choose one of sgd, momentum"),
        ("seed", "-1", "must lie between"),
        ("seed", "99999999999", "must lie between"),
        ("learning_rate", "x" * 5000, "is no number"),
    ],
)
def test_impossible_values_get_a_sentence(field: str, text: str, says: str) -> None:
    with pytest.raises(SettingError) as caught:
        parsed(field, text)
    assert says in str(caught.value)
    assert caught.value.field == field
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [True, "0.1", None, [0.1], math.nan, -math.inf, 1j, 10**400, -(10**400)])
def test_only_finite_numbers_are_numbers(value: Any) -> None:
    with pytest.raises(SettingError, match="must be a number"):
        checked("learning_rate", value)


def test_whole_numbers_come_out_whole_and_others_as_floats() -> None:
    assert type(checked("batch_size", 64.0)) is int
    assert type(checked("learning_rate", 1)) is float


def test_unknown_settings_are_named() -> None:
    with pytest.raises(SettingError, match="There is no setting 'colour'"):
        checked("colour", 1)


def test_a_change_leaves_the_rest_and_is_checked_as_a_whole() -> None:
    before = Settings()
    after = changed(before, {"learning_rate": 0.1, "optimizer": "sgd"})
    assert (after.learning_rate, after.optimizer, after.batch_size) == (0.1, "sgd", before.batch_size)
    with pytest.raises(SettingError):
        changed(before, {"learning_rate": 0.1, "batch_size": 0})


@pytest.mark.parametrize("field", [name for name in FIELD_NAMES if isinstance(getattr(Settings(), name), int | float)])
def test_bounds_are_what_is_taken(field: str) -> None:
    low, high = bounds(field)
    assert checked(field, low) == low
    assert checked(field, high) == high
    with pytest.raises(SettingError):
        checked(field, math.nextafter(high, math.inf) if isinstance(getattr(Settings(), field), float) else high + 1)


def test_every_default_is_allowed_and_every_field_has_a_name() -> None:
    for field, value in settings_to_json(Settings()).items():
        assert checked(field, value) == value
    assert set(settings_to_json(Settings())) == set(FIELD_NAMES)
    assert all(checked(field, None) is None for field in OPTIONAL)


def test_json_round_trip_and_unknown_names_are_left_out() -> None:
    chosen = changed(Settings(), {"learning_rate": 0.003, "stop_accuracy": 0.9, "loss": "squared_error"})
    written = json.loads(json.dumps(settings_to_json(chosen)))
    assert settings_from_json({**written, "from_a_later_version": 3}) == chosen
    assert settings_from_json({}) == Settings()


@pytest.mark.parametrize("value", [None, 3, [], "settings"])
def test_garbled_settings_get_a_sentence(value: Any) -> None:
    with pytest.raises(SettingError, match="garbled"):
        settings_from_json(value)


@checking()
@given(
    st.sampled_from(sorted(FIELD_NAMES)),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.integers(), max_size=2),
)
def test_no_value_from_a_file_escapes(field: str, value: Any) -> None:
    try:
        found = settings_from_json({field: value})
    except SettingError as error:
        blamed, found = error.field, Settings()
    else:
        blamed = field
    assert blamed == field
    assert checked(field, getattr(found, field)) == getattr(found, field)


def test_changes_are_told_in_the_words_of_the_screen() -> None:
    words = change_words({"loss": "squared_error", "optimizer": "sgd", "l2": 0.5, "stop_epochs": None})
    assert words == "loss squared error, optimizer SGD, L2 0.5, epochs to stop after off"
