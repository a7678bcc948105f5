from __future__ import annotations

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from playground.session.torch_libraries import load_torch_libraries

AHEAD = """
import sys
from pathlib import Path
from playground.session.torch_libraries import load_torch_libraries
names = load_torch_libraries()
held = Path("/proc/self/maps").read_text()
assert names and all(name in held for name in names), names
assert "torch" not in sys.modules
assert "libtorch_python" not in held
import torch
print(float(torch.ones(3, 4).matmul(torch.ones(4, 2)).sum()), load_torch_libraries())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_libraries_are_there_before_torch_and_torch_works_on_them() -> None:
    result = subprocess.run([sys.executable, "-c", AHEAD], capture_output=True, text=True, check=False, timeout=100)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split("\n")[0] == "24.0 ()"


def test_a_torch_without_these_libraries_is_left_to_its_own_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: ModuleSpec(name, None, origin=str(tmp_path / "__init__.py"))
    )
    assert load_torch_libraries() == ()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert load_torch_libraries() == ()
