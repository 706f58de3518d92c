"""Where the catalogue says that figures come from is where the functions of reports read."""

from __future__ import annotations

import re
from functools import cache

from portal import config
from tests.support.databases import Connection, column, rows

SQL = config.ROOT / "sql"
OBJECTS = {
    f"{path.parent.parent.name}.{path.stem}": path
    for path in SQL.glob("*/*/*.sql")
    if path.parent.name in ("functions", "views")
}
NAME = re.compile(r"\b(?:api|rollup|ledger|registry|report)\.[a-z_0-9]+\b")
RELATION = re.compile(r"\b((?:rollup|ledger|registry|report)\.[a-z_]+)(?:\.([a-z_0-9]+))?")
# How far rollups are made, and what holds no figures.
NO_FIGURES = {
    *("rollup.arrival_progress", "rollup.game_progress", "rollup.cash_progress"),
    "rollup.player_progress",
}
# What api.report_flows reads for some questions alone: of games, by equipment, under a mark.
OF_GAMES = {"rollup.play_month", "rollup.play_day", "rollup.game_hour"}
BY_EQUIPMENT = {"rollup.game_day"}
OF_MARKS = {"rollup.mark_month", "rollup.mark_day"}
# It is asked by day and so for no month (R02, R06), under marks alone (R06), by game alone (R05).
NEVER_ASKED = {
    "R02": {"rollup.month"},
    "R05": {"rollup.month", "rollup.day", "rollup.hour"},
    "R06": {"rollup.month", "rollup.day", "rollup.mark_month"},
}


def _body(name: str) -> str:
    """A function or view without its comments."""
    text = re.sub(r"^comment on.*?;$", "", OBJECTS[name].read_text(), flags=re.S | re.M)
    return re.sub(r"--.*", "", text)


@cache
def _reached(name: str) -> frozenset[str]:
    """All that a function reads, through the functions and views that it uses."""
    found, ahead = {name}, [name]
    while ahead:
        for one in set(NAME.findall(_body(ahead.pop()))) - found:
            found.add(one)
            if one in OBJECTS:
                ahead.append(one)
    return frozenset(found)


def _read_by(conn: Connection, code: str) -> set[str]:
    """The rollups behind a report's figures."""
    function = f"api.report_{code.lower()}"
    reached = _reached(function)
    asked = {
        *column(conn, f"select dimension from report.report_dimension where report = '{code}'"),
        *column(conn, f"select unnest(filters) from report.report where code = '{code}'"),
    }
    own = "".join(_body(one) for one in reached & OBJECTS.keys() if one != "api.report_flows")
    found = {one for one in reached if one.startswith("rollup.")} - OBJECTS.keys() - NO_FIGURES
    if not asked & {"game", "equipment"} and "on_equipment" not in _body(function):
        found -= OF_GAMES
    if "equipment" not in asked and "rollup_game_day" not in own:
        found -= BY_EQUIPMENT
    if "p_breach =>" not in own:
        found -= OF_MARKS
    return found - NEVER_ASKED.get(code, set())


def test_every_relation_and_column_that_is_named_exists(superuser: Connection) -> None:
    told = column(
        superuser,
        "select source from report.measure union all select source_table from report.report",
    )
    there = set(
        rows(
            superuser,
            "select attrelid::regclass::text, attname from pg_attribute"
            " where attnum > 0 and not attisdropped",
        )
    )
    relations = {relation for relation, _ in there}
    for text in told:
        named = RELATION.findall(text)
        assert named, text
        for relation, name in named:
            assert relation in relations, text
            assert not name or (relation, name) in there, text


def test_every_rollup_behind_a_report_is_named(superuser: Connection) -> None:
    for code, told in rows(superuser, "select code, source_table from report.report order by code"):
        assert _read_by(superuser, code) <= set(NAME.findall(told)), code


def test_every_rollup_that_a_figure_names_is_one_of_its_reports(superuser: Connection) -> None:
    tables = dict(rows(superuser, "select code, source_table from report.report"))
    figures = rows(
        superuser,
        "select m.source, array_agg(o.report) from report.measure as m"
        " join report.report_measure as o on o.measure = m.code group by m.code",
    )
    for source, reports in figures:
        named = {one for one in NAME.findall(source) if one.startswith("rollup.")}
        assert named <= {one for code in reports for one in NAME.findall(tables[code])}, source
