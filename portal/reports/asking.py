"""What is asked of a report: read once from an address or a command, used by every form of it.

Page, files, API and command line are made from the same :class:`Asked`, so that no form can say
something else than another. Nothing is guessed: what is not understood is an error of its field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from portal import db
from portal.registry.names import Currency, Named, Names
from portal.reports import comparing, limits, makers, narrowing
from portal.reports.catalogue import ORDERED, Definition
from portal.reports.narrowing import TaxClass
from portal.reports.places import KINDS
from portal.web import periods
from portal.web.formats import KYIV, iso
from portal.web.i18n import LazyString, lazy_gettext
from portal.web.periods import Period, PeriodError

DEFAULT_CURRENCY = "UAH"
MOST_DIMENSIONS = 3
MOST_VALUES = 100
LONGEST_TEXT = 64
FIRST_YEAR = 2000


@dataclass(frozen=True)
class Asked:
    """Everything that decides which rows there are, and in which order; ids, not codes.

    ``against`` is the period beside which it is shown; its preset is the relation it is named by.
    """

    report: Definition
    period: Period
    by: tuple[str, ...]
    currency: Currency
    operators: tuple[Named, ...] = ()
    gambling_types: tuple[Named, ...] = ()
    licences: tuple[Named, ...] = ()
    channels: tuple[Named, ...] = ()
    channel_kinds: tuple[Named, ...] = ()
    games: tuple[Named, ...] = ()
    providers: tuple[Named, ...] = ()
    versions: tuple[Named, ...] = ()
    rules: tuple[Named, ...] = ()
    tax_classes: tuple[TaxClass, ...] = ()
    as_of: datetime | None = None
    against: Period | None = None
    sort: str = ""
    descending: bool = False
    # Of cash flow, see portal.reports.limits: those of R10 alone.
    limits: tuple[db.Row, ...] = field(default=(), compare=False)

    @property
    def time_dimension(self) -> str | None:
        """By which time rows follow one another, if they do."""
        return next((one for one in self.by if self.report.dimensions[one].in_time), None)

    @property
    def by_round(self) -> bool:
        """Whether R05 counts it by rounds, and so closed days alone."""
        return self.report.code == "R05" and bool(
            self.channels or self.channel_kinds or {"channel", "stake_band"} & set(self.by)
        )

    @cached_property
    def narrowed(self) -> dict[str, tuple[Named, ...]]:
        """What narrows it: filter -> things, of the filters in use."""
        every = {
            "operator": self.operators,
            "type": self.gambling_types,
            "licence": self.licences,
            "channel": self.channels,
            "channel_kind": self.channel_kinds,
            "game": self.games,
            "provider": self.providers,
            "version": self.versions,
            "rule": self.rules,
            "tax_class": self.tax_classes,
        }
        return {name: things for name, things in every.items() if things}

    @cached_property
    def query(self) -> dict[str, Any]:
        """What an address that asks the same has in its query; None is left out."""
        query: dict[str, Any] = {"from": self.period.first, "to": self.period.last}
        if self.period.preset:
            query = {"period": self.period.preset}
        query["by"] = ",".join(self.by) or "total"
        for name, things in self.narrowed.items():
            query[name] = ",".join(narrowing.ids(name, things))
        query["currency"] = None if self.currency.code == DEFAULT_CURRENCY else self.currency.code
        query["as_of"] = iso(self.as_of) if self.as_of else None
        return query


@dataclass(frozen=True)
class Reading:
    """What could be read, and what could not: field -> what is wrong with it.

    ``too_long`` are the fields that make the period too long, which is nothing but its size.
    """

    asked: Asked
    errors: dict[str, LazyString]
    too_long: frozenset[str] = frozenset()


class Reader:
    """Reads one query; things are named by id (pages) or by code (programs)."""

    def __init__(
        self,
        conn: db.Connection,
        names: Names,
        report: Definition,
        query: MultiDict[str, str],
        *,
        by_code: bool = False,
        today: date | None = None,
    ) -> None:
        self.conn = conn
        self.names = names
        self.report = report
        self.query = query
        self.by_code = by_code
        self.today = today
        self.errors: dict[str, LazyString] = {}
        self.too_long: set[str] = set()

    def read(self) -> Reading:
        """Everything; with errors the rest holds defaults, enough to show a form."""
        by = self._by()
        operators = self._operators()
        period = self._period(by)
        asked = Asked(
            self.report,
            period,
            by,
            self._currency(),
            operators,
            self._gambling_types(),
            self._objects("licence", self._licences, operators),
            self._objects("channel", self._channels, operators),
            self._channel_kinds(),
            self._objects("game", self._games, operators),
            self._makers("provider"),
            self._makers("version"),
            self._rules(),
            self._tax_classes(),
            self._as_of(),
            self._against(by, period),
            *self._order(by),
            limits=tuple(limits.read(self.conn)) if self.report.code == "R10" else (),
        )
        self._check_together(asked)
        return Reading(asked, self.errors, frozenset(self.too_long))

    def _values(self, field: str) -> list[str]:
        """The values of a field, given several times or with commas between; none twice."""
        parts = [part for text in self.query.getlist(field) for part in text.split(",")]
        found = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if len(found) > MOST_VALUES or any(len(one) > LONGEST_TEXT for one in found):
            self.errors[field] = lazy_gettext("That is too much at once.")
            return []
        return found

    def _by(self) -> tuple[str, ...]:
        asked = self._values("by")
        if asked == ["total"]:
            return ()
        known = self.report.dimensions
        by = tuple(asked) or self.report.default_by
        in_time = [one for one in by if one in known and known[one].in_time]
        if any(one not in known for one in by):
            self.errors["by"] = lazy_gettext("Choose how to group from the list.")
        elif len(by) > MOST_DIMENSIONS or len(in_time) > 1:
            self.errors["by"] = lazy_gettext("Group by at most three things, one of them time.")
        else:
            return by
        return self.report.default_by

    def _period(self, by: tuple[str, ...]) -> Period:
        try:
            period = periods.read_period(self.query, self.report.default_period, self.today)
        except PeriodError as problem:
            if problem.too_long:
                self.too_long.add(problem.field)
            self.errors[problem.field] = problem.message
            instead = periods.preset_period(
                self.report.default_period, self.today or periods.today()
            )
            return Period(instead.first, instead.last)  # without its name: the form shows days
        narrowed = [
            own
            for field, own in (("channel", 93), ("channel_kind", 93), ("game", 93))
            if self._values(field)  # counted by hours alone
        ]
        longest = min([self.report.longest(by), *narrowed])
        if period.days > longest:
            self.too_long.add("from")
            self.errors["from"] = _too_long(longest)
        return period

    def _against(self, by: tuple[str, ...], period: Period) -> Period | None:
        """The period to compare with: one that is related to the report's own, or any other."""
        name = self.query.get("against") or ""
        given = {field: self.query.get(f"against_{field}") or "" for field in ("from", "to")}
        if name in comparing.RELATED:
            found = comparing.related(name, period)
            return replace(found, preset=name) if found.first.year >= FIRST_YEAR else None
        if not name or (name == periods.DAYS and not any(given.values())):
            return None
        if name != periods.DAYS:
            self.errors["against"] = lazy_gettext("Choose what to compare with from the list.")
            return None
        try:
            found = periods.read_period({**given, "period": periods.DAYS}, now=self.today)
        except PeriodError as problem:
            self.errors[f"against_{problem.field}"] = problem.message
            return None
        longest = self.report.longest(by)
        if found.days > longest:
            self.errors["against_from"] = _too_long(longest)
            return None
        return found

    def _operators(self) -> tuple[Named, ...]:
        texts = self._values("operator")
        if self.by_code:
            by_code = {one.code: one for one in self.names.operators.values()}
            found = [by_code.get(text) for text in texts]
        else:
            found = [self.names.operator(text) for text in texts]
        # Another's operator and none at all are answered alike.
        return self._all_of("operator", found, lazy_gettext("Choose an operator from the list."))

    def _gambling_types(self) -> tuple[Named, ...]:
        found = [self.names.gambling_type(text) for text in self._values("type")]
        return self._all_of("type", found, lazy_gettext("Choose a kind of gambling from the list."))

    def _channel_kinds(self) -> tuple[Named, ...]:
        found = [KINDS.get(text) for text in self._values("channel_kind")]
        message = lazy_gettext("Choose a kind of place from the list.")
        return self._all_of("channel_kind", found, message)

    def _objects(
        self,
        field: str,
        find: Callable[[list[str], list[int] | None], list[db.Row]],
        operators: tuple[Named, ...],
    ) -> tuple[Named, ...]:
        texts = self._values(field)
        if not texts:
            return ()
        if not self.by_code and any(
            not text.isascii() or not text.isdecimal() or int(text) >= 2**31 for text in texts
        ):
            self.errors[field] = lazy_gettext("There is nothing of this name to narrow by.")
            return ()
        owners = [one.id for one in operators] or None
        rows = find(texts, owners)
        named = tuple(
            Named(row["id"], row["code"], row["name_uk"], row["name_en"], row["operator_id"])
            for row in rows
        )
        told = {one.code if self.by_code else str(one.id) for one in named}
        if told < set(texts):
            self.errors[field] = lazy_gettext("There is nothing of this name to narrow by.")
        return named

    def _makers(self, field: str) -> tuple[Named, ...]:
        """Providers and versions have no codes: programs name them as pages do."""
        texts = self._values(field)
        known = [int(text) for text in texts if text.isascii() and text.isdecimal()]
        found = (
            makers.named(self.conn, field, [one for one in known if one < 2**31]) if known else {}
        )
        if len(found) < len(texts):
            self.errors[field] = lazy_gettext("There is nothing of this name to narrow by.")
        return tuple(found.values())

    def _rules(self) -> tuple[Named, ...]:
        found = narrowing.rules(self._values("rule"))
        return self._all_of("rule", found, lazy_gettext("Choose a rule from the list."))

    def _tax_classes(self) -> tuple[TaxClass, ...]:
        texts = self._values("tax_class")
        known = {one.code: one for one in narrowing.tax_classes(self.conn)} if texts else {}
        if any(text not in known for text in texts):
            self.errors["tax_class"] = lazy_gettext("Choose a tax class from the list.")
        return tuple(known[text] for text in texts if text in known)

    def _licences(self, texts: list[str], operators: list[int] | None) -> list[db.Row]:
        return self.conn.execute(
            "select l.id, l.operator_id, l.number as code, l.number as name_uk, l.number as name_en"
            " from api.licence as l where case when %(by_code)s then l.number else l.id::text end"
            " = any (%(texts)s) and (%(operators)s::integer[] is null"
            " or l.operator_id = any (%(operators)s))",
            {"by_code": self.by_code, "texts": texts, "operators": operators},
        ).fetchall()

    def _channels(self, texts: list[str], operators: list[int] | None) -> list[db.Row]:
        return self.conn.execute(
            "select c.id, c.operator_id, c.code, c.name_uk, c.name_en"
            " from api.channel as c where case when %(by_code)s then c.code else c.id::text end"
            " = any (%(texts)s) and (%(operators)s::integer[] is null"
            " or c.operator_id = any (%(operators)s))",
            {"by_code": self.by_code, "texts": texts, "operators": operators},
        ).fetchall()

    def _games(self, texts: list[str], operators: list[int] | None) -> list[db.Row]:
        return self.conn.execute(
            "select g.id, g.operator_id, g.code, g.title as name_uk, g.title as name_en"
            " from api.game as g where case when %(by_code)s then g.code else g.id::text end"
            " = any (%(texts)s) and (%(operators)s::integer[] is null"
            " or g.operator_id = any (%(operators)s))",
            {"by_code": self.by_code, "texts": texts, "operators": operators},
        ).fetchall()

    def _all_of(
        self, field: str, found: Iterable[Named | None], message: LazyString
    ) -> tuple[Named, ...]:
        every = list(found)
        if None in every:
            self.errors[field] = message
        return tuple(one for one in every if one is not None)

    def _currency(self) -> Currency:
        values = self._values("currency") or [DEFAULT_CURRENCY]
        found = self.names.currency(values[0]) if len(values) == 1 else None
        if found is None:
            self.errors["currency"] = lazy_gettext("Choose a currency from the list.")
            found = self.names.currency(DEFAULT_CURRENCY)
        if found is None:
            raise LookupError("the registry has no hryvnia")
        return found

    def _as_of(self) -> datetime | None:
        text = self.query.get("as_of") or ""
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus in an address
        except ValueError:
            self.errors["as_of"] = lazy_gettext("Give the date and the time.")
            return None
        if moment.tzinfo is None:
            local = moment.replace(tzinfo=KYIV)
            if local.utcoffset() != local.replace(fold=1).utcoffset():
                self.errors["as_of"] = lazy_gettext(
                    "In Kyiv that hour is twice or never on this day: give the offset from UTC."
                )
                return None
            moment = local
        if not 2000 <= moment.year <= 2199 or moment > datetime.now(KYIV):
            self.errors["as_of"] = lazy_gettext("That moment is still to come, or out of range.")
            return None
        return moment

    def _order(self, by: tuple[str, ...]) -> tuple[str, bool]:
        ordered = any(self.report.dimensions[one].in_time or one in ORDERED for one in by)
        sort = self.query.get("sort") or ("label" if ordered else self.report.leading_measure)
        direction = self.query.get("dir") or ("asc" if sort == "label" else "desc")
        if sort not in ("label", *self.report.measures) or direction not in ("asc", "desc"):
            self.errors["sort"] = lazy_gettext("The table cannot be sorted by that.")
            return "label", False
        return sort, direction == "desc"

    def _check_together(self, asked: Asked) -> None:
        """What the report is not counted by, as ``api.report_check`` refuses it."""
        fields = {"type": "gambling_type", "channel_kind": "channel"}
        for name in asked.narrowed:
            if fields.get(name, name) not in self.report.filters:
                self.errors[name] = lazy_gettext("This report cannot be narrowed by that.")
        if asked.by_round:
            if asked.as_of:
                self.errors["as_of"] = lazy_gettext(
                    "Places and stakes of rounds are counted as they are now: leave the moment out."
                )
            if "equipment" in asked.by and "by" not in self.errors:
                self.errors["by"] = lazy_gettext(
                    "Places and stakes of rounds are not counted by equipment."
                )
        if "region" in asked.by and len(asked.by) == MOST_DIMENSIONS and "operator" not in asked.by:
            self.errors["by"] = lazy_gettext(
                "Regions are counted beside operators or one thing more."
            )
        if asked.tax_classes and (
            asked.gambling_types or asked.licences or "gambling_type" in asked.by
        ):
            self.errors["tax_class"] = lazy_gettext(
                "Taxes are of classes: leave kinds of gambling and licences out."
            )
        games = asked.games or {"game", "equipment"} & set(asked.by)
        others = (
            {"licence", "channel", "payment", "gambling_type"} & set(asked.by)
            or asked.licences
            or asked.channels
            or asked.channel_kinds
            or asked.gambling_types
        )
        if games and others and self.report.code != "R05" and "by" not in self.errors:
            self.errors["by"] = lazy_gettext(
                "Games and equipment are counted by operator and time alone."
            )
        elif "by" not in self.errors:
            self._check_closed(asked)

    def _check_closed(self, asked: Asked) -> None:
        """What is counted when a day has closed, and beside what."""
        by, narrowed = set(asked.by), set(asked.narrowed)
        wrong = {"hour", "gambling_type", "licence", "channel", "payment"} & by
        if "amount_band" in by and (wrong or asked.as_of or narrowed - {"operator"}):
            self.errors["by"] = lazy_gettext(
                "Amounts are counted by operator and day alone, and as they are known now."
            )
        wrong = {"hour", "day", "week", "quarter", "licence"} & by
        several = len(asked.gambling_types) > 1 and "gambling_type" not in by
        if "cohort" in by and (wrong or asked.as_of or several or "licence" in narrowed):
            self.errors["by"] = lazy_gettext(
                "Cohorts are counted by operator, kind of gambling and month alone, and as they are"
                " known now."
            )


def _too_long(days: int) -> LazyString:
    return lazy_gettext(
        "Grouped and narrowed like this a period has at most %(days)s days.", days=days
    )
