"""Typed formulas: what they mean, where they go wrong, and that nothing else is ever read or executed."""

from __future__ import annotations

import math
import string
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.engine import formula as formulas
from playground.engine.formula import CONSTANTS, FUNCTIONS, MAX_LENGTH, FormulaError, parse_formula
from tests.engine.properties import checking

POINTS = {"x1": np.linspace(-2.0, 2.0, 9), "x2": np.linspace(0.5, 3.0, 9)}
ALSO = {name: getattr(math, name) for name in ("sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "floor", "ceil")}
ALSO |= {"sign": lambda value: (value > 0) - (value < 0)}


def values(text: str) -> list[float]:
    found: list[float] = parse_formula(text, ("x1", "x2")).values(POINTS).tolist()
    return found


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("x1", "x1"),
        ("3", "3"),
        ("2*sin(x1) + cos(x2)^2 - 1", "2*sin(x1) + cos(x2)**2 - 1"),
        ("-x1^2", "-x1**2"),
        ("2^-x1", "2**-x1"),
        ("x1 − x2·3 × 2", "x1 - x2*3*2"),
        ("x1² + x2³", "x1**2 + x2**3"),
        ("x1 / x2 + pi - e", "x1 / x2 + pi - e"),
        ("max(x1, x2, 1) - min(x1, 0)", "max(x1, x2, 1) - min(x1, 0)"),
        ("abs(x1) > 1", "1.0 * (abs(x1) > 1)"),
        ("0 < x1 <= 1.5", "1.0 * (0 < x1 <= 1.5)"),
        ("(x1 == 0) + (x1 != 0)", "1"),
        ("sqrt(x2) * log(x2) + exp(-x1) + tanh(x1)", "sqrt(x2) * log(x2) + exp(-x1) + tanh(x1)"),
        ("sign(x1) * floor(x2) + ceil(x1)", "sign(x1) * floor(x2) + ceil(x1)"),
        ("  x1\n + 1e-1 ", "x1 + 1e-1"),
        ("+x1 + tan(x1/9)", "x1 + tan(x1/9)"),
    ],
)
def test_a_formula_means_what_python_means_by_it(text: str, python: str) -> None:
    names: dict[str, Any] = {**ALSO, **CONSTANTS}
    expected = [
        eval(python, {"x1": float(x1), "x2": float(x2), **names})  # noqa: S307 - written here
        for x1, x2 in zip(POINTS["x1"], POINTS["x2"], strict=True)
    ]
    assert values(text) == pytest.approx(expected, rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(
    ("text", "says", "line", "column"),
    [
        ("__import__('os')", "has no place in a formula", 1, 12),
        ("__import__(x1)", "'__import__' is no function", 1, 1),
        ("x1.__class__", "Only numbers, variables", 1, 1),
        ("1 + (x1).real", "Only numbers, variables", 1, 5),
        ("lambda x1: x1", "':' at line 1, column 10", 1, 10),
        ("[x1 for x1 in x2]", "'['", 1, 1),
        ("eval(x1)", "'eval' is no function", 1, 1),
        ("x1 + y", "'y' is not known here: the formula can use x1, x2, pi, e", 1, 6),
        ("x1 +\n  y", "'y' is not known here", 2, 3),
        ("x1^100", "exponent lies between", 1, 4),
        ("x1**-65", "gives an exponent beyond 64", 1, 5),
        ("9**9**9", "exponent beyond 64", 1, 4),
        ("9" * 400, "at most 300 characters", 1, MAX_LENGTH + 1),
        ("9" * 290 + "e99", "too large", 1, 1),
        ("1e999", "too large", 1, 1),
        ("x1/0", "division by zero at line 1, column 4 where x1 = -2", 1, 4),
        ("1/x1", "division by zero at line 1, column 3 where x1 = 0", 1, 3),
        ("2 + 0^(x1)", "division by zero", 1, 8),
        ("log(x1)", "logarithm of zero or less at line 1, column 1 where x1 = -2", 1, 1),
        ("sqrt(x1)", "root of a number below zero", 1, 1),
        ("x1^0.5", "root of a number below zero", 1, 4),
        ("1 + exp(exp(exp(9)))", "too large", 1, 9),
        ("2x1", "write a product as 2*x", 1, 2),
        ("2e", "write a product as 2*x", 1, 2),
        ("1if x1 else 2", "write a product as 2*x", 1, 2),
        ("x1 if x2 else 1", "Only numbers", 1, 1),
        ("x1 and x2", "Only numbers", 1, 1),
        ("not x1", "no place in a formula", 1, 1),
        ("x1 is x2", "compared by", 1, 1),
        ("x1 // 2", "Only + - * / and ^", 1, 1),
        ("sin", "sin(x1)", 1, 1),
        ("sin()", "takes one argument", 1, 1),
        ("sin(x1, x2)", "takes one argument", 1, 1),
        ("max(x1)", "two arguments", 1, 1),
        ("sin(*x1)", "plain arguments", 1, 1),
        ("sin(x=x1)", "plain arguments", 1, 1),
        ("(x1", "cannot be read", 1, 1),
        ("x1 x2", "cannot be read", 1, 4),
        ("", "Type a formula", 1, 1),
        ("   ", "Type a formula", 1, 1),
        ("True", "'True' is no number", 1, 1),
        ("x1;x2", "';'", 1, 3),
        ("x1\u2028", "U+2028", 1, 3),
        ("ｘ1", "'ｘ'", 1, 1),
        ("-" * 200 + "x1", "too deeply", 1, 25),
        ("(" * 140 + "x1" + ")" * 140 + ")", "cannot be read", 1, 283),
        ("+".join(["x1"] * 90), "too deeply", 1, 1),
    ],
)
def test_what_cannot_be_gets_a_sentence_with_its_place(text: str, says: str, line: int, column: int) -> None:
    with pytest.raises(FormulaError) as caught:
        values(text)
    assert says in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).endswith(".")


