"""What Qt needs of a Linux system is looked for before Qt can abort."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from playground.app import qt_libraries
from playground.app.qt_libraries import missing_packages, platform_name, problem

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux libraries")
QT = Path(PySide6.__file__).parent / "Qt"


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, ""),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, "vnc"),
    ],
)
def test_the_platform_is_foreseen(environment: dict[str, str], name: str) -> None:
    assert platform_name(environment) == name


@linux_only
def test_all_missing_libraries_are_named_at_once() -> None:
    lacking = {"libxcb-cursor.so.0", "libxcb-icccm.so.4", "libEGL.so.1"}
    packages = missing_packages("xcb", lambda library: library not in lacking)
    assert set(packages) == {"libegl1", "libxcb-cursor0", "libxcb-icccm4"}
    assert missing_packages("offscreen", lambda library: library not in lacking) == ("libegl1",)
    sentence = problem({"DISPLAY": ":0"}, lambda library: library not in lacking)
    assert "sudo apt-get install libegl1 libxcb-cursor0 libxcb-icccm4" in sentence


@linux_only
def test_nothing_is_missing_here() -> None:
    assert missing_packages("offscreen") == ()


@linux_only
def test_a_display_that_does_not_answer_is_named() -> None:
    code = "import os, sys; from playground.app.qt_libraries import problem; print(problem(os.environ))"
    environment = {**os.environ, "DISPLAY": "localhost:987"}
    environment.pop("QT_QPA_PLATFORM")
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    if missing_packages("xcb"):
        assert "sudo apt-get install" in result.stdout
    else:
        assert "the display 'localhost:987' does not answer" in result.stdout


@linux_only
def test_without_a_display_the_program_ends_in_a_sentence() -> None:
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment.pop("QT_QPA_PLATFORM")
    result = subprocess.run(
        [sys.executable, "-m", "playground"], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "Playground cannot open its window" in result.stderr
    assert "Traceback" not in result.stderr


@linux_only
@pytest.mark.parametrize(
    ("files", "table"),
    [
        (
            ("QtCore.abi3.so", "QtGui.abi3.so", "QtWidgets.abi3.so", "QtNetwork.abi3.so", "QtSvg.abi3.so"),
            qt_libraries._CORE,
        ),
        (("Qt/plugins/platforms/libqxcb.so",), {**qt_libraries._CORE, **qt_libraries._XCB}),
        (("Qt/plugins/platforms/libqwayland.so",), {**qt_libraries._CORE, **qt_libraries._WAYLAND}),
    ],
)
def test_the_tables_name_what_this_qt_needs(files: tuple[str, ...], table: dict[str, str]) -> None:
    needed: set[str] = set()
    for name in files:
        needed |= _needed_with_qt(QT.parent / name)
    # what every Linux with Python has, or what the named packages depend on
    base = ("ld-linux", "libc.", "libm.", "libdl.", "libpthread.", "librt.", "libstdc++.", "libgcc_s.", "libz")
    implied = ("libfreetype.", "libX11.", "libxcb.so", "libxcb-render.so", "libxcb-util.", "libbrotli", "libresolv.")
    unnamed = {library for library in needed - set(table) if not library.startswith((*base, *implied))}
    assert unnamed == set()


def _needed_with_qt(path: Path) -> set[str]:
    """Return the libraries that ``path`` and the parts of Qt and Python's bindings that it needs are linked to."""
    needed, waiting, seen = set(), [path], set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for library in _needed(here):
            folders = (QT / "lib", QT.parent, QT.parent.parent / "shiboken6")
            own = next((folder / library for folder in folders if (folder / library).exists()), None)
            if own is not None:
                waiting.append(own)
            else:
                needed.add(library)
    return needed


def _needed(path: Path) -> list[str]:
    """Return the DT_NEEDED entries of a 64-bit little-endian ELF file."""
    data = path.read_bytes()
    assert data[:6] == b"\x7fELF\x02\x01", path
    section_offset = struct.unpack_from("<Q", data, 0x28)[0]
    entry_size, count = struct.unpack_from("<HH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, section_offset + i * entry_size) for i in range(count)]
    found = []
    for _name, kind, _flags, _address, offset, size, link, *_rest in sections:
        if kind == 6:  # SHT_DYNAMIC
            strings = sections[link][4]
            for place in range(offset, offset + size, 16):
                tag, value = struct.unpack_from("<QQ", data, place)
                if tag == 1:  # DT_NEEDED
                    start = strings + value
                    found.append(data[start : data.index(b"\0", start)].decode())
    return found
