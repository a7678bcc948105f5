"""The inspector: one neuron with its weights, bias and weighted sum; edges; several neurons."""

from playground.views.inspector.edge_panel import EdgePanel
from playground.views.inspector.inspector import Inspector
from playground.views.inspector.neuron_panel import NeuronPanel

__all__ = ["EdgePanel", "Inspector", "NeuronPanel"]
