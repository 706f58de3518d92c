"""How many records there are, from the counts that are kept at commit, and what refers to what."""

from __future__ import annotations

from typing import NamedTuple

from portal import db
from portal.registry.catalogue import Reference


class Referring(NamedTuple):
    """How many records of a kind name a record in one of their attributes."""

    kind: str
    attribute: str
    number: int


def by_state(conn: db.Connection, operator_id: int | None = None) -> dict[str, dict[str, int]]:
    """Records by kind and state, of everybody whom the reader may see or of one operator."""
    rows = conn.execute(
        "select c.kind, c.state, sum(c.record_count)::bigint as number from api.entry_count as c"
        " where %(operator)s::integer is null or c.operator_id = %(operator)s"
        " group by c.kind, c.state having sum(c.record_count) > 0",
        {"operator": operator_id},
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["kind"], {})[row["state"]] = row["number"]
    return found


def referring(conn: db.Connection, target: Reference, operator_id: int) -> list[Referring]:
    """The owner's other records that now refer to this one, by kind and attribute."""
    rows = conn.execute(
        "select a.kind, a.name, (select count(*) from api.entry as e"
        " where e.operator_id = %(operator)s and e.kind = a.kind"
        " and e.recorded_until = 'infinity' and e.document ->> a.name = %(id)s) as number"
        " from api.attribute as a where a.reference_kind = %(kind)s and not a.private"
        " order by a.kind, a.position",
        {"operator": operator_id, "id": str(target.record_id), "kind": target.kind},
    )
    return [Referring(row["kind"], row["name"], row["number"]) for row in rows]
