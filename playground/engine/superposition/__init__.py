"""Superposition: more features than hidden dimensions. Models, data, exact losses, training, sweeps; no window."""
