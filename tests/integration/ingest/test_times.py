"""When a record may have happened: not in the future, not before the licence or the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.ingest.conftest import numbered
from tests.support import market
from tests.support.api import DAY, MINUTE, SECOND, Client, Inspector, in_background, now_ms, rfc3339
from tests.support.databases import Cluster
from tests.support.market import register
from tests.support.servers import serving


def test_the_near_future_is_a_fast_clock(api: Client) -> None:
    api.accepted([api.record(now_ms() + 4 * MINUTE)])


def test_the_future_is_refused(api: Client) -> None:
    last = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z
    for moment in (now_ms() + 6 * MINUTE, now_ms() + 400 * DAY, last):
        for before in (0, 20):
            api.refused(
                422,
                "occurred_at_in_future",
                [(f"/{before}/occurred_at", "occurred_at_in_future")],
                records=[*api.records(before), api.record(moment)],
            )


def test_an_offset_does_not_hide_the_future(api: Client) -> None:
    moment = now_ms() + 6 * MINUTE
    record = api.record(moment, occurred_at=rfc3339(moment - 3600 * SECOND)[:-1] + "-01:00")
    api.refused(422, "occurred_at_in_future", records=[record])
    moment = now_ms()
    kyiv = rfc3339(moment + 2 * 3600 * SECOND)[:-1] + "+02:00"
    api.accepted([api.record(moment, occurred_at=kyiv)])


@pytest.mark.parametrize("year", [1, 1969, 1970, 1999, 2000, 2020])
def test_before_the_first_licence_is_refused(api: Client, year: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=UTC)
    milliseconds = max(round(moment.timestamp() * 1000), 0)
    record = api.record(milliseconds, occurred_at=f"{year:04}-01-01T00:00:00Z")
    for before in (0, 20):
        api.refused(
            422,
            "occurred_at_too_old",
            [(f"/{before}/occurred_at", "occurred_at_too_old")],
            records=[*api.records(before), record],
        )


def test_from_the_first_moment_of_the_first_licence_on(api: Client) -> None:
    """The market's licences are valid from 1,000 days ago."""
    since = min(licence["valid_from"] for licence in api.operator.document["licences"])
    first = -(-int(datetime.fromisoformat(since).timestamp() * 1_000_000) // 1000)
    api.accepted([api.record(first)])
    api.refused(422, "occurred_at_too_old", records=[api.record(first - 1)])


def test_forty_days_and_not_one_more(api: Client) -> None:
    start = now_ms() - 500 * DAY
    api.accepted([api.record(start + day * DAY) for day in range(40)])
    api.refused(
        422, "too_many_days", [], records=[api.record(start + day * DAY) for day in range(41)]
    )


def test_ten_thousand_distinct_days(api: Client) -> None:
    """Each day would be a chunk: once, such a batch brought the server down."""
    chunks = "select count(*) from timescaledb_information.chunks"
    before = api.inspector.value(chunks)
    records = [api.record(now_ms() - (day % 990) * DAY) for day in range(10_000)]
    api.refused(422, "too_many_days", [], records=records)
    records = [api.record(now_ms() - day * DAY) for day in range(10_000)]
    answer = api.refused(422, "occurred_at_too_old", records=records)
    assert answer.document["errors_total"] > 8_900
    assert api.inspector.value(chunks) == before


def test_late_records_are_accepted_and_marked(api: Client) -> None:
    moments = [now_ms() - 14 * MINUTE, now_ms() - 16 * MINUTE, now_ms() - 3 * DAY]
    answer = api.accepted([api.record(moment) for moment in moments])
    found = api.inspector.rows(
        "select breach from ledger.transaction where batch_id = %s order by row_no",
        answer.batch_id,
    )
    assert [breach & 8 for (breach,) in found] == [0, 8, 8]
    late = "select late_count from ledger.batch where id = %s"
    assert api.inspector.value(late, answer.batch_id) == 2


@pytest.fixture(scope="module")
def archived(cluster: Cluster) -> Iterator[tuple[Client, datetime]]:
    """An operator in a database whose days of more than 60 days ago are archived."""
    horizon = (datetime.now(UTC) - timedelta(days=60)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    with cluster.fresh() as made:
        with made.connect() as conn:
            operator = register(conn, numbered(market.alpha(), "API-OLD", "O"))
        inspector = Inspector(made)
        with serving(made, workers=1, DOZIR_DATABASE_URL=made.url()) as server:
            client = Client(server.port, operator, inspector)
            yield client, horizon
            assert inspector.check_rollups() == []
        inspector.close()


def test_an_archived_day_is_refused(archived: tuple[Client, datetime]) -> None:
    client, horizon = archived
    edge = round(horizon.timestamp() * 1000)
    old = [client.record(edge - 1), client.record(edge - 3 * DAY)]
    young = [client.record(edge), client.record(edge + DAY)]
    stored = client.accepted(old, idempotency_key="018f2f9e-7d2c-4e0c-8f46-0123456789ab")
    client.accepted(young)

    client.inspector.execute("update maintenance.setting set drop_unarchived = true")
    client.inspector.execute("call ledger.archive_until(%s)", horizon.date())

    client.refused(422, "occurred_at_too_old", records=[client.record(edge - 1)])
    # The day is gone, and with it the proof that this id was used: it must not come again.
    client.refused(
        422,
        "occurred_at_too_old",
        [("/0/occurred_at", "occurred_at_too_old"), ("/1/occurred_at", "occurred_at_too_old")],
        records=old,
    )
    client.refused(409, "duplicate_id", records=young)
    again = client.post(old, idempotency_key="018f2f9e-7d2c-4e0c-8f46-0123456789ab")
    assert (again.status, again.body) == (200, stored.body)
    client.refused(422, "cancelled_not_found", records=[client.cancelling(old[0])])
    client.accepted([client.record(edge), client.cancelling(young[1])])


def test_a_batch_that_waits_for_archiving_sees_its_horizon(
    archived: tuple[Client, datetime],
) -> None:
    """Archiving keeps batches out until its horizon is committed; then they are measured by it."""
    client, horizon = archived
    later = horizon + timedelta(days=2)
    day = round(horizon.timestamp() * 1000) + DAY + 1
    with client.inspector.database.connect() as conn:
        conn.execute("select pg_advisory_xact_lock(2, 0)")
        answering = in_background(lambda: client.post([client.record(day)]))
        client.inspector.await_blocked()
        conn.execute("insert into ledger.archive (archived_until) values (%s)", (later,))
        conn.commit()
    answer = answering()
    assert (answer.status, answer.code) == (422, "occurred_at_too_old")
