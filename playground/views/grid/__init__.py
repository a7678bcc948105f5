"""Weight grids: the gallery of a layer, and the canvas on which one neuron's weights are painted."""

from playground.views.grid.canvas import WeightCanvas
from playground.views.grid.gallery import WeightGallery

__all__ = ["WeightCanvas", "WeightGallery"]
