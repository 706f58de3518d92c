"""What waits for whom: each kind of task appears when it should, not otherwise, and is one's own.

The aggregates are written by hand where a batch could not be: in the past, by the thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from portal.reports.task_kinds import WAITING
from portal.web.formats import KYIV
from tests.support.batches import HEADS, Row, cancellation, row, store
from tests.support.databases import Cluster, Connection, Database, become, rows
from tests.support.market import (
    Operator,
    add_key,
    day,
    document,
    game,
    licence,
    register,
    website,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Scene(NamedTuple):
    """Two bookmakers of whom nothing has come yet, and the database they are in."""

    database: Database
    first: Operator
    second: Operator


@pytest.fixture(scope="module")
def scene(cluster: Cluster) -> Iterator[Scene]:
    with cluster.fresh() as database:
        with database.connect() as conn:
            first, second = (register(conn, bookmaker(code)) for code in ("FIRST", "SECOND"))
            # keys of long ago: one that is new is not yet expected to be used
            conn.execute("update registry.access_key set created_at = now() - interval '40 days'")
        yield Scene(database, first, second)


def bookmaker(code: str) -> dict[str, Any]:
    return document(
        code,
        licences=[licence(f"{code}-BETS", "bookmaker")],
        channels=[website("SITE")],
        games=[game("CHESS", "bookmaker")],
    )


@pytest.fixture
def conn(scene: Scene) -> Iterator[Connection]:
    """The superuser's connection; what a test adds is rolled back."""
    with scene.database.rolled_back() as made:
        yield made


def tasks(
    conn: Connection, role: str, kind: str, operator: Operator | None = None
) -> list[dict[str, Any]]:
    """The tasks of a kind as a role is told them."""
    become(conn, role, operator.id if operator else None)
    names = ("kind", "severity", "operator_id", "subject", "quantity", "since", "facts")
    found = rows(conn, f"select {', '.join(names)} from api.tasks_today()")
    conn.execute("reset role")
    return [dict(zip(names, one, strict=True)) for one in found if one[0] == kind]


def midnight() -> datetime:
    return datetime.now(KYIV).replace(hour=0, minute=0, second=0, microsecond=0)


def this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def came(
    conn: Connection,
    operator: Operator,
    hour: datetime,
    *,
    batches: int = 0,
    count: int = 0,
    refusals: int = 0,
    late: int = 0,
    last_at: datetime | None = None,
) -> None:
    """Something came in within an hour, as the aggregate has it."""
    conn.execute(
        "insert into rollup.ingest_hour values (%s, 1, %s, %s, %s, %s, %s, %s, '{}', %s)",
        (operator.id, operator.key.id, hour, batches, count, refusals, late, last_at or hour),
    )


def owners(found: list[dict[str, Any]]) -> set[int]:
    return {task["operator_id"] for task in found}


# Silence ------------------------------------------------------------------------------------


def usual(conn: Connection, operator: Operator, days: int) -> None:
    """It sent six batches in the hour before this one, on so many of the last seven days."""
    for number in range(1, days + 1):
        hour = this_hour() - HOUR - number * DAY
        came(conn, operator, hour, batches=6, count=60, last_at=hour + HOUR / 2)


@pytest.mark.parametrize(("days", "severity"), [(7, 1), (6, 1), (3, 2), (1, 3)])
def test_silence_is_the_surer_the_more_usual_it_is_to_send(conn, scene, days, severity):
    usual(conn, scene.first, days)
    [task] = [t for t in tasks(conn, "regulator", "silence") if t["operator_id"] == scene.first.id]
    assert (task["severity"], task["quantity"]) == (severity, days)
    assert task["facts"]["usual_gap_s"] == 600
    assert task["since"] == this_hour() - HOUR / 2 - DAY


def test_who_sent_within_the_hour_is_not_silent_even_if_refused(conn, scene):
    usual(conn, scene.first, 7)
    last = datetime.now(UTC) - timedelta(minutes=59)
    hour = last.replace(minute=0, second=0, microsecond=0)
    came(conn, scene.first, hour, refusals=1, last_at=last)
    assert scene.first.id not in owners(tasks(conn, "regulator", "silence"))


def test_an_hour_at_which_it_never_sends_is_no_silence_until_a_day_has_passed(conn, scene):
    came(conn, scene.first, this_hour() - 5 * HOUR, batches=1, count=1)
    assert scene.first.id not in owners(tasks(conn, "regulator", "silence"))
    conn.execute("delete from rollup.ingest_hour")
    came(conn, scene.first, this_hour() - 30 * HOUR, batches=1, count=1)
    [task] = tasks(conn, "operator", "silence", scene.first)
    assert (task["severity"], task["quantity"]) == (3, 0)


