"""People with keys of the demo authority, and how they answer what a browser is to sign."""

from __future__ import annotations

import base64
import io
import re
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.identity import demo_signers
from portal.identity.signatures import demo_authority
from portal.identity.signatures.demo_authority import Holder
from tests.support.databases import Database, value

REASON = re.compile(r'data-reason="(\w+)" data-verdict="(\w+)"')
CHALLENGE = re.compile(r'name="challenge" value="([0-9a-f-]+)"')
_number = count(500_000_000)


def holder(name: str = "Шевченко Олена", number: str = "", **other: str) -> Holder:
    """Somebody with a taxpayer's number of their own, or with that one."""
    return Holder("test", name, number or demo_authority.rnokpp(next(_number)), **other)


def of_person(database: Database, person_id: int, name: str = "Коваль Оксана") -> Holder:
    """Somebody whose certificate has the number of a person of the portal."""
    with database.connect() as conn:
        number = value(conn, "select tax_number from identity.person where id = %s", (person_id,))
    return holder(name, str(number))


def add_person(
    database: Database, who: Holder, operator_id: int | None, role: str = "operator", **until: Any
) -> int:
    """A person of the portal with the number of a holder; ``active_until`` may be given."""
    with database.connect() as conn:
        return int(
            value(
                conn,
                "insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk,"
                " organisation_en, tax_number, active_from, active_until)"
                " values (%s, %s, %s, 'Somebody', 'Організація ' || coalesce(%s::text, ''),"
                " 'Organisation', %s, now() - interval '1 day',"
                " coalesce(%s::timestamptz, 'infinity'))"
                " returning id",
                (
                    role,
                    operator_id,
                    who.common_name,
                    operator_id,
                    who.rnokpp,
                    until.get("active_until"),
                ),
            )
        )


def given(client: FlaskClient) -> tuple[str, bytes]:
    """The number and the bytes of what a browser is to sign to enter."""
    answer = client.get("/login/challenge").json
    return answer["challenge"], base64.b64decode(answer["content"])


def signature(
    content: bytes, who: Holder, algorithm: str = "ecdsa", *, detached: bool = False
) -> bytes:
    return demo_signers.sign_as(who, algorithm, content, detached=detached)


def hand_in(client: FlaskClient, number: str, signed: bytes | str, **fields: Any) -> TestResponse:
    """Send the form with a file (bytes), or with what was pasted (str)."""
    data: dict[str, Any] = {"challenge": number} | fields
    if isinstance(signed, bytes):
        data["signature_file"] = (io.BytesIO(signed), "dozir.p7s")
    else:
        data["signature"] = signed
    return client.post("/login/signature", data=data, content_type="multipart/form-data")


def enter(client: FlaskClient, who: Holder, **options: Any) -> TestResponse:
    """Take the text, sign it, hand the signature in."""
    number, content = given(client)
    return hand_in(client, number, signature(content, who, **options))


def refused(answer: TestResponse) -> tuple[str, str]:
    """Reason and verdict on the page."""
    found = REASON.search(answer.text)
    assert answer.status_code == 422
    assert found, answer.text
    return found[1], found[2]
