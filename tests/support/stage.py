"""The stage on which pgTAP scripts play: a database of their own with a market and a ledger.

Scripts log in as a real login role. The stage differs from a real database in three things only:
schema ``tap`` (pgTAP and our helpers, ``pgtap.sql``), the right to make temporary tables, in which
pgTAP keeps its results, and the data.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg.types.json import Jsonb

from tests.support.batches import cancellation, random_rows, store
from tests.support.databases import Cluster, Connection, Database, become, rows
from tests.support.market import Market, register_market
from tests.support.players import close_cash, close_players, count_players, players_rows

HELPERS = Path(__file__).with_name("pgtap.sql")
SEED = 20261120
DAYS_BEFORE_GRANTS = (0, 1, 2)
DAY_AFTER_GRANTS = 9  # its chunk is made after all grants were given


@contextmanager
def staged(cluster: Cluster) -> Iterator[Database]:
    """Set the stage; struck in the end."""
    with cluster.fresh() as made:
        market = register_market(made)
        rng = random.Random(SEED)
        now = datetime.now(UTC)
        _play(made, market, rng, [now - timedelta(days=n) for n in DAYS_BEFORE_GRANTS])
        made.migrate()  # grants and policies anew, with chunks there
        _play(made, market, rng, [now - timedelta(days=DAY_AFTER_GRANTS)])
        for operator in market:
            store(made, operator, players_rows(operator, 150, rng, [now - timedelta(days=2)], 40))
        with made.connect() as conn:  # days of arrival and of games, as if the hour were over
            hour_later = now + timedelta(hours=1)
            conn.execute("select maintenance.count_some_games(%s)", (hour_later,))
            while rows(conn, "select maintenance.count_some_arrivals(%s)", (hour_later,)) != [
                (None,)
            ]:
                pass
            # And rounds, as if the days were over.
            while rows(conn, "select maintenance.count_some_rounds(clock_timestamp())") != [
                (None,)
            ]:
                pass
        count_players(made)
        close_players(made)
        with made.connect() as conn:  # requests of the API, some of nobody's
            for operator, key in [*((one.id, one.key.id) for one in market), (0, 0)]:
                conn.execute(
                    "select api.count_requests(array[date_bin('1 hour', now(), '2000-01-01Z')],"
                    " array[%s], array[%s], '{postBatch}', '{accepted}', '{3}', '{0}')",
                    (operator, key),
                )
        close_cash(made)
        with made.connect() as conn:
            # Accounts are counted in the order of the log; scripts give entries their places anew.
            conn.execute(
                "set local session_replication_role = replica;"
                "insert into ledger.unsequenced select entry_id from ledger.leaf;"
                "delete from ledger.leaf; reset session_replication_role"
            )
            conn.execute("analyze")  # so that pg_stats has something to hide
            conn.execute("select identity.start_demo()")
            conn.execute(
                "with r as (insert into maintenance.run (job, ended_at, outcome)"
                " values ('check_drift', now(), 'alarm') returning id)"
                " insert into maintenance.finding (run_id, object, found)"
                " select id, 'index registry.x', 'added by hand' from r"
            )
            conn.execute(
                "with p as (insert into ledger.trust_policy (policy) values ('quorum none')"
                " returning id), c as (insert into ledger.checkpoint (size, root, signed_at, note)"
                " values (1, sha256('1'), now(), 'note')), w as (insert into ledger.cosignature"
                " values (1, 'court', now(), 'line')), t as (insert into ledger.timestamp_token"
                " values (1, 'clock', now(), 'token'))"
                " insert into ledger.quorum (size, policy_id) select 1, id from p"
            )
            conn.execute(
                "with a as (insert into ledger.archived_day (name, day, manifest_sha256, row_count,"
                " batch_count, batches_sha256, totals, stored_bytes) values ('2020-01-01',"
                " '2020-01-01', sha256(''), 0, 0, sha256(''), '[]', 1) returning name, day)"
                " insert into ledger.dropped_day (archive, day) select name, day from a"
            )
            conn.execute(
                "create schema tap; create extension pgtap schema tap;"
                "create extension if not exists plpgsql_check schema tap"
            )
            conn.execute(HELPERS.read_bytes())
            _keep_registers(conn, market)
            _declare(conn, market)
        yield made


def _keep_registers(conn: Connection, market: Market) -> None:
    """Changes under way, a representative, a blocking order and a fee."""
    alpha = market.alpha
    become(conn, "operator", alpha.id)
    [(change,)] = rows(
        conn,
        "select id from api.save_change(null, 'venue', 'amend', %s, null, %s)",
        (alpha.channel["HALL-1"], Jsonb({"opening_hours": "10:00-22:00"})),
    )
    conn.execute("select api.step_change(%s, 'submit')", (change,))
    brand = {"code": "B-1", "name_uk": "Зірка", "name_en": "Star", "active_from": "2026-01-01"}
    [(many,)] = rows(
        conn,
        "select id from api.begin_rows('brand', null, 'brands.csv', %s)",
        (Jsonb([{"row": 2, "proposed": brand}]),),
    )
    for step in ("submit", "withdraw"):
        conn.execute("select api.step_change(%s, %s)", (many, step))
    become(conn, "regulator")
    representative = {
        "code": "R-1", "name_uk": "Олена Гриценко", "name_en": "Olena Hrytsenko",
        "position": "Директор", "powers": ["portal", "propose"], "active_from": "2026-01-01",
        "taxpayer_number": "3184710691", "email": "olena@alpha.example",
    }  # fmt: skip
    [(entered,)] = rows(
        conn,
        "select id from api.save_change(null, 'representative', 'create', null, %s, %s)",
        (alpha.id, Jsonb(representative)),
    )
    conn.execute("select api.step_change(%s, 'enter', 'лист № 1')", (entered,))
    conn.execute("select api.block_equipment(%s, 'Н-1', 'перевірка')", (alpha.equipment["SLOT-2"],))
    conn.execute(
        "select api.set_licence_fee(1::smallint, 100, 980::smallint, '2026-01-01', 'Закон')"
    )
    conn.execute("reset role")


def _play(made: Database, market: Market, rng: random.Random, moments: list[datetime]) -> None:
    """For each operator: two batches, a cancellation, a refusal."""
    for operator in market:
        batch = random_rows(operator, 40, rng, [min(moments), *moments])
        store(made, operator, batch)
        store(made, operator, [cancellation(batch[0]), *random_rows(operator, 5, rng, moments)])
        with made.connect("dozir_ingest") as conn:
            conn.execute(
                "select ledger.record_refusal(%s, null, 'main', 9, 422::smallint,"
                " 'invalid_records', 1, 2, 300, '{\"unknown_licence\": 1}', '[]', 'request')",
                (operator.key.id,),
            )


def _declare(conn: Connection, market: Market) -> None:
    """For each operator a day and a month that it declared, and its open bets; a proposed rate."""
    yesterday = "(now() at time zone 'Europe/Kyiv')::date - 1"
    month = f"date_trunc('month', ({yesterday})::timestamp)::date"
    for operator in market:
        become(conn, "operator", operator.id)
        conn.execute(
            f"select api.declare_day({yesterday}, 980::smallint, 1::smallint,"
            " array[3, 2, 1, 0, 0]::bigint[], array[300, 200, 100, 0, 0]::bigint[], 50, 50, 0)"
        )
        conn.execute(
            f"select api.declare_month(({month} - interval '1 month')::date, 980::smallint,"
            " (select min(gambling_type_id) from api.licence), 1::smallint, 'cash', 1)"
        )
        conn.execute("reset role")
        conn.execute(f"select rollup.measure_open_bets(%s, {month})", (operator.id,))
        # As no bet need have stood open then: all of them are taken for such.
        conn.execute(
            "insert into rollup.open_bet_record"
            f" select t.operator_id, ledger.shard(), {month}, l.gambling_type_id, t.currency,"
            " 'proven', t.id, t.occurred_at from ledger.transaction as t"
            " join registry.licence as l on l.id = t.licence_id"
            " where t.operator_id = %s and t.type = 1",
            (operator.id,),
        )
    conn.execute("select identity.start_demo()")
    conn.execute(
        "select set_config('dozir.person_id', min(id)::text, true) from identity.person"
        " where role = 'tax_service'"
    )
    become(conn, "tax_service")
    conn.execute(
        "select api.propose_tax_rate('set', 'ggr_tax', 'lotteries', 300000, 'ggr', 'floor',"
        " '-infinity', null, 'act', 'source', 'reason')"
    )
    conn.execute(
        "select api.record_tax_payments(jsonb_agg(jsonb_build_object('taxpayer', o.taxpayer_code,"
        " 'kind', 'pit', 'month', '2026-01-01', 'paid_on', '2026-02-10', 'amount_minor', 100,"
        " 'document', 'No 1'))) from api.operator as o"
    )
    conn.execute("reset role")
    conn.execute("select set_config('dozir.person_id', '', true)")
    # A proposal about one of each of those who are appointed, and its step.
    conn.execute(
        "with c as (insert into identity.appointment_change (action, person_id, role, reason,"
        " state, proposed_by, decided_at, decided_by)"
        " select 'suspend', min(p.id), 'officer', 'r', 'refused', 'x', now(), 'y'"
        " from identity.person as p where p.demo and (p.operator_id is not null"
        " or p.role <> 'operator') group by p.role, p.operator_id returning id, person_id)"
        " insert into identity.appointment_event (person_id, change_id, deed, actor)"
        " select person_id, id, 'refused', 'y' from c"
    )
