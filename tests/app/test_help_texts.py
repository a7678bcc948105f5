"""Every word that the screen shows is explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields

import pytest

from playground.app.help_texts import GROUPS, Term, explain, term_named, terms
from playground.engine.settings import FIELD_NAMES, INITIALIZATION_NAMES, LOSS_NAMES, OPTIMIZER_NAMES, Settings
from playground.engine.spec import ACTIVATION_NAMES

WORDS = (
    *(field.name for field in fields(Settings)),
    *FIELD_NAMES.values(),
    *OPTIMIZER_NAMES,
    *OPTIMIZER_NAMES.values(),
    *LOSS_NAMES,
    *LOSS_NAMES.values(),
    *INITIALIZATION_NAMES,
    *INITIALIZATION_NAMES.values(),
    *ACTIVATION_NAMES,
    *ACTIVATION_NAMES.values(),
    *("weight", "bias", "pre-activation", "batch", "epoch", "gradient norm", "validation", "test", "freeze", "cut"),
    *("superposition", "feature", "sparsity", "importance", "interference", "dimensionality", "D*", "phase diagram"),
    *("hysteresis", "hidden dimension", "feature dimensionality", "dimensions per feature"),
    *("table", "missing values", "layers out of sight", "deep network", "panels that take turns", "folding"),
    *("dropout", "device", "speed", "parameters", "training step", "divergence"),
)


@pytest.mark.parametrize("word", WORDS)
def test_the_word_is_explained(word: str) -> None:
    assert len(explain(word)) > 20


def test_an_unknown_word_has_no_explanation() -> None:
    assert explain("quantum") == ""
    assert term_named("quantum") is None


def test_case_and_underscores_do_not_matter() -> None:
    assert explain(" Learning_Rate ") == explain("learning rate") != ""


def test_a_name_leads_to_its_own_entry() -> None:
    assert [term.name for term in terms() if term_named(term.name) is not term] == []


def test_no_name_stands_for_two_terms() -> None:
    names = Counter(name.lower().replace("_", " ") for term in terms() for name in {term.name, *term.also})
    clashes = {name for name, count in names.items() if count > 1}
    assert {name for name in clashes if len({t for t in terms() if name in _names(t)}) > 1} == set()


def _names(term: Term) -> set[str]:
    return {name.lower().replace("_", " ") for name in (term.name, *term.also)}


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.name)
def test_an_entry_is_a_sentence_or_two(term: Term) -> None:
    assert term.group in GROUPS
    assert term.text.endswith(".")
    assert 20 < len(term.text) < 260
