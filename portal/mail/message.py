"""A queued mail as a message (RFC 5322): plain text, one recipient, and how to stop more of it."""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any


def message(queued: Mapping[str, Any], sender: Address) -> EmailMessage:
    """The message of a row of ``api.claim_mail``; the same row gives the same Message-ID, so that
    what a crash sent twice is known as one.

    Raises ValueError where a header would hold a line end.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = Address(addr_spec=queued["recipient"])
    made["Subject"] = queued["subject"]
    made["Date"] = format_datetime(queued["created_at"])
    made["Message-ID"] = f"<{queued['id']}@{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    if queued["stop_address"]:
        made["List-Unsubscribe"] = f"<{queued['stop_address']}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    made.set_content(queued["body"])
    return made
