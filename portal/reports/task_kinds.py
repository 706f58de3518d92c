"""The kinds of task in words: titles, rows, and the way to what is behind them.

Which kinds a role gets, and when one appears, is decided in ``api.tasks_today``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.registry.names import Named, Names
from portal.reports.gateway import TaskRow
from portal.web import formats, periods
from portal.web.i18n import LazyString, gettext, language, lazy_gettext, ngettext
from portal.web.urls import page_address

# Bits of a breach mark: what it is called here, in the glossary and in addresses.
BREACHES: dict[str, tuple[LazyString, str]] = {
    "1": (lazy_gettext("Licence not in force"), "licence"),
    "2": (lazy_gettext("Licence for another kind of gambling"), "type"),
    "4": (lazy_gettext("Object not active"), "object"),
}
TABLES = {
    "operator": lazy_gettext("operators"),
    "licence": lazy_gettext("licences"),
    "licence_suspension": lazy_gettext("suspensions of licences"),
    "channel": lazy_gettext("places"),
    "venue": lazy_gettext("venues"),
    "website": lazy_gettext("websites"),
    "mobile_application": lazy_gettext("mobile applications"),
    "equipment": lazy_gettext("equipment"),
    "game": lazy_gettext("games"),
    "access_key": lazy_gettext("access keys"),
    "brand": lazy_gettext("brands"),
    "representative": lazy_gettext("representatives"),
    "equipment_block": lazy_gettext("blocking orders"),
    "equipment_place": lazy_gettext("places of equipment"),
    "licence_fee": lazy_gettext("licence fees"),
}
# The kind of record whose id a table's rows bear.
RECORDS = {
    "operator": "organiser",
    **{
        kind: kind
        for kind in (
            *("licence", "brand", "venue", "website", "mobile_application"),
            *("equipment", "game", "representative"),
        )
    },
}


@dataclass(frozen=True)
class Reader:
    """Who reads, and what the things in the tasks are called.

    ``own`` says that an operator reads about itself.
    """

    own: bool
    names: Names

    def named(self, row: TaskRow) -> Named | None:
        """Whose task it is, where that is worth saying."""
        return None if self.own else self.names.operators.get(row.operator_id)


@dataclass(frozen=True)
class Kind:
    """A kind of task: its icon and glossary entry, and how its rows are told.

    ``title`` says all rows in one line with their number; ``about`` one row; ``behind`` is where
    its rows are, if they have a page. ``quantity`` and ``since`` head those columns; ``earliest``
    stands before the first moment of several rows where ``since`` does not fit.
    """

    name: str
    icon: str
    term: str
    title: Callable[[list[TaskRow], Reader], str]
    about: Callable[[TaskRow, Reader], str]
    since: LazyString
    quantity: LazyString | None = None
    behind: Callable[[TaskRow, Reader], str] | None = None
    earliest: LazyString | None = None


def duration(span: timedelta) -> str:
    """A span in its two largest units: ``2 h 10 min``."""
    minutes = int(span.total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    if days:
        return gettext("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours:
        return gettext("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)
    if minutes:
        return gettext("%(minutes)s min", minutes=minutes)
    return gettext("%(seconds)s s", seconds=int(span.total_seconds()))


def _sum(rows: list[TaskRow]) -> int:
    return sum(row.quantity for row in rows)


def _counted(rows: list[TaskRow]) -> dict[str, str]:
    return {"count": formats.count(_sum(rows))}


def _money(minor: int, currency: int, reader: Reader) -> str:
    known = reader.names.currencies[currency]
    return formats.money(minor, known.code, known.digits)


def _of(row: TaskRow, reader: Reader) -> dict[str, Any]:
    """The operator for an address; its own people's pages have no such filter."""
    return {} if reader.own else {"operator": row.operator_id}


def _silence_title(rows: list[TaskRow], reader: Reader) -> str:
    if reader.own:
        return gettext("We receive nothing from you")
    return ngettext("%(num)s operator is silent", "%(num)s operators are silent", len(rows))


def _silence(row: TaskRow, _reader: Reader) -> str:
    if row.since is None:
        return gettext("Nothing has ever been received.")
    said = [gettext("Silent for %(span)s.", span=duration(row.age))]
    if row.quantity:
        usual = duration(timedelta(seconds=int(row.facts["usual_gap_s"])))
        said.append(
            gettext(
                "At this hour it sent on %(days)s of the last 7 days, a batch every %(gap)s.",
                days=row.quantity,
                gap=usual,
            )
        )
    else:
        said.append(gettext("At this hour it sent on none of the last 7 days."))
    return " ".join(said)


def _refusals_title(rows: list[TaskRow], reader: Reader) -> str:
    if reader.own:
        return ngettext(
            "%(count)s batch was refused today",
            "%(count)s batches were refused today",
            _sum(rows),
            **_counted(rows),
        )
    return ngettext(
        "Refusals rose at %(num)s operator", "Refusals rose at %(num)s operators", len(rows)
    )


