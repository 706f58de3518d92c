"""Alive and ready are two questions: each is answered by what is really so, to anyone, quickly."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.support.databases import Database

from .conftest import Answer, Place, ask, until

OK = {"database": "ok", "schema": "ok", "crash_safety": "ok", "log": "ok", "disk": "ok"}


def ready_when(place: Place, wanted: Callable[[Answer], bool]) -> Answer:
    """The first answer of /readyz that is as wanted; what is kept for a second may come before."""

    def look() -> Answer | None:
        answer = ask(place.port, "/readyz")
        return answer if wanted(answer) else None

    found: Answer = until(look)
    return found


def test_a_fit_server_is_alive_and_ready(place: Place) -> None:
    assert ask(place.port, "/healthz").text == "ok\n"
    answer = ask(place.port, "/readyz")
    assert (answer.status, answer.document) == (200, {"ready": True, "checks": OK})


def test_neither_makes_a_session(place: Place) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert "Set-Cookie" not in ask(place.port, path).headers


def test_without_its_database_it_is_alive_and_not_ready(place: Place, database: Database) -> None:
    name = place.database.name
    with database.connect(autocommit=True) as conn:
        conn.execute(f"alter database {name} allow_connections false")
        try:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
            )
            answer = ready_when(place, lambda answer: answer.status == 503)
            assert answer.document["checks"]["database"] == "unreachable"
            assert ask(place.port, "/healthz").status == 200
            for secret in (name, "dozir_portal", "127.0.0.1", "postgres"):
                assert secret not in answer.text
        finally:
            conn.execute(f"alter database {name} allow_connections true")
    # Both workers find it again by themselves.
    until(lambda: all(ask(place.port, "/readyz").status == 200 for _ in range(12)))


def test_a_schema_of_an_older_version_is_not_ready(place: Place) -> None:
    place.execute(
        "update migration._yoyo_migration set migration_id = '0000' where migration_id"
        " = '0004_identity'"
    )
    try:
        answer = ready_when(place, lambda answer: "behind" in answer.document["checks"]["schema"])
        assert answer.status == 503
        assert answer.document["checks"] == OK | {
            "schema": "behind: run dozir migrate",
            "log": "unknown",
        }
    finally:
        place.execute(
            "update migration._yoyo_migration set migration_id = '0004_identity'"
            " where migration_id = '0000'"
        )
    assert ready_when(place, lambda answer: answer.status == 200).status == 200


def test_a_log_that_must_not_go_on_is_not_ready(place: Place) -> None:
    """No receipt's promise could be kept."""
    place.execute("select ledger.note_log_refusal('a fork')")
    try:
        answer = ready_when(place, lambda answer: answer.document["checks"]["log"][:4] == "refu")
        assert answer.status == 503
        assert answer.document["checks"] == OK | {"log": "refused: run dozir doctor"}
    finally:
        place.execute("select ledger.note_log_refusal(null)")
    assert ready_when(place, lambda answer: answer.status == 200).status == 200


def test_a_schema_of_a_newer_version_still_serves(place: Place) -> None:
    """An upgrade migrates first and replaces the portal then."""
    place.execute(
        "insert into migration._yoyo_migration (migration_hash, migration_id)"
        " values ('x', '9999_later')"
    )
    time.sleep(1.1)
    assert ask(place.port, "/readyz").status == 200
    place.execute("delete from migration._yoyo_migration where migration_hash = 'x'")


def test_the_login_that_stores_must_be_crash_safe(place: Place) -> None:
    login = f"role dozir_ingest in database {place.database.name}"
    place.execute(f"alter {login} set synchronous_commit = off")
    try:
        place.disconnect()
        answer = ready_when(
            place, lambda answer: "synchronous_commit" in answer.document["checks"]["crash_safety"]
        )
        assert answer.status == 503
        assert answer.document["checks"]["crash_safety"] == "off: synchronous_commit"
    finally:
        place.execute(f"alter {login} reset synchronous_commit")
        place.disconnect()
    assert ready_when(place, lambda answer: answer.status == 200).document["checks"] == OK
