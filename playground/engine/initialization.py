"""How the weights of a layer begin: one draw of W and b, always on the CPU, so that every device starts alike."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def draw(
    rows: int, columns: int, name: str, generator: torch.Generator, dtype: torch.dtype = torch.float32
) -> tuple[Tensor, Tensor]:
    """Draw the weight and the bias of one layer.

    Parameters
    ----------
    rows, columns
        Neurons of the layer (out) and what feeds each of them (in, the fan-in).
    name
        One of ``settings.INITIALIZATIONS``:

        - ``torch``: what ``torch.nn.Linear`` does, W and b uniform in ±1 / sqrt(in);
        - ``xavier``: W uniform in ±sqrt(6 / (in + out)), b = 0 (Glorot and Bengio 2010, equation 16);
        - ``he``: W normal with deviation sqrt(2 / in), b = 0 (He et al. 2015, equation 10);
        - ``normal``: W and b N(0, 1);
        - ``normal_fan_in``: W normal with deviation 1 / sqrt(in), b N(0, 1);
        - ``zero``: W = 0, b = 0;
        - ``browser``: W uniform in ±0.5, b = 0.1, as the best-known playground in a browser begins.
    generator
        A generator of the CPU; W is drawn before b.

    Returns
    -------
    W ``[rows, columns]`` and b ``[rows]``.

    Raises
    ------
    ValueError
        For a name that is none of these.
    """
    weight, bias = torch.zeros(rows, columns, dtype=dtype), torch.zeros(rows, dtype=dtype)
    if name == "torch":
        bound = 1 / math.sqrt(columns)
        weight.uniform_(-bound, bound, generator=generator)
        bias.uniform_(-bound, bound, generator=generator)
    elif name == "xavier":
        bound = math.sqrt(6 / (columns + rows))
        weight.uniform_(-bound, bound, generator=generator)
    elif name == "he":
        weight.normal_(0, math.sqrt(2 / columns), generator=generator)
    elif name in ("normal", "normal_fan_in"):
        weight.normal_(0, 1 if name == "normal" else 1 / math.sqrt(columns), generator=generator)
        bias.normal_(0, 1, generator=generator)
    elif name == "browser":
        weight.uniform_(-0.5, 0.5, generator=generator)
        bias.fill_(0.1)
    elif name != "zero":
        raise ValueError(f"'{name}' is no initialisation.")
    return weight, bias
