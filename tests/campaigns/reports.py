"""Eleven reports over a market of any size: how fast they are, and that they are right.

A market and one of a tenth of its size are loaded, each into a database of its own, and measured
in turn.
From ten million transactions on, the figures are held against what is promised; of a smaller
market they are only told.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from portal import config
from tests.campaigns import reports_speed, reports_truth
from tests.campaigns.campaign import Broken, Campaign, Task, say
from tests.campaigns.reports_load import DAYS, Loader, Size, check_room, size_on_disk

JUDGED_FROM = 10_000_000
PAGE_MS = 100
WIDEST_MS = 1_000
AS_OF_MS = 2_000  # raw rows of an hour are read
TRANSACTIONS_MS = 100
PLAYERS_MS = 1_000
EXPORT_GROWTH = 1.08  # of four times the rows
GROWTH = 1.2  # of the whole beside a tenth of it
SLACK_MS = 5  # of a query so much is noise


def run(
    task: Task,
    *,
    days: int = DAYS,
    calls: int = 40,
    operators: int = 3,
    questions: int = 12,
    served: bool = True,
    beside: bool = True,
    organisers: int | None = None,
) -> dict[str, Any]:
    """Load, measure, compare; ``served``: pages through gunicorn, too; ``beside``: the tenth, too.

    ``organisers``: how many there are, if not as many as fit the rows.
    """
    size = Size.of(round(task.length), task.seed, days)
    size = replace(size, operators=organisers or size.operators)
    loaders = {"the_whole": Loader(task.database, size)}
    if beside:
        tenth = task.cluster.beside(task.database, "tenth")
        loaders = {"a_tenth": Loader(tenth, size.tenth())} | loaders
    wanted = sum(loader.size.transactions for loader in loaders.values())
    present = sum(loader.begin() for loader in loaders.values())
    check_room(wanted, Path(config.settings().home), present)
    seen: dict[str, Any] = {"operators": size.operators}
    for name, loader in loaders.items():
        say(f"{name.replace('_', ' ')}: {loader.size.transactions:,} transactions")
        loader.load()
    databases = {name: loader.database for name, loader in loaders.items()}
    seen |= reports_speed.functions(databases, calls)
    if served:
        for name, pages in reports_speed.pages(databases, calls).items():
            seen[name]["pages"] = pages
        seen["the_whole"]["exports"] = reports_speed.exports(task.database)
    for name, loader in loaders.items():
        seen[name] |= {"rows": loader.begin(), "bytes": size_on_disk(loader.database)}
    seen["right"] = reports_truth.check(task.database, task.seed, operators, questions)
    seen["broken"] = broken(seen)
    say(f"not as promised: {seen['broken'] or 'nothing'}")
    if seen["broken"] and size.transactions >= JUDGED_FROM:
        raise Broken("; ".join(seen["broken"]), seen)
    return seen


def broken(seen: dict[str, Any]) -> list[str]:
    """Which promises the figures do not keep; growth, where a tenth was measured as well."""
    whole, tenth = seen["the_whole"], seen.get("a_tenth")
    limits = [
        *((f"the page {path}", one, PAGE_MS) for path, one in whole.get("pages", {}).items()),
        *((f"default {code}", one, PAGE_MS) for code, one in whole["default"].items()),
        *((f"as of a moment {code}", one, AS_OF_MS) for code, one in whole["as_of"].items()),
        *((f"widest {code}", one, WIDEST_MS) for code, one in whole["widest"].items()),
        ("a page of transactions", whole["transactions"], TRANSACTIONS_MS),
        ("players of a quarter", whole["players_of_a_quarter"], PLAYERS_MS),
    ]
    found = [
        f"{name} takes {one['p95']} ms instead of {limit}"
        for name, one, limit in limits
        if one["p95"] > limit
    ]
    if tenth:
        found += _growth(whole, tenth)
    files = whole.get("exports")
    if files and files["long"]["peak_mib"] > EXPORT_GROWTH * files["short"]["peak_mib"]:
        found.append(
            f"a file of {files['long']['rows']} rows takes {files['long']['peak_mib']} MiB, one of "
            f"{files['short']['rows']} takes {files['short']['peak_mib']}"
        )
    return found


def _growth(whole: dict[str, Any], tenth: dict[str, Any]) -> list[str]:
    """What takes longer of the whole than a tenth allows. A page is what its reader waits for; what
    it asks of the database is a part of that.
    """
    found = []
    if tenth["transactions"]["p95"] > TRANSACTIONS_MS:
        found.append(f"a page of transactions of a tenth takes {tenth['transactions']['p95']} ms")
    for kind, slack in (("pages", 0), ("default", SLACK_MS), ("widest", SLACK_MS)):
        for name, one in whole.get(kind, {}).items():
            before = tenth[kind][name]["p50"]
            if one["p50"] > GROWTH * before + slack:
                found.append(f"{kind} {name} grew from {before} to {one['p50']} ms")
    return found


CAMPAIGN = Campaign(
    "reports",
    "the eleven reports of 1,000 operators and 90 days are right to the last digit, and as fast as "
    "promised",
    run,
    length=100_000_000,
    unit="transactions",
    keeps=True,
)
