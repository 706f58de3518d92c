"""Sizes that follow the machine, and files that root may write without being led astray."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.runtime import account, configuration, machine
from portal.runtime.errors import RuntimeProblem
from portal.runtime.locks import exclusive
from portal.runtime.machine import GIB, MIB
from portal.runtime.packages import Binaries


def sizes(monkeypatch: pytest.MonkeyPatch, memory: int, disk: int) -> dict[str, int]:
    monkeypatch.setattr(machine, "memory", lambda: memory)
    monkeypatch.setattr(machine, "free_disk", lambda path: disk)
    text = configuration.settings_text(5432, Path("/run/x"), Path("/data"))
    return {name: int(value) for name, value in re.findall(r"(?m)^(\w+) = '(\d+)MB'", text)}


def test_big_machine_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sizes(monkeypatch, 512 * GIB, 9000 * GIB)
    assert found["shared_buffers"] == 4096
    assert found["max_wal_size"] == 16384
    assert found["maintenance_work_mem"] == 1024


def test_small_machine_keeps_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sizes(monkeypatch, 600 * MIB, 20 * GIB)
    assert found["shared_buffers"] == 100
    assert found["max_wal_size"] == 2048, "a tenth of the free disk"
    assert found["min_wal_size"] < found["max_wal_size"]


def test_full_disk_and_tiny_memory_still_give_valid_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = sizes(monkeypatch, 64 * MIB, 0)
    assert found["shared_buffers"] >= 32
    assert found["work_mem"] >= 4
    assert found["max_wal_size"] >= 2 * 16, "PostgreSQL's own least is two segments"


def test_apostrophe_in_the_socket_path_is_escaped() -> None:
    text = configuration.settings_text(5432, Path("/it's"), Path("/"))
    assert "unix_socket_directories = '/it''s'" in text


def test_planted_link_is_refused_as_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "check_passable", lambda path: None)
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(RuntimeProblem, match="in the way"):
        account.private_folder(tmp_path / "link")


def test_installed_file_replaces_a_planted_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "dozir.conf").symlink_to(victim)
    monkeypatch.setattr(account, "give", lambda path, mode: path.chmod(mode))
    account.install("new", folder / "dozir.conf", 0o600)
    assert victim.read_text() == "untouched"
    assert not (folder / "dozir.conf").is_symlink()


def test_servers_environment_knows_nothing_of_the_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("LD_PRELOAD", "/x.so")
    env = Binaries(17, Path("/bin"), private=True, root=Path("/tree")).environment()
    assert set(env) == {"PATH", "LC_ALL", "LANG", "TZ", "LOCPATH"}


def test_lock_keeps_a_second_holder_out(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "lock"
    with exclusive(path), path.open() as second, pytest.raises(BlockingIOError):
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with path.open() as second:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
