"""The layers and words of the design hold, and each rule is seen to catch what breaks it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

Rule = Callable[[Path], list[str]]


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """Return a copy of the package and its configuration in which violations can be planted."""
    shutil.copytree(repository / "playground", tmp_path / "playground", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(repository / "pyproject.toml", tmp_path)
    (tmp_path / "tests").mkdir()
    return tmp_path


# rule, file of the violation, the violating text
PLANTED: list[tuple[Rule, str, str]] = [
    (rules.session_uses_undo_only, "session/planted.py", "from PySide6.QtGui import QColor"),
    (rules.session_uses_undo_only, "session/planted.py", "from PySide6 import QtWidgets"),
    (rules.session_uses_undo_only, "session/planted.py", "def late():\n    import pyqtgraph"),
    (rules.views_use_vocabulary_only, "views/planted.py", "import torch"),
    (rules.views_use_vocabulary_only, "views/planted.py", "from playground.engine import runner"),
    (rules.views_use_vocabulary_only, "views/planted.py", "from playground.engine.network import Network"),
    (
        rules.views_use_vocabulary_only,
        "views/planted.py",
        "from playground.session.network_document import NetworkDocument",
    ),
    (rules.labs_apart, "labs/other/planted.py", "from playground.labs.network.view import NetworkView"),
    (rules.labs_apart, "labs/other/planted.py", "from playground.labs import network"),
    (rules.labs_apart, "labs/superposition/planted.py", "from playground.labs.network.hands import Hands"),
    (rules.labs_apart, "labs/network/planted.py", "from playground.labs.superposition.hands import SandboxHands"),
    (rules.named_for_what_they_are, "views/colour_utils.py", "x = 1"),
    (rules.named_for_what_they_are, "views/planted.py", "class FrameManager:\n    pass"),
    (rules.named_for_what_they_are, "views/planted.py", "def paint_helper():\n    pass"),
    (rules.colours_in_the_palette, "views/planted.py", "RED = '#ff0000'"),
]


@pytest.mark.parametrize("rule", list(dict.fromkeys(rule for rule, _, _ in PLANTED)), ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule: Rule, repository: Path) -> None:
    assert rule(repository) == []


@pytest.mark.parametrize(("rule", "place", "text"), PLANTED)
def test_the_rule_catches_what_breaks_it(rule: Rule, place: str, text: str, copy: Path) -> None:
    before = rule(copy)
    _plant(copy, place, text)
    assert len(rule(copy)) > len(before)


# contract in pyproject.toml -> file of each violation, the violating text, and what is told to be imported there
BROKEN: dict[str, list[tuple[str, str, str]]] = {
    "layers": [
        ("engine/planted.py", "from playground.session.job import Job", "playground.session.job"),
        ("session/planted.py", "from playground.views.look import Look", "playground.views.look"),
        ("views/planted.py", "from playground.labs.base import Lab", "playground.labs.base"),
        ("labs/network/planted.py", "from playground.app.window import MainWindow", "playground.app.window"),
    ],
    "engine-without-window": [
        ("engine/planted.py", "def late():\n    from PySide6.QtCore import QObject", "PySide6"),
        ("engine/planted_too.py", "import pyqtgraph.opengl", "pyqtgraph"),
    ],
    "views-without-torch": [
        ("views/planted.py", "import torch.nn", "torch"),
        ("views/planted_too.py", "from playground.engine.runner import Runner", "playground.engine.runner"),
        (
            "views/planted_last.py",
            "from playground.session.network_document import NetworkDocument",
            "playground.session.network_document",
        ),
    ],
    "vocabulary-without-torch": [
        ("engine/structure.py", "def late():\n    import torch", "torch"),
        ("engine/datasets.py", "from playground.engine.network import Network", "playground.engine.network"),
    ],
    "labs-apart": [
        (
            "labs/other/planted.py",
            "from playground.labs.network.view import NetworkView",
            "playground.labs.network.view",
        ),
        (
            "labs/superposition/planted.py",
            "from playground.labs.network.hands import Hands",
            "playground.labs.network.hands",
        ),
        (
            "labs/network/planted.py",
            "from playground.labs.superposition.hands import SandboxHands",
            "playground.labs.superposition.hands",
        ),
    ],
}


def test_the_contracts_hold(repository: Path) -> None:
    result = _lint(repository)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", BROKEN)
def test_the_contract_catches_each_that_breaks_it(contract: str, copy: Path) -> None:
    if contract == "labs-apart":
        _list_lab(copy, "other")
    for place, text, _ in BROKEN[contract]:
        _plant(copy, place, text)
    result = _lint(copy, contract)
    assert result.returncode == 1, result.stdout
    assert "BROKEN" in result.stdout
    for place, _, imported in BROKEN[contract]:  # a chain of imports begins with each
        module = "playground." + place.removesuffix(".py").replace("/", ".")
        chain = rf"^- +{re.escape(f'{module} -> {imported}')} \(l\."
        assert re.search(chain, result.stdout, re.MULTILINE), result.stdout


def test_every_lab_stands_in_the_contract(repository: Path) -> None:
    config = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}
    labs = repository / "playground" / "labs"
    folders = {f"playground.labs.{folder.name}" for folder in labs.iterdir() if (folder / "__init__.py").is_file()}
    assert set(contracts["labs-apart"]["modules"]) == folders


def test_each_contract_is_seen_to_fail(repository: Path) -> None:
    config = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    ids = {contract["id"] for contract in config["tool"]["importlinter"]["contracts"]}
    assert ids == set(BROKEN)


def _plant(root: Path, place: str, text: str) -> None:
    path = root / "playground" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{kept}\n{text}\n", encoding="utf-8")


def _list_lab(root: Path, name: str) -> None:
    config = root / "pyproject.toml"
    text = config.read_text(encoding="utf-8")
    listed = text.replace('"playground.labs.network"', f'"playground.labs.network", "playground.labs.{name}"')
    assert listed != text
    config.write_text(listed, encoding="utf-8")


def _lint(root: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    words = ["--no-cache", *(["--contract", contract] if contract else [])]
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=root, capture_output=True, text=True, check=False, timeout=60
    )
