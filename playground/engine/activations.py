"""The activation functions and their derivatives, written out, and the masks of dropout.

Each writes into a tensor of the caller and returns it: the activation, or the slope d act / d pre. All tensors have the
same shape ``[batch, units]``; ``out`` must be a tensor of its own. Nothing here records gradients: this is what
autograd would do for us. It is TorchScript as well as Python (see ``step``).
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

LEAKY_SLOPE = 0.01


def activate(name: str, pre: Tensor) -> Tensor:
    """Return the activation of ``pre`` ``[n, units]`` as a new tensor; ``softmax`` is taken over the units."""
    if name == "softmax":
        return torch.softmax(pre.T, dim=0).T.contiguous()  # seen by unit: eight times as fast as by example
    return write_activation(name, pre, torch.empty_like(pre))


def draw_dropout_mask(mask: Tensor, rate: float, generator: Generator) -> Tensor:
    """Fill ``mask`` with 0 (with probability ``rate``) and 1 / (1 - rate), so that the mean of ``act * mask`` is act.

    Inverted dropout: nothing needs to be scaled when the network is used (Srivastava et al. 2014, section 10).
    """
    return mask.bernoulli_(1 - rate, generator=generator).div_(1 - rate)


def write_activation(name: str, pre: Tensor, out: Tensor, leaky_slope: float = LEAKY_SLOPE) -> Tensor:
    """Write the activation ``name`` of ``pre`` into ``out`` (raises ValueError for a name that is none)."""
    if name == "relu":
        torch.clamp(pre, min=0, out=out)
    elif name == "sigmoid":
        torch.sigmoid(pre, out=out)
    elif name == "tanh":
        torch.tanh(pre, out=out)
    elif name == "identity":
        out.copy_(pre)
    elif name == "leaky_relu":
        torch.mul(pre, leaky_slope, out=out)
        torch.maximum(pre, out, out=out)
    elif name == "gelu":  # pre Phi(pre), exactly (Hendrycks and Gimpel 2016, section 2)
        _normal_distribution(pre, out).mul_(pre)
    elif name == "softplus":  # log(1 + e^pre) = log(e^pre + e^0), which does not overflow in this form
        torch.logaddexp(pre, pre.new_zeros(()), out=out)
    elif name == "step":  # 1 above 0, else 0: the perceptron
        torch.gt(pre, 0, out=out)
    else:
        raise ValueError(f"'{name}' is no activation.")
    return out


def write_slope(name: str, pre: Tensor, act: Tensor, out: Tensor, leaky_slope: float = LEAKY_SLOPE) -> Tensor:
    """Write d act / d pre of the activation ``name`` into ``out`` (raises ValueError for a name that is none)."""
    if name == "relu":
        torch.sign(act, out=out)  # 1 where the neuron answers, 0 where it is silent
    elif name == "sigmoid":
        out.fill_(1).sub_(act).mul_(act)  # (1 - act) act
    elif name == "tanh":
        out.fill_(1).addcmul_(act, act, value=-1)  # 1 - act²
    elif name == "identity":
        out.fill_(1)
    elif name == "leaky_relu":
        torch.gt(pre, 0, out=out).mul_(1 - leaky_slope).add_(leaky_slope)
    elif name == "gelu":  # Phi(pre) + pre phi(pre) by the product rule, phi being the normal density
        density = torch.mul(pre, pre).mul_(-0.5).exp_().div_(math.sqrt(2 * math.pi))
        _normal_distribution(pre, out).addcmul_(pre, density)
    elif name == "softplus":
        torch.sigmoid(pre, out=out)
    elif name == "step":
        out.zero_()  # flat on both sides: nothing below can learn by gradient
    else:
        raise ValueError(f"'{name}' is no activation.")
    return out


def _normal_distribution(pre: Tensor, out: Tensor) -> Tensor:
    """Phi(pre): the share of a standard normal distribution that lies below ``pre``."""
    torch.mul(pre, math.sqrt(0.5), out=out)
    return out.erf_().add_(1).mul_(0.5)
