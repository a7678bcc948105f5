from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from torch import nn

from playground.engine.import_weights import WeightsError, import_weights


def a_stack(*widths: int, bias: bool = True) -> nn.Sequential:
    torch.manual_seed(1)
    modules: list[nn.Module] = []
    for a, b in pairwise(widths):
        modules += [nn.Linear(a, b, bias=bias), nn.ReLU()]
    return nn.Sequential(*modules[:-1])


def flat(stack: nn.Module) -> np.ndarray[Any, Any]:
    return np.concatenate([parameter.detach().numpy().ravel() for parameter in stack.parameters()])


def saved_as(stack: nn.Module, path: Path) -> Path:
    if path.suffix == ".safetensors":
        safetensors.torch.save_file(stack.state_dict(), path)
    else:
        torch.save(stack.state_dict(), path)
    return path


@pytest.mark.parametrize("name", ["net.safetensors", "net.pt"])
def test_a_stack_comes_back_bit_for_bit(tmp_path: Path, name: str) -> None:
    # more than ten modules: "10.weight" comes after "2.weight"
    stack = a_stack(12, 11, 10, 9, 8, 7, 6, 5)
    found = import_weights(saved_as(stack, tmp_path / name), activation="tanh", input_shape=(3, 4))
    assert found.spec.widths == (12, 11, 10, 9, 8, 7, 6, 5)
    assert found.spec.input_shape == (3, 4)
    assert found.spec.layers[0].activation == "tanh"
    assert np.array_equal(found.parameters, flat(stack))
    assert found.notes == (f"{name} does not say which activation the hidden layers have: tanh was taken.",)


def test_layers_of_equal_width_keep_their_order(tmp_path: Path) -> None:
    stack = a_stack(*[4] * 13)
    for name in ("a.safetensors", "a.pt"):
        assert np.array_equal(import_weights(saved_as(stack, tmp_path / name)).parameters, flat(stack))


def test_names_of_a_model_of_ones_own(tmp_path: Path) -> None:
    tensors = {"out.weight": torch.ones(2, 3), "out.bias": torch.ones(2), "fc1.weight": torch.ones(3, 5)}
    torch.save({"epoch": 3, "model_state_dict": dict(reversed(tensors.items()))}, tmp_path / "a.pt")
    found = import_weights(tmp_path / "a.pt")
    assert found.spec.widths == (5, 3, 2)
    assert found.notes[1] == "'fc1' has no bias: it is zero here."
    assert found.parameters.sum() == 15 + 6 + 2


