"""A real mail server on this machine: what it took, and what it is to refuse."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from portal.runtime.instance import free_port

LOGIN = ("dozir", "correct horse")


@dataclass
class Postbox:
    """``answers`` are replies to recipients, in turn, before any is taken; ``received`` are the
    messages with the recipients of their envelopes.
    """

    answers: list[str] = field(default_factory=list)
    received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        made = message_from_bytes(envelope.content, policy=default)
        assert isinstance(made, EmailMessage)
        self.received.append((list(envelope.rcpt_tos), made))
        return "250 taken"

    def only(self) -> EmailMessage:
        """The one message that came."""
        ((_, message),) = self.received
        return message


def _login(
    _server: SMTP, _session: Session, _envelope: Envelope, _way: str, told: Any
) -> AuthResult:
    assert isinstance(told, LoginPassword)
    return AuthResult(success=(told.login.decode(), told.password.decode()) == LOGIN)


@contextmanager
def postbox(certificate: Path | None = None, key: Path | None = None) -> Iterator[Postbox]:
    """A server on a free port; with a certificate STARTTLS and the login are required first."""
    box = Postbox()
    named: dict[str, Any] = {}
    if certificate is not None and key is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        named = {
            "tls_context": context,
            "require_starttls": True,
            "auth_required": True,
            "authenticator": _login,
        }
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **named)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
