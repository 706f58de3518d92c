"""Public pages for people: each register, an organiser, and whether a site is legal."""

from __future__ import annotations

import unicodedata

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import public
from portal.open_data import gateway, words
from portal.open_data.site import LANGUAGE, blueprint, number, page, parameters
from portal.registry import domains
from portal.web.i18n import DEFAULT

LONGEST_SITE = 300
MOST_PAGES = 10_000
OF_ONE = ("licences", "licence_suspensions", "brands", "websites", "applications", "venues",
          "equipment_counts")  # fmt: skip


@blueprint.get("/")
@public
def entrance() -> ResponseReturnValue:
    """The first page, in the state language."""
    parameters()
    return redirect(url_for("open_data.index", lang=DEFAULT), 302)


@blueprint.get(f"/{LANGUAGE}/")
@public
def index(lang: str) -> ResponseReturnValue:
    """What there is, how much of it is in force, and the question that most people come with."""
    parameters()
    with db.public() as conn:
        return page(
            ("index", lang),
            conn,
            "open_data/index.html",
            lambda: {
                "lang": lang,
                "datasets": gateway.datasets(conn),
                "counts": gateway.counts(conn),
            },
        )


@blueprint.get(f"/{LANGUAGE}/check")
@public
def check(lang: str) -> ResponseReturnValue:
    """Whether a site is legal: licensed, blocked by order, or in no register."""
    typed = parameters("site", longest=LONGEST_SITE)["site"].strip()
    address = domains.canonical_address(typed) if typed else ""
    host = domains.host_of(address)
    readable = domains.readable(host)
    with db.public() as conn:

        def make() -> dict[str, object]:
            return {
                "lang": lang, "typed": typed, "address": address, "host": host,
                "readable": readable, "scripts": scripts_of(readable),
                "found": gateway.verdict(conn, host, address) if host else None,
            }  # fmt: skip

        return page(("check", lang, typed), conn, "open_data/check.html", make)


@blueprint.get(f"/{LANGUAGE}/<string:name>")
@public
def dataset(lang: str, name: str) -> ResponseReturnValue:
    """A register: its rows, searched and in pages; its fields; its files."""
    given = parameters("q", "page")
    wanted, at = given["q"].strip(), number(given["page"], least=1, most=MOST_PAGES, default=1)
    with db.public() as conn:

        def make() -> dict[str, object]:
            chosen = gateway.dataset(conn, name)
            rows, count = gateway.some(conn, chosen, wanted, at)
            pages = max(1, -(-count // gateway.MOST_SHOWN))
            if at > pages:
                raise NotFound
            return {
                "lang": lang, "dataset": chosen, "rows": rows, "count": count, "wanted": wanted,
                "at": at, "pages": pages, "shown": words.shown, "tones": words.TONES,
            }  # fmt: skip

        return page(("dataset", lang, name, wanted, str(at)), conn, "open_data/dataset.html", make)


@blueprint.get(f"/{LANGUAGE}/operators/<string:code>")
@public
def operator(lang: str, code: str) -> ResponseReturnValue:
    """An organiser and all that is published of it."""
    parameters()
    with db.public() as conn:

        def make() -> dict[str, object]:
            known = gateway.datasets(conn)
            found, _ = gateway.some(conn, known["operators"], "", 1, code=code)
            if not found:
                raise NotFound
            parts = [
                (known[name], *gateway.some(conn, known[name], "", 1, operator_code=code))
                for name in OF_ONE
            ]
            return {
                "lang": lang, "record": found[0], "known": known["operators"], "parts": parts,
                "shown": words.shown, "tones": words.TONES,
            }  # fmt: skip

        return page(("operator", lang, code), conn, "open_data/operator.html", make)


def scripts_of(domain: str) -> list[str]:
    """The alphabets of a domain's letters, by their Unicode names: more than one deceives."""
    found = {unicodedata.name(one, "?").split()[0] for one in domain if one.isalpha()}
    return sorted(found)
