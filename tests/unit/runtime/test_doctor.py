"""`dozir doctor` tells what it can, whatever it may not look at."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from portal.config import settings
from portal.runtime import doctor
from portal.runtime.doctor import Finding


@pytest.mark.parametrize("problem", [PermissionError("/closed/x"), psycopg.Error("no such table")])
def test_a_check_that_fails_is_a_finding_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def check_something() -> Iterator[Finding]:
        raise problem
        yield

    def check_other() -> Iterator[Finding]:
        yield Finding("other", "ok", "well")

    monkeypatch.setattr(doctor, "OUTER", ())
    monkeypatch.setattr(doctor, "EMBEDDED", (check_something, check_other))
    monkeypatch.setattr(doctor, "EXTERNAL", (check_something, check_other))
    failed, other = doctor.examine()
    assert (failed.name, failed.state) == ("something", "broken")
    assert str(problem) in failed.mend
    assert other.state == "ok"


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("postgresql://me@/dozir?host=/run/postgresql", "ok"),
        ("postgresql://me@127.0.0.1:5433/dozir", "ok"),
        ("postgresql://me@db.example/dozir", "broken"),
        ("postgresql://me@db.example/dozir?sslmode=require", "broken"),
        ("postgresql://me@localhost,db.example/dozir", "broken"),
        ("postgresql://me@localhost/dozir?hostaddr=192.0.2.7", "broken"),
        ("postgresql://me@db.example/dozir?sslmode=verify-full", "ok"),
    ],
)
def test_a_database_elsewhere_is_reached_by_tls_that_is_verified(
    monkeypatch: pytest.MonkeyPatch, address: str, state: str
) -> None:
    monkeypatch.setenv("DOZIR_DATABASE_URL", address)
    monkeypatch.delenv("PGSSLMODE", raising=False)
    settings.cache_clear()
    [found] = doctor.check_link()
    assert found.state == state
