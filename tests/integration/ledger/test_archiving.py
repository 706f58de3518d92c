"""Days written to Parquet, bound to the log, and only then dropped."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from psycopg.rows import dict_row
from pyarrow import parquet

from portal import config, create_app, db
from portal.archive import exporting, layout
from portal.archive.commands import archive
from portal.archive.exporting import midnight
from portal.ingest import vouching
from portal.transparency import merkle, proofs, publishing
from portal.transparency.entries import Entry, Kind
from portal.transparency.tiles import Tiles
from tests.support.batches import (
    TUPLE_BYTES,
    accept_batch,
    cancellation,
    copy_rows,
    open_batch,
    random_rows,
    row,
    store,
)
from tests.support.databases import Database, column, refusal, rows, value
from tests.support.log import SignedLog, origin_of
from tests.support.market import Operator, alpha, gamma, register
from tests.support.pages import REASON, people
from tests.support.plain_log import sequence

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
DAYS = [NOON - timedelta(days=n) for n in (52, 51, 50)]
FIRST, SECOND, THIRD = (moment.date() for moment in DAYS)


def run(database: Database, *words: Any) -> Result:
    with database.as_settings():
        return CliRunner().invoke(archive, [str(word) for word in words])


def told(database: Database, *words: Any) -> dict[str, Any]:
    done = run(database, *words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def market_of_three_days(database: Database) -> Operator:
    """Batches within a day and over two and three of them, one of many rows, a cancellation."""
    with database.connect() as conn:
        operator = register(conn, alpha())
    rng = random.Random(52)
    for moment in DAYS:
        store(database, operator, random_rows(operator, 30, rng, [moment]))
    store(database, operator, random_rows(operator, 70, rng, DAYS))
    edge = DAYS[0].replace(hour=0) + timedelta(days=1)
    taken = row(operator, edge - timedelta(milliseconds=1))
    store(database, operator, [taken, row(operator, edge)])
    store(database, operator, [cancellation(taken, DAYS[2]), row(operator, DAYS[2])])
    sequence(database)
    return operator


def drop(database: Database, until: date) -> None:
    with database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute("call ledger.archive_until(%s)", (until,))


def dropping_is_refused(database: Database, until: date) -> str:
    with pytest.raises(psycopg.Error) as caught:
        drop(database, until)
    with database.rolled_back() as conn:
        assert value(conn, "select count(*) from ledger.archive") == 0
    return caught.value.sqlstate or ""


def copied(database: Database, day: date) -> bytes:
    """The tuples of a day as COPY gives them out."""
    with (
        database.rolled_back() as conn,
        conn.cursor().copy(
            "copy (select * from ledger.transaction where occurred_at >= %s and occurred_at < %s"
            " order by batch_id, row_no) to stdout (format binary)",
            (midnight(day), midnight(day + timedelta(days=1))),
        ) as copy,
    ):
        return b"".join(bytes(part) for part in copy)[19:-2]


def test_a_day_goes_into_files_and_out_of_the_ledger(
    fresh_database: Database, tmp_path: Path
) -> None:
    """The whole way: refused, archived, outdated, archived again, dropped, entered, verified."""
    database, to = fresh_database, ("--to", tmp_path / "archive")
    operator = market_of_three_days(database)
    assert dropping_is_refused(database, SECOND) == "DZR05"

    done = told(database, "--until", THIRD, *to)
    assert [one["name"] for one in done["archived"]] == [str(FIRST), str(SECOND)]
    tuples = copied(database, FIRST)
    table = parquet.read_table(tmp_path / "archive" / str(FIRST) / "transactions-0001.parquet")
    assert layout.to_rows(table).tobytes() == tuples
    assert done["archived"][0]["rows"] == len(tuples) // TUPLE_BYTES
    assert told(database, "--until", THIRD, *to) == {
        "archived": [],
        "unchanged": [str(FIRST), str(SECOND)],
    }

    # More of the day comes: its archive is not all of it any more.
    store(database, operator, [row(operator, DAYS[0])])
    assert dropping_is_refused(database, SECOND) == "DZR05"
    unsequenced = run(database, "--day", FIRST, *to)
    assert unsequenced.exit_code == 1
    assert "is not sequenced into the log yet" in unsequenced.output
    sequence(database)
    assert [one["name"] for one in told(database, "--day", FIRST, *to)["archived"]] == [
        f"{FIRST}.2"
    ]

    drop(database, SECOND)
    with database.rolled_back() as conn:
        assert value(conn, "select min(occurred_at) from ledger.transaction") >= midnight(SECOND)
        acts = rows(
            conn,
            "select e.entry, d.day, d.archive, a.manifest_sha256, a.row_count, a.totals"
            " from ledger.dropped_day as d join ledger.entry as e on e.hash = d.entry_hash"
            " join ledger.archived_day as a on a.name = d.archive",
        )
        assert rows(conn, "select * from report.check_rollups()") == []
        assert rows(conn, "select * from report.check_records()") == []
        assert rows(conn, "select * from report.check_receipts()") == []
    [(entry, day, name, manifest_sha256, row_count, totals)] = acts
    entered = Entry.unpack(bytes(entry))
    act = json.loads(entered.body)
    assert (entered.kind, day, name) == (Kind.RETENTION, FIRST, f"{FIRST}.2")
    assert act.pop("at").startswith(str(datetime.now(UTC).year))
    assert act == {
        "act": "retention",
        "day": str(FIRST),
        "by": "dozir_migrator",
        "rows": row_count,
        "batches": 4,
        "totals": totals,
        "archive": {"name": name, "manifest_sha256": bytes(manifest_sha256).hex()},
    }
    batches_keep_their_roots(database)

    # What is left of batches that reach over the horizon is archived all the same, and dropped.
    sequence(database)
    assert told(database, "--day", SECOND, *to)["unchanged"] == [str(SECOND)]
    drop(database, THIRD)
    sequence(database)
    assert told(database, "--day", THIRD, *to)["archived"][0]["batches"] == 3
    verified = told(database, "--verify", *to)
    assert (verified["archives"], verified["findings"]) == (4, [])
    listed = told(database, "--list", *to)["archives"]
    assert [(one["name"], bool(one["dropped_at"])) for one in listed] == [
        (str(FIRST), False),
        (f"{FIRST}.2", True),
        (str(SECOND), True),
        (str(THIRD), False),
    ]

    pages_say_where_the_rows_are(database, operator)

    # An archive that was replaced whole, manifest and all, is not the recorded one.
    there, other = tmp_path / "archive" / str(SECOND), tmp_path / "archive" / str(THIRD)
    text = (there / "manifest.json").read_text()
    (there / "manifest.json").write_text(text.replace('"rows"', ' "rows"', 1))
    (other / "leaves.parquet").unlink()
    found = run(database, "--verify", *to)
    assert found.exit_code == 1
    assert f"{SECOND}: manifest.json is not the one that was recorded" in found.output
    assert f"{THIRD}: leaves.parquet is missing" in found.output


def batches_keep_their_roots(database: Database) -> None:
    """The roots of batches over the horizon: from the rows that are left and the leaves kept."""
    with database.rolled_back() as conn:
        cursor = conn.cursor(row_factory=dict_row)
        spanning = cursor.execute(
            "select b.id, b.batch_root, b.row_count from ledger.batch as b where b.id in"
            " (select d.batch_id from ledger.dropped_leaf as d)"
        ).fetchall()
        assert len(spanning) == 2
        for batch in spanning:
            leaves = column(
                conn,
                "select x.leaf from (select row_no, leaf from ledger.dropped_leaf"
                " where batch_id = %s union all select t.row_no, ledger.row_leaf(t)"
                " from ledger.transaction as t where t.batch_id = %s) as x order by x.row_no",
                (batch["id"], batch["id"]),
            )
            assert len(leaves) == batch["row_count"]
            assert merkle.root([bytes(one) for one in leaves]) == bytes(batch["batch_root"])


def pages_say_where_the_rows_are(database: Database, operator: Operator) -> None:
    """In place of an empty list: that rows were archived, and under which name."""
    with database.connect() as conn:
        [(spanning, dropped_row)] = rows(
            conn,
            "select batch_id, min(row_no) from ledger.dropped_leaf group by 1"
            " order by count(*) desc limit 1",
        )
        gone = value(
            conn,
            "select id from ledger.batch where occurred_until < %s order by id limit 1",
            (midnight(SECOND),),
        )
        other = register(conn, gamma())
        before = FIRST - timedelta(days=1)
        conn.execute("insert into ledger.dropped_day (day) values (%s)", (before,))
    person_of = people(database)
    with visiting(database) as visitor:
        client = visitor(person_of["regulator"])
        listed = client.get(f"/ledger/transactions?from={FIRST}T03:00&until={SECOND}T02:00").text
        assert "Транзакції цього періоду перенесено до архіву" in listed
        assert f"<code>{FIRST}.2</code>" in listed
        assert f"<code>{SECOND}</code>" not in listed
        assert "Розширте період" not in listed
        assert "добу з них вилучено без архіву" not in listed
        listed = client.get(f"/ledger/transactions?from={before}T03:00&until={SECOND}T02:00").text
        assert f"<code>{FIRST}.2</code>" in listed
        assert "1 добу з них вилучено без архіву" in listed
        here = client.get(f"/ledger/transactions?from={THIRD}T03:00&until={THIRD}T23:00").text
        assert "перенесено до архіву" not in here

        client = visitor(person_of[operator.code], "en")
        page = client.get(f"/ledger/batches/{gone}").text
        assert "Transactions of this period were archived and are no longer here" in page
        assert "No transaction of this batch is left here" in page
        assert f"<code>{FIRST}.2</code>" in page
        # It is there; ten seconds old it waits for a log, which nobody publishes here.
        assert client.get(f"/ledger/batches/{gone}/receipt").status_code in (200, 503)
        page = client.get(f"/ledger/batches/{spanning}").text
        assert f"<code>{FIRST}.2</code>, <code>{SECOND}</code>" in page
        assert f"/ledger/batches/{spanning}/transactions/" in page
        row_page = client.get(f"/ledger/batches/{spanning}/transactions/{dropped_row}")
        assert row_page.status_code == 410
        assert f"<code>{SECOND}</code>" in row_page.text
        with database.connect() as conn:
            noted = rows(
                conn,
                "select object_id, facts from audit.event where kind = 'view'"
                " order by id desc limit 1",
            )
            assert noted == [(f"{spanning}-{dropped_row}", {"action": "archived"})]
        assert client.get(f"/ledger/batches/{gone}/transactions/31").status_code == 404
        # To whom the batch does not belong there is none, archived or not.
        stranger = visitor(person_of[other.code])
        for path in (gone, f"{gone}/transactions/1"):
            assert stranger.get(f"/ledger/batches/{path}").status_code == 404


def test_a_batch_that_was_partly_archived_still_proves_the_rows_that_are_left(
    fresh_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path goes through leaves of rows that are gone; they alone have no proof any more."""
    database, log = fresh_database, tmp_path / "log"
    operator = market_of_three_days(database)
    with database.connect() as conn:
        signed = SignedLog(origin_of(conn), log)
        hashes = column(conn, "select hash from ledger.leaves(0, 1000)")
        [spanning] = column(conn, "select id from ledger.batch where row_count = 70")
        days = rows(
            conn,
            "select row_no, (occurred_at at time zone 'UTC')::date from ledger.transaction"
            " where batch_id = %s order by 1",
            (spanning,),
        )
    root = Tiles(log).append(0, [bytes(one) for one in hashes])
    publishing.publish(log, signed.sign(len(hashes), root))
    (log / "policy").write_text(signed.policy)
    told(database, "--until", THIRD, "--to", tmp_path / "archive")
    drop(database, SECOND)
    monkeypatch.setenv("DOZIR_TILES", str(log))
    vouching.the_log.cache_clear()
    people_of = people(database)
    try:
        with visiting(database) as visitor:
            own, auditor = (visitor(people_of[one]) for one in (operator.code, "auditor"))
            left = [no for no, day in days if day != FIRST]
            gone = [no for no, day in days if day == FIRST]
            assert left
            assert gone
            for no in left[:3] + left[-3:]:
                for client, sealed in ((own, False), (auditor, True)):
                    answer = client.get(f"/ledger/batches/{spanning}/transactions/{no}/proof")
                    assert answer.status_code == 200
                    keys = [one.public for one in signed.keys]
                    proven = proofs.verify_row(answer.data, keys, signed.origin)
                    assert (proven.row.row_no, proven.sealed) == (no, sealed)
                    assert proven.batch.batch_id == spanning
            for no in (gone[0], gone[-1]):
                path = f"/ledger/batches/{spanning}/transactions/{no}/proof"
                assert own.get(path).status_code == 404
            # A leaf that somebody altered gives no path to the root: nothing is given out.
            with database.connect() as conn:
                conn.execute("set session_replication_role = replica")
                conn.execute(
                    "update ledger.dropped_leaf set leaf = sha256(leaf)"
                    " where batch_id = %s and row_no = %s",
                    (spanning, gone[0]),
                )
            path = f"/ledger/batches/{spanning}/transactions/{left[0]}/proof"
            assert own.get(path).status_code == 503
    finally:
        vouching.the_log.cache_clear()


