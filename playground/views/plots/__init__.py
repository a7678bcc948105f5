"""Plots of a training: loss and accuracy against steps, and the gradient's size per layer."""
