"""What of the superposition lab can be hidden for a class. Free of Qt."""

from __future__ import annotations

from playground.views.parts import Part

_BAR = "Superposition: experiments and training"
_TASK = "Superposition: the task at the left"
_MODELS = "Superposition: models and sweeps"
_MODEL = "Superposition: this model at the right"

PARTS: tuple[Part, ...] = (
    Part(
        "superposition.experiments",
        _BAR,
        "Experiments",
        "The experiments of the literature.",
        ("superposition.experiments",),
        ("experiments",),
    ),
    Part("superposition.export", _BAR, "Export", "Pictures, curves and numbers as files.", (), ("export",)),
    Part("superposition.horizon", _BAR, "Train to step", "The step at which a training ends.", (), ("horizon",)),
    Part(
        "superposition.left",
        _TASK,
        "The whole left side",
        "Task, importance, groups, seeds and probe together.",
        ("view.panel_data",),
    ),
    Part("superposition.task", _TASK, "Model and sparsity", "How many features, how few of them are on at a time."),
    Part(
        "superposition.animation",
        _TASK,
        "Animate S",
        "What lets the sparsity go up and down by itself.",
        ("superposition.animate",),
    ),
    Part("superposition.importance", _TASK, "Importance", "How much each feature counts, drawn by hand."),
    Part(
        "superposition.groups",
        _TASK,
        "Groups",
        "Features that come together, or never do.",
        ("superposition.correlated", "superposition.anticorrelated"),
    ),
    Part(
        "superposition.seeds",
        _TASK,
        "Seeds",
        "The same task from several first weights.",
        ("superposition.next_seed", "superposition.best_seed", "training.new_seed"),
    ),
    Part(
        "superposition.probe",
        _TASK,
        "Probe",
        "An input that is set by hand, and what each model makes of it.",
        ("superposition.random_input", "superposition.clear_input"),
    ),
    Part(
        "superposition.sweeps",
        _MODELS,
        "Sweeps",
        "Curves and phase diagrams over many models.",
        ("view.panel_plots",),
    ),
    Part(
        "superposition.right",
        _MODEL,
        "The whole right side",
        "Hidden space, tools, card and curves together.",
        ("view.panel_inspector",),
    ),
    Part(
        "superposition.tools",
        _MODEL,
        "Tools of the hand",
        "Silence, flip, equalise, snap, hold.",
        (
            "superposition.silence",
            "superposition.flip",
            "superposition.equalise",
            "superposition.snap",
            "network.freeze",
        ),
    ),
    Part("superposition.card", _MODEL, "Card of the model", "Its readings in numbers."),
    Part("superposition.dimensions", _MODEL, "Feature dimensionality", "How much room each feature has."),
    Part("superposition.losses", _MODEL, "Loss curves", "The loss of all models while they train."),
)
