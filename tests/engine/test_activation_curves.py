"""The curves that the screen draws are the functions that the network computes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from playground.engine.activation_curves import curve
from playground.engine.activations import activate
from playground.engine.spec import ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_curve_is_what_the_network_computes(name: str) -> None:
    x = np.concatenate([np.linspace(-8, 8, 161), [0.0, -1000.0, 1000.0]]).reshape(4, 41)
    kept = x.copy()
    found = curve(name, x)
    np.testing.assert_allclose(found, activate(name, torch.from_numpy(x)).numpy(), rtol=1e-12, atol=1e-14)
    found += 1  # the caller's own
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_single_number_gives_a_single_value(name: str) -> None:
    assert curve(name, 3).shape == ()
    assert curve(name, [1, 2]).dtype == np.float64


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        curve("softmax", [1.0])


@pytest.mark.parametrize("module", ["activation_curves", "schedule"])
def test_the_screens_part_does_not_import_torch(module: str) -> None:
    code = f"import sys, playground.engine.{module}; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
