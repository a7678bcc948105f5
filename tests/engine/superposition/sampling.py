"""Examples step by step, as a run takes them."""

from __future__ import annotations

from playground.engine.superposition.blocks import make_next
from playground.engine.superposition.data import Sampler


def next_place(sampler: Sampler) -> int:
    """Go one step on and return where its batch stands in the block."""
    sampler.expect(1)
    is_used_up = sampler.position == sampler.length
    if is_used_up:
        make_next(sampler.block, sampler.odds)
    sampler.went_on(1, int(is_used_up))
    return sampler.position - 1
