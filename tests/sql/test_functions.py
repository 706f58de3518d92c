"""SQL functions by themselves: one pgTAP script for each, at the path that mirrors its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import config
from tests.support.databases import Database
from tests.support.pgtap import run_script

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.rglob("*.sql"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(HERE).with_suffix("").parts)


@pytest.mark.parametrize("script", SCRIPTS, ids=_name)
def test_function(stage: Database, script: Path) -> None:
    outcome = run_script(stage, script)
    assert not outcome.failures, "\n" + "\n".join(outcome.failures)
    assert outcome.passed > 0


@pytest.mark.parametrize("script", SCRIPTS, ids=_name)
def test_each_script_has_its_function(script: Path) -> None:
    schema, name = script.relative_to(HERE).parts
    assert (config.ROOT / "sql" / schema / "functions" / name).exists()
