"""A report's answer: typed rows with names, their total and how far they can be trusted.

Page, files, API and command line all write from :class:`Answer`. For files: ``answer.columns()``
names and types the columns, ``answer.cells()`` gives the rows in the same order, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, LiteralString, TypeVar

import psycopg

from portal import db
from portal.ingest.problem_codes import CODES
from portal.registry.names import Named, Names, read_objects
from portal.reports import comparing, makers, places, remarks
from portal.reports.asking import Asked
from portal.reports.catalogue import ORDERED, Dimension, Measure
from portal.reports.narrowing import OWN, TaxClass, rule_name, tax_classes
from portal.reports.remarks import Remark
from portal.reports.spool import APART, Body, Spool
from portal.web import formats
from portal.web.alphabet import alphabetical
from portal.web.formats import KYIV
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.periods import ONE_DAY, Period, midnight

ONE_HOUR = timedelta(hours=1)
SECONDS = 15  # statement_timeout of dozir_portal, see sql/roles.sql
FUNCTIONS: dict[str, LiteralString] = {
    "R01": "api.report_r01",
    "R02": "api.report_r02",
    "R03": "api.report_r03",
    "R04": "api.report_r04",
    "R05": "api.report_r05",
    "R06": "api.report_r06",
    "R07": "api.report_r07",
    "R08": "api.report_r08",
    "R09": "api.report_r09",
    "R10": "api.report_r10",
    "R11": "api.report_r11",
}
# Dimensions of things that belong to an operator.
OWNED = frozenset({"licence", "channel", "equipment", "game", "access_key"})
# What a report tells beside a key, for whom a name is not enough: column of files, its heading.
BESIDE: dict[tuple[str, str], tuple[str, LazyString]] = {
    ("R04", "licence"): ("licence_type", lazy_gettext("Kind of gambling of the licence")),
    ("R09", "operator"): ("taxpayer_code", lazy_gettext("Taxpayer code")),
    ("R11", "operator"): ("taxpayer_code", lazy_gettext("Taxpayer code")),
}
# Rows of time that are a day or a moment for files too; the others have names of their own.
PART = 1000  # rows of a long report that are read together
EVERY = frozenset({("hour",), ("day",)})  # groupings that tell what holds nothing, too
REGISTERED = ("licence", "channel", "equipment", "game")
SOUGHT = frozenset({*REGISTERED, "access_key", *makers.SAME})  # looked up for the rows there are
BAND_DIGITS = 3  # of the largest number of a band
TYPED = {"day": "date", "week": "date", "hour": "moment"}
PAYMENTS = ("", "cash", "card", "bank_transfer", "e_wallet", "balance", "chips")
TAX_KINDS = ("", "ggr_tax", "pit", "military_levy")
Value = int | Decimal | datetime | str | None
Given = tuple[Any, ...]  # a row, see _Lines.rows
Some = TypeVar("Some")


class TooSlow(psycopg.errors.QueryCanceled):
    """The report was stopped: a shorter period or coarser rows are needed, if ``SECONDS`` passed;
    else somebody who waited for it, or made a file of it, has left.
    """


# Made by the thousand: a frozen one takes several times as long to make.
@dataclass(slots=True)
class Key:
    """One key of a row: as the function gives it, as programs and as people are told it.

    ``ids`` are the places of a region, of the row's operator if it has one; ``kinds`` the kinds of
    gambling in a tax class, by code. ``beside`` is what the report tells with it, see ``BESIDE``.
    """

    dimension: Dimension
    key: str
    code: str
    label: str
    id: int | None = None
    owner: Named | None = None
    start: date | datetime | None = None
    ids: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    beside: str = ""


class Line:
    """One row: its keys in the order of the grouping, its figures by code of the measure.

    ``named`` gives the keys once they are asked for: of a thousand rows a page shows fifty.
    ``given`` are the keys as the function tells them, ``ways`` what :mod:`portal.reports.drill` has
    found behind it for whom, as the table and charts ask for the same.
    """

    __slots__ = ("_goes_on", "_keys", "_named", "figures", "given", "ways")

    def __init__(
        self,
        named: Callable[[], tuple[Key, ...]],
        figures: dict[str, Value],
        goes_on: Callable[[Key], bool] | None = None,
        given: Sequence[str] = (),
    ) -> None:
        self._named, self._goes_on = named, goes_on
        self._keys: tuple[Key, ...] | None = None
        self.figures = figures
        self.given = given
        self.ways: tuple[Asked, Sequence[str], dict[str, str]] | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        if self._keys is None:
            self._keys = self._named()
        return self._keys

    @property
    def unfinished(self) -> bool:
        """Whether it is the row of a time that still goes on: more will come into it."""
        return self._goes_on is not None and any(map(self._goes_on, self.keys))

    @property
    def label(self) -> str:
        return " · ".join(one.label for one in self.keys)

    @property
    def start(self) -> date | datetime | None:
        return next((one.start for one in self.keys if one.start is not None), None)


@dataclass(frozen=True)
class State:
    """How far figures can be trusted, see ``api.report_state``."""

    as_of: datetime
    day_open: bool
    expected: int
    received: int
    completeness_percent: Decimal | None
    provisional: bool


@dataclass(frozen=True)
class Column:
    """A column of a file: ``kind`` is a measure's, or ``text``, ``date`` and ``moment`` for keys;
    money in minor units.
    """

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Answer:
    """The rows in the order asked for, their total, and how far they can be trusted."""

    asked: Asked
    state: State
    lines: list[Line]
    total: dict[str, Value]
    before: Answer | None = None
    spool: Spool[Line] | None = None
    remarks: Sequence[Remark] = ()
    names: _Lines | None = None

    def know(self, lines: Iterable[Line]) -> None:
        """Look up together what rows name that are about to be shown, see ``read``."""
        if self.names is not None:
            self.names.know(line.given for line in lines if line.given)

    @cached_property
    def _earlier(self) -> dict[tuple[str, ...], Line]:
        if self.before is None:
            return {}
        period = self.before.asked.period
        return {comparing.place(one, period): one for one in self.before.lines}

    def _then(self, line: Line) -> dict[str, Value]:
        """The figures of a row in the period compared with; none where it was not there."""
        place = comparing.place(line, self.asked.period)
        spool = self.before.spool if self.before else None
        then = spool.at(APART.join(place)) if spool else self._earlier.get(place)
        return then.figures if then else {}

    def compared(self, line: Line | None, measure: Measure) -> tuple[Value, Decimal | None]:
        """A figure of the period compared with, and how it changed; the total's without a line.

        A row that was not there then has nothing to compare with. Raises LookupError where the
        report is compared with nothing.
        """
        if self.before is None:
            raise LookupError("compared with nothing")
        own, other = self.asked.period, self.before.asked.period
        if line is None:
            now, earlier = self.total, self.before.total
        else:
            now, earlier = line.figures, self._then(line)
        in_time = line is not None and self.asked.time_dimension in ("hour", "day", "week")
        days = (1, 1) if in_time else (own.days, other.days)
        then = earlier.get(measure.code)
        return then, comparing.change(measure.kind, now[measure.code], then, days)

    @property
    def as_of(self) -> datetime:
        return self.state.as_of

    def measures(self) -> list[Measure]:
        return list(self.asked.report.measures.values())

    @property
    def _owned(self) -> bool:
        """Whether rows belong to operators that are no key themselves."""
        return bool(OWNED & set(self.asked.by)) and "operator" not in self.asked.by

    def columns(self) -> list[Column]:
        """The columns of a file: code and name of each key, whose it is, then the measures."""
        columns = []
        for one in self.asked.by:
            dimension = self.asked.report.dimensions[one]
            if dimension.in_time:
                columns.append(Column(one, dimension.one, TYPED.get(one, "text")))
                continue
            code = gettext("%(what)s (code)", what=dimension.one)
            columns += [Column(one, code, "text"), Column(f"{one}_name", dimension.one, "text")]
            if told := BESIDE.get((self.asked.report.code, one)):
                columns.append(Column(told[0], str(told[1]), "text"))
        if self._owned:
            columns.append(Column("owner", gettext("Operator"), "text"))
        return [*columns, *(one for measure in self.measures() for one in self._told(measure))]

    def _told(self, measure: Measure) -> list[Column]:
        """The columns of one figure: its own, then, compared, what it was and how it changed."""
        own = Column(measure.code, measure.name, measure.kind)
        if self.before is None:
            return [own]
        before = gettext("%(what)s, before", what=measure.name)
        change = (
            gettext("%(what)s, change in points", what=measure.name)
            if measure.kind == "percent"
            else gettext("%(what)s, change", what=measure.name)
        )
        return [
            own,
            Column(f"{measure.code}_before", before, measure.kind),
            Column(f"{measure.code}_change", change, "percent"),
        ]

    def figures(self, line: Line | None) -> list[Any]:
        """The figures of a row, of the total without one, as ``columns`` has them."""
        own = self.total if line is None else line.figures
        if self.before is None:
            return [own[name] for name in self.asked.report.measures]
        return [
            value for one in self.measures() for value in (own[one.code], *self.compared(line, one))
        ]

    def cells(self) -> Iterator[list[Any]]:
        """Rows for a file, typed as ``columns`` says."""
        for line in self.lines if self.spool is None else self.spool:
            keys: list[Any] = []
            for one in line.keys:
                if one.dimension.in_time:
                    keys.append(one.start if one.dimension.code in TYPED else one.code)
                else:
                    keys += [one.code, one.label]
                    if (self.asked.report.code, one.dimension.code) in BESIDE:
                        keys.append(one.beside or None)
            if self._owned:
                keys.append(next((one.owner.name for one in line.keys if one.owner), None))
            yield [*keys, *self.figures(line)]


def read(
    conn: db.Connection,
    asked: Asked,
    names: Names,
    *,
    spooled: bool = False,
    shown: range | None = None,
) -> Answer:
    """Read the report; everything inside one transaction of the reader's. Raises TooSlow.

    ``spooled``: rows lie in a file, for those who take them one by one; ``lines`` is empty then.
    ``shown``: which rows a page shows. Of them alone those are put in order by name that tell the
    same, and what rows name is looked up within the transaction: for those that are made known
    and, at the first key that is asked for and was not, for all.
    """
    report = asked.report
    ids = [
        [one.id for one in things] or None
        for things in (
            asked.operators,
            asked.gambling_types,
            asked.licences,
        )
    ]
    ids += [places.places_of(conn, asked), makers.games_of(conn, asked)]
    period = asked.period
    function = FUNCTIONS[report.code]
    own = asked.narrowed.get(OWN.get(report.code, ""))
    args = (
        *(period.first, period.last, list(asked.by), *ids, asked.currency.id, asked.as_of),
        *([[one.code for one in own]] if own else []),
    )
    try:
        state = State(**db.call(conn, "api.report_state", period.last, ids[0], asked.as_of)[0])
        own_names = _Lines(conn, asked, names, state.as_of)
        parts = (
            db.stream(conn, own_names.rows, function, *args, size=PART) if spooled
            else iter([db.call_as(conn, own_names.rows, function, *args)])
        )  # fmt: skip
        lines, spool, total = _named(own_names, parts, spooled, shown)
        if shown is None:
            own_names.know_all()
    except psycopg.errors.QueryCanceled as problem:
        raise TooSlow from problem
    before = None
    if asked.against:
        other = replace(asked, period=asked.against, against=None)
        before = read(conn, other, names, spooled=spooled)
    said = remarks.read(conn, asked, [total, before.total] if before else [total])
    return Answer(asked, state, lines, total, before, spool, said, own_names)


def _named(
    names: _Lines, parts: Iterator[list[Given]], spooled: bool, shown: range | None
) -> tuple[list[Line], Spool[Line] | None, dict[str, Value]]:
    """The rows as lines in the order asked for, or in a file, and the total."""
    asked = names.asked
    total: dict[str, Value] = {}
    kept: list[Line] = []
    spool = (
        Spool(names.of, by_label=asked.sort == "label", descending=asked.descending)
        if spooled
        else None
    )
    there: set[str] = set()  # of hours or days, which are few
    for part in parts:
        total = next((names.figures(row) for row in part if row[0]), total)
        lines = names.lines(part)
        names.waiting = [line.given for line in lines]
        if asked.by in EVERY:
            there |= {line.given[0] for line in lines}
        if spool:
            names.know_all()
            spool.put(_spooled(lines, asked))
        else:
            kept += lines
    missing = names.missing(there, total) if there else []
    if spool is None:
        return _ordered(names, kept + missing, shown), None, total
    spool.put(_spooled(missing, asked))
    return [], spool, total


def _spooled(lines: Iterable[Line], asked: Asked) -> Iterator[tuple[Any, str, str, Body]]:
    for one in lines:
        rank = None if asked.sort == "label" else one.figures[asked.sort]
        label = APART.join(part for pair in _label(one) for part in pair)
        place = APART.join(comparing.place(one, asked.period))
        yield rank, label, place, ([key.key for key in one.keys], [*one.figures.values()])


def _ordered(names: _Lines, lines: list[Line], shown: range | None) -> list[Line]:
    """The lines as asked; nothing to compare comes last either way."""
    asked = names.asked
    down = asked.descending
    if asked.sort == "label":
        names.know_all()
        return sorted(lines, key=_label, reverse=down)

    ranked = [(line.figures[asked.sort], line) for line in lines]
    told = sorted((one for one in ranked if one[0] is not None), key=itemgetter(0), reverse=down)
    groups = [[line for _, line in same] for _, same in groupby(told, itemgetter(0))]
    groups.append([line for rank, line in ranked if rank is None])
    # Names are put in order where figures are the same, and nowhere else: they are many.
    seen = _seen(groups, shown)
    if tied := [line for same in seen if len(same) > 1 for line in same]:
        names.know(one.given for one in (*tied, *chain.from_iterable(seen)))
        for same in seen:
            if len(same) > 1:
                same.sort(key=_label)
    return [*chain.from_iterable(groups)]


def _seen(groups: list[list[Some]], shown: range | None) -> list[list[Some]]:
    """The groups of which any row is shown: as a page of rows begins anew where there are none."""
    if shown is None or shown.start >= sum(map(len, groups)):
        return groups
    found, place = [], 0
    for same in groups:
        if place < shown.stop and place + len(same) > shown.start:
            found.append(same)
        place += len(same)
    return found


def _label(line: Line) -> list[tuple[str, str]]:
    """What lines are sorted by when they are sorted by their names."""
    return [
        (
            one.key.zfill(BAND_DIGITS)
            if one.dimension.in_time or one.dimension.code in ORDERED
            else alphabetical(one.label),
            one.code,
        )
        for one in line.keys
    ]


class _Lines:
    """Gives rows their names; registered things are looked up once for many rows."""

    def __init__(self, conn: db.Connection, asked: Asked, names: Names, as_of: datetime) -> None:
        self.conn = conn
        self.asked = asked
        self.names = names
        self.as_of = as_of
        self.ukrainian = language() == "uk"
        self.waiting: list[Sequence[str]] = []  # keys of rows whose names were not looked up
        self.sought: dict[str, set[int]] = {one: {0} for one in asked.by if one in SOUGHT}
        self.things: dict[str, dict[int, Named]] = {
            **{one: {} for one in (*REGISTERED, "access_key", *makers.SAME)},
            "operator": names.operators,
            "gambling_type": names.gambling_types,
            "tax_class": {one.id: one for one in tax_classes(conn)}
            if "tax_class" in asked.by
            else {},
            "stake_band": _stake_bands(conn, asked) if "stake_band" in asked.by else {},
            "region": _regions(conn) if "region" in asked.by else {},
        }
        self.bands = _bands(conn) if "amount_band" in asked.by else {}
        self.regional = _regional(conn, asked) if "region" in asked.by else []
        told = {one for one in asked.by if (asked.report.code, one) in BESIDE}
        self.beside: dict[str, dict[int, str]] = {one: {} for one in told}
        self.codes = tuple(asked.report.measures)
        self.makers = [self._maker(asked.report.dimensions[one]) for one in asked.by]
        if "operator" in told:
            self.beside["operator"] = _taxpayers(conn)

    def know_all(self) -> None:
        """Look up what all rows name."""
        waiting, self.waiting = self.waiting, []
        self.know(waiting)

    def know(self, given: Iterable[Sequence[str]]) -> None:
        """Look up what rows with these keys name and is not known yet."""
        if not self.sought:
            return
        by_place = list(zip(*given, strict=True)) or [()] * len(self.asked.by)
        wanted = {
            one: set(map(int, by_place[place])) - self.sought[one]
            for place, one in enumerate(self.asked.by)
            if one in self.sought
        }
        if not any(wanted.values()):
            return
        for one, ids in wanted.items():
            self.sought[one] |= ids
        objects = read_objects(
            self.conn,
            licences=wanted.get("licence", ()),
            channels=wanted.get("channel", ()),
            equipment=wanted.get("equipment", ()),
            games=wanted.get("game", ()),
        )
        found: dict[str, dict[int, Named]] = {
            "licence": objects.licences,
            "channel": objects.channels,
            "equipment": objects.equipment,
            "game": objects.games,
            "access_key": _access_keys(self.conn, sorted(wanted.get("access_key", ()))),
            **{
                one: makers.named(self.conn, one, wanted[one])
                for one in makers.SAME if wanted.get(one)
            },
        }  # fmt: skip
        for one, known in found.items():
            self.things[one] |= known
        if "licence" in self.beside:
            types = _licence_types(self.conn, sorted(wanted["licence"]))
            self.beside["licence"] |= {
                one: self.names.gambling_types[kind].name for one, kind in types.items()
            }

    def rows(self, cursor: db.AnyCursor) -> Callable[[Sequence[Any]], Given]:
        """A row factory: whether it is the total, its keys, its figures in the report's order."""
        there = [one.name for one in cursor.description or ()]
        measures = self.asked.report.measures.values()
        wanted = ("is_total", "keys", *(one.column for one in measures))
        return itemgetter(*(there.index(name) for name in wanted)) if there else tuple

    def figures(self, row: Given) -> dict[str, Value]:
        return dict(zip(self.codes, row[2:], strict=True))

    def lines(self, rows: Iterable[Given]) -> list[Line]:
        keys, codes, goes_on = self._keys, self.codes, self._goes_on
        return [
            Line(partial(keys, row[1]), dict(zip(codes, row[2:], strict=True)), goes_on, row[1])
            for row in rows
            if not row[0]
        ]

    def of(self, body: Body) -> Line:
        """A line of the keys and figures that a spool kept of it."""
        keys, figures = body
        return self._line(keys, dict(zip(self.asked.report.measures, figures, strict=True)))

    def _line(self, keys: list[str], figures: dict[str, Value]) -> Line:
        return Line(partial(self._keys, keys), figures, self._goes_on, keys)

    def _keys(self, found: list[str]) -> tuple[Key, ...]:
        keys = tuple([make(key) for make, key in zip(self.makers, found, strict=True)])
        if not self.regional:
            return keys
        owner = next((one.id for one in keys if one.dimension.code == "operator"), None)
        return tuple(
            replace(one, ids=self._places_in(one.id, owner))
            if one.dimension.code == "region"
            else one
            for one in keys
        )

    def _places_in(self, region: int | None, owner: int | None) -> tuple[int, ...]:
        return tuple(
            row["channel_id"]
            for row in self.regional
            if row["region"] == region and owner in (None, row["operator_id"])
        )

    def missing(self, there: Set[str], total: dict[str, Value]) -> list[Line]:
        """Hours or days of the period that have begun and hold nothing: they are told, too."""
        if self.asked.by_round:
            return []  # a day that is not closed is not empty
        dimension = self.asked.report.dimensions[self.asked.by[0]]
        keys = keys_of_time(self.asked.period, dimension.code, self.as_of)
        nothing = {
            # What not even the total tells, no row of it does.
            name: 0 if one.additive and total[name] is not None else None
            for name, one in self.asked.report.measures.items()
        }
        return [self._line([key], dict(nothing)) for key in keys if key not in there]

    def _maker(self, dimension: Dimension) -> Callable[[str], Key]:
        """What makes the keys of a dimension: where names put rows in order there are thousands."""
        things = self.things.get(dimension.code)
        return (
            partial(self._key, dimension)
            if things is None
            else partial(self._thing, dimension, things)
        )

    def _key(self, dimension: Dimension, key: str) -> Key:
        if dimension.in_time:
            start = start_of(dimension.code, key)
            one_day = self.asked.period.days == 1
            return Key(dimension, key, key, _time_label(dimension.code, key, one_day), start=start)
        return self._coded(dimension, key) or Key(dimension, key, key, key)

    def _thing(self, dimension: Dimension, things: dict[int, Named], key: str) -> Key:
        """A key that stands in a register."""
        number = int(key)
        if number not in things and number not in self.sought.get(dimension.code, {number}):
            self.know_all()
        thing = things.get(number)
        if thing is None:
            absent = None
            if key == "0":
                known = dimension.code not in ("operator", "access_key")
                absent = gettext("None") if known else gettext("No known key")
            label = absent or gettext("No longer registered (%(id)s)", id=key)
            return Key(dimension, key, key, label, number)
        owner = self.names.operators.get(thing.operator_id) if thing.operator_id else None
        kinds = thing.kinds if isinstance(thing, TaxClass) else ()
        beside = self.beside.get(dimension.code, {}).get(thing.id, "")
        return Key(
            dimension,
            key,
            thing.code,
            thing.called(self.ukrainian),
            thing.id,
            owner,
            kinds=kinds,
            beside=beside,
        )

    def _coded(self, dimension: Dimension, key: str) -> Key | None:
        """A key that stands in no register, but in a list of ours; None for all others."""
        if dimension.code in NUMBERED:
            codes, name = NUMBERED[dimension.code]
            code = codes[int(key)]
            return Key(dimension, key, code, name(code), int(key))
        if named := IN_WORDS.get(dimension.code):
            return Key(dimension, key, key, named(key))
        if dimension.code == "amount_band":
            return self._band(dimension, key)
        return None

    def _band(self, dimension: Dimension, key: str) -> Key:
        """Amounts from the smallest to the largest of a band; its code has them in minor units."""
        if key not in self.bands:
            return Key(dimension, key, key, gettext("Not counted by amount yet"))
        first, after = self.bands[key]
        currency = self.asked.currency
        smallest = formats.amount(first, currency.digits)
        if after is None:
            amount = formats.money(first, currency.code, currency.digits)
            label = gettext("%(amount)s and more", amount=amount)
            return Key(dimension, key, f"{first}-", label, int(key))
        largest = formats.money(after - 1, currency.code, currency.digits)
        return Key(dimension, key, f"{first}-{after - 1}", f"{smallest} – {largest}", int(key))

    def _goes_on(self, key: Key) -> bool:
        if key.start is None:
            return False
        since, until = span_of(key.dimension.code, key.start)
        return since <= self.as_of < until


