"""Style sheet and icons: nothing left out, nothing that Qt cannot read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from playground.app.appearance import PROJECTOR, Appearance
from playground.app.icons import Icons, pixmap
from playground.app.resources import resource
from playground.app.style import mix, qt_palette, style_sheet
from playground.session.preferences import PreferenceFile
from playground.views.look import Look
from playground.views.palette import Palette, dark, light

pytestmark = pytest.mark.usefixtures("qapp")
ICONS = sorted(resource("icons").glob("*.svg"))


@pytest.mark.parametrize("palette", [dark(), light()], ids=lambda palette: palette.name)
@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
def test_the_style_sheet_is_whole(palette: Palette, scale: float, qtbot: QtBot) -> None:
    sheet = style_sheet(palette, scale)
    assert "$" not in sheet
    for path in re.findall(r'url\("([^"]+)"\)', sheet):
        assert Path(path).is_file()
    button = QPushButton("Press")
    qtbot.addWidget(button)
    button.setStyleSheet(sheet)  # a rule that Qt cannot read is a warning, and a warning fails the test
    button.show()
    ground = button.grab().toImage().pixelColor(button.width() // 2, 4)
    assert ground == QColor(palette.raised)


@pytest.mark.parametrize("palette", [dark(), light()], ids=lambda palette: palette.name)
def test_the_arrows_of_a_number_box_are_drawn_in_the_theme(palette: Palette, qtbot: QtBot) -> None:
    box = QDoubleSpinBox(maximum=0.9, singleStep=0.1)
    qtbot.addWidget(box)
    box.setStyleSheet(style_sheet(palette, 2.0))
    box.resize(160, box.sizeHint().height())
    box.show()
    picture, ground = box.grab().toImage(), QColor(palette.sunken).lightness()
    arrows = range(box.width() - 34, box.width() - 4)
    for rows in (range(4, box.height() // 2), range(box.height() // 2, box.height() - 4)):
        marks = [abs(picture.pixelColor(x, y).lightness() - ground) for x in arrows for y in rows]
        assert max(marks) > 60  # an arrow
        assert sum(mark > 20 for mark in marks) < 0.3 * len(marks)  # on a quiet ground
    before = box.value()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 12, box.height() // 4))
    assert box.value() > before


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_buttons_of_a_question_show_all_their_words(scale: float, qtbot: QtBot) -> None:
    box = QMessageBox(text="Save the changes in p?", informativeText="What is not saved is lost.")
    qtbot.addWidget(box)
    kinds = QMessageBox.StandardButton
    box.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
    box.setStyleSheet(style_sheet(dark(), scale))
    box.show()
    for kind in (kinds.Save, kinds.Discard, kinds.Cancel):
        button = box.button(kind)
        assert button.width() >= button.sizeHint().width()


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_the_icon_can_be_drawn(path: Path) -> None:
    assert QSvgRenderer(str(path)).isValid()
    text = path.read_text(encoding="utf-8")
    is_tinted = "currentColor" in text
    assert is_tinted or path.stem == "app" or path.stem.endswith(("-dark", "-light"))
    if is_tinted:
        image = pixmap(path.stem, "#ff0000", 32).toImage()
        colours = {image.pixelColor(x, y).rgb() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha()}
        assert colours, "the icon is empty"
        assert all(QColor(colour).red() > 200 and QColor(colour).green() < 60 for colour in colours)


def test_icons_follow_the_theme() -> None:
    look = Look(palette=dark())
    icons = Icons(look)
    before = _darkest(icons("play"))
    assert icons("play") is icons("play")
    look.set(palette=light())
    assert _darkest(icons("play")) < before


def test_icons_are_sharp_at_any_ratio() -> None:
    picture = pixmap("play", "#ffffff", 20, 2.5)
    assert (picture.width(), picture.devicePixelRatio()) == (50, 2.5)


def _darkest(icon: QIcon) -> int:
    image = icon.pixmap(QSize(20, 20)).toImage()
    opaque = [image.pixelColor(x, y) for x in range(20) for y in range(20) if image.pixelColor(x, y).alpha() == 255]
    return min(colour.lightness() for colour in opaque)


def test_text_can_be_read_on_its_ground() -> None:
    for palette in (dark(), light()):
        found = qt_palette(palette)
        for text, ground in (("WindowText", "Window"), ("Text", "Base"), ("ButtonText", "Button")):
            colours = [found.color(getattr(QPalette.ColorRole, role)) for role in (text, ground)]
            assert _contrast(*colours) > 7, (palette.name, text)
        assert _contrast(QColor(palette.muted), QColor(palette.panel)) > 4.5
        for ground in (palette.window, palette.panel, palette.sunken, palette.raised):  # amber marks are no haze
            assert _contrast(QColor(palette.activation), QColor(ground)) > 3.5, (palette.name, ground)


def _contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of WCAG 2, 1 to 21."""

    def luminance(colour: QColor) -> float:
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_mix() -> None:
    assert mix("#000000", "#ffffff", 0.0) == "#000000"
    assert mix("#000000", "#ffffff", 1.0) == "#ffffff"
    assert mix("#000000", "#ff0000", 0.5) in ("#7f0000", "#800000")


def test_the_look_follows_the_preferences(qapp: QApplication, own_home: Path) -> None:
    preferences = PreferenceFile(own_home / "preferences.json")
    appearance = Appearance(qapp, preferences)
    told: list[str] = []
    appearance.look.changed.connect(lambda: told.append(appearance.look.palette.name))
    appearance.set_theme("light")
    preferences.change(sign_colours="blue-orange")
    preferences.change(is_projector=True)
    assert told == ["light"] * 3
    assert appearance.look.palette == light("blue-orange")
    assert appearance.look.scale == PROJECTOR
    assert qapp.font().pointSizeF() == pytest.approx(14.0)
    appearance.set_theme("light")
    assert len(told) == 3
    assert not qapp.styleSheet()


class Nested(QWidget):
    """Counts how often it is given a style."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.count = 0

    def event(self, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.StyleChange
        return super().event(event)


def test_a_change_of_theme_styles_a_widget_as_often_however_deep_it_is(
    qapp: QApplication, qtbot: QtBot, own_home: Path
) -> None:
    appearance = Appearance(qapp, PreferenceFile(own_home / "preferences.json"), theme="dark")
    window = QWidget()
    qtbot.addWidget(window)
    appearance.dress(window)
    chain = [Nested(window)]
    for _ in range(8):
        chain.append(Nested(chain[-1]))
    label = QLabel("late", chain[-1])
    label.setProperty("role", "error")
    window.show()
    qtbot.waitExposed(window)
    for theme, palette in (("light", light()), ("dark", dark())):
        for widget in chain:
            widget.count = 0
        appearance.set_theme(theme)
        assert {widget.count for widget in chain} <= {1, 2}  # on the application it is once more with each level
        assert label.palette().windowText().color().name() == palette.bad


def test_a_window_that_is_gone_is_dressed_no_more(qapp: QApplication, own_home: Path) -> None:
    appearance = Appearance(qapp, PreferenceFile(own_home / "preferences.json"), theme="dark")
    window = QWidget()
    appearance.dress(window)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    appearance.set_theme("light")
    assert appearance.look.palette == light()
