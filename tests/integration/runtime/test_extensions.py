"""The runtime brings what migrations, reports and tests build on."""

from __future__ import annotations

import pytest

from .conftest import Installation


@pytest.mark.parametrize("name", ["timescaledb", "hll", "pgtap", "plpgsql_check", "pgcrypto"])
def test_extension_can_be_created(running: Installation, name: str) -> None:
    running.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    query = f"SELECT extversion FROM pg_extension WHERE extname = '{name}'"
    assert running.one(query)


def test_hypertable_makes_chunks(running: Installation) -> None:
    running.execute(
        "CREATE EXTENSION IF NOT EXISTS timescaledb",
        "CREATE TABLE event (at timestamptz NOT NULL, n int NOT NULL)",
        "SELECT create_hypertable('event', 'at', chunk_time_interval => interval '1 day')",
        "INSERT INTO event SELECT timestamptz '2026-01-01' + n * interval '1 hour', n"
        " FROM generate_series(0, 71) n",
    )
    assert running.one("SELECT count(*) FROM show_chunks('event')") == 3
    assert running.one("SELECT count(*) FROM event WHERE at >= '2026-01-03'") == 24


def test_only_the_apache_edition_is_used(running: Installation) -> None:
    assert running.one("SHOW timescaledb.license") == "apache"
    assert running.one("SHOW timescaledb.telemetry_level") == "off"


def test_counting_distinct_works(running: Installation) -> None:
    running.execute("CREATE EXTENSION IF NOT EXISTS hll")
    counted = running.one(
        "SELECT hll_cardinality(hll_add_agg(hll_hash_integer(n))) FROM generate_series(1, 1000) n"
    )
    assert 950 < counted < 1050