def _access_keys(conn: db.Connection, ids: list[int]) -> dict[int, Named]:
    if not ids:
        return {}
    rows = conn.execute(
        "select k.id, k.operator_id, k.key_id, k.label from api.access_key as k"
        " where k.id = any (%s)",
        (ids,),
    )
    return {
        row["id"]: Named(row["id"], row["key_id"], row["label"], row["label"], row["operator_id"])
        for row in rows
    }


def _taxpayers(conn: db.Connection) -> dict[int, str]:
    """Codes of operators as taxpayers, by which they are found in the tax service's register."""
    rows = conn.execute("select o.id, o.taxpayer_code from api.operator as o")
    return {row["id"]: row["taxpayer_code"] for row in rows}


def _licence_types(conn: db.Connection, ids: list[int]) -> dict[int, int]:
    """Kinds of gambling by licence; a licence for none (of a provider) has none."""
    rows = conn.execute(
        "select l.id, l.gambling_type_id from api.licence as l"
        " where l.id = any (%s) and l.gambling_type_id is not null",
        (ids,),
    )
    return {row["id"]: row["gambling_type_id"] for row in rows}


def _bands(conn: db.Connection) -> dict[str, tuple[int, int | None]]:
    """The smallest amount of each band, and the smallest above it."""
    rows = conn.execute("select id, from_minor, until_minor from api.amount_band").fetchall()
    return {str(row["id"]): (row["from_minor"], row["until_minor"]) for row in rows}


