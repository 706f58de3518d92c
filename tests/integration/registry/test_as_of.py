"""What the registry said at any moment, and what changed since: the same for every kind of record.

The kinds and what can be amended of them come from the catalogue, so that a new kind is tried too.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from portal import db
from portal.registry import gateway
from portal.registry.pages import KINDS
from tests.integration.registry.desk import operator
from tests.support.databases import value
from tests.support.market import Operator

OLD, NEW = "Стара назва", "Нова назва"
BEGUN, ENDED = "2026-01-01T00:00:00+00:00", "2026-06-01T00:00:00+00:00"
# What a record of each kind needs besides its code, its names and its beginning.
NEEDED: dict[str, dict[str, Any]] = {
    "organiser": {"taxpayer_code": "14360570"},
    "licence": {"licence_kind_id": "9", "valid_from": BEGUN, "valid_until": "2030-01-01T00:00Z"},
    "brand": {},
    "venue": {"region": "UA-30", "address": "вул. Давня, 1"},
    "website": {"domain": "as-of-any-date.example"},
    "mobile_application": {"platform": "ios", "store_identifier": "as.of"},
    "equipment": {"kind": "terminal", "serial_number": "AS-OF"},
    "game": {"provider": "P", "gambling_type_id": "2"},
    "representative": {"position": "П", "powers": ["sign"]},
    "supplier": {"country": "UA", "supplies": ["software"], "licence_number": "B2B-9"},
    "product": {"version": "1", "product_kind": "game"},
    "certificate": {
        "issuer": "Л",
        "software_sha256": "ab" * 32,
        "valid_until": "2030-01-01T00:00Z",
    },
    "blocked_site": {"site_kind": "site", "order_date": BEGUN},
    "provider": {},
}
# Codes that are not free.
CODES = {"blocked_site": "as-of-any-date.example.net"}


@pytest.fixture(scope="module")
def own(database) -> Operator:
    return operator(database, "AS-OF-OWN")


def entered(kind: str, action: str, record_id: int | None, owner: int | None, given: dict) -> int:
    """What an official enters; committed. Gives the id of the record."""
    with db.owner_acting_as("registrar", actor="person 5") as conn:
        begun = gateway.begin(
            conn, kind=kind, action=action, record_id=record_id, operator_id=owner, proposed=given
        )
        assert begun["errors"] == []
        made = gateway.step(conn, begun["id"], "enter", reason=f"лист: {action}")
    return int(made["record_id"])


# What a kind refers to: another kind, and by which attribute.
_made = count(100)
REFERS = {"product": ("supplier", "supplier_id"), "certificate": ("product", "product_id")}


def made_for(kind: str) -> int:
    """A record of the kind that another refers to; its id."""
    document = NEEDED[kind] | {
        "code": f"AS-OF-{next(_made)}",
        "name_uk": "П",
        "name_en": "P",
        "valid_from": BEGUN,
    }
    if refers := REFERS.get(kind):
        document = NEEDED[kind] | {
            "code": f"AS-OF-{next(_made)}",
            "name": "P",
            "active_from": BEGUN,
            refers[1]: made_for(refers[0]),
        }
    return entered(kind, "create", None, None, document)


def now(database) -> datetime:
    with database.connect() as conn:
        moment: datetime = value(conn, "select clock_timestamp()")
    return moment


def test_every_kind_is_tried() -> None:
    assert set(NEEDED) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_as_the_registry_said_at_each_moment(visitor, database, own, kind) -> None:
    with db.acting_as("regulator") as conn:
        known = {one["name"]: one for one in gateway.attributes(conn, kind)}
        row = next(one for one in gateway.kinds(conn) if one["kind"] == kind)
    code, title = row["code_attribute"], row["title_uk_attribute"]
    amended = next(
        (
            name
            for name in ("name_uk", title, "standard", "order_number")
            if known.get(name, {}).get("editable") == "always"
        ),
        None,
    )
    document = NEEDED[kind] | {code: CODES.get(kind, f"AS-OF-{KINDS.index(kind)}")}
    if refers := REFERS.get(kind):
        of, attribute = refers
        document[attribute] = made_for(of)
    for name in ("name_uk", "name_en", "name", "title", "model", "standard", "order_number"):
        if name in known:
            document[name] = OLD
    document.setdefault(row["since_attribute"], BEGUN)
    # An organiser is nobody's before it is registered: an import makes it.
    before = now(database)
    if kind == "organiser":
        with db.owner_acting_as("registrar", actor="person 5") as conn:
            imported = document | {"licences": [], "channels": [], "equipment": [], "games": []}
            record_id = int(db.call_value(conn, "api.import_operator", Jsonb(imported)))
    else:
        record_id = entered(kind, "create", None, own.id, document)
    made = now(database)
    if amended:
        entered(kind, "amend", record_id, None, {amended: NEW})
    else:
        with db.owner_acting_as("registrar", actor="person 5") as conn:
            gateway.suspend_licence(conn, record_id, since=None, until=None, grounds=NEW)
    changed = now(database)
    if known[row["until_attribute"]]["editable"] == "always":
        entered(kind, "end", record_id, None, {row["until_attribute"]: ENDED})
    else:
        with db.owner_acting_as("registrar", actor="person 5") as conn:
            gateway.revoke_licence(conn, record_id, "кінець")
    wanted = [(before, None), (made, OLD), (changed, NEW), (None, NEW)]
    final = {"licence": "revoked", "equipment": "retired"}.get(row["state_by"], "ended")
    client = visitor("regulator", language="uk")
    for moment, told in wanted:
        _holds(client, kind, record_id, document[code], moment, told, final)
    _tells_what_changed(client, kind, record_id, amended, final)


def _holds(client, kind, record_id, code, moment, told, final) -> None:
    """List, counts, record page and all files say the same of a moment."""
    with db.acting_as("auditor") as conn:
        listed = gateway.records(
            conn, kind, filters={}, search=code, sort="code", descending=False, cursor=None,
            backward=False, limit=5, as_of=moment,
        )  # fmt: skip
        counted = gateway.facets(conn, kind, filters={}, search=code, as_of=moment)
    assert [row["record_id"] for row in listed] == ([record_id] if told else [])
    assert sum(row["record_count"] for row in counted if row["facet"] == "total") == len(listed)
    asked = {"q": code} | ({"as_of": moment.isoformat()} if moment else {})
    page = client.get(f"/registry/{kind}/{record_id}", query_string=asked)
    files = {
        form: client.get(f"/registry/{kind}", query_string=asked | {"format": form})
        for form in ("json", "csv", "xlsx")
    }
    assert {one.status_code for one in (page, *files.values())} == {200}
    records = files["json"].json["rows"]
    lines = list(csv.reader(io.StringIO(files["csv"].text.removeprefix("\ufeff")), delimiter=";"))
    assert len(records) == lines.index([]) - 1 == len(listed)
    if told is None:
        assert f"{OLD}</" not in page.text.partition("<dl")[2]
        return
    text = str(listed[0]["document"])
    # Of a licence it is the grounds of its suspension that came later.
    assert (NEW in text) == (told == NEW)
    assert (NEW in page.text.partition("<main")[2]) == (told == NEW)
    assert (NEW in str(records)) == (told == NEW)
    assert (listed[0]["state"] == final) == (moment is None)


def _tells_what_changed(client, kind, record_id, amended, final) -> None:
    with db.acting_as("auditor") as conn:
        rows = gateway.history(conn, kind, record_id, before=None, limit=50)
    assert [row["version"] for row in rows] == sorted((r["version"] for r in rows), reverse=True)
    versions = {row["version"] for row in rows}
    assert versions == {1, 2, 3}
    assert {row["actor"] for row in rows} == {"person 5"}
    second = {row["attribute"]: row for row in rows if row["version"] == 2}
    if amended:
        assert (second[amended]["old_value"], second[amended]["new_value"]) == (OLD, NEW)
        assert second[amended]["reason"] == "лист: amend"
    else:
        assert second["suspensions"]["new_value"][0]["grounds"] == NEW
    assert {row["new_state"] for row in rows if row["version"] == 3} == {final}
    page = client.get(f"/registry/{kind}/{record_id}/history").text
    assert NEW in page
    assert (OLD in page) == (kind != "licence")
