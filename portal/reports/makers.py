"""Who made a game, and which version of it: several operators' games may share them.

A provider or a version is named by the first game that the reader sees of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, LiteralString

from portal import db
from portal.registry.names import Named

if TYPE_CHECKING:
    from portal.reports.asking import Asked

MOST = 200
# The games that are of the same as some games, and what that is called.
SAME: dict[str, LiteralString] = {
    "provider": "select distinct o.id from api.game as g join api.game as o"
    " on o.provider = g.provider where g.id = any (%s)",
    "version": "select distinct o.id from api.game as g join api.game as o"
    " on o.provider = g.provider and o.title = g.title"
    " and o.version is not distinct from g.version where g.id = any (%s)",
}
LABEL: dict[str, LiteralString] = {
    "provider": "g.provider",
    "version": "concat_ws(' · ', g.title, nullif(g.version, ''), g.provider)",
}
NOTHING = -1  # no game has this id


def named(conn: db.Connection, dimension: str, ids: Iterable[int]) -> dict[int, Named]:
    """Providers or versions by the games that they are named by; unknown ones are left out."""
    rows = conn.execute(
        f"select g.id, {LABEL[dimension]} as label from api.game as g"  # noqa: S608 - of this file
        " where g.id = any (%s)",
        (list(ids),),
    )
    return {row["id"]: _named(row) for row in rows}


def providers(conn: db.Connection) -> list[tuple[int, str]]:
    """The providers to choose from, at most ``MOST``."""
    rows = conn.execute(
        "select min(g.id) as id, g.provider as label from api.game as g group by g.provider"
        " order by g.provider limit %s",
        (MOST,),
    )
    return [(row["id"], row["label"]) for row in rows]


def games_of(conn: db.Connection, asked: Asked) -> list[int] | None:
    """The games that a report is narrowed to, by themselves or by who made them; None: to none."""
    found = {one.id for one in asked.games} if asked.games else None
    for dimension, things in (("provider", asked.providers), ("version", asked.versions)):
        if not things:
            continue
        rows = conn.execute(SAME[dimension], ([one.id for one in things],))
        own = {row["id"] for row in rows}
        found = own if found is None else found & own
    return None if found is None else sorted(found) or [NOTHING]


def _named(row: db.Row) -> Named:
    return Named(row["id"], str(row["id"]), row["label"], row["label"], None)
