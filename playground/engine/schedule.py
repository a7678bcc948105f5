"""The learning rate as a function of the epoch. Torch-free."""

from __future__ import annotations

import math

from playground.engine.settings import Settings


def learning_rate(settings: Settings, epoch: float) -> float:
    """Return the learning rate at ``epoch`` (a fraction within an epoch counts).

    - constant: the learning rate of the settings;
    - cosine: it falls to 0 over ``schedule_epochs`` epochs along half a cosine, then stays 0 (Loshchilov and Hutter
      2017, equation 5, without restarts);
    - step: it is multiplied by ``schedule_factor`` after every ``schedule_epochs`` epochs.

    Raises
    ------
    ValueError
        Where the schedule of the settings is none of these.
    """
    base, span = settings.learning_rate, settings.schedule_epochs
    if settings.schedule == "constant":
        return base
    if settings.schedule == "cosine":
        return base * (1 + math.cos(math.pi * min(1.0, epoch / span))) / 2
    if settings.schedule == "step":
        return float(base * settings.schedule_factor ** math.floor(epoch / span))
    raise ValueError(f"'{settings.schedule}' is no schedule.")
