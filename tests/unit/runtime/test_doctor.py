"""`dozir doctor` tells what it can, whatever it may not look at."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

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
