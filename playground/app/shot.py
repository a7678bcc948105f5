"""``playground shot``: open the window without a display, wait until it shows what was asked for, save a picture."""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.app.qt_libraries import FONTS, missing_packages
from playground.session.folders import folders

if TYPE_CHECKING:
    from playground.app.program import Program

SMALLEST, LARGEST = (1000, 620), (7680, 4320)
MOST_STEPS = 10_000_000


def main(arguments: Sequence[str]) -> int:
    """Save the picture and return the exit status."""
    wanted = _parsed(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    packages = missing_packages("offscreen")
    if packages:
        return _failed(f"Qt lacks libraries here. On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}")
    from PySide6.QtGui import QFontDatabase

    from playground.app.program import Program

    with tempfile.TemporaryDirectory(prefix="playground-shot-") as own:
        kept = folders()
        # data and cache are shared; how the user's own window looks has no say, and nothing of it is touched
        places = replace(kept, config=Path(own) / "config", log=Path(own) / "log", autosave=Path(own) / "autosave")
        program = Program(places, theme=wanted.theme)
        if not QFontDatabase.families():
            return _failed(f"There are no fonts here, so the picture would have no text: install {FONTS}.")
        return _portrait(program, wanted)


def _portrait(program: Program, wanted: argparse.Namespace) -> int:
    from playground.app.portrait import Portrait

    window = program.window
    window.resize(*wanted.size)
    portrait = Portrait(program, wanted.out, wanted.train, waits_for_project=wanted.open is not None)
    program.begin(wanted.open, lab=wanted.lab)
    status = program.run()
    if portrait.trouble:
        return _failed(portrait.trouble)
    if status == 0 and not portrait.is_saved:
        return _failed("The window was closed before the picture was taken.")
    return status


def _failed(sentence: str) -> int:
    print(f"playground shot: {sentence}", file=sys.stderr)
    return 1


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="playground shot", description="Save a picture of the window.")
    parser.add_argument("out", metavar="OUT.png", type=Path)
    parser.add_argument("--lab", default="", help="the lab in front: network, …")
    parser.add_argument("--open", metavar="FILE", type=_project, help="a project to open first")
    parser.add_argument("--size", type=_size, default=(1600, 1000), help="width x height in pixels, 1600x1000")
    parser.add_argument("--train", metavar="STEPS", type=_steps, default=0, help="steps to train first")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    wanted = parser.parse_args(arguments)
    if wanted.out.suffix.lower() != ".png":
        parser.error(f"{wanted.out} does not end in .png: the picture is a PNG file.")
    if wanted.lab:
        from playground.app.catalog import LABS, lab_named

        if lab_named(wanted.lab) is None:
            parser.error(f"there is no lab '{wanted.lab}': choose one of {', '.join(lab.name for lab in LABS)}.")
    return wanted


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{2,5})[xX×]([0-9]{2,5})", text)
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(low <= number <= high for low, number, high in zip(SMALLEST, size, LARGEST, strict=True)):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no size: write width x height, from {SMALLEST[0]}x{SMALLEST[1]} to {LARGEST[0]}x{LARGEST[1]}."
        )
    return size


def _steps(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > MOST_STEPS:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of steps from 0 to {MOST_STEPS:,}.")
    return int(text)


def _project(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}.")
    return path
