"""The pieces of the plane on which a network of piecewise linear neurons is one linear function. Torch-free.

A ReLU, leaky ReLU or step neuron has its kink where its pre-activation is 0. Where no neuron changes its side the
network before the output's own curve is affine in its inputs; which neurons lie on which side is the activation
pattern of a region (Montufar, Pascanu, Cho and Bengio 2014, section 2; Raghu et al. 2017, section 2.2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.engine.snapshots import FloatArray, UnitSurfaces
from playground.engine.spec import ACTIVATION_NAMES, NetworkSpec
from playground.engine.targets import answer_activation

KINKED = ("relu", "leaky_relu", "step")
STRAIGHT = (*KINKED, "identity")  # activations of straight pieces


def why_no_regions(spec: NetworkSpec) -> str:
    """Return why there are no linear regions, in a sentence; an empty text where there are."""
    for index, layer in enumerate(spec.layers[:-1]):
        if layer.activation not in STRAIGHT:
            return (
                f"{spec.layer_name(index).capitalize()} has {ACTIVATION_NAMES[layer.activation]}, which bends "
                "everywhere: linear regions need ReLU, leaky ReLU or step in every hidden layer."
            )
    return ""


def kinked_surfaces(spec: NetworkSpec, surfaces: UnitSurfaces, loss: str) -> FloatArray:
    """Return the pre-activations ``[neurons, g, g]`` of all neurons that have a kink.

    Those of the hidden layers, and of the output where its own activation, as ``loss`` reads it, is made of straight
    pieces.
    """
    found = []
    for index, layer in enumerate(spec.layers):
        is_output = index == len(spec.layers) - 1
        name = answer_activation(layer.activation, loss, layer.width) if is_output else layer.activation
        if name in KINKED:
            found.append(surfaces.pre[index])
        if name == "step":
            break  # what receives steps is constant between their borders and adds none of its own
    side = surfaces.pre[0].shape[1:]
    return np.concatenate(found) if found else np.zeros((0, *side), np.float32)


def region_codes(pre: FloatArray) -> NDArray[np.int64]:
    """Return for each place of the grid ``[g, g]`` the number of its region, counted from 0.

    Parameters
    ----------
    pre : ndarray [neurons, g, g]
        See `kinked_surfaces`. Two places are of one region where every neuron is above 0 at both or at neither. A
        region that lies between the points of the grid is not found.
    """
    rows, columns = pre.shape[1:]
    bits = np.packbits(pre.reshape(len(pre), -1) > 0, axis=0)  # [bytes, places]
    if not len(bits):
        return np.zeros((rows, columns), np.int64)
    words = np.ascontiguousarray(bits.T)  # [places, bytes]
    whole = words.view(np.dtype((np.void, words.shape[1]))).ravel()
    _, codes = np.unique(whole, return_inverse=True)
    return codes.reshape(rows, columns).astype(np.int64)
