"""What Qt needs of a Linux system, looked for before Qt is touched: Qt itself ends in an abort. Qt-free."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping

# library -> Debian package; what importing PySide6 needs
_CORE = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
# what the X11 plugin needs beyond that
_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
FONTS = "fonts-dejavu-core"

DEBIAN_PACKAGES: tuple[str, ...] = tuple(dict.fromkeys((*_CORE.values(), *_XCB.values(), FONTS)))


def platform_name(environment: Mapping[str, str]) -> str:
    """Return the Qt platform that would be used here: xcb, wayland, offscreen, …; empty without a display."""
    chosen = environment.get("QT_QPA_PLATFORM", "").replace(";", ":").split(":")[0]
    if chosen:
        return chosen
    if environment.get("WAYLAND_DISPLAY") and environment.get("XDG_SESSION_TYPE") == "wayland":
        return "wayland"
    if environment.get("DISPLAY"):
        return "xcb"
    return "wayland" if environment.get("WAYLAND_DISPLAY") else ""


def missing_packages(platform: str, can_load: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """Return the Debian packages that Qt's ``platform`` needs and this system lacks."""
    if not sys.platform.startswith("linux"):
        return ()
    load = can_load or _can_load
    needed = dict(_CORE)
    needed.update({"xcb": _XCB, "wayland": _WAYLAND}.get(platform, {}))
    return tuple(dict.fromkeys(package for library, package in needed.items() if not load(library)))


def problem(environment: Mapping[str, str], can_load: Callable[[str], bool] | None = None) -> str:
    """Return the sentence that says why no window can open here, or an empty text where one can."""
    if not sys.platform.startswith("linux"):
        return ""
    platform = platform_name(environment)
    missing = missing_packages(platform or "xcb", can_load)
    if missing:
        return (
            "Playground cannot open its window: this system lacks libraries that Qt needs. On Debian or Ubuntu:\n"
            f"    sudo apt-get install {' '.join(missing)}"
        )
    if not platform:
        return (
            "Playground cannot open its window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
            "Start it on a desktop; 'playground train' and 'playground shot' work without one."
        )
    if platform == "xcb" and not _answers_x11():
        return (
            f"Playground cannot open its window: the display {environment.get('DISPLAY', '')!r} does not answer.\n"
            "Check the variable DISPLAY, and that this user may use that display."
        )
    return ""


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers_x11() -> bool:
    """Say whether the X server that DISPLAY names can be reached."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    has_error = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_error
