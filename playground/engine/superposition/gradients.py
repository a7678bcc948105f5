"""The gradient of every model, written out for many models at once. No autograd.

For one model with batch in columns (``x`` is ``[n, B]``, W and V ``[n, m]``, V = W where weights are tied)::

    forward    a = Wᵀ x                      # [m, B]
               h = relu(a) or a              # [m, B]
               z = V h + b                   # [n, B]
               x' = relu(z) or z             # [n, B]
               loss = mean over B and n of I_i (t_i - x'_i)²
    backward   d  = (x' - t) * [z > 0]       # [n, B]   d loss / d z = s d with s_i = 2 I_i q / (B n)
               gV = s d hᵀ                   # [n, m]
               gb = s d 1                    # [n]
               e  = (s V)ᵀ d * [a > 0]       # [m, B]   d loss / d a
               gW = x eᵀ                     # [n, m]

with ``[...]`` left out where the model has no ReLU there. A row of ones under h makes b a column of V: ``V h + b`` and
``gb`` cost no operation of their own. ``q`` is the probability of an example that is not all zero, where only such are
drawn; the all-zero example then adds ``(1 - q) 2 I_i / n * x'_i(0)`` to gb, with ``x'(0) = relu(b)`` or b.

The function is TorchScript as well as Python, so that many steps are one call (see `steps`); the annotations here are
no strings, because TorchScript reads those of a tuple as they stand.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from playground.engine.superposition.models import Shape
from playground.engine.superposition.problem import ABS


class Workspace:
    """Tensors for the largest slice of models that is worked on at once; all slices use them in turn.

    Parameters
    ----------
    models, features, hidden, batch
        c, n, m and B.
    """

    def __init__(
        self, models: int, features: int, hidden: int, batch: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        def empty(*shape: int) -> Tensor:
            return torch.zeros(shape, device=device, dtype=dtype)

        self.hidden = empty(models, hidden + 1, batch)  # h with a row of ones
        self.hidden_error = empty(models, hidden + 1, batch)  # e with a row of zeros
        self.is_on = empty(models, hidden + 1, batch)
        self.error = empty(models, features, batch)  # d
        self.is_positive = empty(models, features, batch)
        self.decode_gradient = empty(models, features, hidden + 1)
        self.encode_gradient = empty(models, features, hidden + 1)
        self.scaled = empty(models, features, hidden + 1)  # s V with a column of zeros, which nobody writes again


class Slice(NamedTuple):
    """Some models of one kind that follow each other in a run: what their gradient reads and writes.

    All tensors are views of the run's, of its examples and of a work space.
    """

    is_tied: bool
    has_hidden_relu: bool
    has_output_relu: bool
    inputs: Tensor  # [T, c, n, B] examples of T steps
    targets: Tensor  # likewise
    encode_t: Tensor  # [c, m + 1, n] Wᵀ and one row more
    decode: Tensor  # [c, n, m + 1] V and b
    decode_weight: Tensor  # [c, n, m] V
    bias: Tensor  # [c, n]
    hidden: Tensor  # [c, m + 1, B] h and a row of ones
    ones: Tensor  # [c, B] its row of ones
    hidden_t: Tensor  # [c, B, m + 1]
    is_on: Tensor  # [c, m + 1, B]
    error: Tensor  # [c, n, B] d
    is_positive: Tensor  # [c, n, B]
    scale: Tensor  # [c, n, 1] s
    scaled: Tensor  # [c, n, m] s V
    scaled_t: Tensor  # [c, m + 1, n] its transpose and a row of zeros
    hidden_error: Tensor  # [c, m + 1, B] e and a row of zeros
    hidden_error_t: Tensor  # [c, B, m + 1]
    decode_gradient: Tensor  # [c, n, m + 1] gV and gb before they are scaled
    encode_gradient: Tensor  # [c, n, m + 1] gW and a column of zeros, where V is another
    gradient: Tensor  # [c, n, columns] all of it
    encode_target: Tensor  # [c, n, m] its part for W
    decode_target: Tensor  # [c, n, m + 1] its part for V and b
    bias_target: Tensor  # [c, n] its part for b
    zero_scale: Tensor | None  # [c, n] 2 I_i (1 - q) / n; None where every example is drawn


def slice_of(
    shape: Shape,
    parameters: Tensor,
    gradient: Tensor,
    scale: Tensor,
    zero_scale: Tensor | None,
    inputs: Tensor,
    targets: Tensor,
    workspace: Workspace,
) -> Slice:
    """Return some models of one kind with all that their gradient needs.

    Parameters
    ----------
    shape
        Kind and hidden dimensions.
    parameters, gradient
        Views ``[c, n, columns]`` of the run's tensors; the gradient is written.
    scale
        ``2 I_i q / (B n)``, ``[c, n, 1]``.
    zero_scale
        ``2 I_i (1 - q) / n``, ``[c, n]``; None where every example is drawn.
    inputs, targets
        Examples ``[T, c, n, B]``.
    workspace
        For at least c models.
    """
    count, hidden = len(parameters), shape.hidden
    decode, layer = parameters[..., -hidden - 1 :], workspace.hidden[:count]
    scaled, hidden_error = workspace.scaled[:count], workspace.hidden_error[:count]
    return Slice(
        is_tied=shape.kind != ABS,
        has_hidden_relu=shape.has_hidden_relu,
        has_output_relu=shape.has_output_relu,
        inputs=inputs,
        targets=targets,
        # one column more than W has: what it makes of the hidden layer is overwritten by the row of ones
        encode_t=parameters[..., : hidden + 1].transpose(1, 2),
        decode=decode,
        decode_weight=shape.decode(parameters),
        bias=shape.bias(parameters),
        hidden=layer,
        ones=layer[:, hidden],
        hidden_t=layer.transpose(1, 2),
        is_on=workspace.is_on[:count],
        error=workspace.error[:count],
        is_positive=workspace.is_positive[:count],
        scale=scale,
        scaled=scaled[..., :hidden],
        scaled_t=scaled.transpose(1, 2),
        hidden_error=hidden_error,
        hidden_error_t=hidden_error.transpose(1, 2),
        decode_gradient=workspace.decode_gradient[:count],
        encode_gradient=workspace.encode_gradient[:count],
        gradient=gradient,
        encode_target=shape.encode(gradient),
        decode_target=gradient[..., -hidden - 1 :],
        bias_target=shape.bias(gradient),
        zero_scale=zero_scale,
    )


def write_gradient(models: Slice, inputs: Tensor, targets: Tensor) -> None:
    """Write the gradient of the loss on examples ``[c, n, B]``."""
    hidden, error = models.hidden, models.error
    torch.bmm(models.encode_t, inputs, out=hidden)
    if models.has_hidden_relu:
        hidden.clamp_(min=0)
    models.ones.fill_(1)
    torch.bmm(models.decode, hidden, out=error)
    if models.has_output_relu:
        torch.sign(error.clamp_(min=0), out=models.is_positive)
        error.sub_(targets).mul_(models.is_positive)
    else:
        error.sub_(targets)
    torch.bmm(error, models.hidden_t, out=models.decode_gradient)
    torch.mul(models.decode_weight, models.scale, out=models.scaled)
    torch.bmm(models.scaled_t, error, out=models.hidden_error)
    if models.has_hidden_relu:
        models.hidden_error.mul_(torch.sign(hidden, out=models.is_on))
    if models.is_tied:
        torch.bmm(inputs, models.hidden_error_t, out=models.gradient)
        models.gradient.addcmul_(models.decode_gradient, models.scale)
    else:
        torch.bmm(inputs, models.hidden_error_t, out=models.encode_gradient)
        models.encode_target.copy_(models.encode_gradient[:, :, :-1])
        torch.mul(models.decode_gradient, models.scale, out=models.decode_target)
    zero_scale = models.zero_scale
    if zero_scale is not None:
        answer = models.bias.clamp(min=0) if models.has_output_relu else models.bias
        models.bias_target.addcmul_(answer, zero_scale)
