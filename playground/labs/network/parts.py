"""What of the network lab can be hidden for a class. Free of Qt."""

from __future__ import annotations

from playground.views.parts import Part

_TRAINING = "Network: settings of the training"
_STRUCTURE = "Network: structure and stage"
_DATA = "Network: data at the left"
_NEURON = "Network: the neuron at the right"
_CURVES = "Network: curves below"

TRAINING_PARTS = (
    Part("network.optimizer", _TRAINING, "Optimizer", "By which rule weights follow the gradient.", (), ("optimizer",)),
    Part("network.loss", _TRAINING, "Loss", "What is made small: cross-entropy, squared error …", (), ("loss",)),
    Part("network.l2", _TRAINING, "L2", "The penalty on large weights.", (), ("l2",)),
    Part("network.l1", _TRAINING, "L1", "The penalty that brings weights to zero.", (), ("l1",)),
    Part("network.momentum", _TRAINING, "Momentum", "How much of the last update goes on.", (), ("momentum",)),
    Part(
        "network.schedule",
        _TRAINING,
        "Schedule",
        "How the learning rate falls while training goes on.",
        (),
        ("schedule",),
    ),
    Part(
        "network.initialization",
        _TRAINING,
        "Initialisation",
        "From what the first weights are drawn.",
        (),
        ("initialization",),
    ),
    Part(
        "network.seed",
        _TRAINING,
        "Seed",
        "The number from which the first weights and the order of the examples follow.",
        ("training.new_seed",),
        ("seed",),
    ),
    Part("network.stop", _TRAINING, "Stop by itself", "After so many epochs, or at an accuracy.", (), ("stop",)),
)

STRUCTURE_PARTS = (
    Part(
        "network.structure",
        _STRUCTURE,
        "Structure field",
        "The widths of the layers, to be typed: 784-16-16-10.",
        ("network.type_structure",),
        ("structure",),
    ),
    Part(
        "network.building",
        _STRUCTURE,
        "Building by clicking",
        "The signs + and − at the layers, activations and dropout, and all that adds, copies, moves or removes.",
        (
            "network.add_neuron",
            "network.remove_neuron",
            "network.duplicate_neuron",
            "network.delete_neuron",
            "network.insert_layer",
            "network.remove_layer",
            "network.move_layer_left",
            "network.move_layer_right",
        ),
    ),
    Part(
        "network.freeze",
        _STRUCTURE,
        "Freeze and cut",
        "What keeps weights as they are, and what lets nothing pass over an edge.",
        ("network.freeze", "network.cut"),
    ),
    Part(
        "network.matrix",
        _STRUCTURE,
        "Layers as matrices",
        "Each layer as a = f(W x + b), in numbers.",
        ("network.matrix",),
    ),
    Part(
        "network.gallery", _STRUCTURE, "All weights", "The weights of a layer as grids side by side.", ("view.gallery",)
    ),
    Part("network.plane_stage", _STRUCTURE, "Plane, large", "The plane of the data in the place of the network."),
    Part("network.bent", _STRUCTURE, "Bent plane", "The plane as the layers bend it."),
    Part("network.landscape", _STRUCTURE, "Loss landscape", "The loss around the present weights."),
)

DATA_PARTS = (
    Part(
        "network.data_panel",
        _DATA,
        "The whole left side",
        "Data, drawing and answer together.",
        ("view.panel_data",),
    ),
    Part(
        "network.data_source",
        _DATA,
        "Choice of data",
        "Name and kind of the data, with the menu of others: digits, files, tables, downloads.",
        (
            "data.easy",
            "data.medium",
            "data.mnist_like",
            "data.open",
            "data.open_folder",
            "data.paste_table",
            "data.download_mnist",
            "data.download_fashion",
        ),
    ),
    Part("network.plane_shapes", _DATA, "Shapes in the plane", "Circle, spirals … and their number, noise and seed."),
    Part("network.plane_points", _DATA, "Drawing of points", "The tools that add, move and erase points of the plane."),
    Part("network.features", _DATA, "Inputs of the plane", "Which of x1, x2, their squares, sines … the network sees."),
    Part("network.perceptron", _DATA, "Perceptron and gates", "Rosenblatt's rule, and gates set by hand."),
    Part(
        "network.examples",
        _DATA,
        "Examples",
        "The strip of examples to look through.",
        ("data.previous_example", "data.next_example"),
    ),
    Part(
        "network.drawing",
        _DATA,
        "Drawing pad",
        "Paper to draw an input on, and what the network receives of it.",
        ("data.clear_drawing",),
    ),
    Part("network.adjust", _DATA, "Adjust", "The sliders that shift, turn, thicken and disturb the input."),
    Part(
        "network.add",
        _DATA,
        "Add to the training set",
        "The button that lets the network learn from a drawing.",
        ("data.add_drawing",),
    ),
    Part("network.answer", _DATA, "Answer", "The bars of what the network answers."),
    Part(
        "network.predictions",
        _DATA,
        "Answers and targets",
        "The table of all answers beside what they were to be.",
        ("data.predictions",),
    ),
)

NEURON_PARTS = (
    Part(
        "network.neuron_panel",
        _NEURON,
        "The whole right side",
        "The neuron, the edge or the group that is selected, with all its tools.",
        ("view.panel_inspector",),
    ),
    Part("network.brush", _NEURON, "Tools and brush", "Pen, eraser, stamps, and the size of the brush."),
    Part("network.transforms", _NEURON, "Mirror, shift, scale …", "What changes all weights of a neuron at once."),
    Part("network.bias", _NEURON, "Bias", "The slider of the neuron's bias."),
    Part("network.sum", _NEURON, "Weighted sum", "How the answer of the neuron comes about, term by term."),
    Part(
        "network.edge_tools",
        _NEURON,
        "Tools of edges",
        "Weight, factor and buttons of the edges that are selected.",
    ),
    Part("network.effect", _NEURON, "While you paint", "Accuracy and loss, and what the hand does to them."),
    Part(
        "network.copy_grid",
        _NEURON,
        "Copy and paste of grids",
        "Weights as rows of numbers on the clipboard.",
        ("edit.copy_grid", "edit.paste_grid"),
    ),
)

CURVES_PARTS = (
    Part("network.curves", _CURVES, "The whole lower side", "Loss, accuracy and gradients.", ("view.panel_plots",)),
    Part("network.gradients", _CURVES, "Gradients", "The strip of the size of the gradients, layer by layer."),
)

PARTS: tuple[Part, ...] = (*TRAINING_PARTS, *STRUCTURE_PARTS, *DATA_PARTS, *NEURON_PARTS, *CURVES_PARTS)
