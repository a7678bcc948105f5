"""Every term of the screen in a sentence or two, with its formula in plain text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One entry. ``also`` are other names under which it is found, such as those in code."""

    name: str
    group: str
    text: str
    formula: str = ""
    also: tuple[str, ...] = ()


GROUPS = ("Network", "Activations", "Training", "Optimizers", "Losses", "Settings", "Starting weights", "Data", "Hands")

_NETWORK = (
    Term(
        "neuron",
        "Network",
        "Weighs its inputs, adds its bias and passes the sum through its activation function; one output of a layer.",
        "act = f(w · x + b)",
        ("unit",),
    ),
    Term(
        "layer",
        "Network",
        "Neurons side by side that all see the same inputs; its weights are one matrix, its biases one vector.",
        "a = f(W x + b), W [out, in], x [in], b [out]",
        ("linear", "hidden layer"),
    ),
    Term(
        "weight",
        "Network",
        "How strongly an input counts for a neuron: positive ones speak for it, negative ones against it.",
        "w[i, j]: from input j to neuron i",
        ("weights", "edge"),
    ),
    Term(
        "bias",
        "Network",
        "A number that a neuron adds whatever the input: the more negative, the more evidence it takes to make it "
        "fire.",
        "pre = w · x + b",
    ),
    Term(
        "pre-activation",
        "Network",
        "The weighted sum with the bias, before the activation function.",
        "pre = Σ w[j] x[j] + b",
        ("pre", "weighted sum", "logit", "logits"),
    ),
    Term(
        "activation",
        "Network",
        "What a neuron passes on: its pre-activation after the activation function.",
        "act = f(pre)",
        ("act",),
    ),
    Term(
        "softmax",
        "Network",
        "Turns the output layer's numbers into shares that are positive and add up to 1, read as probabilities.",
        "p[i] = exp(pre[i]) / Σ exp(pre[k])",
    ),
    Term(
        "parameters",
        "Network",
        "All weights and biases: the numbers that training moves. A layer has inputs × neurons weights and a bias a "
        "neuron.",
        "784·16 + 16·16 + 16·10 + 42 = 13,002",
        ("parameter count",),
    ),
    Term(
        "dropout",
        "Network",
        "In training each neuron of the layer is silent with probability p in a step, and the others are scaled up, "
        "so that "
        "no neuron can rely on a single other one; when measuring all take part.",
        "act · mask / (1 − p)",
    ),
    Term(
        "gradient",
        "Network",
        "How fast the loss would grow if a weight grew, all else kept: training moves each weight the other way.",
        "g = ∂loss / ∂w",
        ("gradients",),
    ),
    Term(
        "gradient norm",
        "Network",
        "The length of a layer's gradient: near 0 the layer learns nothing, and growing without end it diverges.",
        "‖g‖ = √(Σ g²)",
        ("gradient_norm",),
    ),
)

_ACTIVATIONS = (
    Term(
        "identity",
        "Activations",
        "Passes the sum on as it is; layers of it alone are together no more than one.",
        "f(x) = x",
    ),
    Term(
        "sigmoid",
        "Activations",
        "Squeezes every number between 0 and 1; far from 0 it is flat, and there the gradient almost vanishes.",
        "f(x) = 1 / (1 + exp(−x))",
    ),
    Term(
        "tanh",
        "Activations",
        "Squeezes every number between −1 and 1, with 0 staying 0.",
        "f(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)",
    ),
    Term(
        "ReLU",
        "Activations",
        "Passes positive sums on and is 0 else; a neuron whose sum is never positive learns nothing any more.",
        "f(x) = max(0, x)",
        ("relu",),
    ),
    Term(
        "leaky ReLU",
        "Activations",
        "Like ReLU, but negative sums pass on a hundredth, so that the neuron can recover.",
        "f(x) = x for x > 0, else 0.01 x",
        ("leaky_relu",),
    ),
    Term(
        "GELU",
        "Activations",
        "A smooth ReLU: the sum times the probability that a normal random number is smaller.",
        "f(x) = x · Φ(x)",
        ("gelu",),
    ),
    Term("softplus", "Activations", "A smooth ReLU that is never quite 0.", "f(x) = ln(1 + exp(x))"),
    Term(
        "step",
        "Activations",
        "Fires wholly or not at all. It is flat everywhere, so nothing before it can learn by gradient.",
        "f(x) = 1 for x ≥ 0, else 0",
        ("step function", "heaviside"),
    ),
)

