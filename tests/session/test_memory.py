from pathlib import Path

import pytest

from playground.engine.spec import SpecError, build
from playground.session.memory import BYTES_PER_PARAMETER, available_memory, check_memory


def test_a_network_that_does_not_fit_is_refused_with_both_numbers() -> None:
    spec = build((1_000, 1_000, 10))
    need = spec.parameter_count * BYTES_PER_PARAMETER
    check_memory(spec, need)
    with pytest.raises(SpecError, match=r"1,011,010 parameters .* GiB are free"):
        check_memory(spec, need - 1)


def test_where_the_system_does_not_tell_nothing_is_refused(tmp_path: Path) -> None:
    assert available_memory(tmp_path / "none") is None
    garbled = tmp_path / "meminfo"
    garbled.write_text("MemAvailable: lots kB\n")
    assert available_memory(garbled) is None
    garbled.write_text("MemTotal: 9 kB\nMemAvailable:   2048 kB\n")
    assert available_memory(garbled) == 2048 * 1024
