"""The command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import playground
from playground.app import application, doctor
from playground.app.main import COMMANDS, main


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"playground {playground.__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"playground {command}" in text for command in COMMANDS)


@pytest.mark.parametrize("words", [["--fly"], ["a", "b"]])
def test_nonsense_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert "cannot make sense of" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["playground:eJx-1"],
        ["playground:eJx\n-1"],
        ["playground:eJx", "-1"],
        ["<playground:", "eJx", "-1>"],
        ["\n playground:eJx-1\n"],
    ],
)
def test_a_shared_text_may_be_broken_into_lines_and_words(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_window(text: str) -> int:
        opened.append(text)
        return 0

    monkeypatch.setattr(application, "open_window", open_window)
    assert main(words) == 0
    assert "".join(opened[0].split()).strip("<>") == "playground:eJx-1"


def test_an_error_that_ends_the_program_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_words: object) -> int:
        raise ValueError("nobody expected this")

    monkeypatch.setattr(doctor, "main", broken)
    with pytest.raises(SystemExit) as end:
        main(["doctor"])
    assert end.value.code == 1
    assert "nobody expected this" in capsys.readouterr().err


def test_numpy_keeps_to_one_thread_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    code = "from playground.app.main import main; import os, sys; main(['--help']); print('numpy' in sys.modules)"
    code += "; print(os.environ['OPENBLAS_NUM_THREADS'])"
    for wanted in ("1", "3"):
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert result.stdout.split()[-2:] == ["False", wanted]  # it is said before numpy reads it
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")


# ---- doctor ----------------------------------------------------------------------------------------------------


def test_doctor_reports(own_home: Path) -> None:
    code = (
        "import sys; from playground.app.main import main; status = main(['doctor']); print('PySide6' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    out = result.stdout
    for word in ("playground", "Python", "torch", "PySide6-Essentials", "Qt platform", "CPU", "device", "data in"):
        assert f"\n{word}" in f"\n{out}", word
    assert str(own_home / "playground" / "log") in out
    assert "Nothing is missing." in out
    assert out.endswith("False\n"), "the doctor must work where Qt does not"


def test_doctor_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = own_home / "file"
    home.write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("PLAYGROUND_HOME", str(home))
    monkeypatch.setattr(doctor, "missing_packages", lambda _platform: ("libxcb-cursor0",))
    monkeypatch.setattr(doctor, "PACKAGES", ("torch", "no-such-package"))
    assert doctor.main() == 1
    out = capsys.readouterr().out
    assert "The Python package no-such-package is not installed" in out
    assert "sudo apt-get install libxcb-cursor0" in out
    assert f"The data folder {home / 'data'} cannot be written" in out
