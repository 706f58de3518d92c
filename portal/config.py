"""Where this instance keeps its things and what it was told: the only reader of the environment."""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_STATE = Path("/var/lib/dozir")
SOCKET_PATH_BYTES_MAX = 107  # sun_path is 108 bytes with its closing zero
LOOPBACK = "127.0.0.1 ::1"
CHOICES = {
    "DOZIR_LOG_FORMAT": ("json", "text"),
    "DOZIR_LOG_LEVEL": ("debug", "info", "warning", "error"),
}


@dataclass(frozen=True)
class Settings:
    """What the environment says; every field has a default that suits one machine.

    ``instance`` names one independent installation (database, secrets, logs): it defaults to the
    checkout's folder name and a hash of its path, so that two checkouts never share a database.
    The seconds are how long a client may take: from the first byte of a request to the end of its
    headers, for the whole body, and from one request to the next.
    """

    home: Path
    cache: Path
    instance: str
    database_url: str | None
    demo: bool
    debian_mirror: str | None
    group_commit: bool
    header_seconds: float
    body_seconds: float
    idle_seconds: float
    backup_dir: Path | None
    archive: str | None
    journal: str | None
    log_origin: str | None
    signer: Path | None
    signer_address: Path | None
    signer_client: str | None
    tiles: Path | None
    log_policy: Path | None
    tsa: Path | None
    trust: Path | None
    signing_widget: Path | None
    smtp: str | None
    smtp_user: str | None
    smtp_password: Path | None
    smtp_ca: Path | None
    mail_from: str | None
    public_url: str | None
    log_format: Literal["json", "text"]
    log_level: Literal["debug", "info", "warning", "error"]
    access_log: bool
    trusted_proxies: frozenset[str]

    @property
    def instance_dir(self) -> Path:
        return self.home / "instances" / self.instance

    @property
    def log_dir(self) -> Path:
        return self.instance_dir / "log"

    @property
    def metrics_dir(self) -> Path:
        return self.instance_dir / "metrics"

    @property
    def journal_dir(self) -> Path:
        """Where the leaf journal is: better on another disk than the database."""
        return Path(self.journal).absolute() if self.journal else self.instance_dir / "journal"

    @property
    def signer_dir(self) -> Path:
        """Where the log's signer keeps its keys and its state: outside of the database."""
        return self.signer or self.instance_dir / "signer"

    @property
    def signer_socket(self) -> Path:
        """The socket that the signer listens on: in its folder, or short and in /tmp."""
        beside = self.signer_address or self.signer_dir / "socket"
        if len(bytes(beside)) <= SOCKET_PATH_BYTES_MAX:
            return beside
        name = hashlib.sha256(bytes(self.signer_dir)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"dozir-signer-{name}"

    @property
    def tiles_dir(self) -> Path:
        """What is served under /log/: tiles, the checkpoint, the policy."""
        return self.tiles or self.instance_dir / "tiles"

    @property
    def archive_dir(self) -> Path:
        """Where archives of days go: better on another disk than the database."""
        return Path(self.archive).absolute() if self.archive else self.instance_dir / "archive"

    @property
    def demo_authority_dir(self) -> Path:
        """Keys and certificates of a demonstration's identities, and of who issued them."""
        return self.instance_dir / "demo-authority"

    @property
    def trust_dir(self) -> Path:
        """Whose signatures count: without DOZIR_TRUST a demonstration trusts its own authority."""
        beside = self.demo_authority_dir if self.demo else self.instance_dir
        return self.trust or beside / "trust"

    @property
    def secrets_dir(self) -> Path:
        return self.instance_dir / "secrets"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    root = os.geteuid() == 0
    user_home = Path.home()
    data_home = Path(os.environ.get("XDG_DATA_HOME") or user_home / ".local" / "share")
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or user_home / ".cache")
    home = os.environ.get("DOZIR_HOME") or (SYSTEM_STATE if root else data_home / "dozir")
    cache_dir = os.environ.get("DOZIR_CACHE") or (
        SYSTEM_STATE / "cache" if root else cache_home / "dozir"
    )
    return Settings(
        home=Path(home).absolute(),
        cache=Path(cache_dir).absolute(),
        instance=os.environ.get("DOZIR_INSTANCE") or default_instance(ROOT),
        database_url=os.environ.get("DOZIR_DATABASE_URL") or None,
        demo=os.environ.get("DOZIR_DEMO", "") == "1",
        debian_mirror=os.environ.get("DOZIR_DEBIAN_MIRROR") or None,
        group_commit=os.environ.get("DOZIR_GROUP_COMMIT", "") != "0",
        header_seconds=_seconds("DOZIR_HEADER_SECONDS", 10),
        # 8 MiB at 2.3 Mbit/s.
        body_seconds=_seconds("DOZIR_BODY_SECONDS", 30),
        idle_seconds=_seconds("DOZIR_IDLE_SECONDS", 75),
        backup_dir=_path("DOZIR_BACKUP_DIR"),
        archive=os.environ.get("DOZIR_ARCHIVE_DIR") or None,
        journal=os.environ.get("DOZIR_JOURNAL") or None,
        log_origin=os.environ.get("DOZIR_LOG_ORIGIN") or None,
        signer=_path("DOZIR_SIGNER"),
        signer_address=_path("DOZIR_SIGNER_SOCKET"),
        signer_client=os.environ.get("DOZIR_SIGNER_CLIENT") or None,
        tiles=_path("DOZIR_TILES"),
        log_policy=_path("DOZIR_LOG_POLICY"),
        tsa=_path("DOZIR_TSA"),
        trust=_path("DOZIR_TRUST"),
        signing_widget=_path("DOZIR_SIGNING_WIDGET"),
        smtp=os.environ.get("DOZIR_SMTP") or None,
        smtp_user=os.environ.get("DOZIR_SMTP_USER") or None,
        smtp_password=_path("DOZIR_SMTP_PASSWORD_FILE"),
        smtp_ca=_path("DOZIR_SMTP_CA"),
        mail_from=os.environ.get("DOZIR_MAIL_FROM") or None,
        public_url=(os.environ.get("DOZIR_PUBLIC_URL") or "").rstrip("/") or None,
        log_format=_chosen("DOZIR_LOG_FORMAT", "text" if sys.stderr.isatty() else "json"),
        log_level=_chosen("DOZIR_LOG_LEVEL", "info"),
        access_log=os.environ.get("DOZIR_ACCESS_LOG", "1") != "0",
        trusted_proxies=frozenset(
            os.environ.get("DOZIR_TRUSTED_PROXIES", LOOPBACK).replace(",", " ").split()
        ),
    )


