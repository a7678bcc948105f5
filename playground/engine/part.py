"""One part of the data as a training uses it: tensors on its device."""

from __future__ import annotations

import numpy as np
import torch

from playground.engine.datasets import Examples


class Part:
    """One part of the data on the device: inputs ``[n, features]`` float32, and what the network is to answer.

    ``targets`` are classes ``[n]`` int64, or numbers ``[n, outputs]`` float32; then ``threshold`` lies between the two
    classes where there are two.
    """

    def __init__(self, examples: Examples, device: torch.device) -> None:
        self.inputs = torch.from_numpy(examples.as_float()).to(device)
        self._labels = torch.from_numpy(np.array(examples.labels, np.int64)).to(device)
        self.targets = self._labels
        self.threshold: float | None = None
        if examples.values is not None:
            self.targets = torch.from_numpy(np.array(examples.values, np.float32)).to(device)

    def code(self, low: float, high: float) -> None:
        """Let a single output tell two classes: it is to be ``low`` for the first and ``high`` for the second."""
        self.targets = (self._labels.float() * (high - low) + low).unsqueeze(1)
        self.threshold = (low + high) / 2

    def __len__(self) -> int:
        return len(self.inputs)
