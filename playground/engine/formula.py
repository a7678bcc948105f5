"""Typed formulas such as ``sin(x1) + x2^2 > 1``: read through a whitelist, reckoned by numpy. Torch-free.

Python's own parser reads the text, nothing of it is ever executed: the tree is walked once and turned into a tree of
nodes of our own, and what is not on the list is refused with its line and column. Known are numbers, the variables,
``pi`` and ``e``, ``+ - * / ** ^``, comparisons (1 where they hold, else 0) and the functions of `FUNCTIONS`.
"""

from __future__ import annotations

import ast
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_LENGTH = 300
MAX_DEPTH = 24
MAX_NODES = 150
MAX_EXPONENT = 64

CONSTANTS = {"pi": math.pi, "e": math.e}
_ONE_ARGUMENT: dict[str, Callable[[Floats], Floats]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "ceil": np.ceil,
}
_SEVERAL: dict[str, Callable[[Floats, Floats], Floats]] = {"min": np.minimum, "max": np.maximum}
FUNCTIONS = (*_ONE_ARGUMENT, *_SEVERAL)

_WRITTEN = {"^": "**", "·": "*", "×": "*", "−": "-", "–": "-", "π": "pi", "²": "**2", "³": "**3"}
_ALLOWED = re.compile(r"[0-9A-Za-z_+\-*/().,<>=! ]")
_GLUED = re.compile(r"(?<![A-Za-z_0-9.])(?>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?=[A-Za-z_])")


class FormulaError(ValueError):
    """A formula that cannot be read or reckoned; the text is a sentence for the user.

    ``line`` and ``column`` count from 1.
    """

    def __init__(self, sentence: str, line: int, column: int) -> None:
        super().__init__(sentence)
        self.line, self.column = line, column


class _Node(ABC):
    """A part of a formula; ``column`` is where it stands in the text."""

    def __init__(self, column: int) -> None:
        self.column = column

    @abstractmethod
    def values(self, columns: Mapping[str, Floats]) -> Floats:
        """Return the numbers ``[n]`` or one for all; raises _ReckoningError."""


class _ReckoningError(ArithmeticError):
    """What went wrong, at which column, for which of the points."""

    def __init__(self, what: str, column: int, place: int) -> None:
        super().__init__(what)
        self.column, self.place = column, place


class _Constant(_Node):
    def __init__(self, column: int, value: float) -> None:
        super().__init__(column)
        self.value = np.float64(value)

    def values(self, columns: Mapping[str, Floats]) -> Floats:  # noqa: ARG002
        return np.asarray(self.value)


class _Variable(_Node):
    def __init__(self, column: int, name: str) -> None:
        super().__init__(column)
        self.name = name

    def values(self, columns: Mapping[str, Floats]) -> Floats:
        return columns[self.name]


class _Operation(_Node):
    """A function of one or two parts, and why it can fail: a check of the parts that marks what cannot be."""

    def __init__(
        self,
        column: int,
        function: Callable[..., NDArray[Any]],
        parts: Sequence[_Node],
        checks: Sequence[tuple[str, Callable[..., NDArray[np.bool_]]]] = (),
    ) -> None:
        super().__init__(column)
        self.function, self.parts, self.checks = function, tuple(parts), tuple(checks)

    def values(self, columns: Mapping[str, Floats]) -> Floats:
        arguments = [part.values(columns) for part in self.parts]
        for what, is_bad in self.checks:
            self._refuse(what, is_bad(*arguments))
        found = np.asarray(self.function(*arguments), np.float64)
        self._refuse("a number that is too large", ~np.isfinite(found))
        return found

    def _refuse(self, what: str, bad: NDArray[np.bool_]) -> None:
        if np.any(bad):
            raise _ReckoningError(what, self.column, int(np.argmax(bad)))


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula that has been read.

    Attributes
    ----------
    text : str
        As it was typed.
    used : frozenset of str
        The variables that stand in it.
    """

    text: str
    used: frozenset[str]
    _root: _Node
    _origin: tuple[int, ...]

    def values(self, columns: Mapping[str, Floats]) -> Floats:
        """Reckon the formula for many points at once.

        Parameters
        ----------
        columns : mapping
            For each variable its numbers ``[n]``; all of one length.

        Returns
        -------
        ndarray [n], float64
            All of them finite.

        Raises
        ------
        FormulaError
            Where something is divided by zero, is no number or too large; it names the column and the point.
        """
        count = max(map(len, columns.values()))
        try:
            with np.errstate(all="ignore"):
                found = self._root.values(columns)
        except _ReckoningError as error:
            line, column = _place(self.text, self._origin, error.column)
            point = ", ".join(f"{name} = {columns[name][error.place]:.4g}" for name in sorted(self.used))
            where = f" where {point}" if point else ""
            sentence = f"The formula gives {error} at line {line}, column {column}{where}: change it."
            raise FormulaError(sentence, line, column) from None
        return np.array(np.broadcast_to(found, (count,)), np.float64)

    def finite_values(self, columns: Mapping[str, Floats]) -> Floats:
        """Return the same ``[n]`` with 0 at every point that has no value, as pictures of the whole plane need it."""
        try:
            return self.values(columns)
        except FormulaError:
            count = max(map(len, columns.values()))
            with np.errstate(all="ignore"):
                found = _unchecked(self._root, columns)
            return np.nan_to_num(np.array(np.broadcast_to(found, (count,)), np.float64), posinf=0.0, neginf=0.0)


def parse_formula(text: str, variables: Sequence[str]) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        ``^`` is a power as well as ``**``; typographic signs are understood.
    variables : sequence of str
        The names that may stand in it.

    Raises
    ------
    FormulaError
        Where anything stands in it that is not on the list, or it is longer, deeper or of higher powers than bounded.
    """
    if len(text) > MAX_LENGTH:
        raise FormulaError(
            f"A formula has at most {MAX_LENGTH} characters; this one has {len(text):,}.", 1, MAX_LENGTH + 1
        )
    plain, origin = _plain(text)
    if not plain.strip():
        raise FormulaError(f"Type a formula, for example sin({variables[0]}).", 1, 1)
    tree = _python_tree(text, plain, origin)
    reader = _Reader(text, origin, tuple(variables))
    root = reader.read(tree, 1)
    return Formula(text, frozenset(reader.used), root, origin)


