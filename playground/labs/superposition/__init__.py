"""The superposition lab: more features than dimensions, to touch, drag and sweep."""
