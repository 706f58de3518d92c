"""Where this instance's cluster is: folders, port, and the addresses others connect with."""

from __future__ import annotations

import hashlib
import json
import random
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from portal.config import secret, settings
from portal.runtime.account import passable_folder, server_account
from portal.runtime.errors import RuntimeProblem

# One per trust class, see sql/roles.sql.
LOGIN_ROLES = (
    "dozir_migrator",
    "dozir_ingest",
    "dozir_portal",
    "dozir_sequencer",
    "dozir_readonly",
    "dozir_jobs",
    "dozir_public",
)
DATABASE = "dozir"
SUPERUSER = "postgres"
# sun_path is 108 bytes with its closing zero; the file's name is at most .s.PGSQL.65535.lock
SOCKET_PATH_BYTES_MAX = 107 - len("/.s.PGSQL.65535")
# Below the range from which Linux takes ports of outgoing connections (from 32768)
PORTS = range(20000, 32000)


# Names of instances: one folder, never above the others.
INSTANCE_NAME = r"[\w.-]*\w[\w.-]*"


@dataclass(frozen=True)
class Instance:
    """The files of one cluster."""

    folder: Path
    log: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def facts(self) -> Path:
        """The file that remembers the port."""
        return self.folder / "server.json"

    @property
    def socket(self) -> Path:
        """The folder of the socket: beside the data, or short and in /tmp when that is too long."""
        beside = self.folder / "run"
        if len(bytes(beside)) <= SOCKET_PATH_BYTES_MAX:
            return beside
        name = hashlib.sha256(bytes(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"dozir-{server_account().uid}-{name}"

    def prepare(self) -> None:
        """Make the folders that must be there before the lock is taken."""
        passable_folder(self.folder)
        passable_folder(self.log.parent)

    def exists(self) -> bool:
        """Whether a cluster was made here."""
        return (self.data / "PG_VERSION").exists()

    def port(self) -> int | None:
        """The port that was chosen; None before the first start."""
        try:
            port: int = json.loads(self.facts.read_text())["port"]
        except FileNotFoundError:
            return None
        return port

    def remember_port(self, port: int) -> None:
        """Write the port down, whole or not at all."""
        fresh = self.facts.with_suffix(".new")
        fresh.write_text(json.dumps({"port": port}))
        fresh.replace(self.facts)


def instance() -> Instance:
    """The cluster of ``settings().instance``."""
    told = settings()
    return Instance(told.instance_dir, told.log_dir / "postgresql.log")


def named(name: str) -> Instance:
    """The cluster of another instance below the same home."""
    folder = settings().home / "instances" / name
    return Instance(folder, folder / "log" / "postgresql.log")


def names() -> list[str]:
    """The instances that have a database here."""
    return sorted(path.parent.name for path in settings().home.glob("instances/*/data"))


def absent(name: str) -> RuntimeProblem:
    """What to say of an instance that is not there: its name may be mistyped."""
    there = ", ".join(names()) or "none"
    return RuntimeProblem(
        f"There is no instance {name}; there are: {there}."
        f" Make it with: DOZIR_INSTANCE={name} dozir db start"
    )


def free_port() -> int:
    """A loopback port that nobody listens on."""
    for port in random.sample(PORTS, 200):
        if is_free(port):
            return port
    raise RuntimeProblem("No free TCP port between 20000 and 32000 on 127.0.0.1.")


def is_free(port: int) -> bool:
    """Whether the server could listen on 127.0.0.1:port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def maintenance_url() -> str:
    """The superuser's address: the embedded cluster's socket, or DOZIR_DATABASE_URL."""
    return settings().database_url or embedded_url(SUPERUSER)


def role_url(role: str) -> str:
    """The same database for one of ``LOGIN_ROLES``, with that role's generated password."""
    if role not in LOGIN_ROLES:
        raise RuntimeProblem(f"No such login role. There are: {', '.join(LOGIN_ROLES)}.")
    external = settings().database_url
    if external:
        return replace_login(external, role, secret(f"{role}.password"))
    return embedded_url(role)


def embedded_url(role: str) -> str:
    """An address on the embedded cluster's socket."""
    here = instance()
    port = here.port()
    if port is None:
        raise absent(settings().instance)
    login = f"{quote(role, safe='')}:{quote(secret(f'{role}.password'), safe='')}"
    return f"postgresql://{login}@/{DATABASE}?host={quote(str(here.socket), safe='')}&port={port}"


def replace_login(url: str, role: str, password: str) -> str:
    """``url`` with another user and password; all else stays as it was told."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise RuntimeProblem(
            "DOZIR_DATABASE_URL must be an address like postgresql://user@host/db."
        )
    where = parts.netloc.rpartition("@")[2]
    login = f"{quote(role, safe='')}:{quote(password, safe='')}"
    query = "&".join(
        word
        for word in parts.query.split("&")
        if unquote(word.partition("=")[0]) not in {"user", "password"}
    )
    rest = f"{parts.path}?{query}" if query else parts.path
    return f"{parts.scheme}://{login}@{where}{rest}"
