"""The memory of an export is flat in its length, whatever kind of file it is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from portal.exports.formats import FORMATS

# Rows of which the second run has four times as many.
ROWS = 15_000
SCRIPT = """
import json, resource, sys, tempfile
from datetime import UTC, datetime
from pathlib import Path
from flask import Flask
from portal.exports.certificate import Taker
from portal.exports.rendering import Bounds, render
from portal.exports.table import Column, Table
from portal.web import i18n

form, rows = sys.argv[1], int(sys.argv[2])
app = Flask("x")
i18n.init_app(app)
moment = datetime(2026, 11, 20, tzinfo=UTC)
columns = [Column("name", "Name"), Column("n", "N", "count"), Column("at", "At", "moment"),
           *(Column(f"sum{k}", "Sum", "money", 2, "UAH") for k in range(4))]
made = ((f"row {k} of many", k, moment, k, k + 1, k + 2, k + 3) for k in range(rows))
table = Table("t", "T", [], {}, moment, columns, made)
with tempfile.TemporaryDirectory() as folder, app.test_request_context():
    path = Path(folder) / "f"
    bind = render(table, form, Taker("a", "b", "c"), path, Bounds(10**9, ""))
    bind()
    size = path.stat().st_size
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, size]))
"""


def _peak(form: str, rows: int) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, form, str(rows)], check=True, capture_output=True
    )
    peak, size = json.loads(done.stdout)
    return peak, size


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_four_times_the_rows_take_no_more_memory(form: str) -> None:
    short, small = _peak(form, ROWS)
    long, large = _peak(form, 4 * ROWS)
    assert large > 3 * small
    # Kept rows would be some 25 MB more beside 100 MB of the interpreter and its libraries.
    assert long < 1.08 * short
