"""Backups of an instance of their own: the drill, and what is damaged, missing or refused."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from portal import config
from portal.backup import store
from portal.runtime import RuntimeProblem
from tests.campaigns.restore import PASSPHRASE, Own, backed_up, drill, remove, run
from tests.support.databases import value
from tests.support.throwaway import DOZIR, Installation


@pytest.fixture(scope="module")
def drilled() -> Iterator[tuple[Installation, Own]]:
    """An instance with a base backup and an archive, on which a drill was held."""
    with backed_up("drill") as (made, database):
        pepper = made.folder / "secrets/key-pepper"
        pepper.write_text("without it no access key opens")
        pepper.chmod(0o600)
        assert run(made, "backup", "list", code=1).stderr.count("holds no backups") == 1
        seen = drill(made, database, random.Random(3), seconds=2.2)
        assert seen["batches in"] > 20
        assert seen["batches lost and resent"] > 0
        yield made, database


@pytest.fixture
def copied(drilled: tuple[Installation, Own]) -> Iterator[Path]:
    """A copy of the backup folder, to be damaged."""
    made, _ = drilled
    copy = made.folder / "copy"
    subprocess.run(["cp", "-a", made.folder / "backup", copy], check=True)
    yield copy
    shutil.rmtree(copy)


def listed(made: Installation, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(made, "backup", "list", "--json", *arguments).stdout)
    return told


def segments(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "wal").iterdir() if len(path.name) == 28)


def refused(made: Installation, folder: Path, *when: str) -> str:
    """What a restore says that must fail; it leaves no instance behind."""
    target = Installation(f"{made.name}-refused")
    said = run(made, "restore", *when, "--from", str(folder), "--to", target.name, code=1).stderr
    assert not target.folder.exists(), "a half restored instance is left"
    return said


def test_backups_verify_and_say_what_they_reach(drilled: tuple[Installation, Own]) -> None:
    made, _ = drilled
    run(made, "backup", "verify")
    told = listed(made)
    assert told["bases"][0]["verified_at"]
    first, last = (datetime.fromisoformat(told[f"restorable_{end}"]) for end in ("from", "until"))
    assert first < last <= datetime.now(UTC)
    assert "restorable: any moment from" in run(made, "backup", "list").stdout


def test_moments_out_of_reach_name_the_nearest_in_reach(
    drilled: tuple[Installation, Own], copied: Path
) -> None:
    made, _ = drilled
    told = listed(made, "--from", str(copied))
    early = datetime.fromisoformat(told["restorable_from"]) - timedelta(milliseconds=1)
    said = refused(made, copied, "--at", early.isoformat())
    assert "before the first backup" in said
    assert told["restorable_from"].replace("T", " ").removesuffix("+00:00") in said
    late = datetime.fromisoformat(told["restorable_until"]) + timedelta(milliseconds=1)
    said = refused(made, copied, "--at", late.isoformat())
    assert f"--at {told['restorable_until']}" in said
    assert "in the future" in refused(made, copied, "--at", "2100-01-01T00:00:00Z")


def test_missing_segment_is_named(drilled: tuple[Installation, Own], copied: Path) -> None:
    made, _ = drilled
    gone = segments(copied)[-2]
    gone.unlink()
    said = run(made, "backup", "verify", "--from", str(copied), code=1)
    assert said.stdout == f"wal/{gone.name} is missing\n"
    until = listed(made)["restorable_until"]
    assert gone.stem in refused(made, copied, "--at", until)


def test_truncated_segment_is_named(drilled: tuple[Installation, Own], copied: Path) -> None:
    made, _ = drilled
    short = segments(copied)[-1]
    with short.open("r+b") as file:
        file.truncate(short.stat().st_size // 2)
    said = run(made, "backup", "verify", "--from", str(copied), code=1).stdout
    assert f"wal/{short.name} " in said
    assert str(short) in refused(made, copied, "--latest")


def test_segment_under_another_name_is_found(
    drilled: tuple[Installation, Own], copied: Path
) -> None:
    made, _ = drilled
    *_, one, other = segments(copied)
    shutil.copyfile(one, other)
    said = run(made, "backup", "verify", "--from", str(copied), code=1).stdout
    assert said.startswith(f"wal/{other.name} is another segment than its name says")


def test_damaged_base_backup_is_named(drilled: tuple[Installation, Own], copied: Path) -> None:
    made, _ = drilled
    archive = next(copied.glob("base/*/base.tar.zst"))
    with archive.open("r+b") as file:
        file.seek(archive.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    said = run(made, "backup", "verify", "--from", str(copied), code=1).stdout
    assert f"{archive.parent.name}/base.tar.zst" in said
    assert "base" in refused(made, copied, "--latest")
    manifest = archive.with_name("backup_manifest")
    manifest.write_bytes(manifest.read_bytes().replace(b"global/pg_control", b"global/pg_comtrol"))
    said = run(made, "backup", "verify", "--from", str(copied), code=1).stdout
    assert f"{archive.parent.name}/backup_manifest is damaged" in said


def test_secrets_stay_apart_and_sealed(drilled: tuple[Installation, Own]) -> None:
    """Whoever takes the backup disk and the sealed file opens nothing without the passphrase."""
    made, _ = drilled
    folder = made.folder / "backup"
    sealed = made.folder / "sealed"
    link = made.folder / "link"
    link.symlink_to(folder)
    for inside in (folder / "x", link / "x"):
        assert "Keep it apart" in run(made, "backup", "secrets", str(inside), code=1).stderr
    link.unlink()
    before = set(made.folder.iterdir())
    run(made, "backup", "secrets", str(sealed), "--passphrase", "too short", code=1)
    nowhere = str(made.folder / "nowhere" / "x")
    run(made, "backup", "secrets", nowhere, "--passphrase", PASSPHRASE, code=1)
    assert set(made.folder.iterdir()) == before
    pepper = made.folder / "secrets/key-pepper"
    run(made, "backup", "secrets", str(sealed), "--passphrase", PASSPHRASE)
    assert sealed.stat().st_mode & 0o077 == 0
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in pepper.parent.iterdir():
        assert secret.read_bytes() not in sealed.read_bytes() + held, "a secret lies open"
    bare = Installation(f"{made.name}-bare")
    told = ("restore", "--latest", "--from", str(folder), "--to", f"{made.name}-never")
    assert "--secrets" in run(bare, *told, code=1).stderr
    wrong = run(bare, *told, "--secrets", str(sealed), "--passphrase", "wrong", code=1)
    assert "passphrase" in wrong.stderr


def test_runbook_is_followed_word_for_word(drilled: tuple[Installation, Own]) -> None:
    """``docs/backup.md`` in one shell; afterwards history goes on from the chosen moment."""
    made, database = drilled

    def put(n: int) -> str:
        with database.connect(autocommit=True) as conn:
            conn.execute("create table if not exists public.mark (n int)")
            conn.execute("insert into public.mark values (%s)", (n,))
            now: str = value(conn, "select clock_timestamp()").isoformat()
            return now

    def marks(where: Own) -> list[int]:
        with where.rolled_back() as conn:
            found: list[int] = value(conn, "select array_agg(n order by n) from public.mark")
            return found

    moment = put(1)
    put(2)
    asked = run(made, "restore", "--at", moment, "--replace", code=1)
    assert "Aborted" in asked.stderr, "without a yes nothing is replaced"
    assert marks(database) == [1, 2]
    rescue, moved, again = (Installation(name) for name in ("rescue", "moved", "again"))
    safe = made.folder / "safe"
    safe.mkdir()
    try:
        follow(made, AT=moment, BACKUPS=str(made.folder / "backup"), SAFE=str(safe))
        assert marks(Own("dozir", rescue)) == marks(database) == [1]
        assert marks(Own("dozir", moved)) == [1]
        pepper = (moved.folder / "secrets/key-pepper").read_bytes()
        assert pepper == (made.folder / "secrets/key-pepper").read_bytes()
        assert (moved.folder / "secrets/key-pepper").stat().st_mode & 0o077 == 0
        assert len(list(made.folder.glob("data-before-*"))) == 1
        assert "secrets FILE" not in run(made, "backup").stderr, "that was done already"
        told = listed(made)
        assert told["history"] == 2
        [left] = told["left_histories"]
        assert datetime.fromisoformat(left["left_at"]) > datetime.fromisoformat(moment)
        assert "history 1 was left" in run(made, "backup", "list").stdout
        second = put(3)
        put(4)
        run(made, "restore", "--at", second, "--to", again.name)
        assert marks(Own("dozir", again)) == [1, 3]
        there = run(made, "restore", "--at", second, "--to", again.name, code=1).stderr
        assert f"has a database already. Name another, such as --to {again.name}-2" in there
        assert "history 1 was left" in there
    finally:
        for one in (rescue, moved, again):
            remove(one)


def follow(made: Installation, **environment: str) -> None:
    """Run the blocks of shell of the page as one script."""
    page = (config.ROOT / "docs/backup.md").read_text("utf-8")
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == page.count("```sh") > 0
    shell(made, blocks, **environment)


def shell(made: Installation, blocks: list[str], **environment: str) -> None:
    inherited = {k: v for k, v in os.environ.items() if k != "DOZIR_DATABASE_URL"}
    own = {"DOZIR_INSTANCE": made.name, "DOZIR_BACKUP_PASSPHRASE": PASSPHRASE}
    path = {"PATH": f"{DOZIR.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", "\n".join(["set -euxo pipefail", *blocks])],
        env=inherited | own | path | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_pruning_keeps_what_kept_backups_need(drilled: tuple[Installation, Own]) -> None:
    made, _ = drilled
    run(made, "backup")
    bases = listed(made)["bases"]
    run(made, "backup", "prune", "--keep", "1", code=1)  # nobody answered
    assert listed(made)["bases"] == bases
    run(made, "backup", "prune", "--keep", "14d", "--yes")  # at most log from before the first one
    assert listed(made)["bases"] == bases
    assert "Nothing" in run(made, "backup", "prune", "--keep", "14d", "--yes").stdout
    run(made, "backup", "prune", "--keep", "1", "--yes")
    told = listed(made)
    assert [base["name"] for base in told["bases"]] == [bases[-1]["name"]]
    run(made, "backup", "verify")
    run(made, "backup", "prune", "--keep", "0", "--yes", code=1)


def test_what_the_timer_starts_each_night_works(drilled: tuple[Installation, Own]) -> None:
    made, _ = drilled
    unit = (config.ROOT / "deploy/systemd/dozir-backup.service").read_text()
    commands = re.findall(r"^ExecStart=/opt/dozir/\.venv/bin/dozir (.+)$", unit, re.MULTILINE)
    assert [words.split()[:2] for words in commands] == [["backup"], ["backup", "prune"]]
    for words in commands:
        run(made, *words.split())


def test_unreachable_archive_is_told_and_caught_up(drilled: tuple[Installation, Own]) -> None:
    """The backup disk goes away: batches are still taken, the doctor tells, nothing is lost."""
    made, database = drilled
    marker = made.folder / "backup/dozir-backup.json"
    away = marker.with_name("away")
    marker.rename(away)
    with database.connect(autocommit=True) as conn:
        conn.execute("create table public.meanwhile as select 1")
        conn.execute("select pg_switch_wal()")
    deadline = time.monotonic() + 60
    while not json.loads(run(made, "backup", "status", "--json").stdout)["failing"]:
        assert time.monotonic() < deadline, "the failure is not told"
        time.sleep(0.2)
    told = json.loads(run(made, "doctor", "--json", code=1).stdout)
    assert [one["state"] for one in told["checks"] if one["name"] == "backup"] == ["broken"]
    assert "is its disk mounted?" in made.log.read_text()
    away.rename(marker)
    run(made, "backup")
    assert not json.loads(run(made, "backup", "status", "--json").stdout)["failing"]
    run(made, "backup", "verify")


def test_a_folder_that_is_gone_is_told_at_once(drilled: tuple[Installation, Own]) -> None:
    """Before the next segment fails to arrive there."""
    made, _ = drilled
    folder = made.folder / "backup"
    away = folder.rename(made.folder / "away")
    try:
        told = json.loads(run(made, "doctor", "--json", code=1).stdout)
    finally:
        away.rename(folder)
    [backup] = [one for one in told["checks"] if one["name"] == "backup"]
    assert (backup["state"], backup["found"]) == ("broken", f"{folder} is not there")


def test_archive_script_is_whole_or_nothing(
    drilled: tuple[Installation, Own], tmp_path: Path, copied: Path
) -> None:
    made, _ = drilled
    script = tmp_path / "archive-wal"
    script.write_text(
        (made.folder / "archive-wal").read_text().replace(str(made.folder / "backup"), str(copied))
    )
    segment = tmp_path / "segment"
    segment.write_bytes(random.Random(1).randbytes(1024**2))
    name = "0000000900000000000000AA"
    kept = copied / "wal" / f"{name}.zst"

    def archive(limit: int | None = None) -> int:
        def full_disk() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.run(
            ["sh", script, segment, name], check=False, preexec_fn=full_disk, capture_output=True
        ).returncode

    assert archive(limit=4096) != 0
    assert not list(copied.glob(f"wal/*{name}*")), "a piece of a segment is left"
    assert archive() == 0
    first = kept.read_bytes()
    assert archive() == 0, "the same again is no fault: the server may have been killed in between"
    segment.write_bytes(b"other contents")
    assert archive() != 0
    assert kept.read_bytes() == first, "a different file was overwritten"


def test_backup_folder_is_closed_and_belongs_to_one_instance(
    drilled: tuple[Installation, Own], tmp_path: Path
) -> None:
    made, _ = drilled
    folder = made.folder / "backup"
    assert folder.stat().st_mode & 0o077 == 0
    foreign = made.folder / "foreign"
    foreign.mkdir()
    (foreign / "somebody's file").touch()
    assert "not empty" in run(made, "backup", "--to", str(foreign), code=1).stderr
    shutil.rmtree(foreign)
    with pytest.raises(RuntimeProblem, match=f"instance {made.name}"):
        store.claim(folder, "another", "7000000000000000000")


def test_external_database_is_left_to_its_own_tooling(
    drilled: tuple[Installation, Own], monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from portal.cli import main

    monkeypatch.setenv("DOZIR_DATABASE_URL", "postgresql://postgres@127.0.0.1:1/dozir")
    config.settings.cache_clear()
    try:
        for command in (["backup"], ["backup", "list"], ["restore", "--latest"]):
            done = CliRunner().invoke(main, command)
            assert done.exit_code == 1
            assert "docs/backup.md" in done.output
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()


def test_database_follows_an_updated_library(drilled: tuple[Installation, Own]) -> None:
    """The packages were updated: the library that the database names is gone from the disk.

    The catalogue is set back by one version; the script that leads forward is the package's own.
    """
    made, database = drilled
    bypass = "-c timescaledb.disable_load=on"
    with psycopg.connect(database.url(), autocommit=True, options=bypass) as conn:
        offered = value(conn, "select extversion from pg_extension where extname = 'timescaledb'")
        earlier = value(
            conn,
            "select source from pg_extension_update_paths('timescaledb')"
            " where target = %s and path = source || '--' || target"
            " order by string_to_array(source, '.')::int[] desc limit 1",
            (offered,),
        )
        conn.execute("create extension hll version '2.17'")
        conn.execute(
            "update pg_extension set extversion = %s where extname = 'timescaledb'", (earlier,)
        )
        conn.execute(
            "update _timescaledb_catalog.metadata set value = %s where key = 'timescaledb_version'",
            (earlier,),
        )
    query = "select count(*), sum(amount_minor) from ledger.transaction"
    assert "dozir db upgrade" in run(made, "doctor", code=1).stdout
    run(made, "db", "stop")
    assert "dozir db upgrade" in run(made, "db", "start", code=1).stderr
    said = run(made, "db", "upgrade").stdout
    assert f"timescaledb: {earlier} -> {offered}" in said
    assert "hll: 2.17" in said
    run(made, "migrate")
    run(made, "verify")
    with database.rolled_back() as conn:
        assert value(conn, query) > 0
    assert "Every extension" in run(made, "db", "upgrade").stdout


def test_data_that_were_set_aside_are_put_back(drilled: tuple[Installation, Own]) -> None:
    """What the page says under `Back to the data that were set aside`."""
    made, database = drilled
    run(made, "backup")
    with database.connect(autocommit=True) as conn:
        moment = value(conn, "select clock_timestamp()").isoformat()
        conn.execute("create table public.after_it ()")
    run(made, "restore", "--at", moment, "--replace", "--yes")
    page = (config.ROOT / "docs/backup.md").read_text("utf-8")
    block = page.partition("### Back to the data that were set aside")[2].split("```")[1]
    aside = max(made.folder.glob("data-before-*"))
    script = re.sub(r"data-before-\S+", aside.name, block.removeprefix("text\n"))
    script = script.replace("/var/lib/dozir/instances/main", str(made.folder))
    shell(made, [script.replace("/srv/dozir-backup/main-2", str(made.folder / "backup-2"))])
    with database.rolled_back() as conn:
        assert value(conn, "select to_regclass('public.after_it') is not null")
    run(made, "backup", "verify")
    assert not [base for base in listed(made)["bases"] if base["abandoned"]]
