"""``playground doctor``: versions, Qt, devices, folders, and what is missing; needs neither display nor Qt."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import playground
from playground.app.qt_libraries import missing_packages, platform_name, problem
from playground.app.resources import resource
from playground.session.folders import folders

PACKAGES = ("torch", "numpy", "scipy", "safetensors", "PySide6-Essentials", "pyqtgraph", "pyarrow", "openpyxl")
_WIDTH = 12


def main(arguments: Sequence[str] = ()) -> int:
    """Print the report; 0 where nothing is missing, else 1."""
    if arguments:
        print("usage: playground doctor", file=sys.stderr)
        return 0 if arguments[0] in ("-h", "--help") else 2
    print("\n".join(report_lines(with_devices=True)))
    return 1 if missing() else 0


def report_lines(*, with_devices: bool = False) -> list[str]:
    """Return the report line by line.

    ``with_devices`` imports torch, which takes a second or two; without it devices are named only where torch is
    already there.
    """
    lines = [
        _line("playground", f"{playground.__version__}, {Path(playground.__file__).parent}"),
        _line("Python", f"{platform.python_version()} on {platform.platform()}"),
        *(_line(name, _version(name) or "MISSING") for name in PACKAGES),
        _line("Qt platform", platform_name(os.environ) or ("none: no display" if _is_linux() else "native")),
        _line("resources", _kept(resource("icons").parent)),
    ]
    lines += _devices(with_import=with_devices)
    found = folders()
    lines += [
        _line(f"{name} in", _kept(getattr(found, name))) for name in ("data", "cache", "config", "log", "autosave")
    ]
    gaps = missing()
    lines += ["", "Missing:", *(f"  {gap}" for gap in gaps)] if gaps else ["", "Nothing is missing."]
    return lines


def missing() -> list[str]:
    """Return a sentence for everything that the program lacks here."""
    gaps = [f"The Python package {name} is not installed: install Playground again." for name in PACKAGES]
    gaps = [gap for name, gap in zip(PACKAGES, gaps, strict=True) if not _version(name)]
    chosen = platform_name(os.environ)
    packages = missing_packages(chosen or "xcb")
    if packages:
        gaps.append(f"Qt lacks libraries. On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}")
    elif chosen and (sentence := problem(os.environ)):
        gaps.append(" ".join(sentence.split()))
    if not resource("icons").is_dir():
        gaps.append(f"The folder {resource('icons').parent} is not there: install Playground again.")
    for name, folder in vars(folders()).items():
        if not _can_write(folder):
            gaps.append(f"The {name} folder {folder} cannot be written: set PLAYGROUND_HOME to one that can.")
    return gaps


def _devices(*, with_import: bool) -> list[str]:
    cores = _line("CPU", f"{os.cpu_count() or 1} cores, {_usable_cores()} of them usable here")
    if not with_import and "torch" not in sys.modules:
        return [cores]
    try:
        from playground.engine.devices import available_devices

        return [cores, *(_line("device", f"{device.name}: {device.text}") for device in available_devices())]
    except ImportError as error:
        return [cores, _line("device", f"torch cannot be loaded: {error}")]


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _line(name: str, text: str) -> str:
    return f"{name:<{_WIDTH + 7}} {text}"


def _kept(folder: Path) -> str:
    return str(folder) if folder.exists() else f"{folder} (not there yet)"


def _can_write(folder: Path) -> bool:
    """Say whether the folder, or the nearest one above it that exists, can be written."""
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    return nearest.is_dir() and os.access(nearest, os.W_OK)


def _is_linux() -> bool:
    return sys.platform.startswith("linux")