_TRAINING = (
    Term(
        "training step",
        "Training",
        "One update of all weights, from the gradient over one batch.",
        "w ← w − learning rate · g",
        ("update", "one step"),
    ),
    Term(
        "batch",
        "Training",
        "The training examples of one step; the loss is their mean.",
        "loss = 1/n Σ loss[k], k in batch",
    ),
    Term(
        "epoch",
        "Training",
        "One pass over all training examples, in a new random order each time.",
        "steps = ⌈examples / batch size⌉",
    ),
    Term(
        "loss",
        "Training",
        "How wrong the answers are, as one number: training walks downhill on it.",
        "see cross-entropy and squared error",
    ),
    Term(
        "accuracy",
        "Training",
        "The share of examples whose strongest output is the right class.",
        "right / all",
    ),
    Term(
        "validation",
        "Training",
        "Examples that training never sees: what one watches while tuning settings and painting weights by hand.",
        also=("validation set",),
    ),
    Term(
        "test",
        "Training",
        "Examples kept apart for the last word. Whoever tunes until the test is good has fitted the test too: judge by "
        "validation, report the test.",
        also=("test set",),
    ),
    Term(
        "overfitting",
        "Training",
        "The training loss falls on while that of the validation rises: the network learns its examples by heart.",
    ),
    Term(
        "divergence",
        "Training",
        "The numbers grow beyond bounds (Inf) or become undefined (NaN): mostly the learning rate is too high.",
        also=("nan", "inf"),
    ),
    Term(
        "seed",
        "Training",
        "The number that all randomness starts from: first weights, order of examples, dropout. The same seed and "
        "settings give the same training again.",
    ),
    Term(
        "reset",
        "Training",
        "Returns to step 0 and to the very weights that the seed gives.",
    ),
    Term(
        "new seed",
        "Training",
        "Starts at step 0 with other random weights: shows what was luck.",
        also=("new_seed",),
    ),
    Term(
        "speed",
        "Training",
        "Steps per second at most: slow motion shows single updates, full speed trains.",
    ),
    Term(
        "device",
        "Training",
        "What computes: the CPU with a number of threads, or a GPU. Small networks are fastest on one thread; "
        "results on "
        "the CPU with one thread repeat to the last bit.",
        also=("threads",),
    ),
    Term(
        "back to the last good step",
        "Training",
        "After a divergence returns to the last state whose loss was a number.",
        also=("back_to_last_good",),
    ),
)

_OPTIMIZERS = (
    Term(
        "optimizer",
        "Optimizers",
        "The rule by which a step makes an update of the gradient. All can be exchanged in mid-run.",
    ),
    Term("SGD", "Optimizers", "Plain gradient descent on batches.", "w ← w − η g", ("sgd",)),
    Term(
        "momentum",
        "Optimizers",
        "Keeps rolling in the direction of past gradients: faster along valleys, calmer across them.",
        "v ← μ v + g;  w ← w − η v",
    ),
    Term(
        "Nesterov",
        "Optimizers",
        "Momentum that looks one roll ahead before it takes the gradient.",
        "v ← μ v + g;  w ← w − η (g + μ v)",
        ("nesterov",),
    ),
    Term(
        "Adam",
        "Optimizers",
        "Gives each weight its own step: the mean gradient over its usual size, both as running means (β₂ = 0.999).",
        "m ← β₁ m + (1−β₁) g;  v ← β₂ v + (1−β₂) g²;  w ← w − η m̂ / (√v̂ + ε)",
        ("adam",),
    ),
    Term(
        "AdamW",
        "Optimizers",
        "Adam whose L2 shrinks the weights directly and does not pass through the gradient's statistics.",
        "w ← (1 − η λ) w − η m̂ / (√v̂ + ε)",
        ("adamw",),
    ),
    Term(
        "RMSprop",
        "Optimizers",
        "Divides the gradient by its usual size, so that steep and flat directions move alike (α = 0.99).",
        "v ← α v + (1−α) g²;  w ← w − η g / (√v + ε)",
        ("rmsprop",),
    ),
)

