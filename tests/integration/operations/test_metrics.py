"""The figures of all workers together: right, bounded, and for nobody who only visits."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

from portal import config

from .conftest import Place, ask, figures, until

REFUSED = 'dozir_api_refusals_total{code="%s"}'


def moved(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What has changed, and by how much."""
    changes = {name: value - before.get(name, 0) for name, value in after.items()}
    return {name: change for name, change in changes.items() if change}


def test_a_visitor_cannot_read_them(place: Place) -> None:
    page = ask(place.port, "/login")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    form = re.search(r'action="(/login/demo/\d+)"', page.text)
    assert token
    assert form
    entered = ask(
        place.port,
        form[1],
        {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
        "POST",
        f"csrf_token={token[1]}".encode(),
    )
    assert entered.status == 303
    signed_in = {"Cookie": entered.headers["Set-Cookie"].partition(";")[0]}
    right = config.secret("metrics-token")
    for headers in (
        {},
        signed_in,
        {"Authorization": f"Bearer {place.operator.key.text}"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {right[:-1]}"},
        {"Authorization": f"Bearer {right}x"},
        {"Authorization": f"Basic {right}"},
        {"Authorization": right},
        {"Authorization": "Bearer \xd0\x9a"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    ):
        answer = ask(place.port, "/metrics", headers)
        assert answer.status == 401, headers
        assert "dozir_" not in answer.text
        assert "metrics-token" in answer.text, "it says what is wanted"
    assert ask(place.port, f"/metrics?token={right}").status == 401


def test_batches_of_all_workers_are_added_up(place: Place) -> None:
    before, client = figures(place.port), place.client
    for size in range(1, 9):
        client.accepted(client.records(size))
    records = client.records(2)
    key = "5f0f1d2e-5d7c-4b34-9a3e-2f6d3c1b0a99"
    sequence = client.next_sequence()
    for expected in (201, 200):
        answer = client.post(records, idempotency_key=key, sequence=sequence)
        assert answer.status == expected
    client.refused(422, "amount_not_positive", records=[client.record(amount="0.00")])
    posted = 'dozir_http_requests_total{endpoint="ingest.post_batch",method="POST",status="%s"}'

    def counted() -> dict[str, float] | None:
        change = moved(before, figures(place.port))
        return change if change.get(posted % "2xx") == 11 else None

    change = until(counted)
    assert change["dozir_ingest_rows_total"] == 36 + 2 + 1  # `refused` posts a good one after
    assert change['dozir_ingest_batches_total{outcome="new"}'] == 10
    assert change['dozir_ingest_batches_total{outcome="repeated"}'] == 1
    assert change[REFUSED % "amount_not_positive"] == 1
    assert change['dozir_ingest_stage_seconds_count{stage="database"}'] == 11
    assert change['dozir_ingest_stage_seconds_count{stage="decode"}'] == 12
    assert change["dozir_ingest_body_bytes_total"] > 1000
    assert change[posted % "4xx"] == 1


def test_what_is_only_validated_is_not_counted(place: Place) -> None:
    client = place.client
    client.accepted()
    before = figures(place.port)
    assert client.post(client.records(3), path="/validate").status == 200
    assert client.post(body=b"no JSON", path="/validate").code == "malformed_json"
    headers = {"Authorization": "Bearer x"}
    assert client.post(path="/validate", headers=headers).code == "malformed_key"
    changes = moved(before, figures(place.port))
    counted = ("dozir_api", "dozir_ingest_batches", "dozir_ingest_rows", "dozir_ingest_body")
    assert not {name for name in changes if name.startswith(counted)}


def test_what_clients_choose_is_no_label(place: Place) -> None:
    before = set(figures(place.port))
    for path in ("/secret-path-1", "/reports/x?y=secret-value", "/api/v1/batches/987654321"):
        ask(place.port, path)
    for method in ("SECRETVERB", "PROPFIND"):
        ask(place.port, "/login", method=method)
    ask(place.port, "/", {"Host": "secret-host", "User-Agent": "secret-agent"})
    told = figures(place.port)
    assert "secret" not in str(told).lower()
    assert "987654321" not in str(told)
    assert place.operator.code not in str(told)
    assert len(set(told) - before) < 100
    assert 'dozir_http_requests_total{endpoint="none",method="GET",status="4xx"}' in told


def test_the_database_and_the_disk_are_among_them(place: Place) -> None:
    place.client.accepted()
    told = figures(place.port)
    assert told["dozir_database_up"] == 1
    assert told["dozir_database_bytes"] > 1_000_000
    assert told["dozir_database_connections"] <= told["dozir_database_connections_limit"]
    assert told["dozir_disk_free_bytes"] > 0
    assert told["dozir_wal_archive_failures"] == 0
    assert told["dozir_http_in_flight"] >= 1


def test_counts_outlive_their_workers_and_live_gauges_do_not(place: Place) -> None:
    place.client.accepted()
    before = figures(place.port)
    folder = config.settings().metrics_dir / str(place.server.process.pid)
    old = {path.name for path in folder.glob("gauge_live*")}
    os.kill(place.server.process.pid, signal.SIGHUP)
    until(lambda: not old & {path.name for path in folder.glob("gauge_live*")})
    place.client.accepted()
    after = figures(place.port)
    assert after["dozir_ingest_rows_total"] == before["dozir_ingest_rows_total"] + 1


def test_a_server_starts_with_an_empty_folder(place: Place) -> None:
    """What servers that are gone left behind is removed by the next; `place` was started by one."""
    folders = {path.name for path in config.settings().metrics_dir.iterdir()}
    assert str(place.server.process.pid) in folders
    assert all(Path("/proc", name).exists() for name in folders)


def test_what_a_job_found_is_told_to_whoever_watches(place: Place) -> None:
    done = 'dozir_job_done_timestamp_seconds{job="check_rollups"}'
    until(lambda: figures(place.port)[done] > 0)  # the server's own runner has been at it
    place.execute(
        "with r as (insert into maintenance.run (job, outcome, ended_at)"
        " values ('check_rollups', 'alarm', clock_timestamp()) returning id)"
        " insert into maintenance.finding (run_id, object, found)"
        " select r.id, 'rollup.day', 'differs' from r, generate_series(1, 3)"
    )
    found = 'dozir_job_findings{job="check_rollups"}'
    until(lambda: figures(place.port).get(found) == 3)
