from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from playground.app import bench_headless
from playground.app.bench_models import small_models


def test_it_is_settled_after_so_many_steps_however_many_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def steps(_training: object, *, has_evaluation: bool) -> Iterator[tuple[int, Tensor]]:
        while True:
            made.append(50)
            yield 50, torch.zeros(())

    monkeypatch.setattr(bench_headless, "engine_steps", steps)
    model = next(model for model in small_models() if model.data is not None)
    assert model.data is not None
    bench_headless.Headless(model, model.data, 1, settled_step=200)
    assert sum(made) == 200
