"""A generated market for reports: everything awkward at once, and all of it known to the test.

Batches are stored as ingest stores them; then moments of arrival are spread over weeks, as if they
had been sent then, and the rollups are counted anew from raw rows by the database's own recount.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from tests.integration.reports.oracle import (
    TYPES,
    Batch,
    DeclaredDay,
    DeclaredMonth,
    Fact,
    Rate,
    Refusal,
    Thing,
    World,
    count,
    ggr,
    money,
)
from tests.support.batches import WIN, Row, cancellation, random_rows, store
from tests.support.databases import Database, rows, value
from tests.support.market import Operator, register_alone, register_market
from tests.support.players import count_players

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
MOMENTS = [
    # Both nights on which clocks change, from both sides of midnight and of the change.
    *(datetime(2026, 10, day, hour, 30, tzinfo=UTC)
      for day in (24, 25) for hour in (0, 1, 20, 21, 23)),
    *(datetime(2026, 3, day, hour, 30, tzinfo=UTC)
      for day in (28, 29) for hour in (0, 1, 20, 21, 22)),
    # A leap day and its neighbours, and the same days of the year after.
    *(datetime(year, month, day, 12, tzinfo=UTC)
      for year, month, day in (
          (2024, 2, 28), (2024, 2, 29), (2024, 3, 1), (2025, 2, 28), (2025, 3, 1))),
    # The turn of a year, in Kyiv two hours before that of UTC.
    datetime(2025, 12, 31, 21, 59, tzinfo=UTC),
    datetime(2025, 12, 31, 22, 0, tzinfo=UTC),
    *(NOW - timedelta(hours=n) for n in (0, 1, 2, 5, 24, 25, 48)),
    *(NOW - timedelta(days=n) for n in (7, 8, 30, 365)),
]  # fmt: skip


def world_in(database: Database, seed: int, batches: int = 18) -> tuple[World, list[Operator]]:
    """Fill a fresh database; what was sent, and the operators."""
    rng = random.Random(seed)
    # More than four, so that concentration has something to leave out.
    operators = [*register_market(database), *(register_alone(database) for _ in range(3))]
    with database.connect() as conn:  # few makers, and versions of the same game by both
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "update registry.game set provider = 'Maker ' || id % 2,"
            " title = 'Game ' || id % 3, version = nullif(id % 4, 0)::text"
        )
    sent: list[tuple[Operator, int, list[Row], str, int]] = []
    for _ in range(batches):
        operator = rng.choice(operators)
        batch = [
            _smaller(one, rng) for one in random_rows(operator, rng.randint(5, 40), rng, MOMENTS)
        ]
        known = [one for other, _, own, _, _ in sent if other is operator for one in own]
        uncancelled = [one for one in known if not one.cancel_reason]
        taken = {one.cancels for one in known if one.cancel_reason}
        targets = [one for one in uncancelled if one.id not in taken]
        for target in rng.sample(targets, min(4, len(targets))):
            after = [one for one in MOMENTS if one >= target.occurred_at] or [NOW]
            batch.append(cancellation(target, max(target.occurred_at, rng.choice(after))))
        stream, sequence = rng.choice(("main", "night")), next(operator.sequences)
        if rng.random() < 0.3:
            sequence = next(operator.sequences)  # leaves a gap
        key = rng.choice((operator.keys["live"], operator.keys["second"]))
        receipt = store(database, operator, batch, key=key, stream=stream, sequence=sequence)
        sent.append((operator, int(receipt["batch_id"]), batch, stream, sequence))
    refusals = _refuse(database, operators, rng)
    arrivals = _spread(database, [one[1] for one in sent], rng)
    world = _told(database, sent, arrivals, refusals)
    _declare(database, world, rng)
    registered(database, world)
    count_players(database)
    _count_rounds(database, world)
    return world, operators


def _smaller(one: Row, rng: random.Random) -> Row:
    """Amounts near each other, so that sums and signs mix; some late besides other marks."""
    amount = rng.randint(1, 10 ** rng.randint(3, 7)) // (3 if one.type == WIN else 1) + 1
    return Row(
        **(
            vars(one)
            | {
                "amount_minor": amount,
                "breach": one.breach | rng.choice((0, 0, 8)),
                # Few accounts, so that they come back on other days.
                "player": UUID(int=rng.randint(1, 9)),
                # Few rounds, so that payouts find bets of the day, of days before, or none.
                "round_id": UUID(int=1 + one.id.int % 40),
            }
        )
    )


def _refuse(database: Database, operators: list[Operator], rng: random.Random) -> list[Refusal]:
    made = []
    with database.connect("dozir_ingest") as conn:
        for number in range(12):
            operator = rng.choice(operators)
            code = rng.choice(("invalid_batch", "duplicate_id", "body_too_large"))
            count = rng.randint(0, 50)
            duplicates = rng.randint(1, 9) if code == "duplicate_id" else 0
            codes = {"duplicate_id": duplicates} if duplicates else {code: 1}
            conn.execute(
                "select ledger.record_refusal"
                "(%s, null, 'main', 9, 422::smallint, %s, 1, %s, 300, %s, '[]', %s)",
                (operator.key.id, code, count, Jsonb(codes), f"request-{number}"),
            )
            made.append((operator, code, count, duplicates))
    moments = _past_moments(len(made), rng)
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        ids = rows(conn, "select id from ledger.refusal order by id")
        for (refusal,), moment in zip(ids, moments, strict=True):
            conn.execute(
                "update ledger.refusal set refused_at = %s where id = %s", (moment, refusal)
            )
    return [
        Refusal(operator.id, operator.key.id, code, count, duplicates, moment)
        for (operator, code, count, duplicates), moment in zip(made, moments, strict=True)
    ]


def _past_moments(number: int, rng: random.Random) -> list[datetime]:
    """Within three weeks, many within the last hours, so that an hour holds several."""
    hours = [rng.choice((0.2, 0.7, 1.1, 1.5, 5, 20, 26, 50, 170, 400)) for _ in range(number)]
    return [NOW - timedelta(hours=hour, seconds=rng.randrange(600)) for hour in hours]


def _spread(database: Database, batches: list[int], rng: random.Random) -> dict[int, datetime]:
    moments = dict(zip(batches, _past_moments(len(batches), rng), strict=True))
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        for batch, moment in moments.items():
            conn.execute("update ledger.batch set received_at = %s where id = %s", (moment, batch))
        # Months last, as they are counted from days.
        for table in ("hour", "game_hour", "day", "game_day", "month"):
            conn.execute(f"truncate rollup.{table}")
            conn.execute(
                f"insert into rollup.{table} select * from"
                f" rollup.recount_{table}('2000-01-01', '2100-01-01')"
            )
    return moments


def _told(
    database: Database,
    sent: list[tuple[Operator, int, list[Row], str, int]],
    arrivals: dict[int, datetime],
    refusals: list[Refusal],
) -> World:
    with database.connect() as conn:
        licences = {
            licence: (operator, kind, until)
            for licence, operator, kind, until in rows(
                conn, "select id, operator_id, gambling_type_id, valid_until from registry.licence"
            )
        }
        games = {
            game: (kind, declared)
            for game, kind, declared in rows(
                conn, "select id, gambling_type_id, declared_rtp_ppm from registry.game"
            )
        }
        keys = dict(rows(conn, "select id, access_key_id from ledger.batch"))
        unrated = [
            value(conn, "select id from registry.gambling_type where code = %s", (code,))
            for code in ("bookmaker", "online_poker")
        ]
    world = World(
        refusals=refusals, licences=licences, games=games, unrated_types=frozenset(unrated)
    )
    taken_back = {
        (operator.id, one.cancels): arrivals[batch]
        for operator, batch, own, _, _ in sent
        for one in own
        if one.cancel_reason
    }
    for operator, batch, own, stream, sequence in sent:
        received = arrivals[batch]
        lags = tuple(
            max((received - one.occurred_at) // timedelta(milliseconds=1), 1) for one in own
        )
        corrections = sum(bool(one.cancel_reason) for one in own)
        world.batches.append(
            Batch(operator.id, keys[batch], stream, sequence, received, lags, corrections)
        )
        for one in own:
            world.facts.append(
                Fact(
                    operator.id,
                    TYPES[one.type],
                    one.amount_minor,
                    -1 if one.cancel_reason else 1,
                    one.occurred_at,
                    received,
                    one.licence_id,
                    licences[one.licence_id][1],
                    one.channel_id,
                    one.game_id,
                    one.equipment_id,
                    one.payment,
                    one.breach,
                    one.currency,
                    batch,
                    str(one.player),
                    taken_back.get((operator.id, one.id)),
                    str(one.round_id),
                    str(one.cancels),
                )
            )
    _recount_arrivals(database, world)
    return world


def _recount_arrivals(database: Database, world: World) -> None:
    """``rollup.ingest_hour`` and the figures of batches, as if they had come at those moments."""
    hours: dict[tuple[int, int, datetime], list[object]] = {}
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        for batch in world.batches:
            buckets = [0] * 160
            for lag in batch.lags_ms:
                buckets[math.floor(4 * math.log2(max(lag, 1)))] += 1
            late = sum(lag > 15 * 60_000 for lag in batch.lags_ms)
            conn.execute(
                "update ledger.batch set lag_histogram = %s, late_count = %s"
                " where operator_id = %s and stream = %s and stream_sequence = %s",
                (buckets, late, batch.operator, batch.stream, batch.sequence),
            )
            hour = batch.received_at.replace(minute=0, second=0, microsecond=0)
            own = hours.setdefault(
                (batch.operator, batch.key, hour), [0, 0, 0, 0, [0] * 160, batch.received_at]
            )
            own[:] = [
                own[0] + 1, own[1] + len(batch.lags_ms), own[2], own[3] + late,
                [a + b for a, b in zip(own[4], buckets, strict=True)],
                max(own[5], batch.received_at),
            ]  # type: ignore[operator, call-overload, type-var]  # fmt: skip
        for one in world.refusals:
            hour = one.refused_at.replace(minute=0, second=0, microsecond=0)
            own = hours.setdefault((one.operator, one.key, hour), [0, 0, 0, 0, [], one.refused_at])
            own[2] += 1  # type: ignore[operator]
            own[5] = max(own[5], one.refused_at)  # type: ignore[type-var]
        conn.execute("truncate rollup.ingest_hour")
        for (operator, key, hour), own in hours.items():
            conn.execute(
                "insert into rollup.ingest_hour (operator_id, shard, access_key_id, hour,"
                " batch_count, row_count, refusal_count, late_count, lag_histogram, last_at)"
                " values (%s, 1, %s, %s, %s, %s, %s, %s, %s, %s)",
                (operator, key, hour, *own),
            )
    with database.connect() as conn:  # then days of what is over, as the job makes them
        conn.execute("truncate rollup.arrival_day")
        conn.execute(
            "update rollup.arrival_progress set counted_until ="
            " (select min(hour) from rollup.ingest_hour)"
        )
        while value(conn, "select maintenance.count_some_arrivals()") is not None:
            pass


def _count_rounds(database: Database, world: World) -> None:
    """Rounds of the days that are closed, as the job counts them."""
    world.closed_at = NOW
    with database.connect() as conn:
        conn.execute("update rollup.round_progress set counted_until = '2000-01-01'")
        while value(conn, "select maintenance.count_some_rounds(%s)", (NOW,)) is not None:
            pass


def _declare(database: Database, world: World, rng: random.Random) -> None:
    """Days and months as operators declare them: some exact, some not, some corrected since."""
    days = sorted({(one.operator, one.day, one.currency) for one in world.facts})
    days = rng.sample(days, min(40, len(days)))
    # Of a day on which nothing came.
    days += [(operator, date(2026, 10, 20), 980) for operator in sorted({one[0] for one in days})]
    for operator, day, currency in days:
        own = [
            one
            for one in world.facts
            if (one.operator, one.day, one.currency) == (operator, day, currency)
        ]
        for version in range(1, rng.choice((1, 1, 2, 3)) + 1):
            off = [rng.choice((0, 0, 0, -1, 5)) for _ in TYPES]
            world.declared_days.append(
                DeclaredDay(
                    operator,
                    day,
                    currency,
                    version,
                    NOW - timedelta(minutes=rng.choice((10, 70, 700, 4000, 40_000)) // version),
                    tuple(
                        count(own, kind) + n for kind, n in zip(TYPES.values(), off, strict=True)
                    ),
                    tuple(
                        money(own, kind) + 100 * n
                        for kind, n in zip(TYPES.values(), off, strict=True)
                    ),
                    rng.randrange(10**7),
                    rng.randrange(10**7),
                    rng.randrange(10**6),
                )
            )
    months = sorted(
        {(one.operator, one.day.replace(day=1), one.gambling_type) for one in world.facts}
    )
    for operator, month, kind in rng.sample(months, min(30, len(months))):
        own = [
            one
            for one in world.facts
            if (one.operator, one.day.replace(day=1), one.gambling_type, one.currency)
            == (operator, month, kind, 980)
        ]
        for version in range(1, rng.choice((1, 1, 2)) + 1):
            world.declared_months.append(
                DeclaredMonth(
                    operator,
                    month,
                    kind,
                    980,
                    version,
                    NOW - timedelta(minutes=rng.choice((10, 700, 40_000)) // version),
                    rng.choice(("cash", "cash", "settlement")),
                    ggr(own) + rng.choice((0, 0, 777)),
                )
            )
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        for one in world.declared_days:
            figures = [n for pair in zip(one.counts, one.sums, strict=True) for n in pair]
            conn.execute(
                "insert into report.declared_day values (%s, %s, %s, %s, %s, 'test', 'test',"
                " %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, sha256(''))",
                (
                    one.operator, one.day, one.currency, one.version, one.declared_at, *figures,
                    one.opening, one.closing, one.open_bets,
                ),
            )  # fmt: skip
        for told in world.declared_months:
            conn.execute(
                "insert into report.declared_month (operator_id, month, currency, gambling_type_id,"
                " version, declared_at, declared_by, reason, basis, ggr_minor, entry_hash)"
                " values (%s, %s, %s, %s, %s, %s, 'test', 'test', %s, %s, sha256(''))",
                (
                    told.operator, told.month, told.currency, told.gambling_type, told.version,
                    told.declared_at, told.basis, told.ggr,
                ),
            )  # fmt: skip


def registered(database: Database, world: World) -> None:
    """Rates of tax, places and equipment as the registers have them."""
    with database.connect() as conn:
        for code, position, kinds in rows(
            conn,
            "select c.code, c.position, array_agg(t.gambling_type_id) from registry.tax_class as c"
            " left join registry.tax_class_type as t on t.tax_class = c.code group by c.code",
        ):
            world.tax_classes[code] = position, frozenset(kinds)
        for id_, kind, tax_class, ppm, base, loss_rule, since, until, verified in rows(
            conn,
            "select id, kind, tax_class, rate_ppm, base, loss_rule,"
            " greatest(valid_from, '2000-01-01'), least(valid_until, '2200-01-01'),"
            " verified_by is not null from registry.tax_rate where base <> 'profit'",
        ):
            world.rates.append(
                Rate(id_, kind, tax_class, ppm, base, loss_rule, since, until, verified)
            )
        for table, things in (("channel", world.channels), ("equipment", world.equipment)):
            for id_, *one in rows(
                conn,
                "select id, operator_id, kind, greatest(active_from, '2000-01-01'),"
                f" least(active_until, '2200-01-01') from registry.{table}",
            ):
                things[id_] = Thing(*one)
        world.windows = dict(
            rows(conn, "select gambling_type_id, window_days from report.settlement_rule")  # type: ignore[arg-type]
        )
        for id_, *maker in rows(conn, "select id, provider, title, version from registry.game"):
            world.makers[id_] = tuple(maker)  # type: ignore[assignment]
        world.accounts_from = value(conn, "select kept_from from rollup.player_progress")
