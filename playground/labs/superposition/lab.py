"""The superposition lab's line in the catalog."""

from __future__ import annotations

from playground.labs.base import LabContext, LabView
from playground.labs.superposition.parts import PARTS


class SuperpositionLab:
    """Train models that hold more features than dimensions, drag the features, sweep sparsity."""

    name = "superposition"
    title = "Superposition"
    icon = "lab-superposition"
    description = "Put more features into a model than it has dimensions, drag them by hand, sweep their sparsity."
    parts = PARTS

    def build(self, context: LabContext) -> LabView:
        """Build the workspace (imports the views only now)."""
        from playground.labs.superposition.view import SuperpositionView

        return SuperpositionView(context)
