"""Datasets, networks, training, edits and files of the playground: torch and numpy, no window."""
