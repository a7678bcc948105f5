"""Understand neural networks with your hands."""

__version__ = "0.1.0"
