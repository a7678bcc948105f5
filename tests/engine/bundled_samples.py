"""A small stand-in for scikit-learn: a package with the functions that bring its data."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

DATASETS = """
from types import SimpleNamespace
import numpy as np


def load_iris():
    random = np.random.default_rng(0)
    target = np.repeat([0, 1, 2], 20)
    return SimpleNamespace(
        data=random.normal(target[:, None] * [3, 1, 2, 0.5], 0.3).round(1), target=target,
        feature_names=["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal, width"],
        target_names=np.array(["setosa", "versicolor", "virginica"]),
    )


def load_diabetes(scaled=True):
    assert not scaled
    age = np.arange(20.0, 60.0)
    return SimpleNamespace(
        data=np.stack([age, age % 7], axis=1), target=3 * age + 0.5, feature_names=["age", "bmi"]
    )


def load_digits():
    images = np.random.default_rng(0).integers(0, 17, (120, 8, 8)).astype(float)
    return SimpleNamespace(images=images, target=np.arange(120) % 10, target_names=np.arange(10))


def load_wine():
    return SimpleNamespace(data=np.zeros((3, 2)), target=np.array([0, 1, 7]), feature_names=["a", "b"],
                           target_names=["x", "y"])
"""


def install(path: Path, monkeypatch: pytest.MonkeyPatch, datasets: str = DATASETS) -> None:
    """Let a package ``sklearn`` be found, in the place of the one that may be there."""
    (path / "sklearn").mkdir(parents=True)
    (path / "sklearn" / "__init__.py").write_text("")
    (path / "sklearn" / "datasets.py").write_text(datasets)
    monkeypatch.syspath_prepend(str(path))
    forget(monkeypatch)
    importlib.invalidate_caches()


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was imported of it be imported anew, and go again when the test ends."""
    for name in [name for name in sys.modules if name.split(".")[0] == "sklearn"] or ["sklearn", "sklearn.datasets"]:
        monkeypatch.setitem(sys.modules, name, None)  # remembered for the end of the test
        monkeypatch.delitem(sys.modules, name)
