"""Small data sets for tests of training: Gaussian blobs, a class each."""

from __future__ import annotations

import numpy as np

from playground.engine.datasets import DataSet, Examples


def blobs(features: int = 6, classes: int = 3, count: int = 120, seed: int = 0, shape: tuple[int, ...] = ()) -> DataSet:
    random = np.random.default_rng(seed)
    centres = random.normal(0, 2, (classes, features))

    def part(size: int) -> Examples:
        labels = random.integers(0, classes, size)
        inputs = (centres[labels] + random.normal(0, 0.5, (size, features))).astype(np.float32)
        return Examples(inputs, labels.astype(np.int64))

    names = tuple(str(number) for number in range(classes))
    source = {"kind": "blobs", "seed": seed, "features": features, "classes": classes}
    return DataSet("blobs", source, shape or (features,), names, part(count), part(count // 2), part(count // 2), "")
