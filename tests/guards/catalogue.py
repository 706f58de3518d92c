"""Questions to the catalogue that several guards ask."""

from __future__ import annotations

from tests.support.databases import Connection, rows

# Holds data or rules of ours; `migration` belongs to the migrations' library.
OURS = (
    "registry",
    "identity",
    "ledger",
    "rollup",
    "report",
    "protection",
    "audit",
    "maintenance",
    "blocking",
    "open_data",
    "api",
)
CLOSED = tuple(name for name in OURS if name != "api")
CHUNKS = "ledger_chunks"
PINNED = "search_path=pg_catalog, pg_temp"


def tables(conn: Connection) -> list[tuple[str, str]]:
    """(name, owner) of each table and hypertable of ours; chunks are not among them."""
    return rows(
        conn,
        "select format('%%I.%%I', n.nspname, c.relname), pg_get_userbyid(c.relowner)"
        " from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = any (%s) and c.relkind in ('r', 'p') order by 1",
        (list(OURS),),
    )
