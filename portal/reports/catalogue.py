"""The catalogue of reports: which there are, their figures and groupings, as in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal import db
from portal.web.i18n import language

CODES = tuple(f"R{number:02}" for number in range(1, 12))
# Groupings whose rows have an order of their own, as time has.
ORDERED = frozenset({"amount_band", "cohort", "stake_band"})
CATEGORIES = ("operational", "regulatory", "analytical", "financial")


@dataclass(frozen=True)
class Measure:
    """A figure; ``kind`` and ``past`` as in ``report.measure``, ``records`` the transaction types
    behind it.
    """

    code: str
    kind: str
    name_uk: str
    name_en: str
    formula_uk: str
    formula_en: str
    source: str
    additive: bool
    records: tuple[str, ...]
    term: str
    past: str
    shown: bool
    series: str | None

    @property
    def column(self) -> str:
        """Its column in the answer of the report's function."""
        return f"{self.code}_minor" if self.kind == "money" else self.code

    @property
    def name(self) -> str:
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def formula(self) -> str:
        return self.formula_uk if language() == "uk" else self.formula_en


@dataclass(frozen=True)
class Dimension:
    """What a report may be grouped by; ``leads_to`` is one step closer."""

    code: str
    name_uk: str
    name_en: str
    one_uk: str
    one_en: str
    in_time: bool
    longest_days: int
    term: str
    leads_to: str | None

    @property
    def name(self) -> str:
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def one(self) -> str:
        return self.one_uk if language() == "uk" else self.one_en


@dataclass(frozen=True)
class Definition:
    """A report: everything that its pages, files, commands and answers are made from."""

    code: str
    category: str
    name_uk: str
    name_en: str
    question_uk: str
    question_en: str
    reader_uk: str
    reader_en: str
    chart: str
    leading_measure: str
    default_by: tuple[str, ...]
    default_period: str
    readers: frozenset[str]
    filters: frozenset[str]
    longest_days: int
    source_table: str
    yet_to_come_uk: str
    yet_to_come_en: str
    purpose_uk: str
    purpose_en: str
    reading_uk: str
    reading_en: str
    example_uk: str
    example_en: str
    example_query: str
    measures: dict[str, Measure]
    dimensions: dict[str, Dimension]

    @property
    def name(self) -> str:
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def question(self) -> str:
        return self.question_uk if language() == "uk" else self.question_en

    @property
    def reader(self) -> str:
        return self.reader_uk if language() == "uk" else self.reader_en

    @property
    def yet_to_come(self) -> str:
        return self.yet_to_come_uk if language() == "uk" else self.yet_to_come_en

    @property
    def purpose(self) -> str:
        return self.purpose_uk if language() == "uk" else self.purpose_en

    @property
    def reading(self) -> str:
        return self.reading_uk if language() == "uk" else self.reading_en

    @property
    def example(self) -> str:
        return self.example_uk if language() == "uk" else self.example_en

    def longest(self, by: tuple[str, ...]) -> int:
        """The longest period in days when it is grouped so."""
        return min([self.longest_days, *(self.dimensions[one].longest_days for one in by)])


def read(conn: db.Connection, code: str | None = None) -> list[Definition]:
    """The reports that the reader may see, or the one with this code, in their order."""
    reports = conn.execute(
        "select r.* from api.report as r where %(code)s::text is null or r.code = %(code)s"
        " order by r.position",
        {"code": code},
    ).fetchall()
    codes = [row["code"] for row in reports]
    measures = conn.execute(
        "select o.report, o.shown, o.series, m.* from api.report_measure as o"
        " join api.measure as m on m.code = o.measure where o.report = any (%s)"
        " order by o.report, o.position",
        (codes,),
    ).fetchall()
    dimensions = conn.execute(
        "select o.report, o.leads_to, d.* from api.report_dimension as o"
        " join api.dimension as d on d.code = o.dimension where o.report = any (%s)"
        " order by o.report, d.position",
        (codes,),
    ).fetchall()
    return [
        _definition(
            row,
            [one for one in measures if one["report"] == row["code"]],
            [one for one in dimensions if one["report"] == row["code"]],
        )
        for row in reports
    ]


def _definition(row: db.Row, measures: list[db.Row], dimensions: list[db.Row]) -> Definition:
    own = {name: row[name] for name in Definition.__dataclass_fields__ if name in row}
    lists: dict[str, Any] = {
        "default_by": tuple(row["default_by"]),
        "readers": frozenset(row["readers"]),
        "filters": frozenset(row["filters"]),
        "measures": {
            one["code"]: Measure(
                **{name: one[name] for name in Measure.__dataclass_fields__ if name != "records"},
                records=tuple(one["records"]),
            )
            for one in measures
        },
        "dimensions": {
            one["code"]: Dimension(**{name: one[name] for name in Dimension.__dataclass_fields__})
            for one in dimensions
        },
    }
    return Definition(**(own | lists))
