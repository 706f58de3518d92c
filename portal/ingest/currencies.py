"""The currencies accepted: reference data, read once per worker."""

from __future__ import annotations

from functools import cache

from portal import db


@cache
def currencies() -> dict[str, tuple[int, int]]:
    """ISO code -> (ISO number, minor digits)."""
    with db.acting_as("regulator", actor="ingest") as conn:
        rows = conn.execute("select code, id, minor_digits from api.currency").fetchall()
    return {row["code"]: (row["id"], row["minor_digits"]) for row in rows}
