"""The activation functions and their derivatives, written out, and the masks of dropout.

Every function writes into a tensor of the caller and returns it: ``function(pre, out)`` gives the activation,
``derivative(pre, act, out)`` the slope d act / d pre. All tensors have the same shape ``[batch, units]``; ``out`` must
be a tensor of its own. Nothing here records gradients: this is what autograd would do for us.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

LEAKY_SLOPE = 0.01

_ONE = torch.ones(())
_SQRT_HALF = math.sqrt(0.5)
_NORMAL_PEAK = 1 / math.sqrt(2 * math.pi)  # the normal density at 0


def activate(name: str, pre: Tensor) -> Tensor:
    """Return the activation of ``pre`` ``[n, units]`` as a new tensor; ``softmax`` is taken over the units."""
    if name == "softmax":
        return torch.softmax(pre.T, dim=0).T.contiguous()  # seen by unit: eight times as fast as by example
    return FUNCTIONS[name](pre, torch.empty_like(pre))


def draw_dropout_mask(mask: Tensor, rate: float, generator: torch.Generator) -> Tensor:
    """Fill ``mask`` with 0 (with probability ``rate``) and 1 / (1 - rate), so that the mean of ``act * mask`` is act.

    Inverted dropout: nothing needs to be scaled when the network is used (Srivastava et al. 2014, section 10).
    """
    return mask.bernoulli_(1 - rate, generator=generator).div_(1 - rate)


# ---- functions ---------------------------------------------------------------------------------------------------


def _identity(pre: Tensor, out: Tensor) -> Tensor:
    return out.copy_(pre)


def _sigmoid(pre: Tensor, out: Tensor) -> Tensor:
    return torch.sigmoid(pre, out=out)


def _tanh(pre: Tensor, out: Tensor) -> Tensor:
    return torch.tanh(pre, out=out)


def _relu(pre: Tensor, out: Tensor) -> Tensor:
    return torch.clamp(pre, min=0, out=out)


def _leaky_relu(pre: Tensor, out: Tensor) -> Tensor:
    torch.mul(pre, LEAKY_SLOPE, out=out)
    return torch.maximum(pre, out, out=out)


def _gelu(pre: Tensor, out: Tensor) -> Tensor:
    """``pre * Phi(pre)`` with the exact normal distribution (Hendrycks and Gimpel 2016, section 2)."""
    return _normal_distribution(pre, out).mul_(pre)


def _softplus(pre: Tensor, out: Tensor) -> Tensor:
    """``log(1 + e^pre) = log(e^pre + e^0)``, which does not overflow in this form."""
    return torch.logaddexp(pre, pre.new_zeros(()), out=out)


def _step(pre: Tensor, out: Tensor) -> Tensor:
    """1 above 0, else 0: the perceptron."""
    return torch.gt(pre, 0, out=out)


def _normal_distribution(pre: Tensor, out: Tensor) -> Tensor:
    """Phi(pre): the share of a standard normal distribution that lies below ``pre``."""
    torch.mul(pre, _SQRT_HALF, out=out)
    return out.erf_().add_(1).mul_(0.5)


# ---- derivatives -------------------------------------------------------------------------------------------------


def _identity_slope(_pre: Tensor, _act: Tensor, out: Tensor) -> Tensor:
    return out.fill_(1)


def _sigmoid_slope(_pre: Tensor, act: Tensor, out: Tensor) -> Tensor:
    return torch.sub(_ONE, act, out=out).mul_(act)  # (1 - act) act


def _tanh_slope(_pre: Tensor, act: Tensor, out: Tensor) -> Tensor:
    torch.mul(act, act, out=out)
    return torch.sub(_ONE, out, out=out)  # 1 - act²


def _relu_slope(_pre: Tensor, act: Tensor, out: Tensor) -> Tensor:
    return torch.sign(act, out=out)  # 1 where the neuron answers, 0 where it is silent


def _leaky_relu_slope(pre: Tensor, _act: Tensor, out: Tensor) -> Tensor:
    return torch.gt(pre, 0, out=out).mul_(1 - LEAKY_SLOPE).add_(LEAKY_SLOPE)


def _gelu_slope(pre: Tensor, _act: Tensor, out: Tensor) -> Tensor:
    """``Phi(pre) + pre phi(pre)`` by the product rule, phi being the normal density."""
    density = torch.mul(pre, pre).mul_(-0.5).exp_().mul_(_NORMAL_PEAK)
    return _normal_distribution(pre, out).addcmul_(pre, density)


def _softplus_slope(pre: Tensor, _act: Tensor, out: Tensor) -> Tensor:
    return torch.sigmoid(pre, out=out)


def _step_slope(_pre: Tensor, _act: Tensor, out: Tensor) -> Tensor:
    return out.zero_()  # flat on both sides: nothing below can learn by gradient


FUNCTIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "identity": _identity,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "gelu": _gelu,
    "softplus": _softplus,
    "step": _step,
}

DERIVATIVES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "identity": _identity_slope,
    "sigmoid": _sigmoid_slope,
    "tanh": _tanh_slope,
    "relu": _relu_slope,
    "leaky_relu": _leaky_relu_slope,
    "gelu": _gelu_slope,
    "softplus": _softplus_slope,
    "step": _step_slope,
}
