"""The list of changes beside the network: it takes no more room than its words need."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget

from tests.app.journeys.desk import Desk


def test_the_list_leaves_the_network_its_room(desk: Desk) -> None:
    desk.window.resize(1280, 800)
    desk.document.change_setting("l2", 0.1)
    before = desk.view.diagram.width()
    desk.trigger("edit.history")
    dock = desk.find(QDockWidget, "undo_history")
    em = desk.window.look.em()
    desk.wait(lambda: dock.isVisible() and 10 * em <= dock.width() <= 14 * em)
    assert desk.view.diagram.width() >= before - 16 * em
    desk.trigger("edit.history")
    assert not dock.isVisible()
