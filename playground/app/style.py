"""The look of Qt's own widgets: one style sheet and one QPalette, both made of the palette's colours.

Widgets say what they are by the dynamic property ``role``: title, section, muted, faint, number, error, good, card,
panel, bar, rail, chip, primary (the round play button), tool (square buttons), flat (buttons without a frame).
"""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QWidget

from playground.app.resources import resource
from playground.views.palette import Palette

BASE_POINTS = 10.0


def mix(first: str, second: str, share: float) -> str:
    """Return the colour ``share`` of the way from ``first`` to ``second``."""
    a, b = QColor(first), QColor(second)
    parts = (round(x + (y - x) * share) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))
    return QColor(*parts).name()


def style_sheet(palette: Palette, scale: float) -> str:
    """Return the style sheet of the whole application; ``scale`` is 1.0 on the desk, larger on a projector."""
    points = BASE_POINTS * scale
    text_px = points * 4 / 3
    sizes = {
        f"px{n}": f"{max(1, round(n * scale))}px" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 24, 32, 36)
    }
    return _TEMPLATE.substitute(
        sizes,
        window=palette.window,
        panel=palette.panel,
        raised=palette.raised,
        sunken=palette.sunken,
        line=palette.line,
        text=palette.text,
        muted=palette.muted,
        faint=palette.faint,
        accent=palette.accent,
        good=palette.good,
        bad=palette.bad,
        hover=mix(palette.raised, palette.text, 0.08),
        pressed=mix(palette.raised, palette.text, 0.16),
        edge=mix(palette.raised, palette.text, 0.12),
        bar=mix(palette.panel, palette.raised, 0.35),
        chosen=mix(palette.raised, palette.accent, 0.28),
        error_ground=mix(palette.panel, palette.bad, 0.12),
        good_hover=mix(palette.good, palette.text, 0.15),
        on_good="#ffffff",
        knob=palette.text if palette.name == "dark" else palette.sunken,
        groove=palette.raised if palette.name == "dark" else palette.line,
        mono=fixed_family(),
        tiny=f"{points * 0.82:.1f}pt",
        small=f"{points * 0.9:.1f}pt",
        normal=f"{points:.1f}pt",
        large=f"{points * 1.2:.1f}pt",
        title=f"{points * 1.35:.1f}pt",
        round_size=f"{round(36 * scale)}px",
        round_half=f"{round(18 * scale)}px",
        check=resource(f"icons/check-{palette.name}.svg").as_posix(),
        down=resource(f"icons/down-{palette.name}.svg").as_posix(),
        right=resource(f"icons/right-{palette.name}.svg").as_posix(),
        line_height=f"{round(text_px)}px",
    )


def fixed_family() -> str:
    """Return the family of the fonts in which numbers stand."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def qt_palette(palette: Palette) -> QPalette:
    """Return the QPalette for what the style sheet does not reach."""
    roles = QPalette.ColorRole
    found = QPalette()
    pairs = {
        roles.Window: palette.window,
        roles.WindowText: palette.text,
        roles.Base: palette.sunken,
        roles.AlternateBase: palette.panel,
        roles.Text: palette.text,
        roles.Button: palette.raised,
        roles.ButtonText: palette.text,
        roles.BrightText: palette.bad,
        roles.Highlight: palette.accent,
        roles.HighlightedText: palette.window if palette.name == "dark" else palette.sunken,
        roles.Link: palette.accent,
        roles.LinkVisited: palette.accent,
        roles.ToolTipBase: palette.raised,
        roles.ToolTipText: palette.text,
        roles.PlaceholderText: palette.faint,
        roles.Light: palette.raised,
        roles.Midlight: palette.raised,
        roles.Mid: palette.line,
        roles.Dark: palette.line,
        roles.Shadow: palette.sunken,
    }
    for role, colour in pairs.items():
        found.setColor(role, QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        found.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.faint))
    return found


def base_font(scale: float) -> QFont:
    """Return the font of the application."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPointSizeF(BASE_POINTS * scale)
    return font


