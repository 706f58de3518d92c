"""How long reports take over a market of a size: functions as the portal calls them, and pages."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

from portal import db
from portal.reports import catalogue
from portal.reports.answering import FUNCTIONS
from portal.web.periods import preset_period
from tests.campaigns.campaign import say
from tests.support.databases import Database, rows, value
from tests.support.pages import people
from tests.support.servers import serving
from tests.support.streams import Reader

WARM_UP = 2
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


def functions(database: Database, calls: int) -> Figures:
    """Milliseconds (median, 95th percentile) of what pages ask the database, as a regulator."""
    found: Figures = {"default": {}, "widest": {}}
    with database.as_settings():
        db.close()
        try:
            definitions, today = _definitions(), _last_day(database)
            with database.connect() as conn:
                operator, day, _ = rows(
                    conn,
                    "select operator_id, day, sum(bet_count) from rollup.day where day < %s"
                    " group by 1, 2 order by 3 desc, 1, 2 limit 1",
                    (today,),
                )[0]
            for one in definitions:
                period = preset_period(one.default_period, today)
                found["default"][one.code] = _measure(
                    _report(one.code, period.first, period.last, one.default_by), calls
                )
                by = ("day",) if "day" in one.dimensions else one.default_by
                days = min(365, one.longest(by))
                found["widest"][one.code] = {"days": days} | _measure(
                    _report(one.code, today - timedelta(days=days - 1), today, by), calls
                )
                say(f"{one.code}: {found['default'][one.code]} {found['widest'][one.code]}")
            found["transactions"] = _measure(_transactions(operator, day), calls)
            found["players_of_a_quarter"] = _measure(_players(today), calls)
        finally:
            db.close()
    return found


def pages(database: Database, calls: int) -> Figures:
    """Milliseconds of each report's default page, and of the start page, through gunicorn."""
    found: Figures = {}
    person = people(database)["regulator"]
    with database.as_settings(), serving(database) as server:
        reader = Reader(server.port, person)
        asked = {"/": "/"}
        for one in _definitions():
            period = preset_period(one.default_period, _last_day(database))
            path = f"/reports/{one.code}"
            asked[path] = f"{path}?from={period.first}&to={period.last}"
        db.close()
        for name, path in asked.items():
            found[name] = _measured(lambda path=path: _open(reader, path), calls)  # type: ignore[misc]
            say(f"{name}: {found[name]}")
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


def _definitions() -> list[catalogue.Definition]:
    with db.acting_as("regulator", actor="campaign") as conn:
        return catalogue.read(conn)


def _last_day(database: Database) -> date:
    """The day on which the market was made, as which a kept one is asked on any later day."""
    with database.connect() as conn:
        last: date = value(conn, "select last_day from campaign.setting")
    return last


def _open(reader: Reader, path: str) -> None:
    page = reader.request("GET", path)
    assert page.status == 200, f"{path} is answered {page.status}"


Call = Callable[[db.Connection], object]


def _report(code: str, first: date, last: date, by: tuple[str, ...]) -> Call:
    nothing = [None] * 5
    return lambda conn: db.call(conn, FUNCTIONS[code], first, last, list(by), *nothing, CURRENCY)


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


def _measure(call: Call, calls: int) -> Figures:
    def once() -> None:
        with db.acting_as("regulator", actor="campaign") as conn:
            call(conn)

    return _measured(once, calls)


def _measured(once: Callable[[], object], calls: int) -> Figures:
    taken = []
    for _ in range(WARM_UP + calls):
        begun = time.perf_counter()
        once()
        taken.append(1e3 * (time.perf_counter() - begun))
    taken = sorted(taken[WARM_UP:])
    return {
        "p50": round(median(taken), 1),
        "p95": round(taken[math.ceil(0.95 * len(taken)) - 1], 1),  # by nearest rank
    }
