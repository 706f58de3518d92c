"""What the rows of single operators say, as the oracle of the reports reads it, and whether the
reports say the same to the last digit.
"""

from __future__ import annotations

import itertools
import random
from datetime import datetime, timedelta
from typing import Any

from portal.reports import catalogue
from tests.campaigns.campaign import say
from tests.integration.reports import oracle
from tests.integration.reports.oracle import (
    TYPES,
    Batch,
    DeclaredDay,
    DeclaredMonth,
    Fact,
    Refusal,
    Request,
    World,
)
from tests.integration.reports.questions import answer, compare, connected, queries
from tests.integration.reports.worlds import closed_days, registered
from tests.support.databases import Database, rows, value
from tests.support.market import Operator

MOST_FACTS = 30_000  # the oracle reads each of them for each question


def check(database: Database, seed: int, operators: int, questions: int) -> dict[str, Any]:
    """Ask each report ``questions`` questions of each of some operators; what was compared."""
    rng = random.Random(seed)
    with database.connect() as conn:
        sizes = rows(
            conn,
            "select operator_id from rollup.month group by 1 having sum(bet_count + win_count"
            " + refund_count + deposit_count + withdrawal_count) between 1 and %s order by 1",
            (MOST_FACTS,),
        )
        today = value(conn, "select last_day from campaign.setting")
    chosen = rng.sample([one for (one,) in sizes], min(operators, len(sizes)))
    periods = [
        (today - timedelta(days=days), today - timedelta(days=until))
        for days, until in ((0, 0), (1, 1), (6, 0), (29, 0), (60, 31), (89, 0))
    ]
    longer = [(today - timedelta(days=365), today)]
    compared = 0
    for operator_id in chosen:
        world, operator = _world(database, operator_id)
        with connected(database, "operator", operator_id) as conn:
            definitions = {one.code: one for one in catalogue.read(conn)}
            for code, definition in definitions.items():
                asked = queries(definition, world, [operator], rng, periods, longer)
                for query in itertools.islice(asked, questions):
                    expected = (
                        oracle.r08(world, query, own=True)
                        if code == "R08"
                        else oracle.REPORTS[code](world, query)
                    )
                    compare(answer(conn, code, query), expected, (operator_id, code, query))
                    compared += 1
        say(f"operator {operator_id}: {len(world.facts)} rows say what the reports say")
    return {"operators": chosen, "answers": compared}


def _world(database: Database, operator: int) -> tuple[World, Operator]:
    world = World()
    with database.connect() as conn:
        for id_, owner, kind, until in rows(
            conn,
            "select id, operator_id, gambling_type_id, valid_until from registry.licence"
            " where operator_id = %s",
            (operator,),
        ):
            world.licences[id_] = owner, kind, until
        for id_, *declared in rows(
            conn,
            "select id, gambling_type_id, declared_rtp_ppm, declared_sigma_ppm"
            " from registry.game where operator_id = %s",
            (operator,),
        ):
            world.games[id_] = tuple(declared)
        world.unrated_types = frozenset(
            one
            for (one,) in rows(
                conn,
                "select id from registry.gambling_type where code in ('bookmaker', 'online_poker')",
            )
        )
        known = Operator(operator, "", {})
        for table, code in (("channel", "code"), ("game", "code")):
            found = rows(
                conn, f"select {code}, id from registry.{table} where operator_id = %s", (operator,)
            )
            getattr(known, table).update(found)
        _sent(conn, world, operator)
        _declared(conn, world, operator)
    registered(database, world)
    closed_days(database, world)
    with database.connect() as conn:
        world.closed_at = value(conn, "select counted_until from rollup.round_progress")
    world.channels = {k: one for k, one in world.channels.items() if one.operator == operator}
    world.equipment = {k: one for k, one in world.equipment.items() if one.operator == operator}
    world.register = world.register.of(operator)
    return world, known


def _sent(conn: Any, world: World, operator: int) -> None:
    lags: dict[int, list[int]] = {}
    corrections: dict[int, int] = {}
    for kind, amount, sign, occurred, received, *rest, lag in rows(
        conn,
        "select t.type, t.amount_minor, case when t.cancel_reason = 0 then 1 else -1 end,"
        " t.occurred_at, b.received_at, t.licence_id, t.channel_id, t.game_id, t.equipment_id,"
        " t.payment, t.breach, t.currency, t.batch_id, t.player::text, t.round_id::text,"
        " t.cancels::text, k.received_at,"
        " round(1000 * extract(epoch from b.received_at - t.occurred_at))::bigint"
        " from ledger.transaction as t join ledger.batch as b on b.id = t.batch_id"
        " left join ledger.cancellation as c"
        " on c.operator_id = t.operator_id and c.cancelled_id = t.id"
        " left join ledger.batch as k on k.id = c.batch_id"
        " where t.operator_id = %s",
        (operator,),
    ):
        licence, channel, game, equipment, payment, breach, currency, batch, *last = rest
        player, played, cancels, back = last
        world.facts.append(
            Fact(
                operator, TYPES[kind], amount, sign, occurred, received, licence,
                world.licences[licence][1], channel, game, equipment, payment, breach, currency,
                batch, player, back, played, cancels,
            )
        )  # fmt: skip
        lags.setdefault(batch, []).append(max(lag, 1))
        corrections[batch] = corrections.get(batch, 0) + (sign < 0)
    for batch, key, stream, sequence, received in rows(
        conn,
        "select id, access_key_id, stream, stream_sequence, received_at from ledger.batch"
        " where operator_id = %s",
        (operator,),
    ):
        world.batches.append(
            Batch(operator, key, stream, sequence, received, tuple(lags[batch]), corrections[batch])
        )
        # As the loader has it.
        besides = {0: ["replayed"], 1: ["service_unavailable"]}.get(batch % 50, [])
        for outcome in ["accepted", *besides]:
            world.requests.append(_request(operator, key, outcome, received))
    for key, code, count, duplicates, moment in rows(
        conn,
        "select access_key_id, code, row_count, coalesce((codes ->> 'duplicate_id')::integer, 0),"
        " refused_at from ledger.refusal where operator_id = %s",
        (operator,),
    ):
        world.refusals.append(Refusal(operator, key, code, count, duplicates, moment))
        world.requests.append(_request(operator, key, code, moment))


def _request(operator: int, key: int, outcome: str, moment: datetime) -> Request:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return Request(
        operator, key, "postBatch", outcome, hour, 1, int(outcome == "service_unavailable")
    )


def _declared(conn: Any, world: World, operator: int) -> None:
    for day, currency, version, moment, *rest in rows(
        conn,
        "select day, currency, version, declared_at, bet_count, win_count, refund_count,"
        " deposit_count, withdrawal_count, bet_minor, win_minor, refund_minor, deposit_minor,"
        " withdrawal_minor, opening_balance_minor, closing_balance_minor, open_bets_minor"
        " from report.declared_day where operator_id = %s",
        (operator,),
    ):
        world.declared_days.append(
            DeclaredDay(
                operator, day, currency, version, moment, tuple(rest[:5]), tuple(rest[5:10]),
                *rest[10:],
            )
        )  # fmt: skip
    for month, kind, currency, version, moment, basis, amount in rows(
        conn,
        "select month, gambling_type_id, currency, version, declared_at, basis, ggr_minor"
        " from report.declared_month where operator_id = %s",
        (operator,),
    ):
        world.declared_months.append(
            DeclaredMonth(operator, month, kind, currency, version, moment, basis, amount)
        )
