"""The network diagram: columns of neurons joined by edges, to look at and to build with."""

from playground.views.diagram.widget import NetworkDiagram

__all__ = ["NetworkDiagram"]
