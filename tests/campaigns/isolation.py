"""Pooled connections that might carry a role or an operator over to whoever comes next.

Six operators whose every code, name and player's pseudonym carries a mark of its own, officials of
every role, and 64 greenlets that ask at random: through gunicorn, any address of the route table
and of the API; and on ``portal.db``'s own pools. Between the requests clients hang up, statements
are cancelled and time out, backends are killed and transactions fail half-way. Every answer is
searched for marks: whose it shows must be whose it may show.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import sql

from portal import config
from tests.campaigns.campaign import Campaign, Task
from tests.support import market
from tests.support.batches import random_rows, store
from tests.support.databases import Database, rows
from tests.support.market import Operator, register
from tests.support.pages import people
from tests.support.servers import serving

OPERATORS = 6
OFFICIALS = ("regulator", "tax_service", "registrar", "auditor")
WORKERS = 2
BATCHES = 3
STATEMENT_TIMEOUT = "400ms"
LONGEST_S = 4 * 3600
CROWD = (
    "from gevent import monkey; monkey.patch_all();"
    "from tests.campaigns import isolation_crowd; isolation_crowd.main()"
)


def run(task: Task) -> dict[str, Any]:
    """``task.rounds`` requests; what was seen. Raises AssertionError at a foreign row."""
    database = task.database
    world = _world(database, random.Random(task.seed))
    _time_out_soon(database, STATEMENT_TIMEOUT)
    try:
        with serving(database, workers=WORKERS) as server:
            return _crowd(
                world | {"seed": task.seed, "requests": task.rounds, "port": server.port}, server
            )
    finally:
        _time_out_soon(database, None)


def _crowd(told: dict[str, Any], server: Any) -> dict[str, Any]:
    """The greenlets have a process of their own: gevent changes what it runs in."""
    done = subprocess.run(
        [sys.executable, "-c", CROWD],
        input=json.dumps(told),
        stdout=subprocess.PIPE,
        text=True,
        timeout=LONGEST_S,
        check=False,
        cwd=config.ROOT,
    )
    assert done.returncode == 0, "the crowd ended; see above"
    seen: dict[str, Any] = json.loads(done.stdout)
    errors = [line for line in server.log().splitlines() if '"level":"error"' in line]
    assert not seen["broken"], "\n".join([*seen["broken"], *errors[-20:]])
    return seen


def _world(database: Database, rng: random.Random) -> dict[str, Any]:
    """Operators, their batches of the day before yesterday, and people, as the crowd is told."""
    marks = [f"{number:06x}" for number in rng.sample(range(16**6), OPERATORS)]
    day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=2)
    with database.connect() as conn:
        operators = [register(conn, _document(mark)) for mark in marks]
    batches = [
        _batches(database, one, mark, rng, day) for one, mark in zip(operators, marks, strict=True)
    ]
    by_code = people(database)
    with database.connect() as conn:
        officials = [
            [role, id_, name]
            for role, id_, name in rows(
                conn,
                "select role, id, name_uk from identity.person"
                " where demo and role = any (%s) order by id",
                (list(OFFICIALS),),
            )
        ]
    return {
        "superuser": database.url(),
        "day": day.date().isoformat(),
        "officials": officials,
        "operators": [
            {
                "id": one.id,
                "mark": mark,
                "key": one.key.text,
                "person": by_code[one.code],
                "batches": own,
            }
            for one, mark, own in zip(operators, marks, batches, strict=True)
        ],
    }


def _document(mark: str) -> dict[str, Any]:
    code = f"ZQ{mark}QZ".upper()
    return market.document(
        code,
        licences=[
            market.licence(f"{code}-ONLINE", "online_casino"),
            market.licence(f"{code}-SLOTS", "slot_hall"),
        ],
        channels=[market.website(f"{code}-SITE"), market.venue(f"{code}-HALL")],
        equipment=[market.machine(f"{code}-SLOT", f"{code}-HALL")],
        games=[
            market.game(f"{code}-BOOK", "online_casino"),
            market.game(f"{code}-FRUITS", "slot_hall"),
        ],
    )


def _batches(
    database: Database, operator: Operator, mark: str, rng: random.Random, day: datetime
) -> list[int]:
    """Batches whose players tell whose they are: 5e, the mark, 5eed, and a number."""
    made = []
    for _ in range(BATCHES):
        batch = [
            replace(one, player=UUID(f"5e{mark}5eed{rng.randrange(16**20):020x}"))
            for one in random_rows(operator, 20, rng, [day])
        ]
        made.append(int(store(database, operator, batch)["batch_id"]))
    return made


def _time_out_soon(database: Database, limit: str | None) -> None:
    """Statements of the portal in this database end soon; None: as they did before."""
    name = sql.Identifier(database.name)
    with database.connect(autocommit=True) as conn:
        for login in ("dozir_portal", "dozir_ingest"):
            words = "set statement_timeout = {}" if limit else "reset statement_timeout"
            conn.execute(
                sql.SQL("alter role {} in database {} " + words).format(
                    sql.Identifier(login), name, *([sql.Literal(limit)] if limit else [])
                )
            )


CAMPAIGN = Campaign(
    "isolation",
    "of 64 who ask at random while clients hang up and statements and backends are killed, none is"
    " ever shown a row of another operator or role",
    run,
    length=100_000,
    unit="requests",
)
