from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from playground.app.resources import resource


def test_in_a_checkout_they_lie_beside_the_package(repository: Path) -> None:
    assert resource("examples/six inputs.playground") == repository / "resources" / "examples" / "six inputs.playground"
    assert resource("examples/six inputs.playground").is_file()


@pytest.mark.parametrize("is_other_around", [False, True])
def test_in_an_install_they_lie_in_the_package(tmp_path: Path, repository: Path, *, is_other_around: bool) -> None:
    """Laid out as the wheel does; a folder ``resources`` of somebody else beside the package is not taken."""
    package = tmp_path / "site" / "playground"
    (package / "app").mkdir(parents=True)
    for name in ("__init__.py", "app/__init__.py", "app/resources.py"):
        shutil.copy(repository / "playground" / name, package / name)
    shutil.copytree(repository / "resources", package / "resources")
    if is_other_around:
        (tmp_path / "site" / "resources").mkdir()
    code = "from playground.app.resources import resource; print(resource('examples/six inputs.playground'))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "site", capture_output=True, text=True, check=True
    )
    assert Path(run.stdout.strip()) == package / "resources" / "examples" / "six inputs.playground"
    assert Path(run.stdout.strip()).is_file()
