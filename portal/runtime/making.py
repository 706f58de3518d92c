"""A new, empty cluster: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from portal.config import secret
from portal.runtime import account, configuration
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import DATABASE, SUPERUSER, Instance, free_port
from portal.runtime.packages import Binaries


def make(here: Instance, found: Binaries) -> None:
    """``initdb`` and the database, in a folder that gets its name only when all is done."""
    for left in here.folder.glob(".data-*"):  # of a maker that was killed
        shutil.rmtree(left)
    outer = Path(tempfile.mkdtemp(prefix=".data-", dir=here.folder))
    account.open_folder(outer)
    try:
        data = account.private_folder(outer / "data")
        _initdb(data, outer / "password", found)
        configuration.write_first(data)
        configuration.write(data, free_port(), here.socket)
        create = f"CREATE DATABASE {DATABASE}\n"
        _run(found, "postgres", "--single", "-D", data, "template1", stdin=create)
        data.rename(here.data)
    finally:
        shutil.rmtree(outer)


def _initdb(data: Path, password: Path, found: Binaries) -> None:
    """An empty cluster. From 17 on PostgreSQL itself defines the order and case of letters, so an
    upgrade of the C library cannot silently damage an index."""
    password.touch(mode=0o600)
    password.write_text(secret(f"{SUPERUSER}.password"))
    account.give(password, 0o600)
    options = ["--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C"]
    if found.major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--auth=scram-sha-256", "-U", SUPERUSER, f"--pwfile={password}"]
    _run(found, "initdb", "-D", data, *options)


def _run(found: Binaries, program: str, *arguments: str | Path, stdin: str = "") -> None:
    done = account.run([found.program(program), *arguments], found.environment(), stdin)
    if done.returncode:
        raise RuntimeProblem(f"{program} failed:\n{done.stderr.strip() or done.stdout.strip()}")
