"""The table: every action's name, menu, keys and explanation. Keys are unique; a test sees to it."""

from __future__ import annotations

from playground.app.action_row import ActionRow, KeyRow
from playground.app.action_rows_network import NETWORK, TRAINING
from playground.app.action_rows_superposition import SUPERPOSITION
from playground.app.action_rows_window import DATA, EDIT, FILE, HELP, VIEW

__all__ = ["ACTIONS", "FILLED_MENUS", "KEYS", "MENUS", "ActionRow", "KeyRow"]

MENUS = ("File", "Edit", "Network", "Superposition", "Training", "Data", "View", "Help")
# Submenus that the window fills by itself as files come and go.
FILLED_MENUS = {"File/Open recent": "file.open", "File/Examples": "file.open"}  # path -> the action it follows

ACTIONS: tuple[ActionRow, ...] = (*FILE, *EDIT, *NETWORK, *SUPERPOSITION, *TRAINING, *DATA, *VIEW, *HELP)

KEYS: tuple[KeyRow, ...] = (
    KeyRow("Weight grid", "left button", "paint towards +strength"),
    KeyRow("Weight grid", "right button", "paint towards −strength"),
    KeyRow("Weight grid", "[ and ]", "smaller and larger brush"),
    KeyRow("Weight grid", "arrow keys", "move the cell cursor"),
    KeyRow("Weight grid", "digits", "type the value of the cell; Enter sets it, Esc leaves it"),
    KeyRow("Network", "arrow keys", "go from neuron to neuron"),
    KeyRow("Network", "mouse wheel", "scroll a long layer or a deep network, with Ctrl zoom; drag empty space to move"),
    KeyRow("Network", "Shift + click", "add to the selection"),
    KeyRow("Plane", "arrow keys", "move a cross; Space does there what the tool does"),
    KeyRow("Plane", "Page Up, Page Down", "shift the zero line of the selected neuron, with Shift finer"),
    KeyRow("Plane", "Home, End", "turn the zero line of the selected neuron, with Shift finer"),
    KeyRow("Hidden space", "arrow keys", "move the chosen features, with Shift finer"),
    KeyRow("Probe", "arrow keys", "left and right choose a feature, up and down change its value; Enter switches it"),
    KeyRow("Importance", "arrow keys", "left and right choose a feature, up and down change its importance"),
    KeyRow("Everywhere", "Alt + first letter", "open a menu of the menu bar"),
    KeyRow("Everywhere", "Tab", "go to the next control; Space presses the button that Tab has reached"),
    KeyRow("Everywhere", "Esc", "take back what is being typed, close what is open"),
)
