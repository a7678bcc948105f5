"""What an output reads and where it comes from, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.engine.superposition.problem import ABS, LINEAR
from playground.engine.superposition.snapshots import ProbeReading

NOTICED = 0.005  # a contribution that would read 0.00
_NAMED = 3  # contributors that are named


@dataclass(frozen=True)
class Contribution:
    """What feature ``source`` adds to an output before bias and ReLU."""

    source: int
    amount: float


def contributions(reading: ProbeReading, kind: int, output: int) -> list[Contribution]:
    """Return what the features add to an output, the largest first; those that add nothing are left out."""
    shares = reading.share[kind, output]
    order = np.argsort(-np.abs(shares), kind="stable")
    return [Contribution(int(at), float(shares[at])) for at in order if abs(shares[at]) >= NOTICED]


def worst_output(reading: ProbeReading, kind: int) -> int | None:
    """Return the output that is furthest from what it should read among features that are off, None if all are near."""
    wrong = np.where(reading.inputs == 0, np.abs(reading.output[kind] - reading.target), 0.0)
    worst = int(wrong.argmax())
    return worst if wrong[worst] >= 0.01 else None


def output_sentence(reading: ProbeReading, kinds: tuple[str, ...], kind: int, output: int) -> str:
    """Return the sentence about one output."""
    value, wanted = float(reading.output[kind, output]), float(reading.target[output])
    parts = contributions(reading, kind, output)
    others = [f"{_number(part.amount)} from feature {part.source}" for part in parts if part.source != output]
    own = [f"{_number(part.amount)} from itself" for part in parts if part.source == output]
    named = [*own, *others[:_NAMED]]
    if len(others) > _NAMED:
        left = sum(part.amount for part in [part for part in parts if part.source != output][_NAMED:])
        named.append(f"{_number(left)} from {len(others) - _NAMED} more")
    bias = value - float(reading.share[kind, output].sum())
    is_cut = value == 0.0 and kinds[kind] != LINEAR  # by the ReLU
    if not is_cut and abs(bias) >= NOTICED:
        named.append(f"bias {_number(bias)}")
    if reading.inputs[output] == 0:
        head = f"feature {output} reads {_number(value)}" + (" though it is off" if abs(value) >= NOTICED else ", off")
    else:
        of = f"of |x| = {wanted:.2f}" if kinds[kind] == ABS else f"of {_number(wanted)}"
        head = f"feature {output} reads {_number(value)} {of}"
    tail = ", ".join(named)
    if is_cut and tail:
        return f"{head}: with the bias, {tail} stays below 0"
    return f"{head}: {tail}" if tail else head


def _number(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")
