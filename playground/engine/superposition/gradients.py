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
"""

from __future__ import annotations

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
        self.scaled = empty(models, features, hidden + 1)  # s V with a column of zeros


class SliceGradient:
    """The gradient of some models of one kind that follow each other in a run.

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
    workspace
        For at least c models.
    """

    def __init__(
        self,
        shape: Shape,
        parameters: Tensor,
        gradient: Tensor,
        scale: Tensor,
        zero_scale: Tensor | None,
        workspace: Workspace,
    ) -> None:
        count, hidden = len(parameters), shape.hidden
        self._is_tied = shape.kind != ABS
        self._has_hidden_relu, self._has_output_relu = shape.has_hidden_relu, shape.has_output_relu
        self._scale, self._zero_scale = scale, zero_scale
        # one column more than W has: what it makes of the hidden layer is overwritten by the row of ones
        self._encode_t = parameters[..., : hidden + 1].transpose(1, 2)  # [c, m + 1, n]
        self._decode = parameters[..., -hidden - 1 :]  # [c, n, m + 1]
        self._bias = parameters[..., -1]
        self._gradient = gradient
        self._bias_gradient = gradient[..., -1]
        self._encode_gradient, self._decode_target = gradient[..., :hidden], gradient[..., -hidden - 1 :]
        self._hidden = workspace.hidden[:count]
        self._ones = self._hidden[:, hidden]
        self._hidden_t = self._hidden.transpose(1, 2)
        self._hidden_error = workspace.hidden_error[:count]
        self._hidden_error_t = self._hidden_error.transpose(1, 2)
        self._is_on = workspace.is_on[:count]
        self._error, self._is_positive = workspace.error[:count], workspace.is_positive[:count]
        self._decode_gradient, self._scaled = workspace.decode_gradient[:count], workspace.scaled[:count]
        self._scaled_t = self._scaled.transpose(1, 2)
        self._scaled_bias = self._scaled[..., hidden]

    def __call__(self, inputs: Tensor, targets: Tensor) -> None:
        """Write the gradient of the loss on examples ``[c, n, B]``."""
        hidden, error = self._hidden, self._error
        torch.bmm(self._encode_t, inputs, out=hidden)
        if self._has_hidden_relu:
            hidden.clamp_(min=0)
        self._ones.fill_(1)
        torch.bmm(self._decode, hidden, out=error)
        if self._has_output_relu:
            torch.sign(error.clamp_(min=0), out=self._is_positive)
            error.sub_(targets).mul_(self._is_positive)
        else:
            error.sub_(targets)
        torch.bmm(error, self._hidden_t, out=self._decode_gradient)
        torch.mul(self._decode, self._scale, out=self._scaled)
        self._scaled_bias.zero_()
        torch.bmm(self._scaled_t, error, out=self._hidden_error)
        if self._has_hidden_relu:
            self._hidden_error.mul_(torch.sign(hidden, out=self._is_on))
        if self._is_tied:
            torch.bmm(inputs, self._hidden_error_t, out=self._gradient)
            self._gradient.addcmul_(self._decode_gradient, self._scale)
        else:
            # the scaled decode matrix has done its work: its space takes x eᵀ
            torch.bmm(inputs, self._hidden_error_t, out=self._scaled)
            self._encode_gradient.copy_(self._scaled[..., :-1])
            torch.mul(self._decode_gradient, self._scale, out=self._decode_target)
        if self._zero_scale is not None:
            answer = self._bias.clamp(min=0) if self._has_output_relu else self._bias
            self._bias_gradient.addcmul_(answer, self._zero_scale)
