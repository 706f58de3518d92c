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
        with made.connect() as conn:
            conn.execute("analyze")  # so that pg_stats has something to hide
            conn.execute("select identity.start_demo()")
            conn.execute(
                "with r as (insert into maintenance.run (job, ended_at, outcome)"
                " values ('check_drift', now(), 'alarm') returning id)"
                " insert into maintenance.finding (run_id, object, found)"
                " select id, 'index registry.x', 'added by hand' from r"
            )
            conn.execute(
                "create schema tap; create extension pgtap schema tap;"
                "create extension if not exists plpgsql_check schema tap"
            )
            conn.execute(HELPERS.read_bytes())
            _keep_registers(conn, market)
        yield made


def _keep_registers(conn: Connection, market: Market) -> None:
    """A change under way, a representative, a blocking order and a fee."""
    alpha = market.alpha
    become(conn, "operator", alpha.id)
    [(change,)] = rows(
        conn,
        "select id from api.save_change(null, 'venue', 'amend', %s, null, %s)",
        (alpha.channel["HALL-1"], Jsonb({"opening_hours": "10:00-22:00"})),
    )
    conn.execute("select api.step_change(%s, 'submit')", (change,))
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
