"""README's commands are the ones that CI runs, and its packages the ones that Qt needs."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path

import pytest

from playground.app.main import COMMANDS
from playground.app.qt_libraries import DEBIAN_PACKAGES


@pytest.fixture(scope="module")
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def block(readme: str, head: str) -> str:
    section = readme.split(f"\n## {head}\n")[1].split("\n## ")[0]
    return section.split("```sh\n")[1].split("```")[0].strip()


def test_two_commands_do_all_the_setting_up(readme: str) -> None:
    for head, end in (("Install and open", "playground"), ("Install and test", "python -m pytest")):
        command = block(readme, head)
        assert "\n" not in command
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
        assert command.endswith(f"&& .venv/bin/{end}")


def test_the_debian_packages_are_those_that_qt_needs(readme: str) -> None:
    words = block(readme, "Bare Linux machines").replace("\\", "").split()
    assert words[:3] == ["sudo", "apt-get", "install"]
    assert set(words[3:]) == {"python3-venv", *DEBIAN_PACKAGES}


def test_ci_runs_the_readme_commands(repository: Path, readme: str) -> None:
    script = repository / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    text = script.read_text(encoding="utf-8")
    function = re.search(r"^block\(\) .*?^}", text, re.MULTILINE | re.DOTALL)
    assert function is not None
    for head in ("Install and test", "Bare Linux machines"):
        assert f'block "{head}"' in text
        result = subprocess.run(
            ["bash", "-c", f'{function[0]}\nblock "{head}"'], cwd=repository, capture_output=True, text=True, check=True
        )
        assert result.stdout.strip() == block(readme, head)
    assert 'bash -euo pipefail -c "$test_command"' in text


def test_the_commands_of_the_readme_exist(readme: str) -> None:
    named = set(re.findall(r"^playground ([a-z]+)", readme, re.MULTILINE)) | set(
        re.findall(r"`playground ([a-z]+)`", readme)
    )
    assert named == set(COMMANDS)


def test_the_folders_of_the_readme_exist(repository: Path, readme: str) -> None:
    folders = re.findall(r"^\| `([a-z/]+)/` \|", readme, re.MULTILINE)
    assert len(folders) >= 7
    assert [folder for folder in folders if not (repository / folder).is_dir()] == []
