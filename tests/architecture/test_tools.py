"""ruff and mypy are clean, so that a test run says all there is to say."""

from __future__ import annotations

import subprocess
import sys
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


def _run(module: str, *words: str, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", module, *words], cwd=root, capture_output=True, text=True, check=False)