def test_the_old_format_of_torch_and_other_precisions(tmp_path: Path) -> None:
    stack = a_stack(3, 2)
    torch.save(stack.state_dict(), tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    assert np.array_equal(import_weights(tmp_path / "old.pth").parameters, flat(stack))
    for name in ("half.pt", "half.safetensors"):
        found = import_weights(saved_as(a_stack(3, 2).half(), tmp_path / name))
        assert np.array_equal(found.parameters, flat(stack.half()).astype(np.float32))
    found = import_weights(saved_as(a_stack(3, 2).double(), tmp_path / "double.safetensors"))
    assert found.parameters.dtype == np.float32


@pytest.mark.parametrize("suffix", ["pt", "safetensors"])
@pytest.mark.parametrize(
    ("tensors", "sentence"),
    [
        ({"0.weight": torch.ones(4, 1, 3, 3), "0.bias": torch.ones(4)}, "that is a convolution"),
        ({"0.weight": torch.ones(4, 2), "1.weight": torch.ones(4)}, "that is a normalisation"),
        ({"0.weight": torch.ones(4, 2), "1.running_mean": torch.ones(4)}, "'1.running_mean' besides the weights"),
        ({"0.weight": torch.ones(4, 2), "2.weight": torch.ones(3, 5)}, "'0' gives 4 values, '2' takes 5"),
        (
            {"0.weight": torch.ones(4, 2), "0.bias": torch.ones(3)},
            r"'0.bias' in .* has the shape \[3\]; .* needs \[4\]",
        ),
        ({"0.weight": torch.tensor([[1.0, torch.nan]])}, "numbers that are not finite"),
        ({"0.weight": torch.tensor([[1e300]], dtype=torch.float64)}, "numbers that are not finite"),
        ({"0.weight": torch.ones(4, 2, dtype=torch.int32)}, "holds .*int32 numbers: save float32"),
        ({"0.weight": torch.ones(0, 2)}, "is empty"),
        ({"0.bias": torch.ones(3)}, "holds no weights of Linear layers"),
    ],
)
def test_what_cannot_be_taken_over(tmp_path: Path, tensors: dict[str, Any], sentence: str, suffix: str) -> None:
    path = tmp_path / f"x.{suffix}"
    if suffix == "pt":
        torch.save(tensors, path)
    else:
        safetensors.torch.save_file(tensors, path)
    with pytest.raises(WeightsError, match=sentence) as caught:
        import_weights(path)
    assert f"x.{suffix}" in str(caught.value)


def test_a_whole_pickled_model_is_not_run(tmp_path: Path) -> None:
    torch.save(a_stack(3, 2), tmp_path / "model.pt")
    with pytest.raises(WeightsError, match="could run foreign code"):
        import_weights(tmp_path / "model.pt")


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("/tmp/never-to-be-made-by-an-import"),))  # noqa: S108 - it is not made


def test_a_pickle_with_code_in_it_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "evil.pt").write_bytes(pickle.dumps({"0.weight": Evil()}))
    with pytest.raises(WeightsError, match=r"foreign code|damaged"):
        import_weights(tmp_path / "evil.pt")
    assert not Path("/tmp/never-to-be-made-by-an-import").exists()  # noqa: S108


def test_one_number_repeated_without_end(tmp_path: Path) -> None:
    torch.save({"0.weight": torch.ones(1, 1).expand(100_000, 100_000)}, tmp_path / "wide.pt")
    assert (tmp_path / "wide.pt").stat().st_size < 10_000
    with pytest.raises(WeightsError, match="describes 10,000,000,000 numbers"):
        import_weights(tmp_path / "wide.pt")


def test_files_that_are_something_else(tmp_path: Path) -> None:
    whole = saved_as(a_stack(30, 20), tmp_path / "a.pt").read_bytes()
    cases = {
        "empty.pt": (b"", "neither a safetensors file nor a state_dict"),
        "text.pt": (b"hello world, this is no model", "neither"),
        "cut.pt": (whole[: len(whole) // 2], r"cut off"),
        "list.pt": (pickle.dumps([1, 2]), r"no table|damaged|state_dict"),
        "cut.safetensors": (b"\x40" + bytes(7) + b'{"a":{"dtype":"F32"', "no sound safetensors"),
    }
    for name, (content, sentence) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WeightsError, match=sentence):
            import_weights(tmp_path / name)
    with pytest.raises(WeightsError, match="is no file"):
        import_weights(tmp_path)
    safetensors.numpy.save_file({"0.weight": np.ones((2, 2), np.complex64)}, tmp_path / "c.safetensors")
    with pytest.raises(WeightsError, match="complex64"):
        import_weights(tmp_path / "c.safetensors")


def test_damage_anywhere_gives_a_sentence(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for name in ("a.pt", "a.safetensors"):
        whole = saved_as(a_stack(5, 4, 3), tmp_path / name).read_bytes()
        for _ in range(150):
            content = bytearray(whole)
            for place in random.integers(0, len(whole), 3):
                content[place] = random.integers(0, 256)
            (tmp_path / name).write_bytes(content)
            try:
                import_weights(tmp_path / name)
            except WeightsError as error:
                assert name in str(error)  # noqa: PT017 - most, but not all damage is noticed
