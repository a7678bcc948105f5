"""Whether a network can be trained on some data at all. Torch-free."""

from __future__ import annotations

from playground.engine.datasets import DataSet
from playground.engine.settings import Settings
from playground.engine.spec import NetworkSpec, SpecError
from playground.engine.targets import CLASSES, TargetError, check_loss


def check_fit(spec: NetworkSpec, data: DataSet, settings: Settings) -> None:
    """Raise SpecError where network and data have different widths, or the loss says nothing about their targets."""
    if spec.inputs != data.features or spec.outputs != data.outputs:
        what = "classes" if data.task == CLASSES else "outputs"
        raise SpecError(
            f"The network takes {spec.inputs} inputs and has {spec.outputs} outputs, "
            f"but '{data.name}' has {data.features} inputs and {data.outputs} {what}."
        )
    try:
        check_loss(data.task, settings.loss)
    except TargetError as error:
        raise SpecError(str(error)) from error