def set_role(widget: QWidget, role: str) -> None:
    """Give ``widget`` another role while it is on the screen."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


_TEMPLATE = Template("""
QMainWindow, QDialog { background: $window; }
QWidget { color: $text; }
QToolTip { background: $raised; color: $text; border: 1px solid $edge; padding: $px4 $px6; }

QMenuBar { background: $bar; color: $muted; border: none; padding: 0; }
QMenuBar::item { background: transparent; padding: $px4 $px8; margin: $px2 0; border-radius: $px4; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $raised; color: $text; }
QMenu { background: $panel; border: 1px solid $edge; padding: $px4 0; }
QMenu::item { padding: $px5 $px24 $px5 $px32; background: transparent; }
QMenu::item:selected { background: $chosen; color: $text; }
QMenu::item:disabled { color: $faint; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: $px4 0; }
QMenu::indicator { width: $px14; height: $px14; left: $px10; }
QMenu::indicator:checked { image: url("$check"); }
QMenu::right-arrow { image: url("$right"); width: $px12; height: $px12; right: $px8; }

QLabel[role="title"] { font-size: $title; font-weight: bold; }
QLabel[role="heading"] { font-size: $large; font-weight: bold; }
QLabel[role="section"] { font-size: $tiny; font-weight: bold; color: $muted; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="faint"] { color: $faint; }
QLabel[role="small"] { color: $muted; font-size: $small; }
QLabel[role="number"] { font-family: "$mono"; }
QLabel[role="error"] { color: $bad; }
QLabel[role="good"] { color: $good; }

QWidget[role="panel"] { background: $panel; }
QWidget[role="bar"] { background: $bar; border: none; border-bottom: 1px solid $line; }
QWidget[role="status"] { background: $bar; border: none; border-top: 1px solid $line; }
QWidget[role="rail"] { background: $panel; border: none; border-right: 1px solid $line; }
QFrame[role="card"] { background: $raised; border: 1px solid $edge; border-radius: $px8; }
QFrame[role="strip"] { background: $raised; border: none; border-bottom: 1px solid $edge; }
QFrame[role="strip-error"] { background: $error_ground; border: none; border-bottom: 1px solid $bad; }
QFrame[role="popover"] { background: $panel; border: 1px solid $edge; border-radius: $px8; }
QLabel[role="chip"] { background: $raised; border-radius: $px8; padding: $px2 $px8; }

QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $edge; border-radius: $px7; padding: $px4 $px12;
}
QToolButton { padding: $px4 $px6; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:checked, QToolButton:checked { background: $chosen; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: transparent; border-color: $line; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:default { border-color: $accent; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: url("$down"); width: $px9; height: $px9; }
QToolButton[role="tool"] { padding: 0; min-width: $px32; min-height: $px32; }
QToolButton[role="flat"], QPushButton[role="flat"] { background: transparent; border-color: transparent; color: $muted; }
QToolButton[role="flat"]:hover, QPushButton[role="flat"]:hover { background: $raised; color: $text; }
QToolButton[role="flat"]:focus, QPushButton[role="flat"]:focus { border-color: $accent; }
QToolButton[role="flat"]:checked { background: $chosen; color: $text; }
QToolButton[role="link"], QPushButton[role="link"] {
    background: transparent; border: 1px solid transparent; color: $muted; padding: 0 $px2;
    font-size: $tiny; font-weight: bold;
}
QToolButton[role="link"]:hover, QPushButton[role="link"]:hover { color: $text; }
QToolButton[role="link"]:focus, QPushButton[role="link"]:focus { border-color: $accent; }
QToolButton[role="primary"] {
    background: $good; border: 2px solid $good; border-radius: $round_half; padding: 0;
    min-width: $px32; max-width: $px32; min-height: $px32; max-height: $px32;
}
QToolButton[role="primary"]:hover { background: $good_hover; border-color: $good_hover; }
QToolButton[role="primary"]:focus { border: 2px solid $text; }
QToolButton[role="primary"]:disabled { background: $raised; border-color: $raised; }
QToolButton[role="rail"] {
    background: transparent; border: 1px solid transparent; border-radius: $px8; color: $muted;
    padding: $px8 0 $px6 0; font-size: $tiny;
}
QToolButton[role="rail"]:hover { background: $raised; color: $text; }
QToolButton[role="rail"]:checked { background: $raised; color: $text; border-color: transparent; }
QToolButton[role="rail"]:focus { border-color: $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
    background: $sunken; color: $text; border: 1px solid $edge; border-radius: $px5; padding: $px3 $px6;
    selection-background-color: $accent; selection-color: $window;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus { border-color: $accent; }
QLineEdit:disabled { color: $faint; }
QLineEdit[role="error"] { border-color: $bad; }

QComboBox { background: $raised; border: 1px solid $edge; border-radius: $px5; padding: $px3 $px8; }
QComboBox:hover { background: $hover; }
QComboBox:focus { border-color: $accent; }
QComboBox::drop-down { border: none; width: $px18; }
QComboBox::down-arrow { image: url("$down"); width: $px10; height: $px10; }
QComboBox QAbstractItemView {
    background: $panel; border: 1px solid $edge; outline: none; padding: $px4 0;
    selection-background-color: $chosen; selection-color: $text;
}
QComboBox QAbstractItemView::item { padding: $px4 $px8; min-height: $line_height; }

QSlider:horizontal { min-height: $px18; }
QSlider::groove:horizontal { height: $px3; border-radius: 1px; background: $groove; }
QSlider::sub-page:horizontal { height: $px3; border-radius: 1px; background: $accent; }
QSlider::handle:horizontal {
    width: $px12; height: $px12; margin: -$px5 0; border-radius: $px6; background: $knob; border: 1px solid $faint;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { border-color: $accent; }
QSlider::groove:vertical { width: $px3; border-radius: 1px; background: $groove; }
QSlider::add-page:vertical { width: $px3; border-radius: 1px; background: $accent; }
QSlider::handle:vertical {
    width: $px12; height: $px12; margin: 0 -$px5; border-radius: $px6; background: $knob; border: 1px solid $faint;
}

QCheckBox, QRadioButton { spacing: $px6; background: transparent; border: 1px solid transparent; padding: 1px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; border-radius: $px4; }
QCheckBox::indicator, QRadioButton::indicator {
    width: $px14; height: $px14; border: 1px solid $faint; border-radius: $px4; background: $sunken;
}
QRadioButton::indicator { border-radius: $px7; }
QCheckBox::indicator:checked { background: $chosen; border-color: $accent; image: url("$check"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:disabled { border-color: $line; }

QScrollArea, QAbstractScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: $px9; margin: 0; }
QScrollBar:horizontal { background: transparent; height: $px9; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: $px3; margin: $px2; }
QScrollBar::handle:vertical { min-height: $px24; }
QScrollBar::handle:horizontal { min-width: $px24; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: $px5 $px12; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QProgressBar { background: $groove; border: none; border-radius: $px2; max-height: $px4; min-height: $px4; }
QProgressBar::chunk { background: $accent; border-radius: $px2; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QAbstractItemView {
    background: $sunken; alternate-background-color: $panel; border: 1px solid $line; border-radius: $px5;
    outline: none; selection-background-color: $chosen; selection-color: $text;
}
QAbstractItemView::item { padding: $px3 $px6; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $line; padding: $px4 $px6; font-size: $small;
}
QTableCornerButton::section { background: $panel; border: none; }
QTextBrowser[role="page"] { background: transparent; border: none; padding: 0; }
QDockWidget { color: $muted; }
QMessageBox { background: $panel; }
""")
