"""Declarations through the API: stored once, corrected beside, another's like absent ones."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from portal.transparency.entries import Entry
from tests.integration.ingest.declaring import (
    TODAY,
    declaration,
    declare,
    month_ago,
    new_period,
)
from tests.support.api import Answer, Client, at_once
from tests.support.databases import become


def stored(api: Client) -> int:
    counted: int = api.inspector.value(
        "select (select count(*) from report.declared_day where operator_id = o)"
        " + (select count(*) from report.declared_month where operator_id = o)"
        " from (select %s::integer) as given (o)",
        api.operator.id,
    )
    return counted


def facts(document: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in document.items() if k not in ("declared_at", "entry_hash")}


@pytest.mark.parametrize("period", ["days", "months"])
def test_what_was_declared_is_read_back_and_stands_in_the_log(api: Client, period: str) -> None:
    first = declaration(period) | new_period(period)
    made = declare(api, period, [first])
    assert made.status == 201
    [answered] = made.document["declarations"]
    assert facts(answered) == first
    again = declare(api, period, [first])
    assert (again.status, again.body) == (200, made.body)
    corrected = first | {"version": 2, "reason": "Пізній файл, рядок 7"}
    corrected |= {"open_bets": "-0.01"} if period == "days" else {"ggr": "-12.30"}
    assert declare(api, period, [corrected]).status == 201
    when = first["day"] if period == "days" else first["month"]
    read = api.get(f"/declarations/{period}?from={when}&to={when}").document["declarations"]
    assert [facts(one) for one in read] == [first, corrected]
    for one in read:
        found = api.inspector.rows(
            "select e.kind, e.operator_id from ledger.entry as e where e.hash = decode(%s, 'hex')",
            one["entry_hash"],
        )
        assert found == [(5, api.operator.id)]
    told = api.inspector.rows(
        "select entry from ledger.entry where kind = 5 and operator_id = %s", api.operator.id
    )
    assert told
    assert "Пізній" not in "".join(Entry.unpack(one).body.decode() for (one,) in told)


@pytest.mark.parametrize("period", ["days", "months"])
def test_all_of_a_body_is_stored_or_none(api: Client, period: str) -> None:
    before = stored(api)
    good = declaration(period) | new_period(period)
    late = {"day": TODAY.isoformat()} if period == "days" else {"month": f"{month_ago(0):%Y-%m}"}
    refused = declare(api, period, [good, declaration(period) | late])
    assert (refused.status, refused.code) == (422, "period_not_over")
    [(pointer, _)] = refused.errors
    assert pointer == ("/1/day" if period == "days" else "/1/month")
    assert stored(api) == before
    assert declare(api, period, [good]).status == 201


def test_of_many_who_declare_the_same_at_once_one_is_new(api: Client) -> None:
    made = declaration("days") | new_period("days")
    differing = [made | {"open_bets": f"{number}.00"} for number in range(4)]
    same: list[Answer] = at_once(*[lambda: declare(api, "days", [made])] * 4)
    assert sorted(one.status for one in same) == [200, 200, 200, 201]
    fresh = new_period("days")
    mixed: list[Answer] = at_once(
        *[lambda one=one: declare(api, "days", [one | fresh]) for one in differing]
    )
    assert sorted(one.status for one in mixed) == [201, 409, 409, 409]
    assert {one.code for one in mixed if one.status == 409} == {"declared_otherwise"}


def test_anothers_declarations_answer_like_absent_ones(api: Client, other: Client) -> None:
    mine = declaration("days") | new_period("days")
    assert declare(api, "days", [mine]).status == 201
    asked = f"/declarations/days?from={mine['day']}&to={mine['day']}"
    assert other.get(asked).document == {"declarations": []}
    # The same day of the other is its own first version.
    assert declare(other, "days", [mine | {"open_bets": "1.00"}]).status == 201
    assert len(api.get(asked).document["declarations"]) == 1


BAD_DAYS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "no object": (17, [("/0", "malformed_json")]),
    "unknown field": ({"player": "x"}, [("/0", "unknown_field")]),
    "answer's own field": ({"declared_at": "x"}, [("/0", "unknown_field")]),
    "null": ({"currency": None}, [("/0/currency", "wrong_type")]),
    "number for a sum": ({"open_bets": 5}, [("/0/open_bets", "wrong_type")]),
    "float for a count": ({"bet": {"count": 1.0, "amount": "1"}}, [("/0/bet/count", "wrong_type")]),
    "true for a count": ({"bet": {"count": True, "amount": "1"}}, [("/0/bet/count", "wrong_type")]),
    "text for a total": ({"bet": "1"}, [("/0/bet", "wrong_type")]),
    "half a total": ({"bet": {"count": 1}}, [("/0/bet/amount", "missing_field")]),
    "more than a total": (
        {"bet": {"count": 1, "amount": "1", "x": 1}},
        [("/0/bet", "unknown_field")],
    ),
    "exponent": ({"open_bets": "1e3"}, [("/0/open_bets", "invalid_amount")]),
    "comma": ({"open_bets": "1,5"}, [("/0/open_bets", "invalid_amount")]),
    "plus": ({"open_bets": "+1"}, [("/0/open_bets", "invalid_amount")]),
    "leading zero": ({"open_bets": "007"}, [("/0/open_bets", "invalid_amount")]),
    "line end": ({"open_bets": "1\n"}, [("/0/open_bets", "invalid_amount")]),
    "too precise": ({"open_bets": "1.005"}, [("/0/open_bets", "amount_too_precise")]),
    "far too precise": ({"open_bets": "1.00500"}, [("/0/open_bets", "amount_too_precise")]),
    "too large": ({"open_bets": "1000000000000.01"}, [("/0/open_bets", "amount_too_large")]),
    "a million digits": ({"open_bets": "9" * 10**6}, [("/0/open_bets", "amount_too_large")]),
    "day with a time": ({"day": "2026-09-20T00:00"}, [("/0/day", "invalid_day")]),
    "week date": ({"day": "2026-W38-7"}, [("/0/day", "invalid_day")]),
    "year 9999": ({"day": "9999-12-31"}, [("/0/day", "invalid_day")]),
    "Arabic digits": ({"day": "٢٠٢٦-09-20"}, [("/0/day", "invalid_day")]),
    "version 100": ({"version": 100}, [("/0/version", "invalid_version")]),
    "huge version": ({"version": 10**30}, [("/0/version", "invalid_version")]),
    "no currency": ({"currency": "XXX"}, [("/0/currency", "unknown_currency")]),
    "null character": ({"version": 2, "reason": "a\0b"}, [("/0/reason", "invalid_reason")]),
    "two faults": (
        {"day": "x", "version": 0},
        [("/0/day", "invalid_day"), ("/0/version", "invalid_version")],
    ),
}


@pytest.mark.parametrize("name", BAD_DAYS)
def test_bad_input_is_named_at_its_field(api: Client, name: str) -> None:
    changes, errors = BAD_DAYS[name]
    before = stored(api)
    given = declaration("days") | new_period("days") | changes if isinstance(changes, dict) else 17
    answer = declare(api, "days", [given])
    assert answer.status in (400, 422)
    assert answer.errors == errors
    assert stored(api) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[NaN]",
        b"[" * 100_000,
        b'[{"day": "2026-09-20", "day": "2026-09-21"}]',
        b"\xff",
        b'[{"version": ' + b"9" * 10_000 + b"}]",
    ],
    ids=range(7),
)
def test_a_body_that_is_none_is_refused(api: Client, body: bytes) -> None:
    key = f"Bearer {api.operator.key.text}"
    headers = {"Authorization": key, "Content-Type": "application/json"}
    answer = api.request("POST", "/declarations/days", body, headers)
    assert answer.status in (400, 422)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("days?from=2026-02-02&to=2026-02-01", "from"),
        ("days?from=2024-01-01&to=2026-01-01", "from"),
        ("days?from=9999-01-01", "from"),
        ("days?to=2026-1-1", "to"),
        ("days?to=20260101", "to"),
        ("months?from=2026-13", "from"),
        ("months?from=2026-01-01", "from"),
        ("months?from=2020-01&to=2026-01", "from"),
    ],
)
def test_absurd_periods_are_refused(api: Client, path: str, parameter: str) -> None:
    answer = api.get(f"/declarations/{path}")
    assert (answer.status, answer.code) == (400, "invalid_parameter")
    assert answer.document["parameter"] == parameter


def test_a_body_may_be_compressed_and_keys_are_held_to_their_limits(api: Client) -> None:
    from tests.support.api import encoded, zipped

    made = declaration("days") | new_period("days")
    headers = {"Authorization": f"Bearer {api.operator.key.text}"}
    headers |= {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = api.request("POST", "/declarations/days", zipped(encoded([made])), headers)
    assert answer.status == 201


def test_a_test_key_and_a_revoked_key_declare_nothing(api: Client) -> None:
    made = declaration("days") | new_period("days")
    for name, code in (
        ("test", "test_key"),
        ("revoked", "key_revoked"),
        ("expired", "key_expired"),
        ("read", "scope_missing"),
        ("elsewhere", "address_not_allowed"),
    ):
        answer = declare(api.with_key(name), "days", [made])
        assert answer.code == code
    assert declare(api, "days", [made]).status == 201


def test_the_examples_of_the_specification_are_valid() -> None:
    from openapi_schema_validator import OAS31Validator

    from portal.docs.problems import DAY, MONTH
    from tests.support.specification import DOCUMENT

    schemas = DOCUMENT["components"]["schemas"]
    for name, one in (("DayDeclaration", DAY), ("MonthDeclaration", MONTH)):
        judge = OAS31Validator(
            {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
        )
        for example in (one, *schemas[name]["examples"]):
            assert list(judge.iter_errors(json.loads(json.dumps(example)))) == []


def test_a_deadline_passed_is_no_bar(api: Client) -> None:
    """What comes late is stored, and told to be late."""
    made = declaration("days") | {"day": (TODAY - timedelta(days=140)).isoformat()}
    assert declare(api, "days", [made]).status == 201
    with api.inspector.database.rolled_back() as conn:
        become(conn, "regulator")
        found = conn.execute(
            "select late from api.declared_and_observed(%s, %s, array[%s])",
            (made["day"], made["day"], api.operator.id),
        ).fetchall()
    assert found == [(True,)]
