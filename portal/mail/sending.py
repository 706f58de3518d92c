"""Hands queued mail to the mail server, one after the other, beside the workers."""

from __future__ import annotations

import smtplib
import ssl

import structlog

from portal import db
from portal.looking import Looking
from portal.mail import gateway
from portal.mail.message import message
from portal.mail.server import MailServer

# A sender that was silent for so long is dead: longer than any conversation takes.
STALE_SECONDS = 300

log = structlog.get_logger(__name__)


class Sender(Looking):
    """Takes mail from the queue and sends it until it is told to stop."""

    LOOK_SECONDS = 2.0

    def __init__(self, server: MailServer) -> None:
        super().__init__()
        self._server = server

    def one(self) -> bool:
        """Try the mail that is due; False where none is."""
        with db.portal() as conn:
            queued = gateway.claim_mail(conn, STALE_SECONDS)
        if queued is None:
            return False
        outcome, code = self._tried(queued)
        with db.portal() as conn:
            state = gateway.end_mail(conn, queued["id"], queued["attempt"], outcome, code)
        said = log.info if outcome == "sent" else log.warning
        said("mail", mail=str(queued["id"]), outcome=outcome, reply=code, state=state)
        return True

    def _tried(self, queued: db.Row) -> tuple[str, int | None]:
        """What became of one mail, and what the server answered."""
        try:
            made = message(queued, self._server.sender)
            with self._server.conversation() as smtp:
                smtp.send_message(made)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
            code = _code(refused)
            return ("refused" if code >= 500 else "not_now"), code
        except smtplib.SMTPResponseException as refused:
            # Of the sender or the login: that is mended here, and the mail is not lost for it.
            return "not_now", refused.smtp_code
        except (ssl.SSLError, smtplib.SMTPNotSupportedError):
            return "insecure", None
        except (OSError, smtplib.SMTPException):
            return "unreachable", None
        except ValueError:
            return "refused", None  # what is no message will be none tomorrow either
        return "sent", None


def _code(refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    """What was answered of the one recipient, or of the text."""
    if isinstance(refused, smtplib.SMTPDataError):
        return int(refused.smtp_code)
    code, _ = next(iter(refused.recipients.values()))
    return int(code)
