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
    KYIV,
    TYPES,
    Batch,
    Certified,
    DeclaredDay,
    DeclaredMonth,
    Fact,
    Limit,
    Payment,
    Rate,
    Refusal,
    Request,
    Term,
    Thing,
    World,
    closes,
    count,
    ggr,
    money,
)
from tests.support.batches import WIN, Row, cancellation, random_rows, store
from tests.support.databases import Connection, Database, rows, value
from tests.support.market import Operator, register_alone, register_market
from tests.support.players import close_cash, count_players

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.astimezone(KYIV).date()
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
    # 28 hours ago is of a day that has closed, whatever hour it is.
    *(NOW - timedelta(hours=n) for n in (0, 1, 2, 5, 24, 28, 48)),
    *(NOW - timedelta(days=n) for n in (7, 8, 30, 365)),
]  # fmt: skip
REBUILT = (
    *("hour", "game_hour", "day", "game_day", "month"),
    *("play_day", "play_month", "equipment_month", "mark_day", "mark_month", "market_mark_day"),
)


def world_in(
    database: Database, seed: int, batches: int = 18, players: int = 9
) -> tuple[World, list[Operator]]:
    """Fill a fresh database; what was sent, and the operators. Of how fewer than ten accounts of an
    operator play nothing is told: that takes more ``players``.
    """
    rng = random.Random(seed)
    with database.connect() as conn:  # on either side of where a set of operators ends
        conn.execute("alter table registry.operator alter column id restart with 1022")
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
            _smaller(one, rng, players)
            for one in random_rows(operator, rng.randint(5, 40), rng, MOMENTS)
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
    _ask(database, world, operators, rng)
    _certify(database, rng)
    _set_rates(database, rng)
    registered(database, world)
    count_players(database)
    _close(database)
    _count_rounds(database, world)
    _counted_before(database, world)
    closed_days(database, world)
    return world, operators


def _set_rates(database: Database, rng: random.Random) -> None:
    """Rates that were recorded long ago, one of each kind of tax anew some hours ago."""
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("update registry.tax_rate set recorded_from = '2020-01-01'")
        moment = NOW - timedelta(hours=rng.choice((8, 30)))
        for (id_,) in rows(
            conn, "select distinct on (kind) id from registry.tax_rate where base <> 'profit'"
        ):
            conn.execute(
                "with stood as (update registry.tax_rate set recorded_until = %(moment)s"
                " where id = %(id)s returning *) insert into registry.tax_rate (kind, tax_class,"
                " rate_ppm, base, loss_rule, valid_from, valid_until, act, source, verified_by,"
                " verified_at, recorded_from) select kind, tax_class, rate_ppm + 12345, base,"
                " loss_rule, valid_from, valid_until, act, source, 'second', now(), %(moment)s"
                " from stood",
                {"moment": moment, "id": id_},
            )


def _recorded(rng: random.Random) -> tuple[datetime, datetime | None]:
    """When a payment was recorded, and when it was taken back: one of five was."""
    at = NOW - timedelta(minutes=rng.choice((20, 700, 40_000)))
    return at, None if rng.random() < 0.8 else at + (NOW - at) * rng.choice((0.1, 0.9))


def _counted_before(database: Database, world: World) -> None:
    """As if days had been counted when they closed, and again whenever anything of them came."""
    cash: dict[date, datetime] = {}
    rounds: dict[tuple[int, date], datetime] = {}
    for fact in world.facts:
        cash[fact.day] = max(
            fact.received_at, closes(fact.day), cash.get(fact.day, fact.received_at)
        )
        for other in world.facts:
            if other.operator == fact.operator and 0 <= (other.day - fact.day).days <= 31:
                key = other.operator, other.day
                moments = fact.received_at, closes(other.day)
                rounds[key] = max(*moments, rounds.get(key, moments[0]))
    with database.connect() as conn:
        for day, moment in cash.items():
            conn.execute(
                "update rollup.cash_progress set made_at = %s where day = %s", (moment, day)
            )
        for (operator, day), moment in rounds.items():
            conn.execute(
                "update rollup.matched_day set counted_at = %s where operator_id = %s and day = %s",
                (moment, operator, day),
            )


