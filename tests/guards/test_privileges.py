"""No grant beyond the recorded matrix, which a person has read: privileges.txt beside this file."""

from __future__ import annotations

import os
from pathlib import Path

from tests.guards.privileges import report
from tests.support.databases import Connection

RECORDED = Path(__file__).with_name("privileges.txt")


def test_privileges_are_those_recorded(superuser: Connection) -> None:
    """After a change that is meant: DOZIR_RECORD=1 pytest tests/guards, and read the difference."""
    found = report(superuser)
    if os.environ.get("DOZIR_RECORD") == "1":
        RECORDED.write_text(found)
    assert found.splitlines() == RECORDED.read_text().splitlines()
