"""The devices that training can run on, by name."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Device:
    """``name`` is torch's (``cpu``, ``cuda:0``, ``mps``), ``text`` what the screen says."""

    name: str
    text: str


def available_devices() -> tuple[Device, ...]:
    """Return the CPU and every accelerator that torch can use here."""
    found = [Device("cpu", f"CPU, {os.cpu_count() or 1} cores")]
    if torch.cuda.is_available():
        for number in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(number)
            memory = properties.total_memory / 2**30
            found.append(Device(f"cuda:{number}", f"{properties.name}, {memory:.0f} GiB"))
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU"))
    return tuple(found)