def test_pictures_have_a_number_where_the_formula_has_none() -> None:
    found = parse_formula("1/x1 + log(x2 - 1)*0", ("x1", "x2")).finite_values(POINTS)
    assert np.isfinite(found).all()
    assert found[8] == 0.5
    assert parse_formula("7", ("x1",)).finite_values({"x1": np.zeros(3)}).tolist() == [7, 7, 7]


def test_nothing_is_compiled_or_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("eval", "exec", "__import__"):
        monkeypatch.setattr(f"builtins.{name}", lambda *_: pytest.fail("executed"), raising=True)
    for text in ("__import__(x1)", "exec(x1)", "eval(x1)", "sin(x1)"):
        try:
            values(text)
        except FormulaError:
            continue


PIECES = (
    *FUNCTIONS, "x1", "x2", "pi", "e", "+", "-", "*", "/", "**", "^", "(", ")", ",", ".", "<", ">", "==", "!=", "0",
    "1", "2.5", "1e300", "99", " ", "\n", "lambda", ":", "__class__", "import", "'os'", "[", "]", "²", "π", "if", "is",
)  # fmt: skip


def check_refusal(error: FormulaError, text: str) -> None:
    assert 20 < len(str(error)) < 300
    assert 1 <= error.line <= text.count("\n") + 1
    assert 1 <= error.column <= max(len(text), MAX_LENGTH) + 1


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
@checking(max_examples=1500)
def test_any_text_is_a_formula_or_gets_a_sentence(text: str) -> None:
    try:
        found = parse_formula(text, ("x1", "x2")).values(POINTS)
    except FormulaError as error:
        check_refusal(error, text)
        return
    assert found.shape == (9,)
    assert np.isfinite(found).all()


@given(st.text(alphabet=string.printable, max_size=MAX_LENGTH))
@checking(max_examples=300)
def test_names_that_may_stand_are_few(text: str) -> None:
    try:
        found = parse_formula(text, ("x1",))
    except FormulaError:
        return
    assert found.used <= {"x1"}


def test_every_function_of_the_list_is_tested() -> None:
    assert set(FUNCTIONS) == {*ALSO, "abs", "min", "max"}
    assert formulas.MAX_EXPONENT == 64