# ---- from text to Python's tree ----------------------------------------------------------------------------------


def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the text in ASCII, and for each of its letters where it stood."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        written = " " if letter in "\n\r\t\u00a0" else _WRITTEN.get(letter, letter)
        if written == letter and not _ALLOWED.fullmatch(letter):
            line, column = _line_and_column(text, place)
            shown = repr(letter) if letter.isprintable() else f"U+{ord(letter):04X}"
            raise FormulaError(f"{shown} at line {line}, column {column} has no place in a formula.", line, column)
        letters.extend(written)
        origin.extend([place] * len(written))
    joined = "".join(letters)
    first = len(joined) - len(joined.lstrip())
    return joined[first:], tuple(origin[first:])


def _python_tree(text: str, plain: str, origin: tuple[int, ...]) -> ast.expr:
    glued = _GLUED.search(plain)
    if glued is not None:
        line, column = _place(text, origin, glued.end())
        raise FormulaError(
            f"A sign is missing at line {line}, column {column}: write a product as 2*x, not 2x.", line, column
        )
    try:
        return ast.parse(plain, mode="eval").body
    except SyntaxError as error:
        line, column = _place(text, origin, max(0, (error.offset or 1) - 1))
    except (ValueError, MemoryError, RecursionError):
        line, column = 1, 1
    raise FormulaError(
        f"The formula cannot be read at line {line}, column {column}: something is missing or too much there.",
        line,
        column,
    )


def _place(text: str, origin: tuple[int, ...], place: int) -> tuple[int, int]:
    """Return line and column in ``text`` of a place in its plain form."""
    return _line_and_column(text, origin[place] if place < len(origin) else len(text))


def _line_and_column(text: str, place: int) -> tuple[int, int]:
    before = text[:place]
    return before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1


# ---- from Python's tree to ours ----------------------------------------------------------------------------------


def _power(base: Floats, exponent: Floats) -> Floats:
    return np.asarray(np.power(base, exponent), np.float64)