def _path(name: str) -> Path | None:
    told = os.environ.get(name)
    return Path(told).absolute() if told else None


def _seconds(name: str, default: float) -> float:
    text = os.environ.get(name)
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 3600:
        raise ValueError(f"{name} is not a number of seconds up to 3600")
    return seconds


def use_instance(name: str) -> None:
    """From here on this process, and what it starts, works on the embedded instance ``name``."""
    os.environ["DOZIR_INSTANCE"] = name
    settings.cache_clear()


def _chosen(name: str, default: str) -> Any:
    """One of the words a setting allows; a word it does not know is said at once."""
    value = os.environ.get(name) or default
    if value not in CHOICES[name]:
        raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
    return value


def default_instance(checkout: Path) -> str:
    """The name of the instance that belongs to a checkout."""
    return f"{checkout.name[:20]}-{hashlib.sha256(bytes(checkout)).hexdigest()[:8]}"


def secret(name: str) -> str:
    """A secret of this instance (256 bits, URL-safe), made when first asked for; file mode 0600.

    Empty, as a crash may leave a file, it is nobody's secret: ValueError.
    """
    path = settings().secrets_dir / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, fresh = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
                file.flush()
                os.fsync(descriptor)
            os.link(fresh, path)  # whoever comes second takes what the first one made
        except FileExistsError:
            pass
        finally:
            Path(fresh).unlink()
    found = path.read_text().strip()
    if not found:
        raise ValueError(f"{path} is empty: restore the secret, or remove the file for a new one")
    return found


@cache
def versions() -> dict[str, Any]:
    """The table ``[tool.dozir]`` of pyproject.toml: the one place for versions."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["tool"]["dozir"]
        return table
