"""``dozir figures``: every report and figure as the catalogue has it, for ``docs/figures.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from portal import config, db
from portal.reports import catalogue
from portal.reports.catalogue import Definition, Dimension, Measure

PAGE = config.ROOT / "docs" / "figures.md"
HEAD = """\
# Reports and their figures

Generated from the catalogue of reports by `dozir figures --write`; a test fails when it is out of
date. Pages, files, the API and `dozir report` are made from the same rows, which stand in
`sql/report/catalogue/`; [reports.md](reports.md) says how figures are counted and where they come
from. A figure's code names it in files and in the API, where money is `<code>` in decimal and in
the database `<code>_minor` in minor units.
"""
KINDS = {
    "count": "whole number",
    "money": "money",
    "percent": "per cent",
    "number": "number",
    "moment": "moment",
    "milliseconds": "milliseconds",
    "status": "status",
}
PAST = {
    "arrived": "of what had arrived",
    "closed": "of closed days that were not counted again since",
    "ended": "of a period that had ended",
    "now": "as it is registered now",
}


@click.command()
@click.option("--write", is_flag=True, help="Write docs/figures.md instead of printing.")
def figures(write: bool) -> None:
    """Describe every report in Markdown: groupings, figures, formulas, sources."""
    with db.acting_as("regulator", actor="dozir figures") as conn:
        text = page(catalogue.read(conn))
    if write:
        PAGE.write_text(text)
        click.echo(f"written: {PAGE.relative_to(config.ROOT)}")
    else:
        click.echo(text, nl=False)


def page(reports: Sequence[Definition]) -> str:
    """The whole page, the same for the same catalogue."""
    return "\n".join([HEAD, *(line for one in reports for line in _report(one))])


def _report(one: Definition) -> Iterator[str]:
    yield f"## {one.code} {one.name_en}\n"
    yield f"*{one.name_uk}.* {one.question_en} {one.reader_en}.\n"
    yield f"- **Read by** {', '.join(f'`{role}`' for role in sorted(one.readers))}"
    by = ", ".join(one.dimensions[name].name_en for name in one.default_by) or "the total"
    yield f"- **At first** {by.lower()}, period `{one.default_period}`, chart `{one.chart}`"
    yield f"- **Narrowed by** {', '.join(f'`{name}`' for name in sorted(one.filters))}"
    yield f"- **Longest period** {one.longest_days} days; **counted from** {one.source_table}\n"
    yield from _table(
        ("Figure", "Code", "Kind", "How it is computed", "From", "As of a moment"),
        (
            [m.name_en, f"`{m.code}`", _kind(m), m.formula_en, m.source, PAST[m.past]]
            for m in one.measures.values()
        ),
    )
    yield from _table(
        ("Grouped by", "Code", "Longest, days", "Leads to"),
        (
            [d.name_en, f"`{d.code}`", str(min(d.longest_days, one.longest_days)), _next(one, d)]
            for d in one.dimensions.values()
        ),
    )


def _kind(measure: Measure) -> str:
    return f"{KINDS.get(measure.kind, measure.kind)}{', adds up' if measure.additive else ''}"


def _next(report: Definition, dimension: Dimension) -> str:
    step = dimension.leads_to
    return report.dimensions[step].name_en if step in report.dimensions else ""


def _table(head: Sequence[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""
