"""What forms of the registers read besides the gateway: own changes, and records to refer to."""

from __future__ import annotations

from collections.abc import Iterable

from portal import db

OFFERED = 200


def own_changes(
    conn: db.Connection, role: str, *, states: list[str] | None, before: int | None, limit: int
) -> list[db.Row]:
    """Changes begun by operators' people for these, by officials for officials; newest first.

    ``reason`` is the last one that was given.
    """
    return conn.execute(
        "select c.id, c.kind, c.action, c.record_id, c.operator_id, c.state, c.created_at,"
        " c.submitted_at, c.decided_at,"
        " coalesce(e.title_uk::text, c.proposed ->> k.title_uk_attribute,"
        " c.proposed ->> k.code_attribute, c.proposed ->> 'file', '') as title_uk,"
        " coalesce(e.title_en::text, c.proposed ->> k.title_en_attribute,"
        " c.proposed ->> k.code_attribute, c.proposed ->> 'file', '') as title_en,"
        " (select v.reason from api.change_event as v where v.change_id = c.id"
        " and v.reason is not null order by v.id desc limit 1) as reason"
        " from api.change as c join api.record_kind as k on k.kind = c.kind"
        " left join api.entry as e on e.kind = c.kind and e.record_id = c.record_id"
        " and e.recorded_until = 'infinity'"
        " where (c.begun_by = 'operator') = (%(role)s::text = 'operator')"
        " and (%(states)s::text[] is null or c.state = any (%(states)s))"
        " and (%(before)s::bigint is null or c.id < %(before)s)"
        " order by c.id desc limit %(limit)s",
        {"role": role, "states": states, "before": before, "limit": limit},
    ).fetchall()


def record_by_code(
    conn: db.Connection, kind: str, code: str, operator_id: int | None
) -> int | None:
    """The operator's record of that code; None where there is none."""
    row = conn.execute(
        "select e.record_id from api.entry as e where e.kind = %s and e.code = %s"
        " and (e.operator_id = %s or e.operator_id = 0) and e.recorded_until = 'infinity'",
        (kind, code, operator_id),
    ).fetchone()
    return row["record_id"] if row else None


def records_to_choose(
    conn: db.Connection, kinds: Iterable[str], operator_id: int | None, title: str
) -> dict[str, list[tuple[str, str]]]:
    """Code and name of the operator's first records in force of each kind, by kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in sorted(set(kinds)):
        rows = conn.execute(
            "select e.code, e.title_uk, e.title_en from api.entry as e"
            " where (e.operator_id = %s or e.operator_id = 0) and e.kind = %s"
            " and e.recorded_until = 'infinity'"
            " and e.until > transaction_timestamp() order by e.title_uk, e.record_id limit %s",
            (operator_id, kind, OFFERED),
        )
        found[kind] = [(row["code"], row[title]) for row in rows]
    return found
