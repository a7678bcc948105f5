from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

from playground.engine.atomic_file import WriteError
from playground.engine.checkpoint import Checkpoint
from playground.engine.export import export_script, script_text
from playground.engine.import_weights import import_weights
from playground.engine.settings import Settings
from playground.engine.spec import ACTIVATIONS, OUTPUT_ACTIVATIONS, build
from playground.engine.training import Training
from tests.engine.blobs import blobs
from tests.project_samples import a_checkpoint

REFERENCE = {
    "identity": lambda x: x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda x: torch.where(x > 0, x, 0.01 * x),
    "gelu": lambda x: x * 0.5 * (1 + torch.erf(x / 2**0.5)),
    "softplus": lambda x: torch.log1p(torch.exp(-x.abs())) + x.clamp(min=0),
    "step": lambda x: (x > 0).float(),
}
INPUTS = torch.randn((7, 6), generator=torch.Generator().manual_seed(3)) * 3

# numpy and safetensors are made impossible to import: torch alone must do
RUN_ALL = """
import json, runpy, sys
sys.modules["numpy"] = sys.modules["safetensors"] = None
import torch
inputs = json.loads(sys.stdin.read())
found = {}
for path in sys.argv[1:]:
    module = runpy.run_path(path)
    found[path] = module["predict"](inputs).tolist()
print(json.dumps(found))
"""


def run(*words: str | Path, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *map(str, words)], input=given, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def expected(saved: Checkpoint, inputs: torch.Tensor) -> torch.Tensor:
    """Return the outputs, worked out here."""
    parameters = torch.tensor(saved.arrays["parameters"])
    if "present" in saved.arrays:
        parameters = parameters * torch.tensor(saved.arrays["present"])
    act = inputs
    for index, (layer, slots) in enumerate(zip(saved.spec.layers, saved.spec.slots, strict=True)):
        pre = act @ parameters[slots.weight].reshape(slots.rows, slots.columns).T + parameters[slots.bias]
        if index == len(saved.spec.layers) - 1 and saved.settings.loss == "cross_entropy":
            return torch.softmax(pre, dim=1)
        act = REFERENCE[layer.activation](pre)
    return act


def a_network(activation: str, loss: str, output: str = "sigmoid", *, dropout: float = 0.0) -> Checkpoint:
    spec = build((6, 9, 8, 4), activation=activation, output_activation=output)
    layers = tuple(replace(layer, dropout=dropout) for layer in spec.layers[:-1])
    spec = replace(spec, layers=(*layers, spec.layers[-1]))
    return a_checkpoint(spec=spec, settings=Settings(loss=loss))


def test_every_activation_gives_the_same_outputs_with_torch_alone(tmp_path: Path) -> None:
    networks = {f"hidden_{name}": a_network(name, "cross_entropy") for name in ACTIVATIONS}
    networks |= {f"output_{name}": a_network("tanh", "squared_error", name) for name in OUTPUT_ACTIVATIONS}
    networks["dropout"] = a_network("relu", "cross_entropy", dropout=0.4)
    scripts = {export_script(saved, tmp_path / f"{name}.py"): saved for name, saved in networks.items()}
    found = json.loads(run("-c", RUN_ALL, *scripts, given=json.dumps(INPUTS.tolist())))
    assert len(found) == len(networks) == 15
    for script, saved in scripts.items():
        torch.testing.assert_close(torch.tensor(found[str(script)]), expected(saved, INPUTS), rtol=1e-6, atol=1e-6)


def test_what_the_engine_trained_answers_the_same_outside(tmp_path: Path) -> None:
    data = blobs()
    training = Training(build((6, 8, 3)), Settings(batch_size=16), data)
    for _ in range(40):
        training.advance()
    script = export_script(training.checkpoint(), tmp_path / "net.py", classes=data.classes)
    inputs = torch.from_numpy(data.test.as_float())
    found = json.loads(run("-c", RUN_ALL, script, given=json.dumps(inputs.tolist())))[str(script)]
    right = (torch.tensor(found).argmax(1) == torch.from_numpy(np.array(data.test.labels))).float().mean()
    assert float(right) == pytest.approx(training.measured(training.test).accuracy)


def test_the_command_line_reads_text(tmp_path: Path) -> None:
    saved = a_checkpoint((2, 3), settings=Settings(loss="squared_error"))
    script = export_script(saved, tmp_path / "my net", classes=["ärger", 'quo"te', "x\\"])
    assert script.name == "my net.py"
    (tmp_path / "in.txt").write_text("1, 2\n\n3 4\n")
    lines = run(script, tmp_path / "in.txt").splitlines()
    assert len(lines) == 2
    wanted = expected(saved, torch.tensor([[3.0, 4.0]]))[0]
    best = ["ärger", 'quo"te', "x\\"][int(wanted.argmax())]
    assert lines[1].startswith(f'{best}:  ärger {float(wanted[0]):.6g}  quo"te '.replace(":  ", ": "))


def test_the_import_of_what_was_exported_gives_the_same_network(tmp_path: Path) -> None:
    saved = a_network("leaky_relu", "cross_entropy", dropout=0.5)
    export_script(saved, tmp_path / "net.py")
    found = import_weights(tmp_path / "net.safetensors", activation="leaky_relu")
    assert found.spec.widths == saved.spec.widths
    wanted = np.where(saved.arrays["present"], saved.arrays["parameters"], 0)
    assert np.array_equal(found.parameters, wanted)


def test_a_cut_edge_is_zero_even_where_its_weight_is_no_number(tmp_path: Path) -> None:
    saved = a_checkpoint((2, 2))
    arrays = {
        "parameters": np.array([np.nan, 1, 2, 3, 4, 5], np.float32),
        "present": np.array([False, True, True, True, True, True]),
    }
    export_script(replace(saved, arrays=arrays), tmp_path / "net.py")
    assert import_weights(tmp_path / "net.safetensors").parameters.tolist() == [0, 1, 2, 3, 4, 5]
    assert "1 parameters were cut off" in (tmp_path / "net.py").read_text()


def test_names_from_a_strange_project_cannot_become_code() -> None:
    evil = '"""\nimport os; os.abort()\n"""'
    text = script_text(a_checkpoint((2, 2)), f"{evil}.py", [evil, "\\\n\ud800"], (2,))
    tree = ast.parse(text)
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"json", "pathlib", "sys", "torch"}
    assert "os.abort" in (ast.get_docstring(tree) or "")
    values = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(values["CLASSES"]) == [evil, "\\\n\ud800"]


def test_a_folder_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="that folder does not exist"):
        export_script(a_checkpoint(), tmp_path / "none" / "net.py")
