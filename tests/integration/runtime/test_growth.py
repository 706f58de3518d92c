"""``dozir db growth``: bytes a day from whole days, and the days that are left."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from portal.runtime import growth
from tests.support.batches import random_rows, store
from tests.support.databases import Database
from tests.support.market import alpha, register


def test_growth_is_that_of_whole_days(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        operator = register(conn, alpha())
    with fresh_database.as_settings():
        nothing = growth.measure()
        assert (nothing.bytes_per_day, nothing.days_measured) == (None, 0)
        for days in (0, 1, 2, 30):  # today is not whole, the last is too long ago
            moment = datetime.now(UTC) - timedelta(days=days)
            store(fresh_database, operator, random_rows(operator, 50, random.Random(1), [moment]))
        found = growth.measure()
    assert found.days_measured == 2
    assert found.bytes_per_day
    assert 0 < found.ledger_bytes < found.database_bytes
    assert found.days_left is None  # the disk of a server that is not ours
    assert any("not ours" in line for line in growth.sentences(found))