def test_of_one_that_never_sent_officials_are_told_a_day_after_its_key(conn, scene):
    assert scene.first.id in owners(tasks(conn, "regulator", "silence"))
    conn.execute("update registry.access_key set created_at = now()")
    assert tasks(conn, "regulator", "silence") == []
    [task] = tasks(conn, "operator", "silence", scene.first)
    assert task["since"] is None


@pytest.mark.parametrize(
    "change",
    [
        "update registry.access_key set revoked_at = now() where revoked_at is null",
        "update registry.access_key set expires_at = now() - interval '1 hour'",
        "update registry.access_key set scopes = '{read}'",
        "update registry.operator set active_until = now()",
    ],
)
def test_who_cannot_send_is_not_silent(conn, scene, change):
    usual(conn, scene.first, 7)
    conn.execute("set session_replication_role = replica")  # past the fences of the registry
    conn.execute(change)
    conn.execute("set session_replication_role = origin")
    assert tasks(conn, "regulator", "silence") == []


# Refusals and lateness ----------------------------------------------------------------------


def test_refusals_are_told_officials_only_when_they_rose(conn, scene):
    came(conn, scene.first, midnight(), batches=30, refusals=5)
    came(conn, scene.second, midnight(), batches=30, refusals=4)
    [task] = tasks(conn, "regulator", "refusals")
    assert (task["operator_id"], task["quantity"], task["severity"]) == (scene.first.id, 5, 2)
    for number in range(1, 8):
        came(conn, scene.first, midnight() - number * DAY, refusals=3)
    assert tasks(conn, "regulator", "refusals") == []  # usual: 3 by this time of day


def test_more_refused_than_accepted_is_urgent(conn, scene):
    came(conn, scene.first, midnight(), batches=3, refusals=5)
    [task] = tasks(conn, "regulator", "refusals")
    assert task["severity"] == 1


def test_an_operator_is_told_each_refusal_with_its_codes(scene, conn):
    came(conn, scene.first, midnight(), batches=30, refusals=2)
    for code, when in (("body_too_large", 0), ("invalid_batch", 0), ("of_yesterday", 2)):
        conn.execute(
            "insert into ledger.refusal (refused_at, operator_id, access_key_id, status, code,"
            " error_count, codes, errors, request_id)"
            " values (now() - make_interval(days => %s), %s, %s, 422, %s, 1, '{}', '[]', 'r')",
            (when, scene.first.id, scene.first.key.id, code),
        )
    [task] = tasks(conn, "operator", "refusals", scene.first)
    assert task["quantity"] == 2
    assert task["facts"]["codes"] == ["body_too_large", "invalid_batch"]
    assert tasks(conn, "operator", "refusals", scene.second) == []


def test_late_rows_are_told_officials_above_one_in_a_hundred(conn, scene):
    came(conn, scene.first, midnight(), batches=9, count=1000, late=11)
    came(conn, scene.second, midnight(), batches=9, count=1000, late=10)
    [task] = tasks(conn, "regulator", "late")
    assert (task["operator_id"], task["quantity"]) == (scene.first.id, 11)
    [own] = tasks(conn, "operator", "late", scene.second)
    assert own["quantity"] == 10


def test_what_came_before_midnight_is_not_of_today(conn, scene):
    came(conn, scene.first, midnight() - HOUR, batches=1, count=100, refusals=50, late=100)
    assert tasks(conn, "operator", "refusals", scene.first) == []
    assert tasks(conn, "regulator", "late") == []


# Streams ------------------------------------------------------------------------------------


def batch(
    conn: Connection, operator: Operator, number: int, sequence: int | None, ago: timedelta
) -> None:
    """A batch in the operator's stream, received a while ago."""
    conn.execute(
        "insert into ledger.batch select nextval('ledger.batch_id'), 1, 1, %s, %s, %s,"
        " gen_random_uuid(), 'main', %s, 1, '{}', m, m, m, 0, '{}', sha256(''), 0, ''"
        " from (select now() - %s as m) as x",
        (operator.id, number, operator.key.id, sequence, ago),
    )
    conn.execute(HEADS)


def test_numbers_missing_in_a_stream_are_counted_and_named(conn, scene):
    for number, sequence in enumerate((3, 4, 7, 9, 10), 1):
        batch(conn, scene.first, number, sequence, HOUR - number * timedelta(minutes=1))
    for number, sequence in enumerate((1, 2, 3), 1):
        batch(conn, scene.second, number, sequence, HOUR)
    for role, operator in (("regulator", None), ("auditor", None), ("operator", scene.first)):
        [task] = tasks(conn, role, "gaps", operator)
        assert (task["operator_id"], task["quantity"], task["severity"]) == (scene.first.id, 3, 1)
        assert task["facts"]["gaps"] == [
            {"stream": "main", "from": 8, "to": 8},
            {"stream": "main", "from": 5, "to": 6},
        ]
    assert tasks(conn, "operator", "gaps", scene.second) == []