def _stake_bands(conn: db.Connection, asked: Asked) -> dict[int, Named]:
    """Bands of the stakes of rounds, by number, in the currency of the report."""
    digits = asked.currency.digits
    unknown = gettext("the bet is not known")
    bands = {0: Named(0, "0", unknown, unknown, None)}
    for row in conn.execute("select band, from_minor, below_minor from api.stake_band"):
        if row["from_minor"] is None:
            label = gettext(
                "up to %(amount)s", amount=formats.amount(row["below_minor"] - 1, digits)
            )
        elif row["below_minor"] is None:
            label = gettext("from %(amount)s", amount=formats.amount(row["from_minor"], digits))
        else:
            last = formats.amount(row["below_minor"] - 1, digits)
            label = f"{formats.amount(row['from_minor'], digits)} – {last}"
        bands[row["band"]] = Named(row["band"], str(row["band"]), label, label, None)
    return bands


def _regions(conn: db.Connection) -> dict[int, Named]:
    """By place in the list of regions, which is their key in rows; 0 and 99 are none of it."""
    rows = conn.execute(
        "select c.position, c.value, c.name_uk, c.name_en from api.choice as c"
        " where c.list = 'region'"
    ).fetchall()
    found = {
        row["position"]: Named(row["position"], row["value"], row["name_uk"], row["name_en"], None)
        for row in rows
    }
    found[0] = Named(
        0, "online", "Онлайн: сайти й застосунки", "Online: sites and applications", None
    )
    found[99] = Named(99, "other", "Інша область", "Another region", None)
    return found