def _smaller(one: Row, rng: random.Random, players: int) -> Row:
    """Amounts near each other, so that sums and signs mix; some late besides other marks."""
    amount = rng.randint(1, 10 ** rng.randint(3, 7)) // (3 if one.type == WIN else 1) + 1
    return Row(
        **(
            vars(one)
            | {
                "amount_minor": amount,
                "breach": one.breach | rng.choice((0, 0, 8)),
                # Few accounts, so that they come back on other days.
                "player": UUID(int=rng.randint(1, players)),
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
        # Each before what is counted from it.
        for table in REBUILT:
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
            game: (kind, declared, spread)
            for game, kind, declared, spread in rows(
                conn,
                "select id, gambling_type_id, declared_rtp_ppm, declared_sigma_ppm"
                " from registry.game",
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
                (batch.operator, batch.key, hour),
                [0, 0, 0, 0, [0] * 160, batch.received_at, [0] * 60],
            )
            own[6][batch.received_at.minute] += len(batch.lags_ms)  # type: ignore[index]
            own[:] = [
                own[0] + 1, own[1] + len(batch.lags_ms), own[2], own[3] + late,
                [a + b for a, b in zip(own[4], buckets, strict=True)],
                max(own[5], batch.received_at), own[6],
            ]  # type: ignore[operator, call-overload, type-var]  # fmt: skip
        for one in world.refusals:
            hour = one.refused_at.replace(minute=0, second=0, microsecond=0)
            own = hours.setdefault(
                (one.operator, one.key, hour), [0, 0, 0, 0, [], one.refused_at, []]
            )
            own[2] += 1  # type: ignore[operator]
            own[5] = max(own[5], one.refused_at)  # type: ignore[type-var]
        conn.execute("truncate rollup.ingest_hour")
        for (operator, key, hour), own in hours.items():
            conn.execute(
                "insert into rollup.ingest_hour (operator_id, shard, access_key_id, hour,"
                " batch_count, row_count, refusal_count, late_count, lag_histogram, last_at,"
                " minute_rows) values (%s, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s::bigint[])",
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


def _ask(database: Database, world: World, operators: list[Operator], rng: random.Random) -> None:
    """Requests of the API as workers hand them over: some of nobody's, some failed, some again."""
    for _ in range(40):
        operator = rng.choice([*operators, None])
        key = rng.choice((operator.keys["live"].id, operator.keys["second"].id)) if operator else 0
        outcome = rng.choice(
            ("accepted", "replayed", "ok", "duplicate_id", "internal_error", "service_unavailable")
        )
        number = rng.randint(1, 90)
        failed = outcome in ("internal_error", "service_unavailable")
        moment = rng.choice((*_past_moments(1, rng), rng.choice(MOMENTS)))
        world.requests.append(
            Request(
                operator.id if operator else 0,
                key,
                rng.choice(("postBatch", "listBatches", "declareDays")),
                outcome,
                moment.replace(minute=0, second=0, microsecond=0),
                number,
                number if failed else 0,
            )
        )
    half = len(world.requests) // 2
    with database.connect() as conn:
        # As two workers do, and one of them twice the same.
        for own in (world.requests[:half], world.requests[half:], world.requests[:1]):
            told = [
                (one.hour, one.operator, one.key, one.endpoint, one.outcome, one.number, one.faults)
                for one in own
            ]
            conn.execute(
                "select api.count_requests(%s, %s, %s, %s, %s, %s, %s)",
                [list(column) for column in zip(*told, strict=True)],
            )
    world.requests.append(world.requests[0])


def _close(database: Database) -> None:
    """Days and months that are over, as jobs make them: by amount, by cohort."""
    with database.connect() as conn:
        conn.execute("update maintenance.setting set cash_from = '2000-01-01'")
        for kind, since, least, verifier in (
            ("large_deposit", date(2026, 1, 1), 300_00, None),
            ("large_deposit", TODAY - timedelta(days=20), None, None),
            ("large_deposit", TODAY - timedelta(days=7), 70_00, "second"),
            ("pass_deposit", date(2025, 12, 1), 10_00, None),
        ):
            conn.execute(
                "insert into registry.cash_limit"
                " (kind, valid_from, value, act, set_by, verified_by, verified_at)"
                " values (%(kind)s, %(since)s, %(least)s, 'test', 'first', %(by)s,"
                " case when %(by)s::text is not null then now() end)",
                {"kind": kind, "since": since, "least": least, "by": verifier},
            )
        for table, function in (
            ("account_cohort", "account_cohorts"),
            ("cohort_sum", "cohort_sums"),
        ):
            conn.execute(
                f"insert into rollup.{table} select r.* from rollup.player_period as p"
                f" cross join lateral rollup.{function}(p.period_start, least("
                "rollup.period_end(p.grain, p.period_start), rollup.last_closed_day())) as r"
                " where p.grain = 'month'"
                " and p.period_start >= (select kept_from from rollup.player_progress)"
            )
        conn.execute(
            "insert into rollup.account_spread select r.* from rollup.player_period as p"
            " cross join lateral rollup.spread_accounts(p.grain, p.period_start, least("
            "rollup.period_end(p.grain, p.period_start), rollup.last_closed_day())) as r"
            " where p.period_start >= (select kept_from from rollup.player_progress)"
        )
    close_cash(database)


def closed_days(database: Database, world: World) -> None:
    """What is counted of closed days, as far as the database has come."""
    with database.connect() as conn:
        world.counted_at = dict(rows(conn, "select day, made_at from rollup.cash_progress"))  # type: ignore[arg-type]
        world.counted_days = frozenset(world.counted_at)
        world.matched_at = {
            (operator, day): moment
            for operator, day, moment in rows(
                conn, "select operator_id, day, counted_at from rollup.matched_day"
            )
        }
        world.closed_day = value(conn, "select rollup.last_closed_day()")
        world.spread_until = {
            (grain, start): until
            for grain, start, until in rows(
                conn, "select grain, period_start, until_day from rollup.account_spread"
            )
        }
        world.limits = [
            Limit(*one)
            for one in rows(
                conn,
                "select id, kind, valid_from, value, verified_at"
                " from registry.cash_limit where replaced_at is null",
            )
        ]


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
    for operator, month, _ in rng.sample(months, min(20, len(months))):
        world.payments += [
            Payment(operator, kind, month, rng.randrange(1, 10**7), *_recorded(rng))
            for kind in rng.sample(("ggr_tax", "pit", "military_levy"), 2)
        ]
    # Of a month in which nothing came.
    world.payments.append(Payment(months[0][0], "pit", date(2026, 7, 1), 500, NOW, None))
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        for number, paid in enumerate(world.payments):
            conn.execute(
                "insert into registry.tax_payment (operator_id, kind, month, paid_on,"
                " amount_minor, document, recorded_by, recorded_at, recorded_until, taken_back_by,"
                " taken_back_reason) values (%s, %s, %s, %s, %s, %s, 'test', %s,"
                " coalesce(%s::timestamptz, 'infinity'), %s, %s)",
                (
                    paid.operator, paid.kind, paid.month, paid.month + timedelta(days=40),
                    paid.amount, f"No {number}", paid.recorded_at, paid.taken_back_at,
                    *(["test", "a mistake"] if paid.taken_back_at else [None] * 2),
                ),
            )  # fmt: skip
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
        conn.execute(
            "insert into report.declared_days"
            " select * from report.recount_declared_days('-infinity', 'infinity')"
        )
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


def _certify(database: Database, rng: random.Random) -> None:
    """Certificates that hold, will hold and held; software under one, under two, under none."""
    spans = [(-900, -400), (-800, -20), (-700, 700), (-10, 30), (50, 90)]
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        supplier = value(
            conn,
            "insert into registry.supplier (code, name_uk, name_en, country, supplies,"
            " licence_number, valid_from) values ('S', 'С', 'S', 'UA', '{software}', 'S-1',"
            " '2020-01-01') returning id",
        )
        product = value(
            conn,
            "insert into registry.product (code, supplier_id, name, version, product_kind,"
            " active_from) values ('P', %s, 'P', '1', 'game', '2020-01-01') returning id",
            (supplier,),
        )
        for number, (since, until) in enumerate(spans):
            conn.execute(
                "insert into registry.certificate (number, product_id, issuer, software_sha256,"
                " valid_from, valid_until) values (%s, %s, 'L', %s, %s, %s)",
                (
                    f"N-{number}",
                    product,
                    f"{number // 2:064x}",
                    NOW + timedelta(days=since),
                    NOW + timedelta(days=until),
                ),
            )
        for table in ("game", "equipment"):
            for (id_,) in rows(conn, f"select id from registry.{table} order by id"):
                conn.execute(
                    f"update registry.{table} set software_sha256 = %s where id = %s",
                    (rng.choice((None, f"{0:064x}", f"{1:064x}", f"{9:064x}")), id_),
                )
                if table == "game":
                    conn.execute(
                        "update registry.game set certificate = %s where id = %s",
                        (rng.choice((None, "N-1", "N-2", "N-9")), id_),
                    )


def _register(conn: Connection, world: World) -> None:
    """Terms of licences and keys, and certificates."""
    for id_, operator, since, until, revoked in rows(
        conn,
        "select id, operator_id, valid_from, least(valid_until, '2200-01-01'),"
        " coalesce(revoked_at, '2200-01-01') from registry.licence",
    ):
        suspended = rows(
            conn,
            "select suspended_from, least(suspended_until, '2200-01-01')"
            " from registry.licence_suspension where licence_id = %s and withdrawn_at is null",
            (id_,),
        )
        world.register.licences[id_] = Term(operator, since, until, revoked, tuple(suspended))
    for operator, since, until, revoked in rows(
        conn,
        "select operator_id, created_at, least(expires_at, '2200-01-01'),"
        " least(revoked_at, '2200-01-01') from registry.access_key where mode = 'live'",
    ):
        world.register.keys.append(Term(operator, since, until, revoked))
    certificates = rows(
        conn, "select number, software_sha256, valid_from, valid_until from registry.certificate"
    )
    for operator, since, until, sha256, number in rows(
        conn,
        "select operator_id, greatest(active_from, '2000-01-01'),"
        " least(active_until, '2200-01-01'), software_sha256, certificate from registry.game"
        " union all select operator_id, greatest(active_from, '2000-01-01'),"
        " least(active_until, '2200-01-01'), software_sha256, null from registry.equipment",
    ):
        own = [
            (valid_from, valid_until)
            for told, software, valid_from, valid_until in certificates
            if told == number or software == sha256
        ]
        world.register.certified.append(Certified(operator, since, until, tuple(own)))


def registered(database: Database, world: World) -> None:
    """Rates of tax, places and equipment as the registers have them."""
    with database.connect() as conn:
        for code, position, kinds in rows(
            conn,
            "select c.code, c.position, array_agg(t.gambling_type_id) from registry.tax_class as c"
            " left join registry.tax_class_type as t on t.tax_class = c.code group by c.code",
        ):
            world.tax_classes[code] = position, frozenset(kinds)
        for id_, kind, tax_class, ppm, base, loss_rule, since, until, *recorded in rows(
            conn,
            "select id, kind, tax_class, rate_ppm, base, loss_rule,"
            " greatest(valid_from, '2000-01-01'), least(valid_until, '2200-01-01'),"
            " verified_by is not null, recorded_from, least(recorded_until, '2300-01-01')"
            " from registry.tax_rate where base <> 'profit'",
        ):
            world.rates.append(
                Rate(id_, kind, tax_class, ppm, base, loss_rule, since, until, *recorded)
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
        world.regions.update(
            rows(
                conn,
                "select c.id, coalesce(h.position, 0) from registry.channel as c"
                " left join registry.venue as v on v.channel_id = c.id"
                " left join registry.choice as h on h.list = 'region' and h.value = v.region",
            )
        )
        world.accounts_from = value(conn, "select kept_from from rollup.player_progress")
        _register(conn, world)
