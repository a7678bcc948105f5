"""Folders of pictures for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image


def grey(level: int, rows: int = 8, columns: int = 8) -> Image.Image:
    """Return an even grey picture."""
    return Image.fromarray(np.full((rows, columns), level, np.uint8))


def noise(seed: int, rows: int = 8, columns: int = 8, channels: int = 1) -> Image.Image:
    """Return a picture of random pixels."""
    shape = (rows, columns) if channels == 1 else (rows, columns, channels)
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))


def folder_of(path: Path, classes: dict[str, int], rows: int = 8, columns: int = 8) -> Path:
    """Make a folder with so many PNGs of noise in each class, and return it."""
    for place, (name, count) in enumerate(classes.items()):
        (path / name).mkdir(parents=True)
        for number in range(count):
            noise(1000 * place + number, rows, columns).save(path / name / f"{number:03}.png")
    return path