def _regional(conn: db.Connection, asked: Asked) -> list[db.Row]:
    """All places, of the operators asked for, with the region of each."""
    return conn.execute(
        "select c.channel_id, c.operator_id, c.region from api.channel_region as c"
        " where %(operators)s::integer[] is null or c.operator_id = any (%(operators)s)"
        " order by c.channel_id",
        {"operators": [one.id for one in asked.operators] or None},
    ).fetchall()


def start_of(dimension: str, key: str) -> date | datetime:
    """The first day or the moment of a row of time."""
    if dimension == "hour":
        return datetime.fromisoformat(key)
    if dimension == "quarter":
        return date(int(key[:4]), 3 * int(key[-1]) - 2, 1)
    return date.fromisoformat(key + {"month": "-01", "year": "-01-01"}.get(dimension, ""))


def last_of(dimension: str, start: date) -> date:
    """The last day of a row of days."""
    if dimension == "day":
        return start
    if dimension == "week":
        return start + 6 * ONE_DAY
    months = {"month": 1, "quarter": 3, "year": 12}[dimension]
    whole = start.year * 12 + start.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1) - ONE_DAY


def span_of(dimension: str, start: date | datetime) -> tuple[datetime, datetime]:
    """The moments between which a row of time lies."""
    if isinstance(start, datetime):
        return start, start + ONE_HOUR
    return midnight(start), midnight(last_of(dimension, start) + ONE_DAY)