def test_a_gap_counts_after_ten_minutes_and_batches_without_number_do_not_hide_it(conn, scene):
    batch(conn, scene.first, 1, 1, HOUR)
    batch(conn, scene.first, 2, None, HOUR)
    batch(conn, scene.first, 3, 3, timedelta(minutes=9))
    assert tasks(conn, "regulator", "gaps") == []
    batch(conn, scene.first, 4, 5, timedelta(minutes=11))
    [task] = tasks(conn, "regulator", "gaps")
    assert task["quantity"] == 1  # 4; that 2 is missing is not sure yet


# Money --------------------------------------------------------------------------------------


def marked(scene: Scene, breach: int, stake: int, moment: datetime | None = None) -> Row:
    return row(scene.first, moment, breach=breach, amount_minor=stake)


@pytest.fixture
def stored(cluster: Cluster) -> Iterator[Scene]:
    """A database of the test's own, into which batches may be stored."""
    with cluster.fresh() as database:
        with database.connect() as conn:
            first, second = (register(conn, bookmaker(code)) for code in ("FIRST", "SECOND"))
        yield Scene(database, first, second)


def test_breach_marks_of_today_are_told_with_their_money_net_of_what_was_taken_back(stored):
    yesterday = midnight().astimezone(UTC) - HOUR
    one = [marked(stored, 1, 500), marked(stored, 5, 300), marked(stored, 8, 70)]
    store(stored.database, stored.first, [*one, marked(stored, 1, 90, yesterday)])
    store(stored.database, stored.first, [cancellation(one[0])])
    for role in ("regulator", "tax_service", "auditor", "operator"):
        with stored.database.rolled_back() as conn:
            own = stored.first if role == "operator" else None
            found = {task["subject"]: task for task in tasks(conn, role, "breaches", own)}
            foreign = tasks(conn, "operator", "breaches", stored.second)
        assert {bit: task["quantity"] for bit, task in found.items()} == {"1": 1, "4": 1}, role
        assert found["1"]["facts"]["stake_minor"] == 300
        assert foreign == []


def test_yesterday_is_compared_with_the_same_weekday_and_tells_what_came_afterwards(stored):
    noon = (midnight() - DAY + 12 * HOUR).astimezone(UTC)
    store(stored.database, stored.first, [row(stored.first, noon, amount_minor=1500)])
    with stored.database.rolled_back() as conn:
        [task] = tasks(conn, "tax_service", "yesterday")
        assert (task["quantity"], task["severity"], task["subject"]) == (1, 3, "980")
        assert task["facts"]["change_percent"] is None
        conn.execute(
            "insert into rollup.day select operator_id, shard, day - 7, gambling_type_id,"
            " licence_id, currency, day - 7, 1, 1000, 0, 0, 0, 0, 0, 0, 0, 0 from rollup.day"
        )
        [task] = tasks(conn, "tax_service", "yesterday")
        assert task["facts"]["before_minor"] == 1000
        assert (task["facts"]["change_percent"], task["severity"]) == (50, 2)
        assert tasks(conn, "regulator", "yesterday") == []


# Registry -----------------------------------------------------------------------------------


def test_licences_are_told_a_month_before_their_end_and_a_week_after(conn, scene):
    conn.execute("set session_replication_role = replica")
    for days, severity in ((31, None), (29, 3), (6, 2), (-6, 1), (-8, None)):
        conn.execute(
            "update registry.licence set valid_until = %s where operator_id = %s",
            (day(days), scene.first.id),
        )
        for role, own in (("regulator", None), ("registrar", None), ("operator", scene.first)):
            found = tasks(conn, role, "licences", own)
            assert [task["severity"] for task in found] == ([severity] if severity else []), days
            assert all(task["subject"] == "FIRST-BETS" for task in found)
        assert tasks(conn, "operator", "licences", scene.second) == []


def test_keys_that_expire_and_keys_that_nobody_uses(conn, scene):
    become(conn, "registrar")
    soon = add_key(conn, scene.first.id, "soon", expires_in_days=20)
    add_key(conn, scene.first.id, "later", expires_in_days=40)
    conn.execute("reset role")
    for role, own in (("registrar", None), ("operator", scene.first)):
        [task] = tasks(conn, role, "keys", own)
        assert (task["subject"], task["quantity"]) == ("soon", 19)
    came(conn, scene.first, this_hour() - 20 * DAY, batches=1)
    unused = {task["subject"] for task in tasks(conn, "operator", "unused", scene.first)}
    assert unused == {
        "second",
        "manual",
        "submit",
        "read",
        "elsewhere",
    }  # neither new, used, test nor ended
    assert owners(tasks(conn, "registrar", "unused")) == {scene.first.id, scene.second.id}
    assert soon.id


