"""What a network is to answer: several classes, two classes on one output, or numbers; and how losses read it.

Torch-free.

========  ==========================================  =========================================================
task      an example's target                         outputs
========  ==========================================  =========================================================
classes   the index of its class                      one for each class; the largest is the answer
two       0 or 1, its side                            one; which side it lies on is the answer
values    numbers                                     one for each number
========  ==========================================  =========================================================
"""

from __future__ import annotations

CLASSES = "classes"
TWO = "two"
VALUES = "values"
TASKS = (CLASSES, TWO, VALUES)

_SIGNED = ("identity", "tanh")  # activations that reach -1 as well as 1


class TargetError(ValueError):
    """A loss that cannot be had from these targets; the text is a sentence for the user."""


def two_targets(activation: str, loss: str) -> tuple[float, float]:
    """Return what a single output is to give for the first and for the second of two classes.

    -1 and 1 where the output's ``activation`` reaches both, else 0 and 1. Under ``cross_entropy`` the output is read
    as the probability of the second class, whatever its activation: 0 and 1.
    """
    is_signed = loss == "squared_error" and activation in _SIGNED
    return (-1.0, 1.0) if is_signed else (0.0, 1.0)


def answer_activation(activation: str, loss: str, outputs: int) -> str:
    """Return how the output layer is read under ``loss``: its own activation, or softmax, or sigmoid.

    Cross-entropy takes the pre-activations for logits: of all classes (softmax), or, on a single output, of the second
    of two classes (sigmoid).
    """
    if loss != "cross_entropy":
        return activation
    return "softmax" if outputs > 1 else "sigmoid"


def natural_activation(task: str) -> str:
    """Return the activation with which an output layer can give what ``task`` asks for."""
    return {CLASSES: "sigmoid", TWO: "tanh", VALUES: "identity"}[task]


def check_loss(task: str, loss: str) -> None:
    """Raise TargetError where ``loss`` says nothing about such targets."""
    if task == VALUES and loss == "cross_entropy":
        raise TargetError("Cross-entropy compares classes, and these data have numbers: choose squared error.")
