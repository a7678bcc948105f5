"""Theme, colours of sign and projector mode: kept in the preferences, applied to the whole application."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from playground.app.style import base_font, qt_palette, style_sheet
from playground.session.preferences import PreferenceFile
from playground.views.look import Look
from playground.views.palette import Palette, SignColours, dark, light

DESK, PROJECTOR = 1.0, 1.4


class Appearance(QObject):
    """Owns the ``look`` that every view shares; ``theme`` overrides the preference for this run (pictures).

    The style sheet is put on a window, not on the application: at a change Qt would then go through the widgets within
    each widget, so that one nine deep is polished nine times. Menus, dialogs and tips take it from the window too.
    """

    def __init__(
        self, application: QApplication, preferences: PreferenceFile, *, theme: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._preferences = preferences
        self._theme = theme
        self._window: QWidget | None = None
        self.look = Look(self, palette=self._palette(), scale=self._scale())
        self._dress()
        preferences.changed.connect(self._follow)
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    def dress(self, window: QWidget) -> None:
        """Give the window its style sheet, now and at every change: at best before it is shown."""
        self._window = window
        window.destroyed.connect(self._forget_window)
        window.setStyleSheet(style_sheet(self.look.palette, self.look.scale))

    def _forget_window(self) -> None:
        self._window = None

    @property
    def theme(self) -> str:
        """Return what was chosen: system, dark or light."""
        return self._theme or self._preferences.values.theme

    def set_theme(self, theme: str) -> None:
        """Choose system, dark or light."""
        self._theme = ""
        self._preferences.change(theme=theme)
        self._apply()

    def _palette(self) -> Palette:
        signs: SignColours = self._preferences.values.sign_colours  # type: ignore[assignment]
        theme = self.theme
        if theme == "system":
            scheme = self._application.styleHints().colorScheme()
            theme = "light" if scheme == Qt.ColorScheme.Light else "dark"
        return light(signs) if theme == "light" else dark(signs)

    def _scale(self) -> float:
        return PROJECTOR if self._preferences.values.is_projector else DESK

    def _follow(self, field: str) -> None:
        if field in ("theme", "sign_colours", "is_projector"):
            self._apply()

    def _follow_system(self) -> None:
        self._apply()

    def _apply(self) -> None:
        palette, scale = self._palette(), self._scale()
        if palette != self.look.palette or scale != self.look.scale:
            self.look.palette, self.look.scale = palette, scale
            self._dress()
            self.look.set(palette=palette, scale=scale)

    def _dress(self) -> None:
        look = self.look
        self._application.setFont(base_font(look.scale))
        self._application.setPalette(qt_palette(look.palette))
        if self._window is not None:
            self._window.setStyleSheet(style_sheet(look.palette, look.scale))
