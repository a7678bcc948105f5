"""A network as a Python script of its own: ``NAME.py`` and ``NAME.safetensors``, which need torch alone. Torch-free."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

import playground
from playground.engine.atomic_file import write_atomically, write_text_atomically
from playground.engine.checkpoint import Checkpoint
from playground.engine.spec import NetworkSpec
from playground.engine.targets import answer_activation
from playground.engine.tensor_file import tensor_chunks

_MODULES = {
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "gelu": "nn.GELU()",
    "softplus": "nn.Softplus()",
    "step": "Step()",
}

# how the outputs are read under cross-entropy
_ANSWERS = {"softmax": "torch.softmax(network(x), dim=1)", "sigmoid": "torch.sigmoid(network(x))"}
_OUTPUTS = {"softmax": "the probability of each class", "sigmoid": "the probability of the second class"}

_STEP = '''
class Step(nn.Module):
    """1 above 0, else 0."""

    def forward(self, x):
        return (x > 0).to(x.dtype)

'''

_SCRIPT = '''\
"""@TITLE@

Written by playground @VERSION@. It needs torch and the file @WEIGHTS@ beside it, nothing else.

    python @SCRIPT@                 the answer to an input of zeros
    python @SCRIPT@ numbers.txt     the answers to the inputs in a text file: each line @INPUTS@ numbers, joined by
                                    blanks or commas
    python @SCRIPT@ -               the same from standard input

