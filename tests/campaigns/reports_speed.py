"""How long reports take over a market of a size: functions as the portal calls them, and pages."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from statistics import median
from typing import Any

from portal import db
from portal.reports import catalogue
from portal.reports.answering import FUNCTIONS
from portal.web.formats import KYIV
from portal.web.periods import preset_period
from tests.campaigns.campaign import say
from tests.support.databases import Database, rows, value
from tests.support.pages import people
from tests.support.servers import serving
from tests.support.streams import Reader

WARM_UP = 2
TURNS = 4
MIDDAY = time_of_day(12, 30)
# A file of a report, made as a job makes it: its rows, and the peak of the process in KiB.
EXPORT = """
import json, resource, sys, tempfile
from pathlib import Path
from werkzeug.datastructures import MultiDict
from portal import create_app, db
from portal.exports.certificate import Taker
from portal.exports.rendering import Bounds, render
from portal.identity.login import Viewer
from portal.reports import exports

code, first, last, by = sys.argv[1:]
viewer = Viewer(0, "regulator", None, "B", "B", "B", "B")
query = MultiDict({"from": first, "to": last, "by": by})
with tempfile.TemporaryDirectory() as folder, create_app().test_request_context("/"):
    with db.acting_as("regulator", actor="campaign") as conn:
        table = exports.build(conn, viewer, {"code": code}, query)
        bind = render(table, "csv", Taker("a", "b", "c"), Path(folder, "f"), Bounds(10**9, ""))
    written = bind()
