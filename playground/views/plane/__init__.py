"""Data in the plane: points, the surface that the network draws over them, tools to draw points by hand."""
