"""Messages that cannot be made to say more than they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import default
from uuid import UUID

import pytest

from portal.mail.addresses import clean_address
from portal.mail.gateway import one_line
from portal.mail.message import message

SENDER = Address("Дозір", addr_spec="dozir@dozir.example")
QUEUED = {
    "id": UUID(int=7),
    "recipient": "person@example.org",
    "subject": "Ставки та виплати: щоранку",
    "body": "Валовий дохід: 1 000,00 ₴\n\n.\nhttps://dozir.example/\n",
    "stop_address": "https://dozir.example/subscriptions/unsubscribe?token=x.y",
    "created_at": datetime(2026, 11, 27, 6, tzinfo=UTC),
}


def test_a_message_says_what_was_queued_to_one_recipient():
    sent = message_from_bytes(message(QUEUED, SENDER).as_bytes(), policy=default)
    assert sent["To"] == "person@example.org"
    assert sent["From"].addresses == (SENDER,)
    assert sent["Subject"] == QUEUED["subject"]
    assert sent["Message-ID"] == f"<{QUEUED['id']}@dozir.example>"
    assert sent["List-Unsubscribe"] == f"<{QUEUED['stop_address']}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content().replace("\r\n", "\n") == QUEUED["body"]


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "x\r\nBcc: other@example.org"},
        {"subject": "x\nBcc: other@example.org"},
        {"recipient": "a@example.org\r\nBcc: other@example.org"},
        {"recipient": "a@example.org, other@example.org"},
        {"stop_address": "https://dozir.example/>\r\nBcc: other@example.org"},
    ],
)
def test_no_header_can_be_added(change):
    with pytest.raises(Exception) as refused:  # noqa: PT011 - ValueError and the parser's own
        message(QUEUED | change, SENDER)
    assert isinstance(refused.value, ValueError | IndexError) or "Header" in repr(refused.value)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" Person@Example.ORG ", "Person@example.org"),
        ("o'neil+x@пошта.укр", "o'neil+x@xn--80a1acn3a.xn--j1amh"),
        ("a@b", None),
        ("a b@example.org", None),
        ("a@example.org, b@example.org", None),
        ("a@example.org\r\nBcc: b@example.org", None),
        ("Name <a@example.org>", None),
        ('"a"@example.org', None),
        ("a..b@example.org", None),
        ("a@-example.org", None),
        ("@example.org", None),
        ("a" * 65 + "@example.org", None),
        ("a@" + "b" * 64 + ".org", None),
        ("іван@example.org", None),
    ],
)
def test_an_address_is_one_address(typed, clean):
    assert clean_address(typed) == clean


def test_a_name_becomes_one_line():
    assert one_line("a\r\nBcc: b\u2028c\0d") == "a Bcc: b c d"
    assert len(one_line("я" * 500)) == 200
