"""What ``dozir doctor`` says of mail: what is missing, whether the server lets us in."""

from __future__ import annotations

import smtplib
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg

from portal import db
from portal.config import settings
from portal.errors import DatabaseUnavailable
from portal.mail import gateway
from portal.mail.server import MailServer, Misconfigured, mail_server, missing
from portal.runtime import cluster
from portal.runtime.doctor import Finding

NAME = "mail"
GUIDE = "docs/notices.md"
WAITS_TOO_LONG = timedelta(hours=1)
OTHERS_READ = stat.S_IRGRP | stat.S_IROTH


def check_mail() -> Iterator[Finding]:
    """Settings, the server, the queue."""
    if not settings().smtp:
        found = "none is sent: DOZIR_SMTP is not set; notices are read in the portal"
        yield Finding(NAME, "ok", found)
        return
    try:
        server = mail_server()
    except Misconfigured as problem:
        lacking = ", ".join(missing())
        yield Finding(NAME, "broken", str(problem), f"set {lacking or 'it'}; {GUIDE}")
        return
    yield from _password(server)
    yield _reached(server)
    yield from _queue()


def _password(server: MailServer) -> Iterator[Finding]:
    path = server.password_file
    if path is None:
        return
    try:
        mode = path.stat().st_mode
    except OSError as problem:
        mend = f"chown it to whoever runs `dozir serve`; {GUIDE}"
        yield Finding(NAME, "broken", f"{path} cannot be read: {problem.strerror}", mend)
        return
    if mode & OTHERS_READ:
        yield Finding(NAME, "warning", f"others may read {path}", f"chmod 600 {path}")


def _reached(server: MailServer) -> Finding:
    where = f"{server.host}:{server.port}"
    try:
        with server.conversation() as smtp:
            smtp.noop()
    except smtplib.SMTPAuthenticationError:
        mend = "mend DOZIR_SMTP_USER, DOZIR_SMTP_PASSWORD_FILE"
        return Finding(NAME, "broken", f"{where} refuses the login", mend)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        mend = f"mend DOZIR_SMTP or DOZIR_SMTP_CA; {GUIDE}"
        return Finding(NAME, "broken", f"{where}: {type(problem).__name__}", mend)
    return Finding(NAME, "ok", f"{where} answers, {server.tls}")


def _queue() -> Iterator[Finding]:
    if not settings().database_url and not cluster.status().answers:
        return  # said already
    try:
        with db.portal() as conn:
            waiting, oldest, lost, _ = gateway.mail_figures(conn)
    except (DatabaseUnavailable, psycopg.Error):
        return  # said already
    if oldest is not None and datetime.now(UTC) - oldest > WAITS_TOO_LONG:
        found = f"{waiting} wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC"
        yield Finding(NAME, "warning", found, f"is `dozir notify run` running? {GUIDE}")
    if lost:
        found = f"{lost} of the last 7 days could not be delivered"
        yield Finding(NAME, "warning", found, f"see identity.mail_attempt; {GUIDE}")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (check_mail,)
