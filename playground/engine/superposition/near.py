"""What a change of a few rows does to a model, from what the model made of the fixed set before the change.

With W' = W + D, D of few rows R: the hidden layer before its ReLU is ``W'ᵀ x = Wᵀ x + D_Rᵀ x_R``, a sum of as many
rank-one terms as rows have changed. Where the hidden layer is linear the output before its ReLU changes likewise, by
``(V_j · D_R) x_R`` in every row j that has not changed itself; only the changed rows are computed anew. So a hand on
one of 400 features costs a third of a new reckoning.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.engine.superposition.fixed_set import slices
from playground.engine.superposition.models import shape_of, target_of
from playground.engine.superposition.problem import Floats

FEW = 0.25  # of the rows, up to which this is less work than to begin anew


class NearModel:
    """One model on the fixed set, and the errors of models that differ from it in a few rows.

    Parameters
    ----------
    kind, parameters
        The model, ``[n, columns]`` float32.
    points, weights
        The fixed set, ``[n, N]`` and ``[N]``.
    """

    @torch.inference_mode()
    def __init__(self, kind: str, parameters: NDArray[np.floating], points: Tensor, weights: Tensor) -> None:
        self._kind, held = kind, torch.from_numpy(np.array(parameters, np.float32))
        self._parameters = held
        self._shape = shape = shape_of(kind, held.shape[-1])
        self._points, self._weights = points.to(held), weights.to(held)
        self._hidden = shape.encode(held).T @ self._points  # [m, N] before the hidden ReLU
        self._output: Tensor | None = None  # [n, N] before the output ReLU; only where it is linear in W
        if not shape.has_hidden_relu:
            self._output = shape.decode(held) @ self._hidden + shape.bias(held)[:, None]
        self.errors = self._reckoned(self._hidden, held, self._output)

    @torch.inference_mode()
    def errors_of(self, changed_parameters: NDArray[np.floating]) -> Floats | None:
        """Return the errors ``[n]`` of a model ``[n, columns]``, None where it differs in too many rows."""
        parameters = torch.from_numpy(np.array(changed_parameters, np.float32))
        changed = (parameters != self._parameters).any(1)
        rows = changed.nonzero()[:, 0]
        if len(rows) > max(1, FEW * len(parameters)):
            return None
        shape = self._shape
        moved = (shape.encode(parameters) - shape.encode(self._parameters))[rows]  # [R, m]
        inputs = self._points[rows]  # [R, N]
        hidden = torch.addmm(self._hidden, moved.T, inputs)
        if self._output is None:
            return self._reckoned(hidden, parameters, None)
        output = torch.addmm(self._output, shape.decode(parameters) @ moved.T, inputs)
        output[rows] = shape.decode(parameters)[rows] @ hidden + shape.bias(parameters)[rows, None]
        return self._reckoned(hidden, parameters, output)

    def _reckoned(self, hidden: Tensor, parameters: Tensor, output: Tensor | None) -> Floats:
        """Return the errors of a model with this hidden layer ``[m, N]``; ``output`` ``[n, N]`` where it is known."""
        shape, found = self._shape, parameters.new_zeros(len(parameters))
        for part in slices(1, *self._points.shape):
            inputs = self._points[:, part]
            if output is None:
                inner = hidden[:, part].clamp(min=0)
                answer = torch.addmm(shape.bias(parameters)[:, None], shape.decode(parameters), inner)
            else:
                answer = output[:, part]
            answer = answer.clamp(min=0)  # all kinds that the fixed set measures end in a ReLU
            answer -= target_of(self._kind, inputs)
            found += answer.square_() @ self._weights[part]
        return np.asarray(found.numpy(), np.float64)