def _refusals(row: TaskRow, _reader: Reader) -> str:
    said = [
        gettext(
            "Refused: %(refused)s, usually %(usual)s by this time of day (accepted: %(accepted)s).",
            refused=formats.count(row.quantity),
            usual=formats.count(round(row.facts["usual"])),
            accepted=formats.count(row.facts["accepted"]),
        )
    ]
    if row.facts["codes"]:
        said.append(gettext("Codes: %(codes)s.", codes=", ".join(row.facts["codes"])))
    return " ".join(said)


def _late_title(rows: list[TaskRow], reader: Reader) -> str:
    if reader.own:
        return ngettext(
            "%(count)s late row received today",
            "%(count)s late rows received today",
            _sum(rows),
            **_counted(rows),
        )
    return ngettext(
        "Many late rows from %(num)s operator", "Many late rows from %(num)s operators", len(rows)
    )


def _late(row: TaskRow, _reader: Reader) -> str:
    received = row.facts["rows"]
    return gettext(
        "%(share)s of the %(rows)s rows received today.",
        share=formats.percent(formats.share(row.quantity, received)),
        rows=formats.count(received),
    )


def _gaps_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(count)s number is missing in streams",
        "%(count)s numbers are missing in streams",
        _sum(rows),
        **_counted(rows),
    )


def _gaps(row: TaskRow, _reader: Reader) -> str:
    gaps = row.facts["gaps"]
    if not gaps:
        return gettext("Long ago, or too many at once to list.")
    told = [
        f"{gap['stream']} № {gap['from']}"
        if gap["from"] == gap["to"]
        else f"{gap['stream']} № {gap['from']}–{gap['to']}"
        for gap in gaps
    ]
    return gettext("Latest: %(gaps)s.", gaps="; ".join(told))


def _breaches_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(count)s breach mark on the records of today",
        "%(count)s breach marks on the records of today",
        _sum(rows),
        **_counted(rows),
    )


def _breaches(row: TaskRow, reader: Reader) -> str:
    return gettext(
        "%(breach)s; stakes of %(stake)s.",
        breach=str(BREACHES[row.subject][0]),
        stake=_money(row.facts["stake_minor"], row.facts["currency"], reader),
    )


def _breaches_behind(row: TaskRow, reader: Reader) -> str:
    today = periods.preset_period("today", periods.today())
    currency = reader.names.currencies[row.facts["currency"]].code
    return url_for(
        "ledger.transactions",
        until=formats.iso(today.end),
        breach=BREACHES[row.subject][1],
        currency=currency,
        **_of(row, reader) | {"from": formats.iso(today.start)},
    )


def _licences_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(num)s licence ends soon or has ended",
        "%(num)s licences end soon or have ended",
        len(rows),
    )


def _licences(row: TaskRow, reader: Reader) -> str:
    kind = reader.names.gambling_types[row.facts["gambling_type"]].name
    if row.severity == 1:
        return gettext("%(number)s, %(kind)s: has ended.", number=row.subject, kind=kind)
    return ", ".join((row.subject, kind))


def _keys_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(num)s access key expires within 30 days",
        "%(num)s access keys expire within 30 days",
        len(rows),
    )


def _key(row: TaskRow, _reader: Reader) -> str:
    return f"{row.subject} · {row.facts['key_id']}"


def _unused_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext("%(num)s access key is not used", "%(num)s access keys are not used", len(rows))


def _changes_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(count)s change in the registry today",
        "%(count)s changes in the registry today",
        _sum(rows),
        **_counted(rows),
    )


def _changes(row: TaskRow, _reader: Reader) -> str:
    return str(TABLES.get(row.subject, row.subject))


def _changes_behind(row: TaskRow, _reader: Reader) -> str:
    return url_for(
        "reports.task",
        kind="changes",
        operator=row.operator_id,
        register=row.subject,
        _anchor="changes",
    )


def _waiting_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(count)s change waits for a decision",
        "%(count)s changes wait for a decision",
        _sum(rows),
        **_counted(rows),
    )


def _waiting(row: TaskRow, _reader: Reader) -> str:
    said = [_register(row)]
    if row.facts["in_review"]:
        said.append(gettext("in review: %(count)s", count=formats.count(row.facts["in_review"])))
    return "; ".join(said)


def _waiting_behind(row: TaskRow, _reader: Reader) -> str:
    return url_for("registry.queue", kind=row.subject, operator=row.operator_id or None)


def _returned_title(rows: list[TaskRow], _reader: Reader) -> str:
    return ngettext(
        "%(count)s change was returned to you",
        "%(count)s changes were returned to you",
        _sum(rows),
        **_counted(rows),
    )


def _register(row: TaskRow, _reader: Reader | None = None) -> str:
    return str(row.facts["name_uk" if language() == "uk" else "name_en"])


