"""A teacher hides parts of the window for a class, and somebody who works with the project finds back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from playground.app.class_parts import all_parts, presets
from playground.engine.plane import PlaneSetup, plane_data
from playground.labs.network.stage_switch import GALLERY, NETWORK
from tests.app.journeys.desk import Desk


def sheet_items(desk: Desk) -> dict[str, QTreeWidgetItem]:
    desk.trigger("view.class")
    tree = desk.find(QTreeWidget, "parts_tree")
    found = {}
    for place in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(place)
        assert group is not None
        for row in range(group.childCount()):
            found[str(group.child(row).data(0, Qt.ItemDataRole.UserRole))] = group.child(row)
    return found


def uncheck(desk: Desk, *parts: str) -> None:
    items = sheet_items(desk)
    for part in parts:
        items[part].setCheckState(0, Qt.CheckState.Unchecked)


def hide(desk: Desk, *parts: str) -> None:
    desk.program.workspace.hiding.choose(parts)


def ids(desk: Desk) -> frozenset[str]:
    return frozenset(part.id for part in all_parts(desk.window.labs))


def preset(desk: Desk, title: str) -> frozenset[str]:
    return next(one.hidden for one in presets(all_parts(desk.window.labs)) if one.title == title)


def line_words(desk: Desk) -> str:
    return desk.sentence("hidden_words")


# ---- the sheet ---------------------------------------------------------------------------------------------------


def test_every_part_of_the_sheet_hides_something_and_gives_it_back(desk: Desk) -> None:
    desk.document.set_data(plane_data(PlaneSetup(shape="xor", count=60, seed=8)))
    desk.settle()
    window = desk.window

    def in_sight() -> frozenset[str]:
        widgets = (widget for widget in window.findChildren(QWidget) if widget.isVisible())
        shown = {f"{widget.objectName()} {widget.geometry().getRect()}" for widget in widgets if widget.objectName()}
        actions = {action.objectName() for action in window.actions() if action.isVisible()}
        withheld = desk.view.diagram._state.withheld
        return frozenset(shown | actions | {f"offers {'' if withheld else 'all'}"})

    for lab in ("network", "superposition"):
        window.show_lab(lab)
        desk.qtbot.wait(1)
        for part in all_parts(window.labs):
            if not part.id.startswith((lab, "bar.", "window.")):
                continue
            hide(desk)
            before = in_sight()
            hide(desk, part.id)
            is_of_other_data = part.id in ("network.examples", "network.drawing", "network.adjust", "network.add")
            assert in_sight() != before or is_of_other_data, part.id


def test_unchecking_hides_at_once_and_checking_brings_it_back_as_it_is_by_then(desk: Desk) -> None:
    optimizer = desk.view.transport.fields["optimizer"]
    uncheck(desk, "network.optimizer")
    assert not optimizer.isVisible()
    assert line_words(desk) == "Some controls are hidden for this project."
    desk.document.change_setting("optimizer", "sgd")
    assert not optimizer.isVisible()
    sheet_items(desk)["network.optimizer"].setCheckState(0, Qt.CheckState.Checked)
    assert optimizer.isVisible()
    assert optimizer.value() == "sgd"
    assert line_words(desk) == ""


def test_a_group_is_checked_and_unchecked_as_a_whole(desk: Desk) -> None:
    group = sheet_items(desk)["network.l1"].parent()
    assert group is not None
    group.setCheckState(0, Qt.CheckState.Unchecked)
    fields = desk.view.transport.fields
    assert not any(fields[name].isVisible() for name in ("optimizer", "loss", "l2"))
    assert fields["batch_size"].isVisible()
    assert not desk.find(QWidget, "more_settings_button").isVisible(), "there is nothing on the card any more"
    group.setCheckState(0, Qt.CheckState.Checked)
    assert not desk.program.workspace.hiding.parts


def test_the_card_closes_up_over_what_is_hidden(desk: Desk) -> None:
    hide(desk, "network.schedule", "network.momentum", "network.initialization", "network.stop")
    desk.click("more_settings_button")
    card = desk.view.transport.card
    assert card.isVisible()
    heads = {label.accessibleName() for label in card.findChildren(QLabel) if label.property("role") == "section"
             and label.isVisible()}  # fmt: skip
    assert heads == {"Optimizer and penalty", "Start: these begin anew"}
    left = {card.fields[name].geometry().left() for name in ("l1", "seed")}
    assert len(left) == 1, "both stand in the first column"
    assert not card.fields["momentum"].isVisible()


@pytest.mark.parametrize("title", ["Only play and the learning rate", "Only play and paint"])
def test_presets_leave_what_they_say(title: str, desk: Desk) -> None:
    desk.trigger("view.class")
    button = next(one for one in desk.window.findChildren(QPushButton) if one.text() == title)
    desk.click(button.objectName())
    assert desk.program.workspace.hiding.parts == preset(desk, title)
    bar = desk.view.transport
    assert desk.find(QWidget, "play_button").isVisible()
    assert bar.fields["learning_rate"].isVisible() == ("rate" in title)
    assert desk.view.inspector.neuron.tools.isVisible() == ("paint" in title)
    assert desk.view.data_panel.drawing.isVisible() == ("paint" in title)
    assert not desk.view.data_panel.source.isVisible()
    assert button.isChecked()


# ---- what is hidden rests ----------------------------------------------------------------------------------------


def test_hidden_actions_leave_the_menus_and_their_keys_say_so(desk: Desk) -> None:
    actions = desk.window.actions_table
    step = desk.snapshot.step
    hide(desk, "bar.step", "network.building")
    assert not actions["training.step"].isVisible()
    assert not actions["network.add_neuron"].isEnabled()
    desk.press(Qt.Key.Key_S)
    desk.wait_for_message("“One step” is hidden for this project")
    desk.settle()
    assert desk.snapshot.step == step
    hide(desk)
    assert not any("hidden" in text for text in desk.messages)
    desk.press(Qt.Key.Key_S)
    desk.wait(lambda: desk.snapshot.step == step + 1)


def test_the_message_of_a_hidden_key_shows_all(desk: Desk) -> None:
    hide(desk, "bar.speed")
    desk.press(Qt.Key.Key_Comma)
    desk.wait_for_message("“Slower” is hidden")
    desk.click("remedy_show_all")
    assert not desk.program.workspace.hiding.parts
    assert desk.view.transport.speed.isVisible()


def test_an_action_that_was_enabled_meanwhile_stays_out_of_reach(desk: Desk) -> None:
    undo = desk.window.actions_table["edit.undo"]
    assert not undo.isEnabled()
    hide(desk, "bar.undo")
    desk.document.change_setting("l2", 0.5)
    assert not undo.isEnabled()
    hide(desk)
    assert undo.isEnabled()
    undo.trigger()
    assert desk.document.settings.l2 == 0


def test_a_menu_of_nothing_goes_and_comes_back(desk: Desk) -> None:
    menu = desk.window.menus["Training"].menuAction()
    rows = [row.id for row in desk.window.actions_table.rows if row.menu == "Training"]
    hide(desk, *ids(desk))
    assert [row for row in rows if desk.window.actions_table[row].isVisible()] == [
        "training.play",
        "training.back_to_last_good",
    ]
    assert menu.isVisible()
    assert not desk.window.menus["Network"].menuAction().isVisible() or any(
        action.isVisible() for action in desk.window.menus["Network"].actions() if not action.isSeparator()
    )
    hide(desk)
    assert desk.window.menus["Network"].menuAction().isVisible()


def test_tab_never_reaches_what_is_hidden(desk: Desk) -> None:
    hide(desk, *preset(desk, "Only play and the learning rate"))
    desk.window.centralWidget().setFocus()
    seen = set()
    for _ in range(80):
        desk.qtbot.keyClick(desk.window.focusWidget(), Qt.Key.Key_Tab)
        held = desk.window.focusWidget()
        assert held.isVisible()
        seen.add(held.objectName())
    assert "play_button" in seen
    assert "hidden_show_all" in seen
    assert not {"reset_button", "step_button", "epoch_button", "undo_button", "more_settings_button"} & seen


def test_new_data_do_not_bring_back_what_is_hidden(desk: Desk) -> None:
    hide(desk, "network.drawing", "network.plane_points", "network.plane_shapes", "network.plane_stage", "network.bent")
    desk.document.set_data(plane_data(PlaneSetup(shape="spiral", count=60, seed=8)))
    desk.settle()
    panel = desk.view.data_panel
    assert panel.plane.isVisible()
    for widget in (panel.drawing, panel.plane.tools, panel.plane.fields["parts"], panel.plane.formula):
        assert not widget.isVisible()
    assert not desk.find(QWidget, "stage_plane").isVisible()
    hide(desk)
    assert panel.plane.tools.isVisible()
    assert panel.plane.fields["parts"].isVisible()
    assert desk.find(QWidget, "stage_plane").isVisible()
    assert not panel.drawing.isVisible(), "the data lie in the plane by now"


def test_a_page_that_is_hidden_gives_way_to_the_network(desk: Desk) -> None:
    desk.view.show_page(GALLERY)
    hide(desk, "network.gallery")
    assert desk.view.page() == NETWORK
    desk.press(Qt.Key.Key_G)
    desk.wait_for_message("is hidden")
    assert desk.view.page() == NETWORK


def test_training_goes_on_behind_it(desk: Desk) -> None:
    desk.trigger("training.play")
    desk.wait(lambda: desk.snapshot.step > 3)
    hide(desk, *ids(desk))
    step = desk.snapshot.step
    desk.wait(lambda: desk.snapshot.step > step)
    hide(desk)
    desk.trigger("training.play")
    desk.settle()


# ---- the way back ------------------------------------------------------------------------------------------------


def test_where_everything_is_hidden_one_click_shows_all_and_one_hides_it_again(desk: Desk) -> None:
    everything = ids(desk)
    hide(desk, *everything)
    assert desk.window.actions_table["view.class"].isEnabled()
    assert desk.window.menus["View"].menuAction().isVisible()
    assert desk.window.menus["File"].menuAction().isVisible()
    desk.click("hidden_show_all")
    assert not desk.program.workspace.hiding.parts
    assert desk.view.data_panel.isVisible()
    assert line_words(desk) == ""
    desk.wait_for_message("Everything is shown again")
    desk.click("remedy_hide_again")
    assert desk.program.workspace.hiding.parts == everything
    assert not desk.view.data_panel.isVisible()


def test_panels_come_back_at_their_width(desk: Desk) -> None:
    widths = desk.view.data_panel.width(), desk.view.inspector.width(), desk.view.curves.height()
    hide(desk, "network.data_panel", "network.neuron_panel", "network.curves")
    desk.wait(lambda: desk.view.diagram.width() > 1400)
    hide(desk)
    found = desk.view
    desk.wait(lambda: (found.data_panel.width(), found.inspector.width(), found.curves.height()) == widths)


def test_both_labs_follow(desk: Desk) -> None:
    hide(desk, "bar.speed", "superposition.probe", "superposition.left")
    lab = desk.window.show_lab("superposition")
    assert not lab.transport.speed.isVisible()  # type: ignore[attr-defined]
    assert not lab.stage.probe.isVisible()  # type: ignore[attr-defined]
    assert not desk.window.actions_table["view.panel_data"].isVisible()
    desk.window.show_lab("network")
    assert desk.window.actions_table["view.panel_data"].isVisible(), "here it hides another panel"
    desk.window.show_lab("superposition")
    hide(desk)
    assert lab.stage.probe.isVisible()  # type: ignore[attr-defined]
    assert lab.transport.speed.isVisible()  # type: ignore[attr-defined]


# ---- the project -------------------------------------------------------------------------------------------------


def test_it_is_saved_with_the_project(desk: Desk, start: Callable[..., Desk], tmp_path: Path) -> None:
    path = tmp_path / "lesson.playground"
    with desk.qtbot.waitSignal(desk.program.workspace.keeping.saved):
        desk.program.workspace.keeping.save(path)
    hide(desk, "network.loss", "network.data_source")
    assert desk.program.workspace.is_dirty
    desk.program.workspace.keeping.save()
    desk.wait(lambda: not desk.program.workspace.is_dirty)
    other = start(path, ready=False)
    other.wait(lambda: other.program.workspace.hiding.parts == {"network.loss", "network.data_source"})
    other.settle()
    assert not other.view.transport.fields["loss"].isVisible()
    assert not other.view.data_panel.source.isVisible()
    assert line_words(other)
    assert not other.program.workspace.is_dirty
    other.trigger("file.new")
    other.wait(lambda: not other.program.workspace.hiding.parts)
    assert other.view.transport.fields["loss"].isVisible()


def test_what_is_hidden_while_the_project_is_written_is_not_taken_for_saved(desk: Desk, tmp_path: Path) -> None:
    keeping = desk.program.workspace.keeping
    with desk.qtbot.waitSignal(keeping.saved):
        keeping.gather(
            lambda gathered: (hide(desk, "network.loss"), keeping._write(gathered, tmp_path / "a.playground", None))
        )
    assert desk.program.workspace.is_dirty


HOSTILE: tuple[tuple[object, set[str]], ...] = (
    (["network.loss", "no.such.part", "../..", 5, None, ["x"], "A" * 10_000, "network.loss"], {"network.loss"}),
    ("network.loss", set()),
    ({"network.loss": True}, set()),
    (None, set()),
    (["later.part"], set()),
    ([f"x.p{number}" for number in range(100_000)], set()),
)


def test_hostile_values_of_a_file_hide_no_more_than_they_name(desk: Desk) -> None:
    hiding, fields = desk.program.workspace.hiding, desk.view.transport.fields
    for value, kept in HOSTILE:
        hide(desk, "network.optimizer")
        assert not fields["optimizer"].isVisible()
        desk.program.workspace.keeping.view_restored.emit({"labs": {}, "hidden": value})
        told = f"{value!r:.99}"
        assert hiding.parts & ids(desk) == kept, told
        assert len(hiding.parts) <= 400, told
        assert fields["optimizer"].isVisible(), told
        assert fields["loss"].isVisible() == (not kept), told
        assert bool(line_words(desk)) == bool(kept), told
