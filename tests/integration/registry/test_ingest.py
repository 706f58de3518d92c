"""What is approved, blocked or revoked reaches the codes of ingest in the same transaction."""

from __future__ import annotations

from typing import Any

from tests.support.databases import Connection, Database, become, value
from tests.support.market import alpha, register


def _codes(conn: Connection, operator_id: int) -> dict[str, Any]:
    found: dict[str, Any] = value(conn, "select ledger.operator_codes(%s)", (operator_id,))
    return found


def test_codes_follow_orders_and_revocations(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        operator = register(conn, alpha())
        before = _codes(conn, operator.id)
        for_ever = value(conn, "select ledger.microseconds('infinity')")
        [[begin, end]] = before["equipment"]["SLOT-1"][1]
        assert end == for_ever
        assert before["equipment"]["SLOT-RETIRED"][1][-1][1] < for_ever
    machine = operator.equipment["SLOT-1"]
    with fresh_database.connect() as conn:
        become(conn, "regulator")
        conn.execute("select api.block_equipment(%s, 'Н-1', 'ПЗ')", (machine,))
        conn.execute("select api.revoke_licence(%s, 'борг')", (operator.licence["A-BETS"],))
        conn.execute("reset role")
        now = value(conn, "select ledger.microseconds(transaction_timestamp())")
    with fresh_database.connect() as conn:
        blocked = _codes(conn, operator.id)
    assert blocked["version"] > before["version"]
    assert blocked["equipment"]["SLOT-1"] == [machine, [[begin, now]]]
    assert blocked["equipment"]["SLOT-2"] == before["equipment"]["SLOT-2"]
    assert blocked["licences"]["A-BETS"][4][-1][1] == now
    with fresh_database.connect() as conn:
        become(conn, "regulator")
        conn.execute("select api.unblock_equipment(%s, 'Н-2', 'усунуто')", (machine,))
        conn.execute("reset role")
        later = value(conn, "select ledger.microseconds(transaction_timestamp())")
    with fresh_database.connect() as conn:
        restored = _codes(conn, operator.id)
    assert restored["version"] > blocked["version"]
    assert restored["equipment"]["SLOT-1"] == [machine, [[begin, now], [later, for_ever]]]
