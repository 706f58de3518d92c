"""Choices of a filter where there are many: a few by themselves, more by a search.

A filter's field is found with ``find_<field>`` in the address, so that it works without scripts;
with them ``/registry/choices/<field>`` gives the options alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import LiteralString

from flask import request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry.names import Named, Names, read_names
from portal.registry.pages import blueprint
from portal.web.i18n import language
from portal.web.rendering import render

READERS = ("regulator", "tax_service", "auditor", "operator", "financial_monitoring")
MOST = 200
LONGEST = 64
FIND = "find_"
# Field -> its table with what a choice needs; the kind groups choices that are of several kinds.
TABLES: dict[str, LiteralString] = {
    "licence": "select l.id, l.operator_id, l.number as code, l.number as name_uk,"
    " l.number as name_en, '' as kind from api.licence as l",
    "channel": "select c.id, c.operator_id, c.code, c.name_uk, c.name_en, c.kind"
    " from api.channel as c",
    "game": "select g.id, g.operator_id, g.code, g.title as name_uk, g.title as name_en,"
    " '' as kind from api.game as g",
    "equipment": "select e.id, e.operator_id, e.code, e.code as name_uk, e.code as name_en, e.kind"
    " from api.equipment as e",
}
FIELD = "<any({}):field>".format(", ".join(("operator", *TABLES)))
Choice = tuple[str, str]


def search(
    conn: db.Connection, field: str, text: str, names: Names, operators: Sequence[int] = ()
) -> list[Choice]:
    """Id and label of what has ``text`` in its name or code, of all where that is empty; at most
    ``MOST``. Without an operator each label says whose it is.
    """
    folded = text.strip()[:LONGEST]
    if field == "operator":
        return _operators(names, folded)
    rows = conn.execute(
        f"select f.* from ({TABLES[field]}) as f"  # noqa: S608 - parts of this file alone
        " where (%(operators)s::integer[] is null or f.operator_id = any (%(operators)s))"
        " and (%(text)s = '' or strpos(api.fold(f.code), api.fold(%(text)s)) > 0"
        " or strpos(api.fold(f.name_uk), api.fold(%(text)s)) > 0"
        " or strpos(api.fold(f.name_en), api.fold(%(text)s)) > 0)"
        " order by f.kind, f.code, f.id limit %(most)s",
        {"operators": list(operators) or None, "text": folded.replace("\0", ""), "most": MOST},
    ).fetchall()
    ukrainian = language() == "uk"
    found = []
    for row in rows:
        name = row["name_uk"] if ukrainian else row["name_en"]
        label = row["code"] if name == row["code"] else f"{name} ({row['code']})"
        owner = names.operators.get(row["operator_id"])
        if owner and len(operators) != 1 and len(names.operators) > 1:
            label = f"{label} — {owner.name}"
        found.append((str(row["id"]), label))
    return found


def _operators(names: Names, text: str) -> list[Choice]:
    wanted = text.casefold()
    found = [
        (str(number), label)
        for number, label in names.operator_choices()
        if wanted in label.casefold() or wanted in names.operators[number].code.casefold()
    ]
    return found[:MOST]


def named(conn: db.Connection, field: str, text: str) -> Named | None:
    """The thing of an id in an address; None for another's, for none and for no id."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:12]) < 2**31):
        return None
    row = conn.execute(
        f"select f.* from ({TABLES[field]}) as f where f.id = %s",  # noqa: S608 - as above
        (int(text),),
    ).fetchone()
    return (
        Named(row["id"], row["code"], row["name_uk"], row["name_en"], row["operator_id"])
        if row
        else None
    )


def offered(
    conn: db.Connection,
    query: Mapping[str, str],
    fields: Sequence[str],
    names: Names,
    operators: Sequence[int],
) -> dict[str, list[Choice]]:
    """What the filters of a page offer: what is searched for, else all of the operators chosen."""
    return {
        field: search(conn, field, query.get(FIND + field, ""), names, operators)
        for field in fields
        if query.get(FIND + field) or operators or len(names.operators) == 1
    }


@blueprint.get(f"/choices/{FIELD}")
@audience(*READERS)
def choices(field: str) -> ResponseReturnValue:
    """The options of one filter, for htmx."""
    texts = [part for text in request.args.getlist(field) for part in text.split(",")][:MOST]
    with current_viewer().reading() as conn:
        names = read_names(conn)
        owners = _owners(names) if field != "operator" else []
        found = search(conn, field, request.args.get(FIND + field, ""), names, owners)
        things = (
            names.operator(text) if field == "operator" else named(conn, field, text)
            for text in texts
        )
        chosen = {str(one.id): one.name for one in things if one}
    number = len(found)
    there = {value for value, _ in found}
    # Searching alone gives nothing up.
    found = [(value, name) for value, name in chosen.items() if value not in there] + found
    if request.args.get("several"):
        return render("registry/checks.html", field=field, found=found, chosen=chosen, most=MOST)
    return render(
        "registry/choices.html",
        found=found,
        number=number,
        most=MOST,
        chosen=next(iter(chosen), ""),
    )


def _owners(names: Names) -> list[int]:
    """The operators chosen in the form, whose things alone are told."""
    texts = [part for text in request.args.getlist("operator") for part in text.split(",")]
    return [one.id for one in (names.operator(text) for text in texts) if one]
