"""All parts that can be hidden for a class, those of the window and of every lab, and choices with a name."""

from __future__ import annotations

from collections.abc import Iterable

from playground.labs.bar_parts import BAR_PARTS
from playground.labs.base import Lab
from playground.views.parts import Part, Preset

_MENUS = "Menus and the list of labs"

WINDOW_PARTS = (
    Part(
        "window.sharing",
        _MENUS,
        "Sharing as text",
        "Copying the state as a text, and opening one.",
        ("file.share", "file.open_shared"),
    ),
    Part(
        "window.exchange",
        _MENUS,
        "Export and import",
        "The network as a Python script, and weights from elsewhere.",
        ("file.export_script", "file.import_weights"),
    ),
    Part("window.picture", _MENUS, "Save picture", "The window as a picture.", ("file.save_picture",)),
)

# what stays in sight: pictures and readings that set nothing
_SEEN = frozenset(
    {
        "bar.counts",
        "network.data_panel", "network.examples", "network.answer", "network.neuron_panel", "network.sum",
        "network.effect", "network.curves", "network.gradients",
        "superposition.right", "superposition.card",
        "superposition.dimensions", "superposition.losses",
    }
)  # fmt: skip
_HANDS = frozenset(
    {
        "network.drawing", "network.brush", "network.transforms", "network.bias", "network.plane_points", "bar.undo",
        "superposition.tools",
    }
)  # fmt: skip


def lab_part(name: str) -> str:
    """Return the id of the part that is a lab's entry in the list of labs."""
    return f"window.lab_{name}"


def all_parts(labs: Iterable[Lab]) -> tuple[Part, ...]:
    """Return every part of a window with these labs."""
    labs = tuple(labs)
    entries = [
        Part(lab_part(lab.name), _MENUS, f"{lab.title} lab", f"{lab.description} Hidden, it cannot be changed to.",
             (f"lab.{lab.name}",))
        for lab in labs
    ]  # fmt: skip
    return (*BAR_PARTS, *(part for lab in labs for part in lab.parts), *WINDOW_PARTS, *entries)


def presets(parts: Iterable[Part]) -> tuple[Preset, ...]:
    """Return the choices with a name."""
    ids = frozenset(part.id for part in parts)
    labs = frozenset(one for one in ids if one.startswith("window.lab_"))
    settings = frozenset(part.id for part in parts if part.group.endswith("settings of the training"))
    return (
        Preset("Everything", "Hide nothing.", frozenset()),
        Preset(
            "Without settings",
            "Optimizer, loss, penalties, schedule and the other settings of the training are hidden.",
            settings | {"bar.batch", "bar.device", "superposition.horizon"},
        ),
        Preset(
            "Only play and the learning rate",
            "Play, the learning rate, and all that is only looked at.",
            ids - _SEEN - labs - {"bar.learning_rate"},
        ),
        Preset(
            "Only play and paint",
            "Play, what one paints and draws with, undo, and all that is only looked at.",
            ids - _SEEN - _HANDS - labs,
        ),
        Preset("Only the network", "Play and the network alone: every other part is hidden.", ids),
    )