def _yesterday_title(rows: list[TaskRow], reader: Reader) -> str:
    main = min(rows, key=lambda row: row.subject != "980")
    return gettext(
        "Yesterday's GGR: %(ggr)s", ggr=_money(main.facts["ggr_minor"], int(main.subject), reader)
    )


def _yesterday(row: TaskRow, reader: Reader) -> str:
    currency = int(row.subject)
    said = [
        gettext(
            "GGR %(ggr)s; the same weekday a week earlier %(before)s.",
            ggr=_money(row.facts["ggr_minor"], currency, reader),
            before=_money(row.facts["before_minor"], currency, reader),
        )
    ]
    change = row.facts["change_percent"]
    if change is not None:
        told = formats.percent(Decimal(str(change)) / 100)
        said.append(gettext("Change: %(change)s.", change=told if change <= 0 else f"+{told}"))
    return " ".join(said)


def _yesterday_behind(row: TaskRow, reader: Reader) -> str:
    day = row.facts["day"]
    return url_for(
        "reports.report",
        code="R03",
        to=day,
        by="operator",
        currency=reader.names.currencies[int(row.subject)].code,
        **{"from": day},
    )


# Role -> the kinds that may wait for it, as ``api.tasks_today`` has them.
WAITING: dict[str, frozenset[str]] = {
    "regulator": frozenset(
        {"silence", "refusals", "late", "gaps", "breaches", "licences", "waiting"}
    ),
    "tax_service": frozenset({"yesterday", "breaches"}),
    "registrar": frozenset({"licences", "keys", "unused", "waiting"}),
    "auditor": frozenset({"changes", "gaps", "breaches"}),
    "financial_monitoring": frozenset(),
    "fairness": frozenset(),
    "administrator": frozenset(),
    "operator": frozenset(
        {
            "silence",
            "refusals",
            "late",
            "gaps",
            "breaches",
            "licences",
            "keys",
            "unused",
            "returned",
        }
    ),
}

SINCE = lazy_gettext("Since")
SINCE_HOUR = lazy_gettext("Since the hour of")  # aggregates know no finer moment
_KINDS = (
    Kind(
        "silence",
        "silent",
        "silence",
        _silence_title,
        _silence,
        lazy_gettext("Last received"),
        behind=lambda row, reader: url_for("ledger.batches", period="30-days", **_of(row, reader)),
    ),
    Kind(
        "breaches",
        "shield",
        "breach",
        _breaches_title,
        _breaches,
        SINCE_HOUR,
        lazy_gettext("Records"),
        _breaches_behind,
    ),
    Kind(
        "refusals",
        "refused",
        "refusal",
        _refusals_title,
        _refusals,
        SINCE_HOUR,
        lazy_gettext("Refused batches"),
        lambda row, reader: url_for("ledger.refusals", period="today", **_of(row, reader)),
    ),
    Kind(
        "gaps",
        "gap",
        "sequence_gap",
        _gaps_title,
        _gaps,
        SINCE,
        lazy_gettext("Missing numbers"),
        lambda row, reader: url_for("ledger.missing", **_of(row, reader)),
    ),
    Kind(
        "late",
        "clock",
        "late_row",
        _late_title,
        _late,
        SINCE_HOUR,
        lazy_gettext("Late rows"),
        lambda row, reader: url_for(
            "ledger.batches", time="received", late=1, period="today", **_of(row, reader)
        ),
    ),
    Kind(
        "yesterday",
        "calendar",
        "same_weekday",
        _yesterday_title,
        _yesterday,
        lazy_gettext("Ended"),
        lazy_gettext("Records that came afterwards"),
        _yesterday_behind,
    ),
    Kind(
        "licences",
        "receipt",
        "licence_expiring",
        _licences_title,
        _licences,
        lazy_gettext("Valid until"),
        lazy_gettext("Days left"),
        earliest=lazy_gettext("The first ends"),
    ),
    Kind(
        "keys",
        "key",
        "access_key",
        _keys_title,
        _key,
        lazy_gettext("Expires"),
        lazy_gettext("Days left"),
        earliest=lazy_gettext("The first expires"),
    ),
    Kind(
        "waiting",
        "inbox",
        "change_request",
        _waiting_title,
        _waiting,
        lazy_gettext("The longest since"),
        lazy_gettext("Changes"),
        _waiting_behind,
    ),
    Kind(
        "returned",
        "inbox",
        "change_state",
        _returned_title,
        _register,
        lazy_gettext("Returned"),
        lazy_gettext("Changes"),
        lambda row, _reader: (
            page_address("registry.changes", state="returned", kind=row.subject)
            or url_for("reports.start")
        ),
    ),
    Kind("unused", "key", "unused_key", _unused_title, _key, lazy_gettext("Issued")),
    Kind(
        "changes",
        "book",
        "registry_change",
        _changes_title,
        _changes,
        lazy_gettext("First change"),
        lazy_gettext("Changes"),
        _changes_behind,
    ),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}
