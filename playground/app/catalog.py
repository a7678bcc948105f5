"""The labs of the program: one line each. Menu, rail, persistence, pictures and the smoke test follow from it."""

from __future__ import annotations

from playground.labs.base import Lab
from playground.labs.network.lab import NetworkLab
from playground.labs.superposition.lab import SuperpositionLab

LABS: tuple[Lab, ...] = (NetworkLab(), SuperpositionLab())


def lab_named(name: str) -> Lab | None:
    """Return the lab called ``name``, or None where there is none."""
    return next((lab for lab in LABS if lab.name == name), None)
