"""The whole program in this process: every action answered, every control named and reachable."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground.app.catalog import LABS
from playground.app.program import Program


def test_every_action_is_answered(program: Program) -> None:
    answered: set[str] = set()
    for lab in LABS:
        answered |= set(program.window.show_lab(lab.name).action_slots())
    table = program.window.actions_table
    for row in table.rows:
        if row.place == "lab":
            assert row.id in answered, row.id
        elif row.id not in ("edit.undo", "edit.redo"):  # enabled while there is something to undo
            assert table[row.id].isEnabled(), row.id


def controls(program: Program) -> list[QWidget]:
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit)
    found: list[QWidget] = []
    for lab in LABS:
        program.window.show_lab(lab.name)
    for widget in program.window.findChildren(QWidget):
        is_part = isinstance(widget, QScrollBar) or isinstance(widget.parentWidget(), QComboBox | QLineEdit)
        is_qt_own = widget.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight"))
        if isinstance(widget, kinds) and not is_part and not is_qt_own:
            found.append(widget)
    assert len(found) > 60
    return found


def test_every_control_has_a_name_and_says_more_on_hovering(program: Program) -> None:
    nameless, silent = [], []
    for widget in controls(program):
        name = f"{type(widget).__name__} {widget.objectName()} in {_path(widget)}"
        if not widget.objectName() or not widget.accessibleName():
            nameless.append(name)
        label = widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()
        if len(widget.toolTip()) <= len(label):
            silent.append(name)
    assert nameless == []
    assert silent == []


def test_every_control_can_be_reached_by_keyboard(program: Program) -> None:
    unreachable = [
        f"{type(widget).__name__} {widget.objectName()} in {_path(widget)}"
        for widget in controls(program)
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert unreachable == []


def _path(widget: QWidget) -> str:
    names: list[str] = []
    above = widget.parentWidget()
    while above is not None and len(names) < 4:
        names.append(above.objectName() or type(above).__name__)
        above = above.parentWidget()
    return "/".join(reversed(names))


def test_a_project_that_cannot_be_read_leaves_a_window_that_works(
    program: Program, qtbot: QtBot, own_home: Path
) -> None:
    broken = own_home / "broken.playground"
    broken.write_bytes(b"PK\x03\x04 nonsense")
    program.window.take_files((str(broken),))
    qtbot.waitUntil(lambda: bool(program.window.messages.texts()), timeout=20_000)
    assert "broken.playground" in program.window.messages.texts()[0]
    document = program.workspace.document
    qtbot.waitUntil(lambda: len(document.data.train) > 0, timeout=60_000)


def test_scrolling_panels_fit_their_width(program: Program) -> None:
    for area in program.window.findChildren(QAbstractScrollArea):
        if area.isVisible() and area.objectName().endswith("_scroll"):
            assert area.horizontalScrollBar().maximum() == 0, area.objectName()
