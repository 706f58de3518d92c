"""Values of files in words, and words of the public pages, in the language of the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from portal.open_data.gateway import Field
from portal.registry import domains
from portal.web.formats import DECIMAL_SIGNS, date_only, date_time
from portal.web.i18n import LazyString, language, lazy_gettext

CODES: Mapping[str, LazyString] = {
    "active": lazy_gettext("in force"),
    "upcoming": lazy_gettext("to come"),
    "ended": lazy_gettext("ended"),
    "expired": lazy_gettext("expired"),
    "revoked": lazy_gettext("revoked"),
    "suspended": lazy_gettext("suspended"),
    "casino": lazy_gettext("casino"),
    "slot_hall": lazy_gettext("slot hall"),
    "betting_point": lazy_gettext("betting point"),
    "totalisator": lazy_gettext("totalisator point"),
    "slot_machine": lazy_gettext("slot machine"),
    "gaming_table": lazy_gettext("gaming table"),
    "terminal": lazy_gettext("terminal"),
    "registered": lazy_gettext("registered"),
    "installed": lazy_gettext("installed"),
    "blocked": lazy_gettext("blocked"),
    "retired": lazy_gettext("retired"),
    "site": lazy_gettext("site"),
    "mirror": lazy_gettext("mirror"),
    "application": lazy_gettext("application"),
    "social_account": lazy_gettext("account in a social network"),
    "advertisement": lazy_gettext("advertisement"),
}
IN_WORDS = frozenset({"status", "purpose", "kind", "state"})
TONES = {
    "active": "ok",
    "upcoming": "info",
    "suspended": "attention",
    "revoked": "bad",
    "blocked": "bad",
}
LONGEST_SHOWN = 120


def shown(field: Field, value: object) -> str:
    """A value as a page shows it."""
    if isinstance(value, datetime):
        return date_time(value)
    if isinstance(value, date):
        return date_only(value)
    return _text(field, str(value)) if isinstance(value, str) else _number(value)


def _number(value: object) -> str:
    if isinstance(value, Decimal | int):
        return f"{value:,}".replace(",", "\u00a0").replace(".", DECIMAL_SIGNS[language()])
    return "—"


def _text(field: Field, text: str) -> str:
    if field.name in IN_WORDS and text in CODES:
        return str(CODES[text])
    if not text:
        return "—"
    if field.name == "address" and "xn--" in text and "/" not in text:
        return f"{domains.readable(text)} ({text})"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