def keys_of_time(period: Period, dimension: str, as_of: datetime) -> Iterator[str]:
    """Keys of all hours or days of a period that have begun, 23 or 25 hours where clocks change."""
    if dimension == "day":
        day = period.first
        while day <= min(period.last, as_of.astimezone(KYIV).date()):
            yield day.isoformat()
            day += ONE_DAY
        return
    moment = period.start
    while moment < min(period.end, as_of):
        yield hour_key(moment)
        moment += ONE_HOUR


def hour_key(moment: datetime) -> str:
    """An hour as the functions of reports name it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _time_label(dimension: str, key: str, one_day: bool) -> str:
    start = start_of(dimension, key)
    if isinstance(start, datetime):
        return _hour_label(start, one_day)
    if dimension == "week":
        return f"{formats.date_only(start)} – {formats.date_only(last_of('week', start))}"
    if dimension == "month":
        return f"{start:%m.%Y}"
    if dimension == "quarter":
        return gettext("quarter %(number)s of %(year)s", number=key[-1], year=key[:4])
    return key if dimension == "year" else formats.date_only(start)


def _hour_label(start: datetime, one_day: bool) -> str:
    """The hour on a clock in Kyiv; the two that read alike in October carry their offset."""
    local = start.astimezone(KYIV)
    text = f"{local:%H:%M}" if one_day else formats.date_time(start)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return text
    return f"{text} (UTC+{int((local.utcoffset() or timedelta()) / ONE_HOUR)})"


def payment_name(code: str) -> str:
    """A form of settlement in words."""
    return {
        "cash": gettext("cash"),
        "card": gettext("card"),
        "bank_transfer": gettext("bank transfer"),
        "e_wallet": gettext("electronic wallet"),
        "balance": gettext("balance"),
        "chips": gettext("chips"),
    }.get(code, code)


def error_name(code: str) -> str:
    """How requests were answered in words: without an error, or by which."""
    if code == "ok":
        return gettext("answered without an error")
    known = CODES.get(code)
    return f"{gettext(known.title)} ({code})" if known else code


def cohort_name(key: str) -> str:
    """The month of the first bet, in words."""
    if key == "none":
        return gettext("In no cohort, or not counted yet")
    return f"{start_of('month', key):%m.%Y}"


def tax_name(code: str) -> str:
    """A tax in words."""
    return {
        "ggr_tax": gettext("Tax on income (GGR)"),
        "pit": gettext("Personal income tax on winnings"),
        "military_levy": gettext("Military levy on winnings"),
    }.get(code, code)


def kind_name(code: str) -> str:
    """A kind of place in words."""
    if code == "none":
        return gettext("None")
    return places.KINDS[code].name if code in places.KINDS else code


def severity_name(code: str) -> str:
    """How grave what R06 tells is, in words."""
    return {
        "critical": gettext("critical: without a fitting licence"),
        "other": gettext("other"),
    }.get(code, code)


def status_name(code: str) -> str:
    """How a licence stands, or what a test of returns found, in words."""
    return {
        "upcoming": gettext("Not yet in force"),
        "active": gettext("In force"),
        "suspended": gettext("Suspended"),
        "expired": gettext("Expired"),
        "revoked": gettext("Annulled"),
        "below": gettext("Returns less"),
        "above": gettext("Returns more"),
        "watch": gettext("Look into it"),
        "fair": gettext("Within"),
    }.get(code, code)


# Dimensions whose keys are codes -> what they are called.
IN_WORDS: dict[str, Callable[[str], str]] = {
    "cohort": cohort_name,
    "rule": rule_name,
    "error_code": error_name,
    "object_kind": kind_name,
    "severity": severity_name,
}
# Dimensions whose keys are places in a list: the codes, and what each is called.
NUMBERED = {"payment": (PAYMENTS, payment_name), "tax_kind": (TAX_KINDS, tax_name)}