_LOSSES = (
    Term(
        "cross-entropy",
        "Losses",
        "The negative logarithm of the probability given to the right class: certain and wrong costs most.",
        "loss = −ln softmax(pre)[right class]",
        ("cross_entropy",),
    ),
    Term(
        "squared error",
        "Losses",
        "Half the sum of squared differences between the outputs and 1 for the right class, 0 for the others.",
        "loss = ½ Σ (act − target)²",
        ("squared_error", "mse"),
    ),
)

_SETTINGS = (
    Term(
        "learning rate",
        "Settings",
        "How far one step goes along the gradient: too small learns slowly, too large jumps over the valley or "
        "diverges.",
        "w ← w − learning rate · g",
        ("learning_rate", "lr", "η", "eta"),
    ),
    Term(
        "batch size",
        "Settings",
        "How many examples each step averages over: few are noisy and quick, many are smooth and slow.",
        "loss = mean over the batch",
        ("batch_size",),
    ),
    Term(
        "schedule",
        "Settings",
        "How the learning rate changes in the course of training: constant, falling along a cosine to 0, or by a "
        "factor in "
        "steps.",
        "cosine: η(t) = η/2 · (1 + cos(π t / T));  step: η(t) = η · factor^⌊t / T⌋",
        ("cosine", "schedules", "constant"),
    ),
    Term(
        "epochs of the schedule",
        "Settings",
        "T in the schedule: after so many epochs a cosine has reached 0, and a step schedule multiplies once more.",
        also=("schedule_epochs",),
    ),
    Term(
        "factor of the schedule",
        "Settings",
        "What a step schedule multiplies the learning rate by each time.",
        "η(t) = η · factor^⌊t / T⌋",
        ("schedule_factor",),
    ),
    Term(
        "momentum factor",
        "Settings",
        "μ of momentum and Nesterov, β₁ of Adam: the share of the past that each step keeps.",
        "v ← μ v + g",
        ("momentum setting",),
    ),
    Term(
        "L1",
        "Settings",
        "Adds the sum of absolute weights to the loss: pulls each weight to 0 at a constant rate, so many end "
        "exactly there.",
        "loss + λ₁ Σ |w|",
        ("l1",),
    ),
    Term(
        "L2",
        "Settings",
        "Adds half the sum of squared weights to the loss (weight decay): keeps weights small, and faces smooth.",
        "loss + λ₂/2 Σ w²",
        ("l2", "weight decay"),
    ),
    Term(
        "epochs to stop after",
        "Settings",
        "Training pauses by itself after so many epochs; empty is never.",
        also=("stop_epochs", "stop rule"),
    ),
    Term(
        "accuracy to stop at",
        "Settings",
        "Training pauses by itself once the validation accuracy reaches this; empty is never.",
        also=("stop_accuracy",),
    ),
)

_STARTS = (
    Term(
        "initialisation",
        "Starting weights",
        "How the first weights are drawn. Weights that all start equal stay equal: the neurons of a layer must differ.",
        also=("initialization", "initial weights"),
    ),
    Term(
        "torch's default",
        "Starting weights",
        "Uniform, smaller the more inputs a neuron has; biases too.",
        "U(−1/√in, 1/√in)",
        ("torch",),
    ),
    Term(
        "Xavier",
        "Starting weights",
        "Uniform, sized so that signals keep their spread forwards and backwards; made for sigmoid and tanh.",
        "U(−√(6/(in + out)), √(6/(in + out))), biases 0",
        ("xavier", "glorot"),
    ),
    Term(
        "He",
        "Starting weights",
        "Normal, twice the variance for the half that ReLU cuts away.",
        "N(0, 2/in), biases 0",
        ("he", "kaiming"),
    ),
    Term(
        "N(0, 1)",
        "Starting weights",
        "Normal with spread 1: sums of many inputs are large and saturate a sigmoid.",
        also=("normal",),
    ),
    Term(
        "N(0, 1/fan-in)",
        "Starting weights",
        "Normal with variance one over the number of inputs: the sum keeps the spread of the inputs.",
        "N(0, 1/in)",
        ("normal_fan_in",),
    ),
    Term(
        "zero",
        "Starting weights",
        "All weights 0: every neuron of a layer gets the same gradient, and they never come to differ. Try it once.",
        "w = 0",
    ),
)

