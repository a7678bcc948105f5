"""The network lab's line in the catalog."""

from __future__ import annotations

from playground.labs.base import LabContext, LabView
from playground.labs.network.parts import PARTS


class NetworkLab:
    """Build a network, train it live, paint its weights."""

    name = "network"
    title = "Network"
    icon = "lab-network"
    description = "Build a network by clicking, train it live, paint its weights and watch the effect."
    parts = PARTS

    def build(self, context: LabContext) -> LabView:
        """Build the workspace (imports the views only now)."""
        from playground.labs.network.view import NetworkView

        return NetworkView(context)
