"""Which system account the server runs as, and what it may reach.

PostgreSQL refuses to run as root. Started by root, the server and its data belong to the system
user ``dozir``; started by anyone else, everything belongs to that person. Secrets and the command
line always stay with whoever called.
"""

from __future__ import annotations

import contextlib
import getpass
import grp
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.runtime import locks
from portal.runtime.errors import RuntimeProblem

SYSTEM_USER = "dozir"
MAKING_USERS = Path("/run/dozir-users.lock")  # a folder of root's, who alone makes users


@dataclass(frozen=True)
class Account:
    """A numeric account; ``other`` is true when it is not the caller's own."""

    name: str
    uid: int
    gid: int
    other: bool


@cache
def server_account() -> Account:
    """The account of the server, made when root calls for the first time."""
    if os.geteuid() != 0:
        return Account(getpass.getuser(), os.geteuid(), os.getegid(), other=False)
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make_system_user()
        entry = pwd.getpwnam(SYSTEM_USER)
    if entry.pw_uid == 0:
        raise RuntimeProblem(f"The user {SYSTEM_USER} has uid 0; PostgreSQL refuses to run as it.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, other=True)


def make_system_user(name: str = SYSTEM_USER) -> None:
    """``useradd --system``: no password, no shell, no home; nothing where there is that user.

    One process at a time: two ``useradd`` at once give one name two numbers, and the second stays.
    """
    with locks.exclusive(MAKING_USERS):
        if name not in {entry.pw_name for entry in pwd.getpwall()}:
            _add_system_user(name)


def _add_system_user(name: str) -> None:
    command = shutil.which("useradd") or "/usr/sbin/useradd"
    group = "-g" if any(entry.gr_name == name for entry in grp.getgrall()) else "-U"
    arguments = [command, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    arguments += ["--shell", "/usr/sbin/nologin", group]
    arguments += [name, name] if group == "-g" else [name]
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    except FileNotFoundError as error:
        raise RuntimeProblem(
            f"This does not run as root, and there is no useradd to make the system user {name}."
            " Make that user, or run dozir as an ordinary user."
        ) from error
    if done.returncode and name not in {entry.pw_name for entry in pwd.getpwall()}:
        raise RuntimeProblem(
            f"The system user {name}, as which this runs when root starts it, cannot be made"
            f" ({done.stderr.strip()}). Make that user, or run dozir as an ordinary user."
        )


def run(
    arguments: Sequence[str | Path], env: Mapping[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program of the server's, as the server's account, and wait for it."""
    account = server_account()
    return subprocess.run(  # noqa: S603 - programs and arguments are ours
        arguments,
        env=dict(env),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        umask=0o077,
        user=account.uid if account.other else None,
        group=account.gid if account.other else None,
        extra_groups=[] if account.other else None,
    )


def run_detached(arguments: Sequence[str | Path], env: Mapping[str, str], log: Path) -> int:
    """Run a program that leaves a daemon behind; its exit code.

    All it says goes to ``log``, and it gets a session of its own: the daemon holds no pipe of the
    caller, who would otherwise wait for it for ever, and no Ctrl-C in the terminal reaches it.
    """
    account = server_account()
    with log.open("ab") as output:
        return subprocess.run(  # noqa: S603 - programs and arguments are ours
            arguments,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            cwd="/",
            umask=0o077,
            start_new_session=True,
            user=account.uid if account.other else None,
            group=account.gid if account.other else None,
            extra_groups=[] if account.other else None,
        ).returncode


def give(path: Path, mode: int) -> None:
    """Make ``path`` the server's, with exactly ``mode``."""
    account = server_account()
    if account.other:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)


def private_folder(path: Path) -> Path:
    """A folder that only the server's account (and root) may enter; its parents are passable.

    In a folder open to all, such as /tmp, somebody could have taken the name first, or planted a
    link: anything there that is not our own real folder is refused.
    """
    passable_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    status = path.lstat()
    ours = {os.geteuid(), server_account().uid}
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in ours:
        raise RuntimeProblem(f"{path} is in the way and not ours. Remove it.")
    give(path, 0o700)
    return path


def install(text: str, path: Path, mode: int) -> None:
    """Write a file of the server's, whole or not at all, into a folder that may be the server's.

    Root must not open a name in a folder of another account, since it could be a link to
    anything: so the file is made beside that folder, given away, and moved in.
    """
    descriptor, fresh = tempfile.mkstemp(dir=path.parent.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    give(Path(fresh), mode)
    Path(fresh).replace(path)


def passable_folder(path: Path) -> Path:
    """A folder that the server's account can pass through, whatever the umask is.

    Raises RuntimeProblem when a folder that was there before bars the way.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        open_folder(folder)
    check_passable(path)
    return path


def open_folder(path: Path) -> None:
    """Let the server's account pass through a folder of ours, whatever the umask was."""
    if server_account().other:
        path.chmod(0o755)


def check_passable(path: Path) -> None:
    """Refuse a path that the server's account cannot reach, for example below root's home."""
    account = server_account()
    if not account.other:
        return
    for folder in (path, *path.parents):
        status = folder.stat()
        if status.st_uid == account.uid and status.st_mode & stat.S_IXUSR:
            continue
        if not status.st_mode & stat.S_IXOTH:
            raise RuntimeProblem(
                f"The user {account.name} cannot enter {folder}. Allow it (chmod o+x {folder})"
                " or set DOZIR_HOME and DOZIR_CACHE to folders that all users can pass through."
            )
