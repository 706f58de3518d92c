"""`dozir doctor` finds what is wrong around the server, and says how to mend it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from portal import config
from portal.health import readiness
from portal.server import doctor
from tests.support.servers import serving

from .conftest import Place


def examined(place: Place, **extra: str) -> dict[str, list[dict[str, Any]]]:
    """The findings by name."""
    time.sleep(readiness.KEEP_SECONDS)  # so long a server says the same, whatever was altered
    done = subprocess.run(
        [Path(sys.executable).with_name("dozir"), "doctor", "--json"],
        env={**os.environ, "DOZIR_DATABASE_URL": place.database.url(), **extra},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for check in json.loads(done.stdout)["checks"]:
        found.setdefault(check["name"], []).append(check)
    return found


def state(findings: dict[str, list[dict[str, Any]]], name: str) -> set[str]:
    return {check["state"] for check in findings[name]}


def address(findings: dict[str, list[dict[str, Any]]], place: Place) -> dict[str, Any]:
    """What was found of this server; other tests may have theirs running."""
    [own] = [one for one in findings["address"] if f":{place.port}," in one["found"]]
    return own


@pytest.fixture(scope="module")
def found(place: Place) -> dict[str, list[dict[str, Any]]]:
    """The findings where nothing is wrong."""
    return examined(place)


def test_a_fit_installation_is_well(place: Place, found: dict[str, list[dict[str, Any]]]) -> None:
    for name in ("schema", "connections", "time zone", "clocks", "logs", "metrics", "open files"):
        assert state(found, name) == {"ok"}, found[name]
    assert address(found, place)["found"] == f"serving on 127.0.0.1:{place.port}, ready"


def test_demo_mode_on_a_public_address_is_broken(place: Place) -> None:
    with serving(place.database, DOZIR_DATABASE_URL=place.database.url(), host="0.0.0.0"):
        found = examined(place, DOZIR_DEMO="1")
        plain = examined(place, DOZIR_DEMO="")
    assert state(found, "demo") == {"broken"}
    assert "demo" not in plain
    assert "warning" in state(plain, "address")
    assert "nginx" in str(plain["address"])


def test_a_schema_without_a_migration_is_broken(place: Place) -> None:
    change = "update migration._yoyo_migration set migration_id = %r where migration_id = %r"
    place.execute(change % ("0000", "0003_rollup"))
    try:
        found = examined(place)
    finally:
        place.execute(change % ("0003_rollup", "0000"))
    [schema] = found["schema"]
    assert (schema["state"], schema["mend"]) == ("broken", "dozir migrate")
    assert "0003_rollup" in schema["found"]
    own = address(found, place)
    assert (own["state"], "schema: behind" in own["found"]) == ("broken", True)


def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_masters", lambda: [["--bind", "127.0.0.1:1"]])
    [address] = doctor.check_addresses()
    assert (address.state, address.mend) == ("broken", "systemctl restart dozir")


def test_units_of_another_version_are_told(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "INSTALLED", tmp_path)
    assert [finding.state for finding in doctor.check_units()] == ["ok"]
    for path in doctor.UNITS.iterdir():
        (tmp_path / path.name).write_text(path.read_text())
    assert [finding.state for finding in doctor.check_units()] == ["ok"]
    (tmp_path / "dozir.service").write_text("[Service]\n")
    (tmp_path / "dozir.socket").unlink()
    found = {finding.found.split()[0]: finding for finding in doctor.check_units()}
    assert found["dozir.service"].state == "warning"
    assert "systemctl edit" in found["dozir.service"].mend
    assert "socket" in found["without"].found


def test_what_was_changed_by_hand_is_told_until_it_is_mended(place: Place) -> None:
    place.execute("create table public.by_hand ()")
    try:
        [drift] = examined(place)["drift"]
    finally:
        place.execute("drop table public.by_hand")
    assert (drift["state"], drift["mend"]) == ("warning", "dozir migrate --drift")
    assert "public.by_hand" in drift["found"]
    assert "public.by_hand" not in str(examined(place)["drift"])


def test_another_instances_server_is_not_taken_for_ones_own(place: Place) -> None:
    assert f":{place.port}" not in str(examined(place, DOZIR_INSTANCE="another")["address"])


def test_too_few_connections_are_told(place: Place, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_masters", lambda: [["--workers", "64"]])
    with place.database.connect() as conn:
        assert doctor._connections(conn).state == "broken"


@pytest.mark.parametrize(("soft", "state"), [(1024, "warning"), (16384, "ok")])
def test_few_open_files_are_told(monkeypatch, soft: int, state: str) -> None:
    monkeypatch.setattr(doctor.resource, "getrlimit", lambda _: (soft, 65536))
    assert [finding.state for finding in doctor.check_limits()] == [state]


def test_no_secret_is_in_what_it_says(found: dict[str, list[dict[str, Any]]]) -> None:
    said = json.dumps(found)
    for path in config.settings().secrets_dir.iterdir():
        assert path.read_text().strip() not in said
