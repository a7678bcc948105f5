"""How losses, features and products are written and spoken in the model columns."""

from __future__ import annotations

import math

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from playground.engine.superposition.problem import ABS, LINEAR, RELU, RELU_RELU
from playground.views.grid.numerals import signed_text
from playground.views.superposition.model_column_reading import ColumnReading

COLUMN_NAMES = {LINEAR: "Linear", RELU: "ReLU output", RELU_RELU: "ReLU hidden + output", ABS: "Absolute value"}
SHORT_NAMES = {LINEAR: "linear", RELU: "ReLU", RELU_RELU: "2 ReLU", ABS: "abs"}
TITLES = {RELU_RELU: "ReLU + ReLU", ABS: "|x|"}  # where a column is narrow
FORMULAS = {
    LINEAR: "x′ = W Wᵀ x + b",
    RELU: "x′ = relu(W Wᵀ x + b)",
    RELU_RELU: "x′ = relu(W relu(Wᵀ x) + b)",
    ABS: "y′ = relu(V relu(Wᵀ x) + b), target |x|",
}
KIND_COLOURS = {LINEAR: "train", RELU: "good", RELU_RELU: "validation", ABS: "activation"}  # names of the palette
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def lowered(index: int) -> str:
    """Return a number as a subscript: W₁₂."""
    return str(index).translate(_SUBSCRIPTS)


def loss_words(loss: float) -> str:
    """Return a loss times 1000 as it is quoted: 9.70, 13.29, 0.646."""
    scaled = 1e3 * loss
    if not math.isfinite(scaled):
        return "no number"
    if abs(scaled) >= 1e5:
        return f"{scaled:.2e}"
    return f"{scaled:.2f}" if abs(scaled) >= 1 else f"{scaled:.3f}"


def pair_words(reading: ColumnReading, first: int, second: int) -> str:
    """Return the product of two features: ``W₃·W₇ = −0.412, cosine −0.53``; a feature with itself is its square."""
    product = float(reading.gram[first, second])
    if first == second:
        return f"‖W{lowered(first)}‖² = {signed_text(product, 3, plus=False)}"
    length = float(reading.metrics.norms[first] * reading.metrics.norms[second])
    cosine = signed_text(product / length, plus=False) if length > 1e-12 else "–"
    return f"W{lowered(first)}·W{lowered(second)} = {signed_text(product, 3, plus=False)}, cosine {cosine}"


def feature_words(reading: ColumnReading, feature: int) -> str:
    """Return what is read off one feature: norm, interference, dimensionality, bias."""
    metrics = reading.metrics
    norm, disturbance = float(metrics.norms[feature]), float(metrics.interference[feature])
    parts = [
        f"‖W{lowered(feature)}‖ {signed_text(norm, 3, plus=False)}",
        f"interf. {signed_text(disturbance, 2, plus=False)}",
        f"b {signed_text(float(reading.bias[feature]), 3, plus=False)}",
    ]
    if reading.frozen[feature]:
        parts.append("frozen")
    return ", ".join(parts)


def spoken_feature(reading: ColumnReading, feature: int) -> str:
    """Return a feature as a screen reader says it."""
    metrics = reading.metrics
    state = "represented" if metrics.is_represented[feature] else "not represented"
    words = (
        f"feature {feature}: norm {metrics.norms[feature]:.3f}, {state}, interference "
        f"{metrics.interference[feature]:.3f}, bias {reading.bias[feature]:.3f} where p/2 is "
        f"{reading.half_density[feature]:.3f}"
    )
    return f"{words}, frozen" if reading.frozen[feature] else words


def announce(widget: QWidget, sentence: str) -> None:
    """Let a screen reader say ``sentence`` about ``widget``."""
    widget.setAccessibleDescription(sentence)
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))
