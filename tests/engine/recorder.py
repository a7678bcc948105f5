"""What a CUDA graph does, done on the CPU: torch's operations are noted once and carried out again as they stand.

Whatever Python decided while they were noted stays decided, and every tensor is read and written where it lay: that is
what makes a recording of a step wrong where the step is not made for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

READS_BACK = {"aten::_local_scalar_dense", "aten::item", "aten::nonzero", "aten::equal", "aten::is_nonzero"}


class _Noting(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any], list[Tensor]]] = []
        self.before: dict[int, tuple[Tensor, Tensor]] = {}  # what lay where, before the work touched it
        self._made_here: set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func._schema.name in READS_BACK:
            raise RuntimeError(f"{func} waits for the device: not while it is recorded")
        for tensor in _tensors((args, kwargs)):
            place = tensor.untyped_storage().data_ptr()
            if place not in self._made_here and place not in self.before:
                whole = torch.empty(0, dtype=tensor.dtype).set_(tensor.untyped_storage())
                self.before[place] = whole, whole.clone()
        result = func(*args, **kwargs)
        results = _tensors(result)
        self._made_here |= {tensor.untyped_storage().data_ptr() for tensor in results} - self.before.keys()
        self.calls.append((func, args, kwargs, results))
        return result


def _tensors(tree: Any) -> list[Tensor]:
    return [leaf for leaf in tree_flatten(tree)[0] if isinstance(leaf, Tensor)]


class Recorded:
    """A recording of ``work`` on the CPU; after it everything is as it was before, as work on a GPU is not yet done."""

    made = 0  # in all
    played = 0

    def __init__(self, work: Callable[[], None], generator: torch.Generator) -> None:
        state = generator.get_state()
        with torch.inference_mode(), _Noting() as noting:
            work()
        generator.set_state(state)
        with torch.inference_mode():
            for place, content in noting.before.values():
                place.copy_(content)
        self._calls = noting.calls
        Recorded.made += 1

    def play(self) -> None:
        Recorded.played += 1
        with torch.inference_mode():
            for func, args, kwargs, results in self._calls:
                for old, new in zip(results, _tensors(func(*args, **kwargs)), strict=True):
                    if new.data_ptr() != old.data_ptr():
                        old.copy_(new)
