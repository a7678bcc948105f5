"""Every term of the screen in a sentence or two, with its formula: read from resources/help/terms.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from playground.app.resources import resource

GROUPS = (
    "Network",
    "Activations",
    "Training",
    "Optimizers",
    "Losses",
    "Settings",
    "Starting weights",
    "Data",
    "Hands",
    "Superposition",
)


@dataclass(frozen=True)
class Term:
    """One entry. ``also`` are other names under which it is found, such as those in code."""

    name: str
    group: str
    text: str
    formula: str = ""
    also: tuple[str, ...] = ()


@cache
def terms() -> tuple[Term, ...]:
    """Return all entries in their order."""
    with resource("help/terms.toml").open("rb") as stream:
        entries = tomllib.load(stream)["term"]
    return tuple(Term(**{**entry, "also": tuple(entry.get("also", ()))}) for entry in entries)


def term_named(name: str) -> Term | None:
    """Return the entry for a term, whatever its case, or None where there is none."""
    return _by_name().get(_key(name))


def explain(term: str) -> str:
    """Return a sentence on ``term`` with its formula, for hovering; an empty text where it is unknown."""
    found = term_named(term)
    if found is None:
        return ""
    return f"{found.text}\n{found.formula}" if found.formula else found.text


@cache
def _by_name() -> dict[str, Term]:
    found = {_key(name): term for term in terms() for name in term.also}
    return found | {_key(term.name): term for term in terms()}


def _key(name: str) -> str:
    return name.strip().lower().replace("_", " ")
