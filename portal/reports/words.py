"""What narrows a report, in words: chips above its table, lines of a file."""

from __future__ import annotations

from portal.reports.asking import DEFAULT_CURRENCY, Asked
from portal.web import formats
from portal.web.formats import date_only
from portal.web.i18n import LazyString, gettext, lazy_gettext

AGAINST: dict[str, LazyString] = {
    "previous": lazy_gettext("Equal period just before"),
    "week": lazy_gettext("The same days a week before"),
    "year": lazy_gettext("The same dates a year before"),
    "days": lazy_gettext("Days of my choice"),
}
NAMES: dict[str, LazyString] = {
    "operator": lazy_gettext("Operator"),
    "type": lazy_gettext("Kind of gambling"),
    "licence": lazy_gettext("Licence"),
    "channel": lazy_gettext("Place"),
    "channel_kind": lazy_gettext("Kind of place"),
    "game": lazy_gettext("Game"),
    "provider": lazy_gettext("Provider of games"),
    "version": lazy_gettext("Version of a game"),
    "rule": lazy_gettext("Rule"),
    "tax_class": lazy_gettext("Tax class"),
}


def narrowing(asked: Asked, alone: bool) -> list[tuple[str, str, str]]:
    """What is not as it is by itself: the parameter, its name, its value; ``alone``: an operator,
    whom nobody needs to tell that it sees itself.
    """
    told = [
        (field, str(NAMES[field]), ", ".join(one.name for one in things))
        for field, things in asked.narrowed.items()
        if not (alone and field == "operator")
    ]
    if asked.currency.code != DEFAULT_CURRENCY:
        told.append(("currency", gettext("Currency"), asked.currency.code))
    if asked.against:
        days = {date_only(asked.against.first): None, date_only(asked.against.last): None}
        told.append(("against", gettext("Compared with"), " – ".join(days)))
    if asked.as_of:
        moment = formats.date_time(asked.as_of, seconds=True)
        told.append(("as_of", gettext("As of"), moment))
    return told
