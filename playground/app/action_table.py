"""The table: every action's name, menu, keys and explanation. Keys are unique; a test sees to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ActionRow:
    """One action. ``menu`` is a path (``File/Examples``); ``tooltip`` says more than ``text``.

    ``group``: exclusive with the others of that name; ``section``: a line is drawn above it in the menu;
    ``place``: "window" works always, "lab" only while a lab that uses it is in front.
    """

    id: str
    text: str
    menu: str
    tooltip: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    section: bool = False
    repeats: bool = False
    place: str = "window"


@dataclass(frozen=True)
class KeyRow:
    """A key or gesture that a view answers by itself: listed with the shortcuts, but no action of the window."""

    where: str
    keys: str
    meaning: str


MENUS = ("File", "Edit", "Network", "Training", "Data", "View", "Help")
# Submenus that the window fills by itself as files come and go.
FILLED_MENUS = {"File/Open recent": "file.open", "File/Examples": "file.open"}  # path -> the action it follows

_FILE = (
    ActionRow(
        "file.new",
        "New",
        "File",
        "Begin a new project with the digits and the 784-16-16-10 network; the present one is offered to be saved",
        ("Ctrl+N",),
        "new",
    ),
    ActionRow(
        "file.open",
        "Open…",
        "File",
        "Open a project: structure, weights, optimizer state, settings and curves come back as they were saved",
        ("Ctrl+O",),
        "open",
    ),
    ActionRow(
        "file.save",
        "Save",
        "File",
        "Write the project to its file; the old file is replaced only once the new one is whole",
        ("Ctrl+S",),
        "save",
        section=True,
    ),
    ActionRow("file.save_as", "Save as…", "File", "Write the project to another file", ("Ctrl+Shift+S",)),
    ActionRow(
        "file.export_script",
        "Export as Python script…",
        "File",
        "Write a script and a safetensors file that run with torch alone and give the same outputs",
        ("Ctrl+E",),
        "export",
        section=True,
    ),
    ActionRow(
        "file.import_weights",
        "Import weights…",
        "File",
        "Take the weights of an nn.Sequential of Linear layers from a safetensors file or a state_dict",
        ("Ctrl+I",),
        "import",
    ),
    ActionRow(
        "file.save_picture",
        "Save picture…",
        "File",
        "Save what the window shows as a PNG picture",
        ("Ctrl+Shift+P",),
        "picture",
        section=True,
    ),
    ActionRow(
        "file.quit", "Quit", "File", "Close the window; unsaved work is asked about first", ("Ctrl+Q",), section=True
    ),
)

_EDIT = (
    ActionRow(
        "edit.undo",
        "Undo",
        "Edit",
        "Take back the last change of structure, weights, settings or data; what training learnt elsewhere stays",
        ("Ctrl+Z",),
        "undo",
        repeats=True,
    ),
    ActionRow(
        "edit.redo",
        "Redo",
        "Edit",
        "Make the change again that was taken back",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "redo",
        repeats=True,
    ),
    ActionRow(
        "edit.history",
        "Undo history",
        "Edit",
        "Show all changes as a list; a click returns to the moment after it",
        ("Ctrl+H",),
        "history",
        checkable=True,
    ),
    ActionRow(
        "edit.copy_grid",
        "Copy grid",
        "Edit",
        "Copy the incoming weights of the selected neuron as rows of numbers, to paste here or in a spreadsheet",
        ("Ctrl+C",),
        "copy",
        section=True,
        place="lab",
    ),
    ActionRow(
        "edit.paste_grid",
        "Paste grid",
        "Edit",
        "Set the incoming weights of the selected neuron to the rows of numbers on the clipboard",
        ("Ctrl+V",),
        "paste",
        place="lab",
    ),
)

_NETWORK = (
    ActionRow(
        "network.type_structure",
        "Type the structure…",
        "Network",
        "Type the widths of the layers, for example 784-16-16-10; weights that still have a place are kept",
        ("Ctrl+L",),
        "structure",
        place="lab",
    ),
    ActionRow(
        "network.add_neuron",
        "Add a neuron",
        "Network",
        "Add a neuron to the selected layer; its outgoing weights start at zero, so the answers stay the same",
        ("Alt+Up",),
        "plus",
        section=True,
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "network.remove_neuron",
        "Remove the last neuron",
        "Network",
        "Remove the last neuron of the selected layer",
        ("Alt+Down",),
        "minus",
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "network.duplicate_neuron",
        "Duplicate the neuron",
        "Network",
        "Copy the selected neuron with its incoming weights; both get half of its outgoing ones: the answers stay",
        ("Ctrl+D",),
        "duplicate",
        place="lab",
    ),
    ActionRow(
        "network.delete_neuron",
        "Delete the neuron",
        "Network",
        "Remove the selected neurons with all their weights",
        ("Delete",),
        "trash",
        place="lab",
    ),
    ActionRow(
        "network.insert_layer",
        "Insert a layer",
        "Network",
        "Insert a hidden layer after the selected one, as near the identity as its activation allows",
        ("Alt+Right",),
        "layer-plus",
        section=True,
        place="lab",
    ),
    ActionRow(
        "network.remove_layer",
        "Remove the layer",
        "Network",
        "Remove the selected hidden layer with its neurons",
        ("Alt+Left",),
        "layer-minus",
        place="lab",
    ),
    ActionRow(
        "network.move_layer_left",
        "Move the layer towards the input",
        "Network",
        "Let the selected hidden layer change places with the one before it",
        ("Alt+Shift+Left",),
        "move-left",
        place="lab",
    ),
    ActionRow(
        "network.move_layer_right",
        "Move the layer towards the output",
        "Network",
        "Let the selected hidden layer change places with the one after it",
        ("Alt+Shift+Right",),
        "move-right",
        place="lab",
    ),
    ActionRow(
        "network.select_layer",
        "Select the whole layer",
        "Network",
        "Select all neurons of the layer, to freeze, paint or delete them together",
        ("Ctrl+A",),
        "select",
        section=True,
        place="lab",
    ),
    ActionRow(
        "network.freeze",
        "Freeze or thaw",
        "Network",
        "Keep the selected weights as they are while the rest trains on, against momentum and weight decay too",
        ("F",),
        "freeze",
        place="lab",
    ),
    ActionRow(
        "network.cut",
        "Cut or join the edge",
        "Network",
        "Let nothing pass over the selected edges: their weight counts as 0 until they are joined again",
        ("X",),
        "cut",
        place="lab",
    ),
    ActionRow(
        "network.matrix",
        "Show layers as matrices",
        "Network",
        "Show each layer as a = f(W x + b) with the shapes of W, x and b",
        ("M",),
        "matrix",
        checkable=True,
        section=True,
        place="lab",
    ),
)

_TRAINING = (
    ActionRow(
        "training.play",
        "Play",
        "Training",
        "Train on, or pause; everything can be changed meanwhile",
        ("Space",),
        "play",
        checkable=True,
        place="lab",
    ),
    ActionRow(
        "training.step",
        "One step",
        "Training",
        "Pause, then make exactly one update: w ← w − learning rate · gradient of one batch",
        ("S",),
        "step",
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "training.epoch",
        "One epoch",
        "Training",
        "Train until every training example has been seen once more, then pause",
        ("E",),
        "epoch",
        place="lab",
    ),
    ActionRow(
        "training.slower",
        "Slower",
        "Training",
        "Fewer steps per second, to watch single updates",
        (",",),
        "slower",
        place="lab",
    ),
    ActionRow(
        "training.faster",
        "Faster",
        "Training",
        "More steps per second, up to full speed",
        (".",),
        "faster",
        place="lab",
    ),
    ActionRow(
        "training.reset",
        "Reset",
        "Training",
        "Return to step 0 with the same weights as at the start: the same seed gives the same training again",
        ("Ctrl+R",),
        "reset",
        section=True,
        place="lab",
    ),
    ActionRow(
        "training.new_seed",
        "New seed",
        "Training",
        "Start at step 0 with other random weights and another order of the examples",
        ("Ctrl+Shift+R",),
        "seed",
        place="lab",
    ),
    ActionRow(
        "training.back_to_last_good",
        "Back to the last good step",
        "Training",
        "Return to the last state before the numbers became infinite or undefined",
        ("Ctrl+B",),
        "back",
        place="lab",
    ),
    ActionRow(
        "training.learning_rate_down",
        "Learning rate / 10",
        "Training",
        "Divide the learning rate by ten: the first remedy where the loss grows",
        ("Ctrl+Down",),
        section=True,
        place="lab",
    ),
    ActionRow(
        "training.learning_rate_up",
        "Learning rate × 10",
        "Training",
        "Multiply the learning rate by ten: worth a try where the loss hardly falls",
        ("Ctrl+Up",),
        place="lab",
    ),
)

_DATA = (
    ActionRow(
        "data.easy",
        "Digits, easy",
        "Data",
        "Digits drawn with little variation: upright, even strokes",
        group="digits",
        place="lab",
    ),
    ActionRow(
        "data.medium",
        "Digits, medium",
        "Data",
        "Digits drawn with some slant, stretch and wobble",
        group="digits",
        place="lab",
    ),
    ActionRow(
        "data.mnist_like",
        "Digits, MNIST-like",
        "Data",
        "Digits drawn with as much variation as handwriting has: train on these to read real digits",
        group="digits",
        place="lab",
    ),
    ActionRow(
        "data.open",
        "Open image files…",
        "Data",
        "Open IDX files (MNIST, Fashion-MNIST, KMNIST; plain or .gz): a folder, or images and labels",
        ("Ctrl+Shift+O",),
        "open",
        section=True,
        place="lab",
    ),
    ActionRow(
        "data.download_mnist",
        "Download MNIST",
        "Data",
        "Fetch the 70,000 handwritten digits (11 MB) once; they are checked and kept for later",
        icon="download",
        place="lab",
    ),
    ActionRow(
        "data.download_fashion",
        "Download Fashion-MNIST",
        "Data",
        "Fetch 70,000 small pictures of clothes (30 MB) once; they are checked and kept for later",
        icon="download",
        place="lab",
    ),
    ActionRow(
        "data.previous_example",
        "Previous example",
        "Data",
        "Show the network the example before this one",
        ("P",),
        "left",
        section=True,
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "data.next_example",
        "Next example",
        "Data",
        "Show the network the next example",
        ("N",),
        "right",
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "data.clear_drawing",
        "Clear the drawing",
        "Data",
        "Empty the drawing pad",
        ("Ctrl+Backspace",),
        "trash",
        section=True,
        place="lab",
    ),
    ActionRow(
        "data.add_drawing",
        "Add the drawing to the training set",
        "Data",
        "Let the network learn from your drawing too, as the class that is chosen beside the pad",
        ("Ctrl+Return",),
        "plus",
        place="lab",
    ),
)

_VIEW = (
    ActionRow("view.theme_system", "System theme", "View/Theme", "Be dark or light as the desktop is", group="theme"),
    ActionRow("view.theme_dark", "Dark theme", "View/Theme", "Light on dark: a weight of 0 is black", group="theme"),
    ActionRow("view.theme_light", "Light theme", "View/Theme", "Dark on light: a weight of 0 is white", group="theme"),
    ActionRow(
        "view.signs_green_magenta",
        "Green and magenta",
        "View/Colours of sign",
        "Positive numbers green, negative ones magenta: readable by the colour-blind",
        group="signs",
    ),
    ActionRow(
        "view.signs_blue_orange",
        "Blue and orange",
        "View/Colours of sign",
        "Positive numbers blue, negative ones orange: readable by the colour-blind",
        group="signs",
    ),
    ActionRow(
        "view.signs_green_red",
        "Green and red",
        "View/Colours of sign",
        "Positive numbers green, negative ones red",
        group="signs",
    ),
    ActionRow(
        "view.projector",
        "Projector mode",
        "View",
        "Large type and thick lines, to be read from the last row",
        ("Ctrl+P",),
        "projector",
        checkable=True,
    ),
    ActionRow(
        "view.full_screen", "Full screen", "View", "Give the whole screen to the window", ("F11",), checkable=True
    ),
    ActionRow(
        "view.fit",
        "Fit the network",
        "View",
        "Show the whole network in the middle of the window",
        ("Ctrl+0",),
        "fit",
        section=True,
        place="lab",
    ),
    ActionRow(
        "view.zoom_in",
        "Zoom in",
        "View",
        "Show the network larger",
        ("Ctrl++", "Ctrl+="),
        "zoom-in",
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "view.zoom_out",
        "Zoom out",
        "View",
        "Show the network smaller",
        ("Ctrl+-",),
        "zoom-out",
        repeats=True,
        place="lab",
    ),
    ActionRow(
        "view.gallery",
        "Gallery of weights",
        "View",
        "Show the incoming weights of all neurons of the layer as grids, in place of the network",
        ("G",),
        "gallery",
        checkable=True,
        place="lab",
    ),
    ActionRow(
        "view.panel_data",
        "Data and drawing",
        "View/Panels",
        "Show or hide the panel at the left",
        ("F2",),
        "panel-left",
        checkable=True,
        place="lab",
    ),
    ActionRow(
        "view.panel_plots",
        "Curves",
        "View/Panels",
        "Show or hide loss and accuracy below the network",
        ("F3",),
        "panel-bottom",
        checkable=True,
        place="lab",
    ),
    ActionRow(
        "view.panel_inspector",
        "Neuron",
        "View/Panels",
        "Show or hide the panel at the right",
        ("F4",),
        "panel-right",
        checkable=True,
        place="lab",
    ),
)

_HELP = (
    ActionRow(
        "help.lab",
        "What everything means",
        "Help",
        "Show or hide the words of this lab, each explained in a sentence with its formula",
        ("F1",),
        "help",
        checkable=True,
    ),
    ActionRow(
        "help.shortcuts",
        "Keyboard shortcuts",
        "Help",
        "List all actions with their keys",
        ("Ctrl+/",),
        "keyboard",
    ),
    ActionRow(
        "help.doctor",
        "Versions and devices",
        "Help",
        "Show versions, devices and folders, and what is missing",
        icon="doctor",
        section=True,
    ),
    ActionRow(
        "help.copy_report",
        "Copy report",
        "Help",
        "Copy versions, devices and the end of the log, to send with a question",
        icon="copy",
    ),
    ActionRow("help.about", "About Playground", "Help", "Say what this program is and which version it has"),
)

ACTIONS: tuple[ActionRow, ...] = (*_FILE, *_EDIT, *_NETWORK, *_TRAINING, *_DATA, *_VIEW, *_HELP)

KEYS: tuple[KeyRow, ...] = (
    KeyRow("Weight grid", "left button", "paint towards +strength"),
    KeyRow("Weight grid", "right button", "paint towards −strength"),
    KeyRow("Weight grid", "[ and ]", "smaller and larger brush"),
    KeyRow("Weight grid", "arrow keys", "move the cell cursor"),
    KeyRow("Weight grid", "digits", "type the value of the cell; Enter sets it, Esc leaves it"),
    KeyRow("Network", "arrow keys", "go from neuron to neuron"),
    KeyRow("Network", "mouse wheel", "zoom; drag empty space to move"),
    KeyRow("Network", "Shift + click", "add to the selection"),
    KeyRow("Everywhere", "Tab", "go to the next control; Space presses the button that Tab has reached"),
    KeyRow("Everywhere", "Esc", "take back what is being typed, close what is open"),
)
