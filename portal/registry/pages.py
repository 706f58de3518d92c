"""What the pages of the registers share: the blueprint, who may look, and what addresses say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from flask import Blueprint
from werkzeug.exceptions import BadRequest

from portal.errors import NotFound
from portal.web import navigation
from portal.web.formats import KYIV
from portal.web.i18n import LazyString, gettext, lazy_gettext

READERS = tuple(sorted(navigation.MARKET))
# Kinds of record in addresses; a kind that the catalogue does not have is not found. KINDS are
# proposed and decided; a key is made by functions of its own, and is only read in its register.
KINDS = (
    "organiser",
    "licence",
    "brand",
    "venue",
    "website",
    "mobile_application",
    "equipment",
    "game",
    "representative",
    "supplier",
    "product",
    "certificate",
    "blocked_site",
    "provider",
)
ACCESS_KEY = "access_key"
PROPOSED = f"<any({','.join(KINDS)}):kind>"
KIND = f"<any({','.join((*KINDS, ACCESS_KEY))}):kind>"
LARGEST_ID = 2**31 - 1
LARGEST_CHANGE = 2**63 - 1
LONGEST_SEARCH = 200
MALFORMED = "DZR04"  # what the database says of a cursor that is none of its own
Errors = dict[str, LazyString]

blueprint = Blueprint("registry", __name__, url_prefix="/registry")


def possible(number: int, largest: int = LARGEST_ID) -> int:
    """An id that a table can hold; NotFound for any other, as for one that no row has."""
    if not 0 < number <= largest:
        raise NotFound
    return number


def read_as_of(query: Mapping[str, str], errors: Errors) -> datetime | None:
    """The moment of which the registry is asked, with its offset or as a clock in Kyiv shows it."""
    text = query.get("as_of", "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        errors["as_of"] = lazy_gettext("Give the date and the time of which the registry is asked.")
        return None
    if not 2000 <= moment.year <= 2199:
        errors["as_of"] = lazy_gettext("The year is out of range.")
        return None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=KYIV)).astimezone(UTC)
    if moment > datetime.now(UTC):
        errors["as_of"] = lazy_gettext("The registry cannot yet say anything of the future.")
        return None
    return moment


def read_search(query: Mapping[str, str]) -> str:
    """The words that are looked for."""
    return query.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


@contextmanager
def own_links() -> Iterator[None]:
    """BadRequest where the database cannot read a cursor: this site did not write the link."""
    try:
        yield
    except psycopg.Error as problem:
        if problem.sqlstate != MALFORMED:
            raise
        raise BadRequest(gettext("This link to a page of the list is damaged.")) from problem
