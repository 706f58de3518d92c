"""Each login and portal role played by a script: first what it must not do, then what it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.databases import LOGINS, ROLES, Database
from tests.support.pgtap import run_script

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*.sql"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_persona(stage: Database, script: Path) -> None:
    outcome = run_script(stage, script)
    assert not outcome.failures, "\n" + "\n".join(outcome.failures)
    assert outcome.passed > 0


def test_every_role_has_a_persona() -> None:
    assert {path.stem for path in SCRIPTS} >= {*ROLES, *LOGINS}