_DATA = (
    Term(
        "training set",
        "Data",
        "The examples that training learns from.",
        also=("train", "training part"),
    ),
    Term(
        "what the network receives",
        "Data",
        "A drawing is fitted into 20 × 20 pixels, keeping its proportions, and put into 28 × 28 with its centre of "
        "mass in "
        "the middle, as the digits of the data are.",
        "28 × 28 = 784 numbers from 0 to 1",
        ("centre of mass", "fit"),
    ),
    Term(
        "digits",
        "Data",
        "Digits drawn by this program: easy are even and upright, medium vary, MNIST-like vary as handwriting does.",
        also=("easy", "medium", "mnist-like", "preset"),
    ),
    Term(
        "MNIST",
        "Data",
        "70,000 handwritten digits of 28 × 28 pixels, the touchstone since 1998.",
        also=("idx",),
    ),
    Term(
        "confusion",
        "Data",
        "How often each class is taken for which other one.",
        "row: what it is, column: what the network says",
        ("confusion matrix",),
    ),
)

_HANDS = (
    Term(
        "freeze",
        "Hands",
        "Keeps weights as they are while the rest trains on, also against momentum and weight decay.",
        "w ← w + movable · update",
        ("frozen", "movable"),
    ),
    Term(
        "cut",
        "Hands",
        "Nothing passes over the edge: its weight counts as 0 but is remembered, and joining brings it back.",
        "effective w = present · w",
        ("cut edge", "join"),
    ),
    Term(
        "brush",
        "Hands",
        "Moves the weights under it towards ± strength: fully in the middle, less towards the rim the softer it is.",
        "w ← w + alpha (± strength − w)",
        ("brush size", "strength", "softness"),
    ),
    Term(
        "while you paint",
        "Hands",
        "Validation loss and accuracy without and with the stroke, both at the same step: what your hand did, not "
        "training.",
        "without → with",
        ("stroke",),
    ),
    Term(
        "duplicate",
        "Hands",
        "A copy with the same incoming weights; both get half of the outgoing ones, so the answers stay the same.",
        "w_out/2 + w_out/2 = w_out",
    ),
    Term(
        "product map",
        "Hands",
        "Each weight times the input it meets: adding all of it up and the bias gives the pre-activation.",
        "w[j] · x[j]",
        ("w·x",),
    ),
    Term(
        "undo",
        "Hands",
        "Takes back what you changed, and nothing else: what training learnt meanwhile in other weights stays.",
    ),
)

TERMS: tuple[Term, ...] = (
    *_NETWORK,
    *_ACTIVATIONS,
    *_TRAINING,
    *_OPTIMIZERS,
    *_LOSSES,
    *_SETTINGS,
    *_STARTS,
    *_DATA,
    *_HANDS,
)


def _key(name: str) -> str:
    return name.strip().lower().replace("_", " ")


_BY_NAME = {_key(name): term for term in reversed(TERMS) for name in (*term.also, term.name)}


def term_named(name: str) -> Term | None:
    """Return the entry for a term, whatever its case, or None where there is none."""
    return _BY_NAME.get(_key(name))


def explain(term: str) -> str:
    """Return a sentence on ``term`` with its formula, for hovering; an empty text where it is unknown."""
    found = term_named(term)
    if found is None:
        return ""
    return f"{found.text}\n{found.formula}" if found.formula else found.text
