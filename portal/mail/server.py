"""The mail server that the environment names, and how a conversation with it is opened."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from portal.config import settings
from portal.mail.addresses import clean_address

SECONDS = 20.0
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NEEDED = {"DOZIR_SMTP": "smtp", "DOZIR_MAIL_FROM": "mail_from", "DOZIR_PUBLIC_URL": "public_url"}


class Misconfigured(ValueError):
    """What the environment says of mail cannot be meant; the message names the setting."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and as whom.

    ``tls``: ``starttls`` must succeed before anything is said, ``implicit`` speaks TLS from the
    first byte; ``none`` is for a server on this machine alone.
    """

    host: str
    port: int
    tls: Literal["starttls", "implicit", "none"]
    sender: Address
    user: str | None
    password_file: Path | None
    ca: Path | None

    @contextmanager
    def conversation(self) -> Iterator[smtplib.SMTP]:
        """An open, encrypted and authenticated conversation. Raises OSError and SMTPException."""
        smtp: smtplib.SMTP
        if self.tls == "implicit":
            smtp = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=self._context())
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with smtp:
            if self.tls == "starttls":
                smtp.starttls(context=self._context())
            if self.user:
                smtp.login(self.user, self._password())
            yield smtp

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca)

    def _password(self) -> str:
        if self.password_file is None:
            raise Misconfigured("DOZIR_SMTP_USER needs DOZIR_SMTP_PASSWORD_FILE")
        return self.password_file.read_text().strip()


def missing() -> list[str]:
    """The settings without which no mail can be sent."""
    return [name for name, field in NEEDED.items() if not getattr(settings(), field)]


def configured() -> bool:
    """Whether mail is sent here."""
    return not missing()


def public_url() -> str:
    """The address under which people reach the portal, for links in mail: never a request's Host,
    which whoever asks can choose.
    """
    told = settings().public_url or ""
    parts = urlsplit(told)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise Misconfigured("DOZIR_PUBLIC_URL is an address such as https://dozir.example")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Misconfigured("DOZIR_PUBLIC_URL is https but on this machine itself")
    return told


def mail_server() -> MailServer:
    """What the environment says. Raises Misconfigured."""
    if lacking := missing():
        raise Misconfigured(f"not set: {', '.join(lacking)}")
    public_url()
    own = settings()
    parts = urlsplit(own.smtp or "")
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in PORTS or not parts.hostname or port == -1 or parts.username:
        raise Misconfigured("DOZIR_SMTP is smtp://host:port or smtps://host:port, without a name")
    here = parts.hostname in LOOPBACK
    if parts.query not in ("", "tls=none") or (parts.query and not here):
        raise Misconfigured("DOZIR_SMTP: only ?tls=none may follow, on this machine itself alone")
    if own.smtp_user and own.smtp_password is None:
        raise Misconfigured("DOZIR_SMTP_USER needs DOZIR_SMTP_PASSWORD_FILE")
    if own.smtp_user and parts.query:
        raise Misconfigured("DOZIR_SMTP_USER: a password is not sent without TLS")
    return MailServer(
        parts.hostname,
        port or PORTS[parts.scheme],
        "implicit" if parts.scheme == "smtps" else "none" if parts.query else "starttls",
        _sender(own.mail_from or ""),
        own.smtp_user,
        own.smtp_password,
        own.smtp_ca,
    )


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    clean = clean_address(address)
    if clean is None or any(ord(char) < 32 for char in text):
        raise Misconfigured("DOZIR_MAIL_FROM is an address such as Dozir <dozir@dozir.example>")
    return Address(display_name=name or "Dozir", addr_spec=clean)
