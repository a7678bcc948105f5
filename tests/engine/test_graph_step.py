"""The recorded step against the step that is made anew each time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, given
from hypothesis import settings as checking
from torch import Tensor

from playground.engine import graph_step
from playground.engine.graph_step import WARM_UPS, CudaRecording, GraphStep
from playground.engine.network import Network
from playground.engine.settings import OPTIMIZERS, Settings
from playground.engine.spec import build
from playground.engine.step import WrittenStep
from playground.engine.step_choice import make_step
from tests.engine.nets import Case, bits, cases, digit_like, drawn
from tests.engine.recorder import Recorded

thorough = checking(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
SINGLE = torch.float32


@pytest.fixture(autouse=True)
def _count_from_nothing() -> None:
    Recorded.made = Recorded.played = 0


class Batches:
    """Batches that come in the same two tensors each time, as the training hands them on."""

    def __init__(self, case: Case) -> None:
        self._case = case
        inputs, targets = case.batch(max(case.batches), SINGLE)
        self._inputs, self._targets = torch.empty_like(inputs), torch.empty_like(targets)

    def put(self, rows: int) -> tuple[Tensor, Tensor]:
        inputs, targets = self._case.batch(rows, SINGLE)
        self._inputs[:rows], self._targets[:rows] = inputs, targets
        return self._inputs[:rows], self._targets[:rows]


def state(network: Network) -> list[bytes]:
    kept = (network.parameters, network.gradient, network.first_moment, network.second_moment)
    return [bits(tensor) for tensor in kept if tensor is not None]


@given(cases())
@thorough
def test_a_recorded_step_is_the_step_itself_to_the_last_bit(case: Case) -> None:
    recorded, plain = case.network(SINGLE), case.network(SINGLE)
    dice, other_dice = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    step = GraphStep(recorded, case.settings, dice, Recorded)
    direct = WrittenStep(plain, case.settings, other_dice)
    batches, made = Batches(case), Recorded.made
    for number in range(5 * (WARM_UPS + 2)):
        rows = case.batches[number % len(case.batches)]
        rate = 0.01 / (1 + number)
        step(*batches.put(rows), rate)
        direct(*batches.put(rows), torch.tensor(rate))
        assert state(recorded) == state(plain)
        assert bits(step.loss) == bits(direct.loss)
        assert [bits(pre) for pre in step.pre] == [bits(pre) for pre in direct.pre]
        assert bits(dice.get_state()) == bits(other_dice.get_state())
    assert recorded.optimizer_steps == plain.optimizer_steps
    assert Recorded.made - made == 2  # one for each size of batch


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("penalty", ["none", "l1", "l2"])
def test_a_rate_on_the_device_is_the_rate(optimizer: str, penalty: str) -> None:
    """The rules take the learning rate as a number or as a tensor: the same but for the rounding of its product."""
    settings = Settings(optimizer=optimizer, l1=0.01 * (penalty == "l1"), l2=0.01 * (penalty == "l2"))
    networks = [drawn(build((784, 16, 10)), dtype=SINGLE) for _ in range(2)]
    inputs, labels = digit_like(32)
    for network, rate in zip(networks, (0.01, torch.tensor(0.01)), strict=True):
        step = WrittenStep(network, settings, torch.Generator())
        for _ in range(5):
            step(inputs, labels, rate)
    torch.testing.assert_close(networks[0].parameters, networks[1].parameters, rtol=2e-6, atol=2e-7)


def trained(change: Callable[[Network, int], None], record: type[Recorded] | None) -> Network:
    """Return a network that ``change`` was done to after so many of its steps."""
    network = drawn(build((784, 8, 10)), dtype=SINGLE)
    settings, dice = Settings(optimizer="adam"), torch.Generator()
    step = GraphStep(network, settings, dice, record) if record else WrittenStep(network, settings, dice)
    inputs, labels = digit_like(16)
    for number in range(6 * WARM_UPS):
        change(network, number)
        rate = 0.01 if record else torch.tensor(0.01)
        step(inputs, labels, rate)  # type: ignore[arg-type]
    return network


def cut_and_mend(network: Network, number: int) -> None:
    if number == 5:
        network.set_mask("present", torch.arange(network.spec.parameter_count) % 3 > 0)
    elif number == 11:
        network.set_mask("present", None)


def freeze(network: Network, number: int) -> None:
    if number in (5, 6):
        network.set_mask("movable", torch.arange(network.spec.parameter_count) % (number - 2) > 0)


def hold_while_painting(network: Network, number: int) -> None:
    if number in (5, 9):
        network.set_mask("held", None if number == 9 else torch.arange(network.spec.parameter_count) < 50)
    if 5 <= number < 9:
        network.weights[0][:2, :20] += 0.25


def forget(network: Network, number: int) -> None:
    if number == 7:
        network.first_moment = network.second_moment = None


@pytest.mark.parametrize("change", [cut_and_mend, freeze, hold_while_painting, forget])
def test_what_the_hand_changes_reaches_the_next_step(change: Callable[[Network, int], None]) -> None:
    recorded, plain = trained(change, Recorded), trained(change, None)
    assert Recorded.made > 1
    assert Recorded.played > WARM_UPS
    assert state(recorded) == state(plain)


def test_the_number_of_the_update_is_none_of_the_recordings() -> None:
    """Adam divides by 1 - μᵗ: a recording that held t would go on dividing by the same."""
    network = drawn(build((784, 8, 10)), dtype=SINGLE)
    step = WrittenStep(network, Settings(optimizer="adam"), torch.Generator())
    inputs, labels = digit_like(16)

    def whole() -> None:  # what begins an update must not be recorded
        step(inputs, labels, torch.tensor(0.01))

    for _ in range(WARM_UPS):
        whole()
    recording = Recorded(whole, torch.Generator())
    for _ in range(10):
        recording.play()
    assert state(network) != state(trained(lambda _network, _number: None, None))


def test_a_step_that_waits_for_the_device_cannot_be_recorded() -> None:
    number = torch.ones(())
    with pytest.raises(RuntimeError, match="waits for the device"):
        Recorded(lambda: number.add_(number.item()) and None, torch.Generator())


def test_where_recording_fails_the_training_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    calls = []

    class Refusing(Recorded):
        def __init__(self, work: Callable[[], None], generator: torch.Generator) -> None:
            calls.append((work, generator))
            raise RuntimeError("operation not permitted when stream is capturing")

    with caplog.at_level(logging.WARNING):
        found = trained(lambda _network, _number: None, Refusing)
    assert state(found) == state(trained(lambda _network, _number: None, None))
    assert len(calls) == 1  # it is not tried again and again
    assert "one kernel at a time" in caplog.text


def test_batches_that_come_elsewhere_each_time_are_trained_on_all_the_same() -> None:
    network, plain = (drawn(build((784, 8, 10)), dtype=SINGLE) for _ in range(2))
    step = GraphStep(network, Settings(), torch.Generator(), Recorded)
    direct = WrittenStep(plain, Settings(), torch.Generator())
    kept = []
    for number in range(3 * graph_step.KEPT):
        inputs, labels = digit_like(16, seed=number)
        kept.append((inputs, labels))
        step(inputs, labels, 0.01)
        direct(inputs, labels, torch.tensor(0.01))
    assert state(network) == state(plain)
    assert len(step._batches) <= graph_step.KEPT
    assert not Recorded.made


def test_only_a_gpu_is_recorded() -> None:
    assert isinstance(make_step(drawn(build((3, 4, 2))), Settings(), torch.Generator()), WrittenStep)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("dropout", [0.0, 0.25])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_cuda_graph_trains_as_its_kernels_one_by_one(optimizer: str, dropout: float) -> None:
    found = []
    spec = build((784, 16, 10))
    spec = spec.with_layers([replace(spec.layers[0], dropout=dropout), spec.layers[1]])
    for kind in (GraphStep, WrittenStep):
        network = drawn(spec, dtype=SINGLE).to("cuda")
        dice = torch.Generator("cuda").manual_seed(3)
        step = kind(network, Settings(optimizer=optimizer, l2=0.01), dice)
        inputs, labels = (tensor.cuda() for tensor in digit_like(64))
        told = []
        for number in range(40):
            rows = 64 if number % 3 else 40
            rate = 0.01 / (1 + number)
            step(inputs[:rows], labels[:rows], rate if kind is GraphStep else torch.tensor(rate, device="cuda"))
            told.append(step.loss.item())
        found.append((told, network.parameters.cpu()))
    (losses, parameters), (expected_losses, expected) = found
    assert losses == pytest.approx(expected_losses, rel=1e-5)
    torch.testing.assert_close(parameters, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_gpu_records_this_step(caplog: pytest.LogCaptureFixture) -> None:
    network = drawn(build((784, 16, 16, 10)), dtype=SINGLE).to("cuda")
    step = GraphStep(network, Settings(), torch.Generator("cuda"))
    inputs, labels = (tensor.cuda() for tensor in digit_like(32))
    for _ in range(WARM_UPS + 1):
        step(inputs, labels, 0.01)
    (batch,) = step._batches.values()
    assert isinstance(batch.recording, CudaRecording)
    assert not caplog.records