_DIVISION = [("a division by zero", lambda _a, b: np.asarray(b) == 0)]
_POWERS: list[tuple[str, Callable[..., NDArray[np.bool_]]]] = [
    (f"an exponent beyond {MAX_EXPONENT}", lambda a, b: np.abs(b + 0 * a) > MAX_EXPONENT),
    ("a division by zero", lambda a, b: (np.asarray(a) == 0) & (np.asarray(b) < 0)),
    ("the root of a number below zero", lambda a, b: (np.asarray(a) < 0) & (np.asarray(b) != np.floor(b))),
]
_BINARY: dict[type[ast.operator], tuple[Callable[..., Floats], Sequence[tuple[str, Callable[..., NDArray[np.bool_]]]]]]
_BINARY = {
    ast.Add: (np.add, ()),
    ast.Sub: (np.subtract, ()),
    ast.Mult: (np.multiply, ()),
    ast.Div: (np.divide, _DIVISION),
    ast.Pow: (_power, _POWERS),
}
_COMPARISONS: dict[type[ast.cmpop], Callable[..., NDArray[np.bool_]]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
_DOMAINS: dict[str, Sequence[tuple[str, Callable[..., NDArray[np.bool_]]]]] = {
    "log": [("the logarithm of zero or less", lambda a: np.asarray(a) <= 0)],
    "sqrt": [("the root of a number below zero", lambda a: np.asarray(a) < 0)],
}


class _Reader:
    """Turns Python's tree into nodes, refusing all that is not on the list."""

    def __init__(self, text: str, origin: tuple[int, ...], variables: tuple[str, ...]) -> None:
        self._text, self._origin, self._variables = text, origin, variables
        self._count = 0
        self.used: set[str] = set()

    def read(self, node: ast.expr, depth: int) -> _Node:
        """Return ``node``, which lies ``depth`` levels deep (raises FormulaError)."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise self._refusal(node, "The formula is nested too deeply or too long")
        if isinstance(node, ast.Constant):
            return self._number(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.UnaryOp):
            return self._sign(node, depth)
        if isinstance(node, ast.BinOp):
            return self._binary(node, depth)
        if isinstance(node, ast.Compare):
            return self._comparison(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        raise self._refusal(node, "Only numbers, variables, functions and signs can stand in a formula")

    def _refusal(self, node: ast.expr, sentence: str) -> FormulaError:
        line, column = _place(self._text, self._origin, node.col_offset)
        return FormulaError(f"{sentence} (line {line}, column {column}).", line, column)

    def _number(self, node: ast.Constant) -> _Node:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refusal(node, f"{str(value)[:20]!r} is no number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self._refusal(node, "This number is too large")
        return _Constant(node.col_offset, number)

    def _name(self, node: ast.Name) -> _Node:
        name = node.id
        if name in self._variables:
            self.used.add(name)
            return _Variable(node.col_offset, name)
        if name in CONSTANTS:
            return _Constant(node.col_offset, CONSTANTS[name])
        known = ", ".join((*self._variables, *CONSTANTS))
        if name in FUNCTIONS:
            raise self._refusal(node, f"Write {name} with its argument in brackets: {name}({self._variables[0]})")
        raise self._refusal(node, f"'{name[:30]}' is not known here: the formula can use {known}")

    def _sign(self, node: ast.UnaryOp, depth: int) -> _Node:
        if not isinstance(node.op, ast.USub | ast.UAdd):
            raise self._refusal(node, "This sign has no place in a formula")
        part = self.read(node.operand, depth + 1)
        return _Operation(node.col_offset, np.negative, [part]) if isinstance(node.op, ast.USub) else part

    def _binary(self, node: ast.BinOp, depth: int) -> _Node:
        known = _BINARY.get(type(node.op))
        if known is None:
            raise self._refusal(node, "Only + - * / and ^ join two numbers")
        left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
        if isinstance(node.op, ast.Pow) and isinstance(right, _Constant) and abs(right.value) > MAX_EXPONENT:
            raise self._refusal(node.right, f"An exponent lies between -{MAX_EXPONENT} and {MAX_EXPONENT}")
        function, checks = known
        # the right operand: a product or quotient begins where its first factor does, which may be at fault or not
        return _Operation(node.right.col_offset, function, [left, right], checks)

    def _comparison(self, node: ast.Compare, depth: int) -> _Node:
        parts = [self.read(part, depth + 1) for part in (node.left, *node.comparators)]
        functions = [_COMPARISONS.get(type(sign)) for sign in node.ops]
        if None in functions:
            raise self._refusal(node, "Numbers are compared by < <= > >= == !=")
        found: _Node | None = None
        for function, left, right in zip(functions, parts[:-1], parts[1:], strict=True):
            assert function is not None  # noqa: S101 - for the type checker
            pair = _Operation(node.col_offset, function, [left, right])
            found = pair if found is None else _Operation(node.col_offset, np.multiply, [found, pair])
        assert found is not None  # noqa: S101 - a comparison has two sides
        return found

    def _call(self, node: ast.Call, depth: int) -> _Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            raise self._refusal(node, f"'{name[:30]}' is no function here: use {', '.join(FUNCTIONS)}")
        if node.keywords or any(isinstance(part, ast.Starred) for part in node.args):
            raise self._refusal(node, f"{name} takes plain arguments, joined by commas")
        parts = [self.read(part, depth + 1) for part in node.args]
        if name in _ONE_ARGUMENT:
            if len(parts) != 1:
                raise self._refusal(node, f"{name} takes one argument")
            return _Operation(node.col_offset, _ONE_ARGUMENT[name], parts, _DOMAINS.get(name, ()))
        if len(parts) < 2:
            raise self._refusal(node, f"{name} takes two arguments or more")
        found = parts[0]
        for part in parts[1:]:
            found = _Operation(node.col_offset, _SEVERAL[name], [found, part])
        return found


def _unchecked(node: _Node, columns: Mapping[str, Floats]) -> Floats:
    if isinstance(node, _Operation):
        return np.asarray(node.function(*(_unchecked(part, columns) for part in node.parts)), np.float64)
    return node.values(columns)
