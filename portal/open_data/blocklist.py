"""The list of blocked addresses for providers, its feed and its signatures.

The number of the last change is the version of every form. Each form has a signature beside it: a
note (C2SP signed-note) by the key that signs receipts, over the form's name, number and SHA-256.
Source of the zone's form: draft-vixie-dnsop-dns-rpz, "CNAME ." answers that there is no such name.
"""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

from flask import Response
from flask.typing import ResponseReturnValue

from portal import db
from portal.exports.formats.csv_file import safe_text
from portal.identity.login import public
from portal.open_data.files import named
from portal.open_data.site import (
    Version,
    blueprint,
    kept,
    number,
    open_to_programs,
    parameters,
    version,
)
from portal.registry import domains
from portal.transparency import keys, notes
from portal.web.formats import kyiv

NOTE = "dozir-blocked-list/v1"
MOST_CHANGES = 1_000
LARGEST = 2**63 - 1
DOMAINS = frozenset({"site", "mirror"})
Rows = list[db.Row]


def as_text(rows: Rows, _: Version) -> bytes:
    """Domains alone, one on a line."""
    return "".join(f"{one['address']}\n" for one in rows if one["site_kind"] in DOMAINS).encode()


def as_csv(rows: Rows, _: Version) -> bytes:
    """Every address with its kind and order."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["address", "unicode", "kind", "order_number", "order_date", "blocked_from"])
    for one in rows:
        writer.writerow(
            [
                one["address"],
                safe_text(domains.readable(one["address"])) if _is_domain(one) else "",
                one["site_kind"],
                safe_text(one["order_number"]),
                _day(one["order_date"]),
                _moment(one["blocked_from"]),
            ]
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_json(rows: Rows, now: Version) -> bytes:
    """The same with the number of the last change."""
    document = {
        "sequence": now.blocked,
        "changed_at": _moment(now.blocked_at) if now.blocked_at else None,
        "addresses": [
            {
                "address": one["address"],
                "kind": one["site_kind"],
                "order_number": one["order_number"],
                "order_date": _day(one["order_date"]),
                "blocked_from": _moment(one["blocked_from"]),
            }
            for one in rows
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=0) + "\n").encode()


def as_zone(rows: Rows, now: Version) -> bytes:
    """A response policy zone: each domain and all below it have no address. Serial: the number."""
    head = (
        "$TTL 300\n"
        f"@ SOA localhost. hostmaster.localhost. {now.blocked % 2**32} 300 60 864000 300\n"
        "@ NS localhost.\n"
    )
    lines = (
        f"{one['address']} CNAME .\n*.{one['address']} CNAME .\n" for one in rows if _is_domain(one)
    )
    return (head + "".join(lines)).encode()


FORMS: dict[str, tuple[Callable[[Rows, Version], bytes], str]] = {
    "blocked.txt": (as_text, "text/plain; charset=utf-8"),
    "blocked.csv": (as_csv, "text/csv; charset=utf-8; header=present"),
    "blocked.json": (as_json, "application/json"),
    "blocked.rpz": (as_zone, "text/dns; charset=utf-8"),
}
NAME = "<any({}):name>".format(", ".join(f"'{one}'" for one in FORMS))


@blueprint.get(f"/{NAME}")
@public
def blocked_list(name: str) -> ResponseReturnValue:
    """The list in one of its forms."""
    parameters()
    with db.public() as conn:
        now = version(conn)
        made = kept((name,), now.blocked, lambda: (_form(conn, name, now), FORMS[name][1]))
    return open_to_programs(_of(now, named(made, name)))


@blueprint.get(f"/{NAME}.sig")
@public
def signature(name: str) -> ResponseReturnValue:
    """Who vouches for that form, and for which version of it."""
    parameters()
    with db.public() as conn:
        now = version(conn)
        made = kept(
            (name, "sig"),
            now.blocked,
            lambda: (
                signed(name, now, _form(conn, name, now)).encode(),
                "text/plain; charset=utf-8",
            ),
        )
    return open_to_programs(_of(now, named(made, f"{name}.sig")))


@blueprint.get("/blocked/changes")
@public
def changes() -> ResponseReturnValue:
    """What came onto the list and left it after a change; up to a thousand at a time."""
    after = number(parameters("after")["after"], least=0, most=LARGEST, default=0)
    with db.public() as conn:
        now = version(conn)
        made = kept(
            ("changes", str(after)),
            now.blocked,
            lambda: (_changes(conn, after, now), "application/json"),
        )
    return open_to_programs(_of(now, made))


def signed(name: str, now: Version, body: bytes) -> str:
    """The note over a form: what it is, of which log, its number, its SHA-256."""
    text = (
        f"{NOTE}\n{now.origin}\n{name}\n{now.blocked}\n"
        f"{base64.b64encode(sha256(body).digest()).decode()}\n"
    )
    moment = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return notes.write(text, [key.sign(text) for key in keys.signing_keys(now.origin, moment)])


def _form(conn: db.Connection, name: str, now: Version) -> bytes:
    return FORMS[name][0](db.call(conn, "open_data.blocked_list", now.blocked), now)


def _changes(conn: db.Connection, after: int, now: Version) -> bytes:
    rows = db.call(conn, "open_data.blocked_changes", after, MOST_CHANGES)
    document = {
        "last": now.blocked,
        "changes": [
            {
                "sequence": one["sequence"],
                "action": "added" if one["added"] else "removed",
                "address": one["address"],
                "kind": one["site_kind"],
                "changed_at": _moment(one["changed_at"]),
            }
            for one in rows
        ],
    }
    return (json.dumps(document, indent=0) + "\n").encode()


def _of(now: Version, response: Response) -> Response:
    response.headers["Dozir-List-Sequence"] = str(now.blocked)
    response.headers["Access-Control-Expose-Headers"] = "Dozir-List-Sequence, ETag"
    if now.blocked_at is not None:
        response.last_modified = now.blocked_at
    return response


def _is_domain(one: db.Row) -> bool:
    return one["site_kind"] in DOMAINS


def _day(moment: datetime) -> str:
    return kyiv(moment).date().isoformat()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
