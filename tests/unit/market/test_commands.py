"""What the commands say to what makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal import config
from portal.market.commands import simulate


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DOZIR_HOME", str(tmp_path))
    config.settings.cache_clear()
    yield
    monkeypatch.undo()
    config.settings.cache_clear()


def test_simulating_without_a_market_says_how_to_load_one() -> None:
    done = CliRunner().invoke(simulate, ["--url", "http://127.0.0.1:1"])
    assert done.exit_code == 1
    assert "dozir demo" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--late", "1.1"],
        ["--batch-size", "10001"],
        ["--rate", "0"],
        ["--days", "2", "--seconds", "0"],
        ["--backlog", "60", "--days", "2"],
        ["--start", "2026-03-01T12:00:00"],
    ],
)
def test_senseless_options_are_refused(arguments: list[str]) -> None:
    done = CliRunner().invoke(simulate, arguments)
    assert done.exit_code == 2
