"""`dozir serve` with a companion: kept alive, independent of requests, gone when the server is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from portal.runtime.instance import free_port

from .conftest import Place, ask, until

# A command of ours that runs until it is told to stop.
SERVE = """
from portal.server.master import Server
Server("127.0.0.1:{port}", 1, [("db", "psql", "-c", "select pg_sleep(600), '{mark}'")]).run()
"""


def companions_of(master: int) -> set[int]:
    """The processes of psql under a master."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    told: dict[int, bytes] = {}
    for pid in children:
        with suppress(FileNotFoundError):  # it ended this moment
            told[int(pid)] = Path(f"/proc/{pid}/cmdline").read_bytes()
    return {pid for pid, line in told.items() if b"pg_sleep" in line and b"Server(" not in line}


def test_a_companion_is_kept_alive_and_ends_with_the_server(place: Place, tmp_path: Path) -> None:
    port = free_port()
    metrics = tmp_path / "metrics"
    metrics.mkdir()
    with (tmp_path / "log").open("wb") as log:
        master = subprocess.Popen(
            [sys.executable, "-c", SERVE.format(port=port, mark=port)],
            env={
                **os.environ,
                "DOZIR_DATABASE_URL": place.database.url(),
                "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            },
            stdout=log,
            stderr=log,
        )
    try:
        [first] = until(lambda: companions_of(master.pid))
        assert ask(port, "/healthz").status == 200
        os.kill(first, signal.SIGKILL)
        [second] = until(lambda: companions_of(master.pid) - {first})
        assert ask(port, "/healthz").status == 200
        assert master.poll() is None
        workers = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()
        assert len(workers) == 2
        master.terminate()
        assert master.wait(40) == 0
        until(lambda: not Path(f"/proc/{second}").exists())
    finally:
        if master.poll() is None:
            master.kill()
            master.wait()
    assert '"companion ended"' in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ([], ["jobs run", "exports run", "notify run", "sign", "sequence"]),
        (["--no-jobs"], ["sign", "sequence"]),
        (["--no-log"], ["jobs run", "exports run", "notify run"]),
        (["--no-jobs", "--no-log"], []),
    ],
)
@pytest.mark.parametrize("asked", ["", "DOZIR_LOG_POLICY", "DOZIR_TSA"])
def test_they_can_be_left_to_services_of_their_own(monkeypatch, options, runs, asked) -> None:
    from portal import config
    from portal.server import master

    if asked:
        monkeypatch.setenv(asked, "/etc/dozir/file")
        runs = [*runs, "attest run"] if "sequence" in runs else runs
    config.settings.cache_clear()
    started = []
    monkeypatch.setattr(
        master,
        "Server",
        lambda _bind, _workers, commands: type(
            "Recorded", (), {"run": lambda _self: started.append(commands)}
        )(),
    )
    master.main(["--bind", "127.0.0.1:1", "--workers", "1", *options], standalone_mode=False)
    config.settings.cache_clear()
    assert [" ".join(one) for one in started[0]] == runs
