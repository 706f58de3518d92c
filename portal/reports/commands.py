"""``dozir report``: a report on the terminal or as JSON, computed as the portal computes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import click
from werkzeug.datastructures import MultiDict

from portal import db
from portal.errors import DatabaseUnavailable
from portal.registry.names import Names, read_names
from portal.reports import answering, catalogue, market, wire
from portal.reports.answering import Answer
from portal.reports.asking import Asked, Reader
from portal.reports.catalogue import CODES

ROLES = (
    "regulator",
    "tax_service",
    "auditor",
    "financial_monitoring",
    "fairness",
    "operator",
)
# Fields of an address -> options of the command.
OPTIONS = {
    "from": "--from",
    "to": "--to",
    "period": "--from",
    "by": "--by",
    "operator": "--operator",
    "type": "--type",
    "licence": "--licence",
    "channel": "--channel",
    "channel_kind": "--channel-kind",
    "game": "--game",
    "provider": "--provider",
    "version": "--game-version",
    "rule": "--rule",
    "tax_class": "--tax-class",
    "currency": "--currency",
    "as_of": "--as-of",
    "against": "--against",
    "against_from": "--against-from",
    "against_to": "--against-to",
    "sort": "--sort",
}


@click.command()
@click.argument("code", type=click.Choice(CODES, case_sensitive=False))
@click.option("--from", "first", metavar="DAY", help="The first day, as 2026-11-01, Kyiv time.")
@click.option("--to", "last", metavar="DAY", help="The last day, included. [default: today]")
@click.option("--by", help="Groupings with commas between, or total. [default: the report's own]")
@click.option("--operator", help="Codes of operators; with --as operator whose rows are seen.")
@click.option("--type", "gambling_type", help="Codes of kinds of gambling.")
@click.option("--licence", help="Numbers of licences.")
@click.option("--channel", help="Codes of venues, websites and applications.")
@click.option("--channel-kind", help="Kinds of places: venue, website, mobile_application.")
@click.option("--game", help="Codes of games.")
@click.option("--provider", help="Providers of games, by the number in the rows.")
@click.option("--game-version", "version", help="Versions of games, by the number in the rows.")
@click.option("--rule", help="Rules of R06, by their keys, as breach:1.")
@click.option("--tax-class", help="Codes of tax classes, of R11.")
@click.option("--currency", default="UAH", show_default=True, help="ISO 4217.")
@click.option("--as-of", metavar="MOMENT", help="What had arrived by then, e.g. 2026-11-20T09:00Z.")
@click.option("--against", help="previous, week, year, or days: what it was then, in --json.")
@click.option("--against-from", metavar="DAY", help="The first day to compare with.")
@click.option("--against-to", metavar="DAY", help="The last day to compare with.")
@click.option("--sort", help="A figure, or label.")
@click.option(
    "--as", "role", type=click.Choice(ROLES), required=True, help="With whose rights it is read."
)
@click.option("--json", "as_json", is_flag=True, help="JSON, as the API answers it.")
def report(
    *, code: str, operator: str | None, role: str, as_json: bool, **given: str | None
) -> None:
    """Print one report: R01 to R11, for a period of days in Kyiv.

    Figures are those of the portal, exact, with the rights of a role and bound by its row-level
    security. Ctrl-C stops the query, too.
    """
    names = {"first": "from", "last": "to", "gambling_type": "type"}
    asked = {names.get(name, name): text for name, text in given.items() if text}
    if asked.get("against_from") or asked.get("against_to"):
        asked.setdefault("against", "days")
    if role != "operator" and operator:
        asked["operator"] = operator
    try:
        answer, months = _answer(code.upper(), MultiDict(asked), role, operator)
    except answering.TooSlow:
        raise click.ClickException(
            f"The report took longer than {answering.SECONDS} seconds and was stopped: "
            "ask for a shorter period, for fewer groupings, or for one operator."
        ) from None
    except DatabaseUnavailable as problem:
        raise click.ClickException("The database cannot be reached: dozir doctor") from problem
    if as_json:
        click.echo(json.dumps(wire.document(answer, months=months), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([*table(answer), *_market(months, answer.asked)]))


def _answer(
    code: str, query: MultiDict[str, str], role: str, operator: str | None
) -> tuple[Answer, list[market.Month] | None]:
    own = _operator(operator) if role == "operator" else None
    with db.acting_as(role, operator_id=own, actor="dozir report") as conn:
        found = catalogue.read(conn, code)
        if not found:
            raise click.ClickException(f"{code} is not a report for {role}.")
        names = read_names(conn)
        asked = _asked(conn, names, found[0], query)
        answer = answering.read(conn, asked, names)
        return answer, market.read(conn, asked, names, role)


def _asked(
    conn: db.Connection, names: Names, report: catalogue.Definition, query: MultiDict[str, str]
) -> Asked:
    reading = Reader(conn, names, report, query, by_code=True).read()
    for field, message in reading.errors.items():
        hint = ""
        if field == "by":
            hint = f" There are: {', '.join(report.dimensions)}, total."
        elif field == "sort":
            hint = f" There are: label, {', '.join(report.measures)}."
        raise click.BadParameter(f"{message}{hint}", param_hint=OPTIONS.get(field, field))
    return reading.asked


def _operator(code: str | None) -> int:
    """Whose rows an operator sees; asked for as someone who sees all operators' names."""
    if not code:
        raise click.UsageError("With --as operator say which one: --operator CODE")
    with db.acting_as("regulator", actor="dozir report") as conn:
        known = {one.code: one.id for one in read_names(conn).operators.values()}
    if code not in known:
        raise click.BadParameter("There is no operator of this code.", param_hint="--operator")
    return known[code]


def table(answer: Answer) -> list[str]:
    """The report in lines: what it is, a table, the total."""
    asked, state = answer.asked, answer.state
    measures = answer.measures()
    heads = [asked.report.dimensions[one].one_en for one in asked.by]
    heads += [one.name_en for one in measures]
    lines = [
        [*(one.label for one in line.keys), *_texts(line.figures, asked)] for line in answer.lines
    ]
    total = [*("Total" if n == 0 else "" for n in range(len(asked.by)))]
    lines.append([*total, *_texts(answer.total, asked)])
    widths = [max(len(row[n]) for row in [heads, *lines]) for n in range(len(heads))]
    keys = len(asked.by)

    def written(row: list[str]) -> str:
        cells = [
            text.ljust(width) if n < keys else text.rjust(width)
            for n, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    complete = wire.value(state.completeness_percent, "percent", 0)
    return [
        f"{asked.report.code} {asked.report.name_en}, "
        f"{_span(asked.period.first, asked.period.last)}, {asked.currency.code}",
        f"as of {wire.moment(state.as_of)}, completeness {complete or '-'} %, "
        + ("provisional" if state.provisional else "closed"),
        *(f"{one.name}: {one.words}" for one in answer.remarks),
        "",
        written(heads),
        *(written(row) for row in lines),
    ]


def _market(months: Sequence[market.Month] | None, asked: Asked) -> list[str]:
    """What an operator is told of the market, below its own rows."""
    if months is None:
        return []
    return ["", *(f"{name}: {told}" for name, told in market.facts(months, asked.currency))]


def _span(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _texts(figures: dict[str, Any], asked: Asked) -> list[str]:
    digits = asked.currency.digits
    found = (
        wire.value(figures[name], one.kind, digits) for name, one in asked.report.measures.items()
    )
    return ["-" if one is None else str(one) for one in found]
