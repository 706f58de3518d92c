"""Places by their kind: a report is narrowed to a kind as to all places of it.

Kinds are those of the register (``api.channel.kind``), as it has them now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db
from portal.registry.names import Named

if TYPE_CHECKING:
    from portal.reports.asking import Asked

NOTHING = -1  # no place has this id
KINDS = {
    one.code: one
    for one in (
        Named(1, "venue", "Заклади", "Venues"),
        Named(2, "website", "Вебсайти", "Websites"),
        Named(3, "mobile_application", "Мобільні застосунки", "Mobile applications"),
    )
}


def places_of(conn: db.Connection, asked: Asked) -> list[int] | None:
    """The places that a report is narrowed to, by themselves or by their kinds; None: to none."""
    chosen = [one.id for one in asked.channels] or None
    if not asked.channel_kinds:
        return chosen
    rows = conn.execute(
        "select c.id from api.channel as c where c.kind = any (%(kinds)s)"
        " and (%(operators)s::integer[] is null or c.operator_id = any (%(operators)s))"
        " and (%(chosen)s::integer[] is null or c.id = any (%(chosen)s)) order by c.id",
        {
            "kinds": [one.code for one in asked.channel_kinds],
            "operators": [one.id for one in asked.operators] or None,
            "chosen": chosen,
        },
    )
    return [row["id"] for row in rows] or [NOTHING]
