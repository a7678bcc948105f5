from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from playground.app.superposition_command import main

SMALL = ("--features", "5", "--hidden", "2", "--importance", "equal", "--steps", "60", "--seeds", "3")
PROMISED = {"loss", "represented", "off_diagonal", "dims_per_feature", "sum_dimensionality"}
PROMISED |= {"bias_represented", "bias_dropped"}


def figures(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_the_last_line_has_every_model_and_sparsity_with_lists_over_the_seeds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*SMALL, "--sparsity", "0.5,0.99", "--model", "linear,relu,relu-relu", "--json"]) == 0
    found = figures(capsys)
    assert found["seconds"] > 0
    assert [(one["model"], one["sparsity"]) for one in found["results"]] == [
        (kind, sparsity) for kind in ("linear", "relu", "relu-relu") for sparsity in (0.5, 0.99)
    ]
    for one in found["results"]:
        assert set(one) >= PROMISED
        assert all(len(one[key]) == 3 for key in PROMISED)
        assert all(
            len(kept) == count for kept, count in zip(one["represented_features"], one["represented"], strict=True)
        )


def test_the_same_seed_gives_the_same_figures_and_another_one_others(capsys: pytest.CaptureFixture[str]) -> None:
    losses = []
    for seed in ("3", "3", "4"):
        assert main([*SMALL, "--sparsity", "0.9", "--model", "relu", "--seed", seed, "--json"]) == 0
        losses.append(figures(capsys)["results"][0]["loss"])
    assert losses[0] == losses[1]
    assert losses[0][1:] == losses[2][:2]  # seed 4 is the second of those from 3 on
    assert losses[0][0] != losses[2][0]


def test_what_is_not_asked_for_in_json_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--sparsity", "0.9", "--model", "relu"]) == 0
    assert "ReLU on the output" in capsys.readouterr().out


def test_the_absolute_value_runs_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--sparsity", "0.5", "--model", "abs", "--json"]) == 0
    assert figures(capsys)["results"][0]["model"] == "abs"
    assert main([*SMALL, "--sparsity", "0.5", "--model", "abs,relu"]) == 2
    assert "trained alone" in capsys.readouterr().err


def test_a_phase_diagram_has_exact_and_trained_regions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--phase", "2:1", "--grid", "4", "--restarts", "6", "--steps", "1200", "--json"]) == 0
    found = figures(capsys)
    assert found["regions"][2] == "superposition"
    assert len(found["density"]) == len(found["relative_importance"]) == len(found["simple_border"]) == 4
    assert found["exact"][0] == [0, 0, 1, 1]  # dense: the more important one has the dimension
    assert found["exact"][-1] == [2, 2, 2, 2]
    assert found["trained"] == found["exact"]
    for exact, trained in zip(found["exact_loss"], found["trained_loss"], strict=True):
        assert all(0 < best <= reached * (1 + 1e-6) for best, reached in zip(exact, trained, strict=True))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--features", "5", "--hidden", "6"], "more hidden dimensions than features"),
        (["--features", "5", "--hidden", "5"], "a dimension for every feature"),
        (["--features", "1", "--hidden", "1"], "at least 2"),
        (["--features", "five"], "--features five: a whole number"),
        (["--sparsity", "1"], "nothing to learn"),
        (["--sparsity", "-0.5"], "probability that a feature is 0"),
        (["--sparsity", ""], "at least one"),
        (["--sparsity", "0.5,x"], "'x' is no number"),
        (["--importance", "1:0"], "must be above 0"),
        (["--importance=-1:1"], "must be above 0"),
        (["--importance", "much"], "'much' is no number"),
        (["--importance", "1,2,3"], "3 importances for 40 features"),
        (["--model", "cubic"], "no model 'cubic'"),
        (["--model", "relu,relu"], "named twice"),
        (["--steps", "0"], "--steps 0"),
        (["--seeds", "0"], "--seeds 0"),
        (["--device", "toaster"], "no device 'toaster'"),
        (["--phase", "4:1"], "choose 2:1 or 3:2"),
        (["--phase", "two"], "write 2:1"),
        (["--phase", "2:1", "--grid", "1"], "--grid 1"),
        (["--phase", "2:1", "--features", "4"], "--features does not go with --phase"),
        (["--grid", "4"], "--grid goes with --phase"),
    ],
)
def test_bad_input_is_a_sentence(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith("playground superposition: ")
    assert said.endswith(".\n")
    assert sentence in said


def test_a_run_that_needs_more_memory_than_there_is_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.engine.superposition.memory.free_bytes", lambda: 1_000_000)
    assert main(["--seeds", "100"]) == 2
    assert "GiB of memory" in capsys.readouterr().err


def test_an_unknown_option_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fly"]) == 2
    assert main(["--help"]) == 0
    assert "--restarts" in capsys.readouterr().out


def test_it_needs_no_qt() -> None:
    code = (
        "import sys; from playground.app.main import main; "
        "assert main(['superposition', '--features', '3', '--hidden', '1', '--steps', '2', '--seeds', '1']) == 0; "
        "assert not [name for name in sys.modules if name.startswith('PySide6')]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
