"""Claims of the literature held against the user's own runs: a sentence with the numbers and a verdict. Torch-free.

Nothing here knows what comes out: every verdict follows from the losses and weights of the runs that are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from playground.engine.superposition.closed_forms import linear_optimum
from playground.engine.superposition.experiments import Claim
from playground.engine.superposition.metrics import Metrics
from playground.engine.superposition.problem import KIND_NAMES, LINEAR, RELU, RELU_RELU, TIED_KINDS, Floats, Problem
from playground.engine.superposition.results import Array, SparsitySweepResult

HOLDS, FAILS, PARTLY, OPEN = "holds", "does not hold", "partly", "not measured yet"
VERDICTS = (HOLDS, FAILS, PARTLY, OPEN)
_BETTER = 0.01  # a loss that is lower by less than this share is the same
_GROWTH = 1.5  # from the densest to the sparsest run
_NOTICED = 0.005  # mean off-diagonals below it are noise
_MOST = 0.5  # of the features, from which they line up
_ALIGNED = 0.9  # share of a row's squared length in one neuron
_EXTRA = 0.5  # so many represented features more than dimensions, on the mean, are superposition


@dataclass(frozen=True)
class Judgement:
    """What the runs say of a claim."""

    claim: Claim
    verdict: str
    sentence: str


@dataclass(frozen=True, eq=False)
class _Models:
    """All seeds of one kind at one sparsity."""

    kind: str
    problem: Problem
    sparsity: float
    losses: Floats  # [R]
    weight: Array  # [R, n, m]
    metrics: Metrics  # [R, ...]


Runs = dict[tuple[str, float], _Models]


def judged(claim: Claim, results: Sequence[SparsitySweepResult]) -> Judgement:
    """Return what the runs say; of several runs of one kind and sparsity the last one counts.

    Parameters
    ----------
    claim
        Of `experiments`, known by its name.
    results
        Sweeps, and the models on the screen as a sweep of one sparsity; all of the same features, dimensions and
        importance (others than those of the last one are left out).
    """
    runs = _runs(results)
    verdict, sentence = _JUDGES[claim.name](runs) if runs else (OPEN, "")
    return Judgement(claim, verdict, sentence or "No run yet: train the models, or sweep the sparsity.")


def _runs(results: Sequence[SparsitySweepResult]) -> Runs:
    found: Runs = {}
    if not results:
        return found
    frame = _frame(results[-1].problems[0])
    for result in results:
        if _frame(result.problems[0]) != frame:
            continue
        for kind_at, kind in enumerate(result.kinds):
            for at, sparsity in enumerate(result.sparsities):
                weight = result.parameters[kind_at, at, :, :, :-1]
                metrics = Metrics(**{name: value[kind_at, at] for name, value in vars(result.metrics).items()})
                losses = result.losses[kind_at, at]
                key = kind, round(float(sparsity), 6)
                found[key] = _Models(kind, result.problems[at], key[1], losses, weight, metrics)
    return found


def _frame(problem: Problem) -> tuple[object, ...]:
    return problem.features, problem.hidden, problem.importance, problem.groups


def _of_kind(runs: Runs, kind: str) -> list[_Models]:
    return [runs[key] for key in sorted(runs) if key[0] == kind]


def _both(runs: Runs, first: str, second: str) -> list[tuple[_Models, _Models]]:
    """Return pairs of runs at the same sparsity, by rising sparsity."""
    return [(one, runs[second, one.sparsity]) for one in _of_kind(runs, first) if (second, one.sparsity) in runs]


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _over(verdict: str, sentence: str, count: int) -> tuple[str, str]:
    """Keep back a verdict over all sparsities where only one has been measured."""
    if count >= 2:
        return verdict, sentence
    return OPEN, f"{sentence} One sparsity alone does not tell: sweep it."


# ---- the five ----------------------------------------------------------------------------------------------------


def _keeps_important(runs: Runs) -> tuple[str, str]:
    linear = _of_kind(runs, LINEAR)
    if not linear:
        return OPEN, "No linear model has been trained yet."
    importance = linear[0].problem.importances
    if np.ptp(importance) == 0:
        return (
            OPEN,
            "All features are equally important here: choose another importance.",
        )
    shares, words = [], []
    for run in linear:
        least = run.problem.importances[linear_optimum(run.problem).kept].min()
        wanted = run.problem.importances >= least
        is_right = (run.metrics.is_represented <= wanted).all(-1) & (run.metrics.represented == run.problem.hidden)
        shares.append(float(is_right.mean()))
        words.append(f"{int(is_right.sum())} of {len(is_right)} seeds at S = {run.sparsity:g}")
    verdict = HOLDS if min(shares) == 1 else FAILS if max(shares) == 0 else PARTLY
    hidden = linear[0].problem.hidden
    sentence = f"Your runs: the linear model keeps exactly the {hidden} most important features in {_listed(words)}."
    return _over(verdict, sentence, len(linear))


def _relu_better(runs: Runs) -> tuple[str, str]:
    pairs = _both(runs, LINEAR, RELU)
    if not pairs:
        return OPEN, "Train the linear model and the one with a ReLU on the output at the same sparsity."
    gains = [1 - float(relu.losses.mean() / linear.losses.mean()) for linear, relu in pairs]
    sparsities = [linear.sparsity for linear, _ in pairs]
    words = [_gain_words(gain, at) for gain, at in zip(gains, sparsities, strict=True)]
    is_better = [gain > _BETTER for gain in gains]
    if all(is_better):
        verdict, moral = HOLDS, "True at every sparsity that you ran."
    elif not any(is_better):
        verdict, moral = FAILS, "Nowhere in what you ran."
    else:
        verdict = PARTLY
        is_sparse = is_better == sorted(is_better)  # all wins at the sparse end
        moral = "True only when features are sparse." if is_sparse else "True at some sparsities only."
    sentence = f"Your runs: ReLU is {_listed(words)}."
    return _over(verdict, f"{sentence} {moral}" if len(pairs) > 1 else sentence, len(pairs))


def _gain_words(gain: float, sparsity: float) -> str:
    digits = 1 if abs(gain) < 0.0995 else 0
    size = f"{abs(100 * gain):.{digits}f} %"
    return f"{size} {'worse' if gain < 0 and float(size[:-2]) > 0 else 'better'} at S = {sparsity:g}"


def _off_diagonals_grow(runs: Runs) -> tuple[str, str]:
    grows, words, most = {}, [], 0
    for kind in TIED_KINDS:
        mine = _of_kind(runs, kind)
        if not mine:
            continue
        means = np.array([float(run.metrics.off_diagonal.mean()) for run in mine])
        most = max(most, len(mine))
        if len(mine) > 1:
            is_rising = bool((np.diff(means) > -0.1 * means.max()).all())
            grows[kind] = is_rising and bool(means[-1] > max(_NOTICED, _GROWTH * means[0]))
        numbers = " → ".join(f"{mean:.3f}" for mean in means)
        verb = "" if kind not in grows else " (grows)" if grows[kind] else " (does not grow)"
        words.append(f"{KIND_NAMES[kind]} {numbers}{verb}")
    if not grows:
        return OPEN, f"Your runs: {'; '.join(words)}. One sparsity alone does not tell: sweep it."
    verdict = HOLDS if all(grows.values()) else PARTLY if any(grows.values()) else FAILS
    sparsities = sorted({sparsity for _, sparsity in runs})
    return verdict, f"Your runs from S = {sparsities[0]:g} to {sparsities[-1]:g}: {'; '.join(words)}."


def _needs_hidden_relu(runs: Runs) -> tuple[str, str]:
    pairs = _both(runs, RELU, RELU_RELU)
    if not pairs:
        return OPEN, "Train the model with a ReLU on the output and the one with both at the same sparsity."
    hidden = pairs[0][0].problem.hidden
    counts = [tuple(float(run.metrics.represented.mean()) for run in pair) for pair in pairs]
    without = [one > hidden + _EXTRA for one, _ in counts]
    with_it = [other > hidden + _EXTRA for _, other in counts]
    at = max(range(len(pairs)), key=lambda place: max(counts[place]))
    one, other = pairs[at]
    losses = [1000 * float(run.losses.mean()) for run in (one, other)]
    sentence = (
        f"Your runs at S = {one.sparsity:g}: without it {counts[at][0]:.1f} features share {hidden} dimensions at a "
        f"loss of {losses[0]:.2f} × 10⁻³, with it {counts[at][1]:.1f} at {losses[1]:.2f}."
    )
    if not any(without) and not any(with_it):
        return OPEN, f"{sentence} Neither holds more features than dimensions yet: make features sparser."
    if not any(without):
        return HOLDS, f"{sentence} Only the model with the hidden ReLU shows superposition."
    if all(have or not need for have, need in zip(without, with_it, strict=True)):
        return FAILS, f"{sentence} The ReLU on the output does it alone."
    return PARTLY, f"{sentence} At some sparsities only the hidden ReLU brings superposition about."


def _line_up(runs: Runs) -> tuple[str, str]:
    pairs = _both(runs, RELU, RELU_RELU)
    if not pairs or pairs[0][0].problem.hidden < 2:
        return OPEN, "Train both ReLU models at one sparsity, in at least two hidden dimensions."
    without, with_it = ([_aligned_share(pair[at]) for pair in pairs] for at in (0, 1))
    words = [f"{100 * share:.0f} % at S = {pair[1].sparsity:g}" for share, pair in zip(with_it, pairs, strict=True)]
    least = _listed([f"{100 * share:.0f} %" for share in without])
    one, other = pairs[-1]
    cost = 100 * (float(other.losses.mean() / one.losses.mean()) - 1)
    sentence = (
        f"Your runs: with the hidden ReLU {_listed(words)} of the represented features lie in one neuron, without it "
        f"{least}. At S = {one.sparsity:g} its loss is {abs(cost):.0f} % {'higher' if cost >= 0 else 'lower'}."
    )
    aligned = [[share > _MOST for share in shares] for shares in (without, with_it)]
    if all(aligned[0]) and all(aligned[1]):
        return HOLDS, f"{sentence} They line up in both models."
    if not any(aligned[0]) and not any(aligned[1]):
        return FAILS, f"{sentence} They line up in neither."
    if any(aligned[0]):
        return PARTLY, f"{sentence} They do in some of these runs only."
    return (
        PARTLY,
        f"{sentence} Only the hidden ReLU makes them{'' if all(aligned[1]) else ', and not at every sparsity'}.",
    )


def _aligned_share(run: _Models) -> float:
    """Return the share of represented features, over all seeds, with nine tenths of their square in one neuron."""
    squares = np.asarray(run.weight, np.float64) ** 2
    largest = squares.max(-1) / np.maximum(squares.sum(-1), 1e-12)  # [R, n]
    chosen = largest[run.metrics.is_represented]
    return float((chosen > _ALIGNED).mean()) if len(chosen) else 0.0


_JUDGES: dict[str, Callable[[Runs], tuple[str, str]]] = {
    "keeps-important": _keeps_important,
    "relu-better": _relu_better,
    "off-diagonals-grow": _off_diagonals_grow,
    "needs-hidden-relu": _needs_hidden_relu,
    "line-up": _line_up,
}