@contextmanager
def visiting(database: Database) -> Iterator[Callable[..., FlaskClient]]:
    """The portal in this process on a database of the test's own."""
    with database.as_settings(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("DOZIR_DEMO", "1")
        config.settings.cache_clear()
        db.close()
        app = create_app()
        app.config["WTF_CSRF_ENABLED"] = False

        def sign_in(person: int, language: str = "uk") -> FlaskClient:
            client = app.test_client()
            client.set_cookie("lang", language)
            assert client.post(f"/login/demo/{person}").status_code == 303
            client.post("/audit/reason", data=REASON)  # whoever is asked has said why
            return client

        try:
            yield sign_in
        finally:
            db.close()
    config.settings.cache_clear()


def test_a_batch_that_commits_while_its_day_is_dropped_keeps_the_day(
    fresh_database: Database, tmp_path: Path
) -> None:
    """The archive was complete when the day was counted; the batch waits for nothing meanwhile."""
    database = fresh_database
    operator = market_of_three_days(database)
    told(database, "--until", THIRD, "--to", tmp_path)
    outcome: list[str] = []

    def dropping() -> None:
        try:
            drop(database, SECOND)
        except psycopg.Error as problem:
            outcome.append(problem.sqlstate or "")

    late = [row(operator, DAYS[0])]
    with database.connect("dozir_ingest") as conn:
        key = open_batch(conn, operator.key, sequence=999)
        assert key.batch_id
        waiting = threading.Thread(target=dropping)
        waiting.start()
        await_lock(database)
        copy_rows(conn, operator.id, key.batch_id, late)
        accept_batch(conn, operator, key.batch_id, late[0].id, late, sequence=999)
    waiting.join(30)
    assert outcome == ["DZR06"]
    assert dropping_is_refused(database, SECOND) == "DZR05"


def await_lock(database: Database) -> None:
    """Wait until somebody waits for a lock."""
    asked = threading.Event()
    with database.connect(autocommit=True) as conn:
        while not value(
            conn,
            "select exists (select from pg_locks where not granted and locktype = 'advisory'"
            " and database = (select oid from pg_database where datname = current_database()))",
        ):
            asked.wait(0.02)


def test_retention_drops_only_what_is_archived(
    fresh_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nightly job: refuses, then drops the very days that the nightly archive wrote."""
    database = fresh_database
    with database.connect() as conn:
        operator = register(conn, alpha())
    for days in (402, 401, 300):
        store(database, operator, [row(operator, NOON - timedelta(days=days))])
    assert told(database, "--to", tmp_path) == {"archived": [], "unchanged": []}
    with database.connect("dozir_migrator") as conn:
        conn.execute("update maintenance.setting set keep_days = 400")
    sequence(database)
    with database.connect("dozir_jobs", autocommit=True) as conn:
        assert refusal_of_job(conn) == "DZR05"
        # Killed between the archive's name and its record: the next attempt takes it as it is.
        with monkeypatch.context() as killing:
            killing.setattr(exporting, "_record", lambda *_: sys.exit(9))
            assert run(database, "--to", tmp_path).exit_code == 9
        assert refusal_of_job(conn) == "DZR05"
        done = told(database, "--to", tmp_path)["archived"]
        assert [one["name"] for one in done] == [
            str((NOON - timedelta(days=days)).date()) for days in (402, 401)
        ]
        conn.execute("call maintenance.apply_retention(0, 0)")
    with database.rolled_back() as conn:
        assert value(conn, "select count(*) from ledger.transaction") == 1
        assert value(conn, "select count(*) from ledger.dropped_day where archive is not null") == 2
        acts = column(conn, "select entry from ledger.entry where kind = 6 order by id")
        assert [json.loads(Entry.unpack(bytes(one)).body)["by"] for one in acts] == [
            "dozir_jobs",
            "dozir_jobs",
        ]
        for table in ("archived_day", "dropped_day"):  # what was recorded cannot be taken back
            assert refusal(conn, f"delete from ledger.{table}") == "DZA01"
    # A snapshot from before would not see the last batches.
    with database.rolled_back("dozir_migrator") as conn:
        conn.execute("set transaction isolation level repeatable read")
        assert refusal(conn, "select ledger.drop_until(now() - interval '60 days')") == "DZR06"


def refusal_of_job(conn: psycopg.Connection[Any]) -> str:
    with pytest.raises(psycopg.Error) as caught:
        conn.execute("call maintenance.apply_retention(0, 0)")
    return caught.value.sqlstate or ""


def test_what_is_not_archived(fresh_database: Database, tmp_path: Path) -> None:
    market_of_three_days(fresh_database)
    (tmp_path / "holiday.jpg").write_bytes(b"")
    strange = run(fresh_database, "--until", SECOND, "--to", tmp_path)
    assert "is not empty and holds no archives" in strange.output
    other = tmp_path / "other"
    other.mkdir()
    (other / "dozir-archive.json").write_text('{"origin": "another.example/log"}')
    foreign = run(fresh_database, "--until", SECOND, "--to", other)
    assert "holds the archives of the log another.example/log" in foreign.output
    assert run(fresh_database, "--verify", "--to", tmp_path).exit_code == 1
    with fresh_database.connect(autocommit=True) as conn:
        # Rows that are not those that were received go into no archive, so that they stay.
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "update ledger.transaction set player = gen_random_uuid() where occurred_at < %s",
            (midnight(SECOND),),
        )
        altered = run(fresh_database, "--until", SECOND, "--to", tmp_path / "third")
        assert altered.exit_code == 1
        assert "its rows do not give its root" in altered.output
        assert [path.name for path in (tmp_path / "third").iterdir() if path.is_dir()] == []
        assert value(conn, "select count(*) from ledger.archived_day") == 0

        conn.execute("select pg_advisory_lock(2, 1)")
        second = run(fresh_database, "--until", SECOND, "--to", tmp_path / "third")
        assert "Somebody is archiving this database already" in second.output
