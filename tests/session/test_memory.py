import pytest

from playground.engine.spec import SpecError, build
from playground.session.memory import BYTES_PER_PARAMETER, check_memory


def test_a_network_that_does_not_fit_is_refused_with_both_numbers() -> None:
    spec = build((1_000, 1_000, 10))
    need = spec.parameter_count * BYTES_PER_PARAMETER
    check_memory(spec, need)
    with pytest.raises(SpecError, match=r"1,011,010 parameters .* GiB are free"):
        check_memory(spec, need - 1)
