"""What of the bars can be hidden, in every lab alike. Free of Qt."""

from __future__ import annotations

from playground.views.parts import Part

_BAR = "The bar above a lab"

BAR_PARTS: tuple[Part, ...] = (
    Part(
        "bar.step",
        _BAR,
        "One step, one epoch",
        "The buttons and keys that make exactly one update, or one pass over the data.",
        ("training.step", "training.epoch"),
        ("step", "epoch"),
    ),
    Part("bar.reset", _BAR, "Reset", "Back to the first weights of the same seed.", ("training.reset",), ("reset",)),
    Part(
        "bar.counts",
        _BAR,
        "Counts",
        "How many epochs and steps were made, and how many models train.",
        (),
        ("epoch_reading", "step_reading", "models"),
    ),
    Part(
        "bar.learning_rate",
        _BAR,
        "Learning rate",
        "The slider and its number, and the keys that multiply it or divide it by ten.",
        ("training.learning_rate_down", "training.learning_rate_up"),
        ("learning_rate",),
    ),
    Part("bar.batch", _BAR, "Batch", "How many examples an update sees.", (), ("batch_size",)),
    Part(
        "bar.speed",
        _BAR,
        "Speed",
        "How many steps a second are made at most.",
        ("training.slower", "training.faster"),
        ("speed",),
    ),
    Part(
        "bar.device", _BAR, "Device", "On what it trains: processor, number of threads, graphics card.", (), ("device",)
    ),
    Part(
        "bar.undo",
        _BAR,
        "Undo and redo",
        "The buttons, the keys and the list of all changes.",
        ("edit.undo", "edit.redo", "edit.history"),
        ("undo", "redo"),
    ),
)
