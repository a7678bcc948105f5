"""The reference itself, against a network of torch's own layers trained with torch's own optimizer."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from playground.engine.autograd_step import AutogradStep
from playground.engine.settings import Settings
from playground.engine.spec import build
from tests.engine.nets import bits, drawn

MODULES = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "softplus": nn.Softplus,
}


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("activation", MODULES)
def test_it_trains_as_torch_does(activation: str, loss: str) -> None:
    network = drawn(build((6, 5, 4, 3), activation=activation, output_activation="sigmoid"))
    linears = [nn.Linear(6, 5), nn.Linear(5, 4), nn.Linear(4, 3)]
    model = nn.Sequential(linears[0], MODULES[activation](), linears[1], MODULES[activation](), linears[2]).double()
    with torch.no_grad():
        for linear, weight, bias in zip(linears, network.weights, network.biases, strict=True):
            linear.weight.copy_(weight)
            linear.bias.copy_(bias)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    step = AutogradStep(network, Settings(loss=loss), torch.Generator())
    generator = torch.Generator().manual_seed(1)
    for rows in (8, 3, 8, 8):
        inputs = torch.randn(rows, 6, generator=generator, dtype=torch.float64)
        labels = torch.randint(0, 3, (rows,), generator=generator)
        logits = model(inputs)
        if loss == "cross_entropy":
            expected = F.cross_entropy(logits, labels)
        else:
            expected = (torch.sigmoid(logits) - torch.eye(3)[labels]).pow(2).sum() / 2 / rows
        optimizer.zero_grad()
        expected.backward()
        gradient = torch.cat([parameter.grad.flatten() for parameter in model.parameters()])
        optimizer.step()
        step(inputs, labels, 0.01)
        assert step.loss.item() == pytest.approx(expected.item(), rel=1e-12)
        torch.testing.assert_close(network.gradient, gradient, rtol=1e-9, atol=1e-14)
        theirs = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
        torch.testing.assert_close(network.parameters, theirs, rtol=1e-8, atol=1e-9)


def test_a_step_activation_stops_the_gradient_below_it() -> None:
    network = drawn(build((6, 5, 3), activation="step"))
    step = AutogradStep(network, Settings(optimizer="sgd"), torch.Generator())
    before = [weight.clone() for weight in network.weights]
    step(torch.rand(8, 6, dtype=torch.float64), torch.arange(8) % 3, 0.5)
    assert bits(network.weights[0]) == bits(before[0])
    assert not torch.equal(network.weights[1], before[1])


def test_it_works_inside_inference_mode_and_leaves_no_graph() -> None:
    network = drawn(build((3, 2)))
    step = AutogradStep(network, Settings(), torch.Generator())
    inputs, labels = torch.rand(4, 3, dtype=torch.float64), torch.arange(4) % 2
    with torch.inference_mode():
        step(inputs, labels, 0.01)
    step(inputs, labels, 0.01)
    assert not network.parameters.requires_grad
    assert not step.loss.requires_grad