or, in Python, ``predict(inputs)`` with inputs of the shape [n, @INPUTS@]@RANGE@.
@CUT@"""

import json
import pathlib
import sys

import torch
from torch import nn

WEIGHTS = pathlib.Path(__file__).with_suffix(".safetensors")
INPUTS = @INPUTS@
CLASSES = @CLASSES@

@STEP@
def build():
    """Return the network; its weights are still random."""
    return nn.Sequential(
@MODULES@
    )


def read_weights(path):
    """Return the tensors of a safetensors file: the length of its header, the header as JSON, then the numbers."""
    content = bytearray(pathlib.Path(path).read_bytes())
    start = 8 + int.from_bytes(content[:8], "little")
    tensors = {}
    for name, entry in json.loads(content[8:start].decode("utf-8")).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(content, dtype=torch.float32, count=(end - begin) // 4, offset=start + begin)
            tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors


def load(path=WEIGHTS):
    """Return the network with its weights."""
    network = build()
    network.load_state_dict(read_weights(path))
    return network.eval()


network = load()


@torch.no_grad()
def predict(inputs):
    """Return @OUTPUTS@, [n, @WIDTH@], for inputs [n, @INPUTS@]."""
    x = torch.as_tensor(inputs, dtype=torch.float32).reshape(-1, INPUTS)
    return @ANSWER@


def read_inputs(stream):
    """Return the inputs of a text file, [n, @INPUTS@]."""
    rows = [[float(word) for word in line.replace(",", " ").split()] for line in stream]
    numbers = [number for row in rows for number in row]
    if not numbers or len(numbers) % INPUTS:
        sys.exit(f"There are {len(numbers)} numbers; every input has {INPUTS}.")
    return torch.tensor(numbers).reshape(-1, INPUTS)


def main(arguments):
    """Print the answers to the inputs that the command line names."""
    if not arguments:
        inputs = torch.zeros(1, INPUTS)
    elif arguments[0] == "-":
        inputs = read_inputs(sys.stdin)
    else:
        with open(arguments[0], encoding="utf-8") as stream:
            inputs = read_inputs(stream)
    for outputs in predict(inputs).tolist():
        best = max(range(len(outputs)), key=outputs.__getitem__)
        print(f"{CLASSES[best]}:", "  ".join(f"{name} {value:.6g}" for name, value in zip(CLASSES, outputs)))


if __name__ == "__main__":
    main(sys.argv[1:])
'''


def export_script(
    checkpoint: Checkpoint,
    path: str | Path,
    *,
    classes: Sequence[str] = (),
    input_shape: tuple[int, ...] = (),
) -> Path:
    """Write the network as a script with its weights beside it.

    The script builds an ``nn.Sequential``, reads the weights with a few lines of its own, and has ``predict``, which
    gives what the screen shows: the softmax under cross-entropy, the output activation under squared error. Edges
    that are cut are written as zeros. Layers that drop activations in training keep their ``nn.Dropout``.

    Parameters
    ----------
    checkpoint : Checkpoint
    path : str or Path
        Of the script; the weights are named like it, with the ending ``.safetensors``. Both replace older files.
    classes : sequence of str, optional
        The names of the outputs; by default their numbers.
    input_shape : tuple of int, optional
        As the data have it, for the text of the script.

    Returns
    -------
    Path
        The script.

    Raises
    ------
    WriteError
        When a file could not be written.
    """
    given = Path(path)
    script = given if given.suffix == ".py" else given.with_name(given.name + ".py")
    weights = script.with_suffix(".safetensors")
    spec = checkpoint.spec
    names = tuple(classes) if len(classes) == spec.outputs else tuple(str(number) for number in range(spec.outputs))
    tensors = _state_dict(checkpoint)

    def write(stream: BinaryIO) -> None:
        stream.writelines(tensor_chunks(tensors))

    text = script_text(checkpoint, script.name, names, input_shape or spec.input_shape)
    write_atomically(weights, write)
    write_text_atomically(script, text)
    return script


def script_text(checkpoint: Checkpoint, name: str, classes: Sequence[str], input_shape: tuple[int, ...]) -> str:
    """Return the text of the script; ``name`` is that of its file."""
    spec, is_classifier = checkpoint.spec, checkpoint.settings.loss == "cross_entropy"
    answer = answer_activation("", checkpoint.settings.loss, spec.outputs)
    present = checkpoint.arrays.get("present")
    cut = 0 if present is None else int(present.size - np.count_nonzero(present))
    modules = module_lines(spec, has_output_activation=not is_classifier)
    shape = " × ".join(map(str, input_shape))
    title = f"A network {spec.text}, {spec.parameter_count:,} parameters, trained for {checkpoint.step:,} steps."
    parts = {
        "TITLE": title,
        "VERSION": playground.__version__,
        "WEIGHTS": _in_text(Path(name).with_suffix(".safetensors").name),
        "SCRIPT": _in_text(name),
        "INPUTS": str(spec.inputs),
        "RANGE": f": {shape} pixels, 0 to 1, row after row" if len(input_shape) > 1 else "",
        "CUT": f"{cut:,} parameters were cut off; they are zeros here.\n" if cut else "",
        # JSON in ASCII is valid Python for texts, whatever letters they are made of
        "CLASSES": json.dumps(list(classes)),
        "STEP": _STEP if any("Step()" in line for line in modules) else "",
        "MODULES": "\n".join(f"        {line}," for line in modules),
        "OUTPUTS": _OUTPUTS.get(answer, "the outputs"),
        "WIDTH": str(spec.outputs),
        "ANSWER": _ANSWERS.get(answer, "network(x)"),
    }
    text = _SCRIPT
    for key, value in parts.items():
        text = text.replace(f"@{key}@", value)
    return text


def module_lines(spec: NetworkSpec, *, has_output_activation: bool) -> list[str]:
    """Return the modules of the ``nn.Sequential`` as Python text, in order."""
    lines = []
    for index, (layer, slots) in enumerate(zip(spec.layers, spec.slots, strict=True)):
        is_output = index == len(spec.layers) - 1
        lines.append(f"nn.Linear({slots.columns}, {slots.rows})")
        if layer.activation in _MODULES and (has_output_activation or not is_output):
            lines.append(_MODULES[layer.activation])
        if layer.dropout and not is_output:
            lines.append(f"nn.Dropout({layer.dropout!r})")
    return lines


def _state_dict(checkpoint: Checkpoint) -> dict[str, NDArray[np.float32]]:
    """Return weights and biases by the names that ``nn.Sequential`` gives them."""
    parameters = np.array(checkpoint.arrays["parameters"], np.float32)
    present = checkpoint.arrays.get("present")
    if present is not None:
        parameters[~present] = 0  # not a product: a cut edge is gone even where its weight is no number
    lines = module_lines(checkpoint.spec, has_output_activation=True)
    places = [place for place, line in enumerate(lines) if line.startswith("nn.Linear")]
    tensors: dict[str, NDArray[np.float32]] = {}
    for place, slots in zip(places, checkpoint.spec.slots, strict=True):
        tensors[f"{place}.weight"] = parameters[slots.weight].reshape(slots.rows, slots.columns)
        tensors[f"{place}.bias"] = parameters[slots.bias]
    return tensors


def _in_text(name: str) -> str:
    """Return the name of a file as it can stand in a docstring, whatever it is made of."""
    return "".join(letter if letter.isalnum() or letter in " ._-+()" else "_" for letter in name)
