"""The age of the last backup, as monitoring sees it."""

from __future__ import annotations

import pytest

from portal import config
from portal.health import gauges
from portal.runtime import archiving
from portal.runtime.archiving import State


@pytest.mark.parametrize(
    ("told", "value"),
    [
        (None, 0.0),
        (State("/b"), 0.0),
        (State("/b", "x", "2026-11-26T01:37:00+00:00"), 1795657020.0),
    ],
)
def test_the_last_backup_is_told(
    monkeypatch: pytest.MonkeyPatch, told: State | None, value: float
) -> None:
    monkeypatch.delenv("DOZIR_DATABASE_URL", raising=False)
    config.settings.cache_clear()
    monkeypatch.setattr(archiving, "state", lambda _: told)
    try:
        [gauge] = gauges._backup()
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()
    assert [sample.value for sample in gauge.samples] == [value]


def test_of_a_server_of_ones_own_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOZIR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    config.settings.cache_clear()
    try:
        assert list(gauges._backup()) == []
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()