def test_changes_of_today_are_told_the_auditor(conn, scene):
    def told() -> dict[tuple[int, str], int]:
        found = tasks(conn, "auditor", "changes")
        return {(task["operator_id"], task["subject"]): task["quantity"] for task in found}

    before = told()
    become(conn, "registrar")
    add_key(conn, scene.second.id, "new")
    conn.execute("reset role")
    key = (scene.second.id, "access_key")
    assert told()[key] == before[key] + 2, "made, and given its limits"
    conn.execute("set session_replication_role = replica")
    conn.execute("update registry.history set changed_at = changed_at - interval '1 day'")
    assert told() == {}


# Whose --------------------------------------------------------------------------------------


def everything(conn: Connection, operator: Operator) -> None:
    """Something of every kind that concerns an operator."""
    usual(conn, operator, 7)
    came(conn, operator, midnight(), batches=1, count=10, refusals=9, late=10, last_at=midnight())
    for number, sequence in enumerate((1, 3), 1):
        batch(conn, operator, number, sequence, HOUR)
    conn.execute("set session_replication_role = replica")
    conn.execute(
        "update registry.licence set valid_until = now() + interval '2 days'"
        " where operator_id = %s",
        (operator.id,),
    )
    conn.execute(
        "update registry.access_key set expires_at = now() + interval '2 days'"
        " where operator_id = %s and revoked_at is null and mode = 'live'",
        (operator.id,),
    )
    conn.execute("set session_replication_role = origin")
    conn.execute(
        "insert into rollup.hour select %s, 1, %s, 1, 1, 3, 980, 1, 0, 1, %s,"
        " 1, 100, 0, 0, 0, 0, 0, 0, 0, 0",
        (operator.id, midnight(), midnight()),
    )
    for state, days in (("submitted", 4), ("in_review", 2), ("returned", 1), ("draft", 9)):
        conn.execute(
            "insert into registry.change"
            " (kind, action, operator_id, begun_by, proposed, state, submitted_at)"
            " values ('venue', 'create', %s, 'operator', '{}', %s, now() - %s * interval '1 day')",
            (operator.id, state, days),
        )


def test_what_waits_for_a_decision_is_counted_by_operator_and_register(conn, scene):
    everything(conn, scene.first)
    for role in ("regulator", "registrar"):
        [task] = [t for t in tasks(conn, role, "waiting") if t["operator_id"] == scene.first.id]
        assert (task["subject"], task["quantity"], task["severity"]) == ("venue", 2, 2)
        assert task["facts"]["in_review"] == 1
    [task] = tasks(conn, "operator", "returned", scene.first)
    assert (task["quantity"], task["severity"]) == (1, 2)
    assert tasks(conn, "operator", "returned", scene.second) == []


def test_an_operator_is_told_nothing_of_another(conn, scene):
    everything(conn, scene.first)
    become(conn, "operator", scene.second.id)
    assert {one[0] for one in rows(conn, "select operator_id from api.tasks_today()")} <= {
        scene.second.id
    }
    become(conn, "operator", scene.first.id)
    own = rows(conn, "select distinct kind, operator_id from api.tasks_today()")
    assert {kind for kind, _ in own} >= {
        "refusals",
        "late",
        "gaps",
        "breaches",
        "licences",
        "keys",
        "unused",
        "returned",
    }
    assert {operator for _, operator in own} == {scene.first.id}
    become(conn, "operator")  # an operator's role without saying whose
    assert rows(conn, "select 1 from api.tasks_today()") == []


def test_each_role_is_told_its_kinds_and_no_other(conn, scene):
    everything(conn, scene.first)
    told = {}
    for role in (one for one, kinds in WAITING.items() if kinds):
        become(conn, role, scene.first.id if role == "operator" else None)
        told[role] = {one[0] for one in rows(conn, "select kind from api.tasks_today()")}
    conn.execute("reset role")
    for role, kinds in told.items():  # nobody is told what its pages would not find
        assert kinds <= WAITING[role]
    assert told["tax_service"] <= {"yesterday", "breaches"}
    assert told["registrar"] == {"licences", "keys", "unused", "waiting"}
    assert told["auditor"] == {"changes", "gaps", "breaches"}
    # Silence is always told, be it of the second alone: it never sent, the first did at midnight.
    kinds = {"silence", "refusals", "late", "gaps", "breaches", "licences", "waiting"}
    assert told["regulator"] == kinds
