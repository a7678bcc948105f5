"""How many threads torch takes. It counts per thread that asks."""

from __future__ import annotations

import torch


def use_one_thread() -> None:
    """Keep torch on one thread in this thread: a job leaves the other core to training."""
    torch.set_num_threads(1)
