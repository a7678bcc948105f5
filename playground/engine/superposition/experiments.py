"""The bundled experiments: what to train and what to look for. Torch-free data."""

from __future__ import annotations

from dataclasses import dataclass

from playground.engine.superposition.problem import ANTICORRELATED, CORRELATED, Group, Problem, make_problem

SWEEP, PHASE, GROUPS, ANNEAL = "sweep", "phase", "groups", "anneal"


@dataclass(frozen=True)
class Claim:
    """A sentence from the literature that a run can be held against, and how; `claims` knows it by its name."""

    name: str
    text: str
    look_at: str


@dataclass(frozen=True)
class Experiment:
    """One click: the task, the models, and a paragraph of what to look for.

    ``way`` says what runs it: `sweeps.sweep`, `phase`, `sweeps.grouped_sweep` or `absolute.annealed`.
    """

    name: str
    title: str
    way: str
    features: int
    hidden: int
    importance: str
    sparsities: tuple[float, ...]
    kinds: tuple[str, ...]
    seeds: int
    steps: int
    text: str
    groups: tuple[Group, ...] = ()
    claims: tuple[Claim, ...] = ()

    def problems(self) -> list[Problem]:
        """Return one task for each sparsity."""
        return [
            make_problem(self.features, self.hidden, sparsity, self.importance, self.groups)
            for sparsity in self.sparsities
        ]


_ARTICLE_CLAIMS = (
    Claim(
        "keeps-important",
        "A linear model keeps the most important features, however sparse they are.",
        "Which features the linear model represents at each sparsity: its optimum is known in closed form.",
    ),
    Claim(
        "relu-better",
        "A model with a ReLU beats the linear one at every sparsity.",
        "The losses side by side, sparsity by sparsity. Watch the densest case, and how the lead grows.",
    ),
    Claim(
        "off-diagonals-grow",
        "The off-diagonal entries of W Wᵀ grow with sparsity.",
        "The mean absolute off-diagonal of each model. For the linear one, train on until the loss stands still.",
    ),
    Claim(
        "needs-hidden-relu",
        "The ReLU on the hidden layer is what makes superposition possible.",
        "The model with a ReLU on the output alone, beside the one with both.",
    ),
    Claim(
        "line-up",
        "Features line up with hidden neurons.",
        "W as a grid: which of the two ReLU models has rows with a single large entry, and what that costs in loss.",
    ),
)

EXPERIMENTS = (
    Experiment(
        "article",
        "40 features in 5 dimensions",
        SWEEP,
        40,
        5,
        "1:0.1",
        (0.1, 0.5, 0.9),
        ("linear", "relu", "relu-relu"),
        8,
        5000,
        "Three models on the same data at three sparsities. At S = 0.1 all three do nearly the same: five features "
        "get a dimension each, the rest is answered by its mean. At S = 0.5 the ReLU models put two features into "
        "each dimension, as antipodal pairs. At S = 0.9 they hold 11 to 16, with a negative bias that cuts "
        "interference off. Which features a ReLU model keeps varies with the seed; how many does not. Five claims "
        "are often made about this experiment: each stands beside what your own run says of it.",
        claims=_ARTICLE_CLAIMS,
    ),
    Experiment(
        "geometry",
        "5 features in the plane",
        SWEEP,
        5,
        2,
        "equal",
        (0.0, 0.5, 0.8, 0.9, 0.95),
        ("relu",),
        16,
        5000,
        "Equally important features in two dimensions arrange themselves regularly: two antipodal pairs at S = 0.5, "
        "a pentagon from 0.9 on, with norms a little above 1 and a negative bias. In between the seeds are of two "
        "minds: the pentagon is the better optimum from S = 0.775, yet half of the seeds still find the cross at "
        "0.8. Sweep the slider upwards with 'continue' and the cross survives far beyond that; 'restart' tells "
        "another story.",
    ),
    Experiment(
        "sweep",
        "20 features in 5 dimensions, sparsity swept",
        SWEEP,
        20,
        5,
        "0.9^i",
        (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
        ("relu",),
        8,
        5000,
        "The number of represented features rises steadily with sparsity, from 5 to nearly all 20. Look at the "
        "dimensionality of each feature: at S = 0.8 most sit at 1/2, antipodal pairs; then 2/5 and less. Their sum "
        "stays at the number of hidden dimensions throughout: a dimension is shared out, never gained.",
    ),
    Experiment(
        "phase-2-1",
        "Phase diagram, 2 features in 1 dimension",
        PHASE,
        2,
        1,
        "equal",
        (),
        ("relu",),
        10,
        3000,
        "Over relative importance and density the second feature is ignored, takes the dimension, or shares it with "
        "the first by pointing the other way. The borders are sharp. The simple theory compares three fixed "
        "solutions; letting weights and biases relax moves the border up. A single trained seed is often wrong: "
        "weights that start with the same sign cannot cross zero.",
    ),
    Experiment(
        "phase-3-2",
        "Phase diagram, 3 features in 2 dimensions",
        PHASE,
        3,
        2,
        "equal",
        (),
        ("relu",),
        10,
        3000,
        "The same question for a third feature in the plane. When it matters more than the others it gets a "
        "dimension of its own and the other two share one; when it matters less it shares. There is no closed form "
        "here: the best of 20 minimisations stands for exact.",
    ),
    Experiment(
        "correlated",
        "Correlated pairs",
        GROUPS,
        4,
        2,
        "equal",
        (0.95,),
        ("relu",),
        8,
        5000,
        "Features 0 and 1 are always on together, so are 2 and 3. Independent features would form antipodal pairs "
        "at random; correlated ones turn orthogonal to their partner and oppose a feature that they rarely meet. "
        "With six features there is no room for that: partners lie side by side. Look at the cosines beside the "
        "control.",
        groups=(Group((0, 1), CORRELATED), Group((2, 3), CORRELATED)),
    ),
    Experiment(
        "anticorrelated",
        "Anticorrelated pairs",
        GROUPS,
        4,
        2,
        "equal",
        (0.95,),
        ("relu",),
        16,
        5000,
        "Features 0 and 1 are never on together, nor 2 and 3. Antipodal partners then cost nothing at all: the loss "
        "of the best seeds goes to zero. Many seeds get stuck elsewhere when features are rare; look at the share "
        "of each arrangement before believing one picture.",
        groups=(Group((0, 1), ANTICORRELATED), Group((2, 3), ANTICORRELATED)),
    ),
    Experiment(
        "privileged",
        "A privileged basis",
        SWEEP,
        10,
        5,
        "0.9^i",
        (0.5, 0.8, 0.9),
        ("relu", "relu-relu"),
        8,
        5000,
        "Without a ReLU on the hidden layer any rotation of hidden space is as good as any other, so a feature lies "
        "across all neurons. With one the neurons matter, and features line up with them. Compare the grids of W: "
        "one has rows with a single large entry, the other has not. The alignment is paid for in loss.",
    ),
    Experiment(
        "absolute",
        "Absolute value in superposition",
        ANNEAL,
        100,
        40,
        "0.8^i",
        (),
        ("abs",),
        4,
        1200,
        "The model computes |x| of 100 features with 40 neurons. While features are dense it spends two neurons on "
        "each of the most important ones and ignores the rest. As the density is lowered, neurons begin to serve "
        "several features. Trained from scratch at low density it fails: the annealing is what finds the solution.",
    ),
)


def experiment(name: str) -> Experiment:
    """Return the bundled experiment of this name (raises KeyError)."""
    return {one.name: one for one in EXPERIMENTS}[name]
