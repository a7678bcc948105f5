"""The look of Qt's own widgets: one style sheet and one QPalette, both made of the palette's colours.

Widgets say what they are by the dynamic property ``role``: title, section, muted, faint, number, error, good, card,
panel, bar, rail, chip, primary (the round play button), tool (square buttons), flat (buttons without a frame).
"""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from playground.app.resources import resource
from playground.views.palette import Palette

BASE_POINTS = 10.0


def mix(first: str, second: str, share: float) -> str:
    """Return the colour ``share`` of the way from ``first`` to ``second``."""
    a, b = QColor(first), QColor(second)
    kept = 1.0 - share
    return QColor.fromRgbF(
        a.redF() * kept + b.redF() * share,
        a.greenF() * kept + b.greenF() * share,
        a.blueF() * kept + b.blueF() * share,
    ).name()


def style_sheet(palette: Palette, scale: float) -> str:
    """Return the style sheet of the whole application; ``scale`` is 1.0 on the desk, larger on a projector."""
    points = BASE_POINTS * scale
    text_px = points * 4 / 3
    sizes = {
        f"px{n}": f"{max(1, round(n * scale))}px" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 24, 32, 36)
    }
    template = resource("themes/widgets.qss").read_text(encoding="utf-8")
    return Template(template).substitute(
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
        rail=f"{points * 0.75:.1f}pt",
        tiny=f"{points * 0.82:.1f}pt",
        small=f"{points * 0.9:.1f}pt",
        normal=f"{points:.1f}pt",
        large=f"{points * 1.2:.1f}pt",
        title=f"{points * 1.35:.1f}pt",
        round_half=f"{(round(32 * scale) + 4) // 2}px",  # one pixel more and Qt draws a square
        check=resource(f"icons/check-{palette.name}.svg").as_posix(),
        down=resource(f"icons/down-{palette.name}.svg").as_posix(),
        up=resource(f"icons/up-{palette.name}.svg").as_posix(),
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