print(json.dumps([written.row_count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
CURRENCY = 980
Figures = dict[str, Any]
Databases = dict[str, Database]
Call = Callable[[db.Connection], object]
Asked = dict[str, Call]


def functions(databases: Databases, calls: int) -> dict[str, Figures]:
    """Milliseconds (median, 95th percentile) of what pages ask each database, as a regulator."""
    last_days = {name: _last_day(one) for name, one in databases.items()}
    found: dict[str, Figures] = {
        name: {"default": {}, "as_of": {}, "widest": {}} for name in databases
    }

    def measured(asked: Asked) -> dict[str, Figures]:
        return _in_turn(databases, lambda name: partial(_ask, asked[name]), calls)

    for one in _definitions(databases):
        by = ("day",) if "day" in one.dimensions else one.default_by
        days = min(365, one.longest(by))
        usual: Asked = {}
        earlier: Asked = {}
        widest: Asked = {}
        for name, today in last_days.items():
            period = preset_period(one.default_period, today)
            usual[name] = _report(one.code, period.first, period.last, one.default_by)
            noon = datetime.combine(today - timedelta(days=1), MIDDAY, KYIV)
            then = preset_period(one.default_period, noon.date())
            earlier[name] = _report(one.code, then.first, then.last, one.default_by, noon)
            widest[name] = _report(one.code, today - timedelta(days=days - 1), today, by)
        default, before, most = measured(usual), measured(earlier), measured(widest)
        for name, kinds in found.items():
            kinds["default"][one.code] = default[name]
            kinds["as_of"][one.code] = before[name]
            kinds["widest"][one.code] = {"days": days} | most[name]
            say(f"{name} {one.code}: {default[name]} as of {before[name]} widest {most[name]}")
    listed = measured(
        {name: _transactions(*_busiest(databases[name], day)) for name, day in last_days.items()}
    )
    players = measured({name: _players(today) for name, today in last_days.items()})
    for name, kinds in found.items():
        kinds |= {"transactions": listed[name], "players_of_a_quarter": players[name]}
    return found


def pages(databases: Databases, calls: int) -> dict[str, Figures]:
    """Milliseconds of each report's default page, and of the start page, through gunicorn."""
    found: dict[str, Figures] = {name: {} for name in databases}
    paths: dict[str, dict[str, str]] = {"/": dict.fromkeys(databases, "/")}
    for one in _definitions(databases):
        paths[path := f"/reports/{one.code}"] = {}
        for name, database in databases.items():
            period = preset_period(one.default_period, _last_day(database))
            paths[path][name] = f"{path}?from={period.first}&to={period.last}"
    with ExitStack() as servers:
        readers = {}
        for name, database in databases.items():
            with database.as_settings():
                server = servers.enter_context(serving(database))
            readers[name] = Reader(server.port, people(database)["regulator"])

        def opened(asked: dict[str, str], name: str) -> Callable[[], None]:
            return partial(_open, readers[name], asked[name])

        for path, asked in paths.items():
            for name, taken in _in_turn(databases, partial(opened, asked), calls).items():
                found[name][path] = taken
                say(f"{name} {path}: {taken}")
    return found


def exports(database: Database) -> Figures:
    """Rows and peak memory (MiB) of a short and of a long file of R03 by operator and day."""
    today = _last_day(database)
    found: Figures = {}
    with database.as_settings():
        for name, days in (("short", 7), ("long", 28)):
            first = today - timedelta(days=days - 1)
            asked = ["R03", str(first), str(today), "operator,day"]
            done = subprocess.run(
                [sys.executable, "-c", EXPORT, *asked], check=True, capture_output=True
            )
            lines, peak = json.loads(done.stdout.splitlines()[-1])
            found[name] = {"rows": lines, "peak_mib": round(peak / 1024, 1)}
    return found


def _definitions(databases: Databases) -> list[catalogue.Definition]:
    with next(iter(databases.values())).as_settings():
        db.close()
        with db.acting_as("regulator", actor="campaign") as conn:
            return catalogue.read(conn)


def _busiest(database: Database, today: date) -> tuple[int, date]:
    """The operator and day with the most bets before today."""
    with database.connect() as conn:
        operator, day, _ = rows(
            conn,
            "select operator_id, day, sum(bet_count) from rollup.day where day < %s"
            " group by 1, 2 order by 3 desc, 1, 2 limit 1",
            (today,),
        )[0]
    return operator, day


def _last_day(database: Database) -> date:
    """The day on which the market was made, as which a kept one is asked on any later day."""
    with database.connect() as conn:
        last: date = value(conn, "select last_day from campaign.setting")
    return last


def _open(reader: Reader, path: str) -> None:
    page = reader.request("GET", path)
    assert page.status == 200, f"{path} is answered {page.status}"


def _ask(call: Call) -> None:
    with db.acting_as("regulator", actor="campaign") as conn:
        call(conn)


def _report(
    code: str, first: date, last: date, by: tuple[str, ...], as_of: datetime | None = None
) -> Call:
    asked = (FUNCTIONS[code], first, last, list(by), *[None] * 5, CURRENCY, as_of)
    return lambda conn: db.call(conn, *asked)


def _transactions(operator: int, day: date) -> Call:
    """A page of the records behind the busiest operator's busiest day."""
    return lambda conn: conn.execute(
        "select * from api.transactions(%s::date::timestamp at time zone 'Europe/Kyiv',"
        " (%s::date + 1)::timestamp at time zone 'Europe/Kyiv', %s, p_limit => 101)",
        (day, day, [operator]),
    ).fetchall()


def _players(today: date) -> Call:
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return lambda conn: db.call(conn, "api.player_activity", first, today, "quarter", ["operator"])


def _in_turn(
    databases: Databases, once: Callable[[str], Callable[[], None]], calls: int
) -> dict[str, Figures]:
    """What a call takes of each database: a part of the calls of one, then of the next, and so on,
    as a machine is faster in one minute than in another.
    """
    taken: dict[str, list[float]] = {name: [] for name in databases}
    turns = min(TURNS, calls)
    for turn in range(turns):
        share = calls * (turn + 1) // turns - calls * turn // turns
        for name, database in databases.items():
            call = once(name)
            with database.as_settings():
                db.close()
                for number in range(WARM_UP + share):
                    begun = time.perf_counter()
                    call()
                    if number >= WARM_UP:
                        taken[name].append(1e3 * (time.perf_counter() - begun))
                db.close()
    return {name: _told(sorted(of)) for name, of in taken.items()}


def _told(taken: list[float]) -> Figures:
    return {
        "p50": round(median(taken), 1),
        "p95": round(taken[math.ceil(0.95 * len(taken)) - 1], 1),  # by nearest rank
    }
