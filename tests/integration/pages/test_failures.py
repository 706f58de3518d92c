"""What a page says when the database is gone, too slow, or refuses what was asked."""

from __future__ import annotations

import psycopg
import pytest

from portal import db
from portal.errors import DatabaseUnavailable
from portal.reports.answering import TooSlow

REPORT = "/reports/R03"


class Refused(psycopg.Error):
    sqlstate = "DZV01"


def failing_with(problem):
    def fail(*_args, **_named):
        raise problem

    return fail


def test_without_a_database_a_page_says_so_and_when_to_try_again(visitor, monkeypatch):
    client = visitor("regulator")
    monkeypatch.setattr(db, "connection", failing_with(DatabaseUnavailable()))
    answer = client.get(REPORT)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Портал тимчасово недоступний" in answer.text


def test_a_page_that_takes_too_long_says_what_to_narrow(visitor, monkeypatch):
    client = visitor("regulator")
    monkeypatch.setattr("portal.reports.answering.read", failing_with(TooSlow()))
    answer = client.get(REPORT)
    assert answer.status_code == 422
    assert "Виберіть коротший період" in answer.text
    assert "canceling" not in answer.text


def test_what_the_database_refuses_is_the_readers_to_correct(visitor, monkeypatch):
    client = visitor("regulator")
    monkeypatch.setattr("portal.ledger.gateway.transactions", failing_with(Refused("inside")))
    answer = client.get("/ledger/transactions")
    assert answer.status_code == 422
    assert "inside" not in answer.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "partial"}])
def test_any_other_failure_shows_nothing_of_the_inside(visitor, monkeypatch, headers):
    client = visitor("regulator")
    problem = psycopg.errors.UndefinedTable('relation "secret" does not exist')
    monkeypatch.setattr("portal.reports.answering.read", failing_with(problem))
    answer = client.get(REPORT, headers=headers)
    assert answer.status_code == 500
    assert "secret" not in answer.text
