"""ruff and mypy are clean, so that a test run says all there is to say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [("check", "."), ("format", "--check", ".")], ids=("check", "format"))
def test_ruff_is_clean(words: tuple[str, ...], repository: Path) -> None:
    result = _run("ruff", *words, "--no-cache", root=repository)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.timeout(300)
def test_mypy_is_clean(repository: Path, tmp_path: Path) -> None:
    cache = repository / ".mypy_cache"
    result = _run("mypy", "--cache-dir", str(cache if cache.is_dir() else tmp_path), root=repository)
    assert result.returncode == 0, result.stdout + result.stderr


def test_nothing_is_imported_whose_types_are_not_read(repository: Path) -> None:
    overrides = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["overrides"]
    skipped = [name for each in overrides if each.get("follow_imports") == "skip" for name in each["module"]]
    assert "torch.fx.*" in skipped
    names = "|".join(re.escape(name.removesuffix(".*")) for name in skipped)
    mention = re.compile(rf"\b({names})\b".replace(r"\.", r"(?:\.|\s+import\s+)"))
    assert mention.search("import torch.fx")
    assert mention.search("from torch import fx")
    assert not mention.search("import torch.functional")
    found = [path.name for path in (repository / "playground").rglob("*.py") if mention.search(path.read_text("utf-8"))]
    assert found == []


def _run(module: str, *words: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=root, capture_output=True, text=True, check=False)
