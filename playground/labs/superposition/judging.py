"""Claims of the literature, held against the models on the screen and the sweeps that were made."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from playground.engine.superposition.claims import FAILS, HOLDS, PARTLY, judged
from playground.engine.superposition.experiments import experiment
from playground.engine.superposition.problem import LINEAR
from playground.engine.superposition.results import Result, SparsitySweepResult
from playground.engine.superposition.setup import Setup
from playground.engine.superposition.snapshots import SandboxSnapshot
from playground.views.superposition.claims_band import HeldClaim

ENOUGH_STEPS = 300  # of training, before a model says anything about a claim
CLAIMS = experiment("article").claims
_TONES = {HOLDS: "good", FAILS: "bad", PARTLY: "activation"}


def are_told(setup: Setup) -> bool:
    """Return whether the claims are about these models: a linear one beside others."""
    return LINEAR in setup.kinds and len(setup.kinds) > 1


def held_claims(snapshot: SandboxSnapshot, results: Mapping[str, Result]) -> list[HeldClaim]:
    """Return the claims with what the sweeps and the models on the screen say of them."""
    sweeps = [one for one in results.values() if isinstance(one, SparsitySweepResult) and _is_about(one, snapshot)]
    if snapshot.step >= ENOUGH_STEPS and np.isfinite(snapshot.losses).all():
        sweeps.append(as_sweep(snapshot))
    found = [judged(claim, sweeps) for claim in CLAIMS]
    return [HeldClaim(one.claim.text, one.sentence, one.verdict, _TONES.get(one.verdict, "muted")) for one in found]


def as_sweep(snapshot: SandboxSnapshot) -> SparsitySweepResult:
    """Return the models on the screen as a sweep of one sparsity."""
    setup = snapshot.setup
    parameters = np.concatenate([snapshot.weights, snapshot.biases[..., None]], axis=-1)
    return SparsitySweepResult(
        problems=(setup.problem,),
        kinds=setup.kinds,
        seeds=setup.seeds,
        steps=snapshot.step,
        losses=np.asarray(snapshot.losses, np.float64)[:, None],
        parameters=parameters[:, None],
    )


def _is_about(result: SparsitySweepResult, snapshot: SandboxSnapshot) -> bool:
    problem, shown = result.problems[0], snapshot.setup.problem
    return (problem.features, problem.hidden, problem.importance, problem.groups) == (
        shown.features,
        shown.hidden,
        shown.importance,
        shown.groups,
    )
