"""A network as it lives in the training thread: all parameters in one flat buffer, with a view per layer."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from playground.engine.forward import forward
from playground.engine.initialization import draw
from playground.engine.spec import NetworkSpec
from playground.engine.targets import answer_activation

MASKS = ("movable", "present", "held")


def layer_views(spec: NetworkSpec, flat: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Return W ``[out, in]`` and b ``[out]`` of every layer as views of a flat buffer ``[P]`` (see ``spec.slots``)."""
    return [(flat[slots.weight].view(slots.rows, slots.columns), flat[slots.bias]) for slots in spec.slots]


class Network:
    """The one owner of the tensors. ``P`` is ``spec.parameter_count``.

    Attributes
    ----------
    parameters : Tensor [P]
        All weights and biases. Always written in place: ``weights[i]`` ``[out, in]`` and ``biases[i]`` ``[out]`` are
        views of it.
    gradient : Tensor [P]
        d loss / d parameters of the last batch, without penalties; 0 at cut edges.
    first_moment, second_moment : Tensor [P] or None
        What the optimizer remembers (see ``optimizers``).
    optimizer_steps : int
        How many updates the moments have seen.
    """

    def __init__(self, spec: NetworkSpec, parameters: Tensor) -> None:
        if parameters.shape != (spec.parameter_count,):
            raise ValueError(f"{spec.text} has {spec.parameter_count:,} parameters, not {list(parameters.shape)}.")
        self.spec = spec
        self._parameters = parameters
        self.gradient = torch.zeros_like(parameters)
        self.first_moment: Tensor | None = None
        self.second_moment: Tensor | None = None
        self.optimizer_steps = 0
        self._masks: dict[str, Tensor | None] = dict.fromkeys(MASKS)
        self._update_mask: Tensor | None = None
        views = layer_views(spec, parameters)
        self.weights = tuple(weight for weight, _ in views)
        self.biases = tuple(bias for _, bias in views)

    @classmethod
    def create(
        cls,
        spec: NetworkSpec,
        initialization: str,
        generator: torch.Generator,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> Network:
        """Return a network drawn layer by layer from ``generator`` (of the CPU; see ``initialization.draw``)."""
        pieces = []
        for columns, rows in pairwise(spec.widths):
            weight, bias = draw(rows, columns, initialization, generator, dtype)
            pieces += [weight.flatten(), bias]
        return cls(spec, torch.cat(pieces).to(device))

    @classmethod
    def empty(
        cls, spec: NetworkSpec, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
    ) -> Network:
        """Return a network whose parameters are all 0, to be filled in."""
        return cls(spec, torch.zeros(spec.parameter_count, device=device, dtype=dtype))

    def to(self, device: torch.device | str) -> Network:
        """Return this network on another device, with its moments and masks (itself where it is there already)."""
        device = torch.device(device)
        if device == self.parameters.device:
            return self
        moved = Network(self.spec, self.parameters.to(device))
        moved.gradient.copy_(self.gradient)
        moved.first_moment = None if self.first_moment is None else self.first_moment.to(device)
        moved.second_moment = None if self.second_moment is None else self.second_moment.to(device)
        moved.optimizer_steps = self.optimizer_steps
        for name, mask in self._masks.items():
            moved.set_mask(name, mask)
        return moved

    @property
    def parameters(self) -> Tensor:
        """Return the flat buffer ``[P]``; it stays the same tensor as long as the network lives."""
        return self._parameters

    # ---- masks ---------------------------------------------------------------------------------------------------

    @property
    def movable(self) -> Tensor | None:
        """Return which parameters are not frozen, bool ``[P]``; None: all may move. Set it by ``set_mask``."""
        return self._masks["movable"]

    @property
    def present(self) -> Tensor | None:
        """Return which parameters are not cut, bool ``[P]``; None: all are there. Set it by ``set_mask``."""
        return self._masks["present"]

    @property
    def held(self) -> Tensor | None:
        """Return which parameters lie under the brush, bool ``[P]``; None: none does. Set it by ``set_mask``."""
        return self._masks["held"]

    def set_mask(self, name: str, mask: Tensor | None) -> None:
        """Set ``movable``, ``present`` or ``held`` to a copy of ``mask`` (bool ``[P]``); None where it masks nothing.

        Raises
        ------
        ValueError
            Where there is no such mask, or it is not bool ``[P]``.
        """
        if name not in MASKS:
            raise ValueError(f"There is no mask '{name}'.")
        if mask is not None:
            if mask.dtype != torch.bool or mask.shape != self.parameters.shape:
                raise ValueError(f"The mask '{name}' must be bool {list(self.parameters.shape)}.")
            masks_nothing = not mask.any() if name == "held" else mask.all()
            mask = None if masks_nothing else mask.to(self.parameters.device, copy=True)
        self._masks[name] = mask
        self._update_mask = None
        if any(found is not None for found in self._masks.values()):
            self._update_mask = self._joint_mask()

    def update_mask(self) -> Tensor | None:
        """Return which parameters an update may move: movable, present and not held; bool ``[P]``, None: all."""
        return self._update_mask

    def _joint_mask(self) -> Tensor:
        joint = torch.ones_like(self.parameters, dtype=torch.bool)
        if self.movable is not None:
            joint &= self.movable
        if self.present is not None:
            joint &= self.present
        if self.held is not None:
            joint &= ~self.held
        return joint

    # ---- use -----------------------------------------------------------------------------------------------------

    def effective(self) -> Tensor:
        """Return what the network computes with ``[P]``: the parameters, those that are cut being 0."""
        if self.present is None:
            return self.parameters
        return self.parameters.masked_fill(~self.present, 0)

    def layers(self) -> list[tuple[Tensor, Tensor]]:
        """Return W ``[out, in]`` and b ``[out]`` of every layer, as the network computes with them."""
        return layer_views(self.spec, self.effective())

    def activations(self, loss: str) -> list[str]:
        """Return the activation of every layer, the output's as it is read under ``loss``."""
        *hidden, output = self.spec.layers
        names = [layer.activation for layer in hidden]
        return [*names, answer_activation(output.activation, loss, output.width)]

    @torch.no_grad()
    def forward(self, inputs: Tensor, loss: str) -> tuple[list[Tensor], list[Tensor]]:
        """Run the network without dropout.

        Parameters
        ----------
        inputs : Tensor [n, inputs]
        loss
            Says how the output is read (see ``targets.answer_activation``).

        Returns
        -------
        Pre-activations and activations of every layer, ``[n, units]`` each.
        """
        return forward(self.layers(), self.activations(loss), inputs)
