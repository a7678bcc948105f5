"""Networks, batches and settings for the tests of the training step, drawn by hypothesis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor

from playground.engine.autograd_step import AutogradStep
from playground.engine.initialization import draw
from playground.engine.network import MASKS, Network
from playground.engine.settings import INITIALIZATIONS, LOSSES, OPTIMIZERS, Settings
from playground.engine.spec import ACTIVATIONS, OUTPUT_ACTIVATIONS, NetworkSpec, build
from playground.engine.step import WrittenStep

PATHS = (WrittenStep, AutogradStep)


@dataclass(frozen=True)
class Case:
    """A network to build, how it is trained, and on batches of which sizes."""

    spec: NetworkSpec
    settings: Settings
    seed: int
    batches: tuple[int, ...]
    masks: frozenset[str]  # which of the masks cover a random third of the parameters
    has_numbers: bool = False  # for targets, instead of classes

    def network(self, dtype: torch.dtype = torch.float64) -> Network:
        """Return the network; the same one each time."""
        generator = torch.Generator().manual_seed(self.seed)
        network = Network.create(self.spec, self.settings.initialization, generator, dtype=dtype)
        for name in MASKS:  # drawn whether used or not, so that leaving one out changes nothing else
            is_third = torch.rand(self.spec.parameter_count, generator=generator) < 1 / 3
            if name in self.masks:
                network.set_mask(name, is_third if name == "held" else ~is_third)
        return network

    def batch(self, rows: int, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
        """Return inputs and targets of one batch."""
        generator = torch.Generator().manual_seed(self.seed + rows)
        inputs = torch.rand(rows, self.spec.inputs, generator=generator, dtype=torch.float64).to(dtype)
        if not self.has_numbers:
            return inputs, torch.randint(0, self.spec.outputs, (rows,), generator=generator)
        numbers = torch.rand(rows, self.spec.outputs, generator=generator, dtype=torch.float64)
        return inputs, (numbers if self.settings.loss == "cross_entropy" else 3 * numbers - 1.5).to(dtype)


@st.composite
def specs(draw_: Any) -> NetworkSpec:
    """Dense stacks of one to five layers with all activations and some dropout."""
    widths = draw_(st.lists(st.integers(1, 9), min_size=2, max_size=6))
    spec = build(widths, output_activation=draw_(st.sampled_from(OUTPUT_ACTIVATIONS)))
    *hidden, output = spec.layers
    changed = [
        replace(
            layer, activation=draw_(st.sampled_from(ACTIVATIONS)), dropout=draw_(st.sampled_from((0.0, 0.0, 0.25, 0.5)))
        )
        for layer in hidden
    ]
    return spec.with_layers((*changed, output))


@st.composite
def cases(draw_: Any) -> Case:
    """Every setting that a step depends on."""
    full = draw_(st.integers(2, 12))
    return Case(
        spec=draw_(specs()),
        settings=Settings(
            optimizer=draw_(st.sampled_from(OPTIMIZERS)),
            momentum=draw_(st.sampled_from((0.0, 0.5, 0.9))),
            l1=draw_(st.sampled_from((0.0, 0.01))),
            l2=draw_(st.sampled_from((0.0, 0.1))),
            loss=draw_(st.sampled_from(LOSSES)),
            initialization=draw_(st.sampled_from([name for name in INITIALIZATIONS if name != "zero"])),
        ),
        seed=draw_(st.integers(0, 10_000)),
        batches=(full, draw_(st.integers(1, full - 1)), full),
        masks=draw_(st.frozensets(st.sampled_from(MASKS))),
        has_numbers=draw_(st.booleans()),
    )


def bits(tensor: Tensor) -> bytes:
    """Return the bytes of a tensor: 0.0 and -0.0, or two kinds of NaN, are not the same."""
    return bytes(np.ascontiguousarray(tensor.detach().numpy()).tobytes())


def drawn(spec: NetworkSpec, seed: int = 0, dtype: torch.dtype = torch.float64) -> Network:
    """Return a network drawn by torch's default."""
    return Network.create(spec, "torch", torch.Generator().manual_seed(seed), dtype=dtype)


def digit_like(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Return ``count`` pictures ``[count, 784]`` of ten kinds, sparse and in 0..1 like digits, and their labels."""
    generator = torch.Generator().manual_seed(seed)
    strokes, _ = draw(10, 784, "normal", generator)
    labels = torch.randint(0, 10, (count,), generator=generator)
    noise = torch.randn(count, 784, generator=generator)
    return (strokes[labels] + 0.7 * noise - 1).clamp(0, 1), labels
