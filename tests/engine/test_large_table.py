"""A million rows of a hundred columns, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PROGRAM = """
import sys
from pathlib import Path
import pyarrow.csv, pyarrow.compute
from playground.engine.table_data import table_data
from playground.engine.table_facts import table_facts
from playground.engine.tables import look, read_table

def taken(what):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(what)) << 10

path = Path(sys.argv[1])
table_data("a,b\\n1,2\\n3,4\\n")
before = taken("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
form = look(path).form
table = read_table(path, form)
table_facts(table)
data = table_data(path, form=form, read=table)
print(len(table.values), data.features, (taken("VmHWM") - before) / table.values.nbytes)
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read in Linux' own way")
def test_a_million_rows_take_less_than_three_times_their_size(tmp_path: Path) -> None:
    rows, columns = 1_000_000, 100
    random = np.random.default_rng(0)
    kinds = [",".join(f"{value:.6f}" for value in random.normal(0, 10, columns - 1)) for _ in range(1_000)]
    path = tmp_path / "large.csv"
    with path.open("w") as stream:
        stream.write(",".join(f"x{place}" for place in range(columns - 1)) + ",y\n")
        for _ in range(rows // 1_000):
            stream.write("".join(f"{kind},{place % 3}\n" for place, kind in enumerate(kinds)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, env=environment, check=True
    )
    count, features, share = run.stdout.split()
    assert (int(count), int(features)) == (rows, columns - 1)
    assert 1 < float(share) < 2.6
