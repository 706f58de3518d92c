"""``dozir migrate``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from difflib import unified_diff

import click
import psycopg

from portal import runtime
from portal.runtime.progress import printable
from portal.schema.migrate import ATTEMPTS
from portal.schema.migrate import migrate as apply
from portal.schema.plan import Plan
from portal.schema.plan import plan as look
from portal.schema.record import Change, drift

SOMETHING_TO_DO = 2
MISSING = (
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedObject,
    psycopg.errors.UndefinedTable,
)
# Words about what holds data were mostly written by the migration that made it.
WORDS_IN_MIGRATIONS = ("table ", "table column ", "type ", "sequence ", "composite type ")
# What the repeatable SQL puts right; for anything else a person decides.
RESTORED = {
    "changed": {"function", "procedure", "view", "trigger", "policy", "grants", "comment", "role"},
    "removed": {"function", "procedure", "view", "trigger", "policy", "grants", "comment", "role"},
    "added": {"policy", "grants"},
}


@click.command()
@click.option("--plan", "only_plan", is_flag=True, help="Only show what would be done.")
@click.option("--drift", "only_drift", is_flag=True, help="Only show what was changed by hand.")
@click.option(
    "--verbose",
    is_flag=True,
    help="With --plan: the text of pending migrations, the tables locked.",
)
@click.option("--json", "as_json", is_flag=True, help="With --plan or --drift: one JSON object.")
@click.option(
    "--accept",
    multiple=True,
    metavar="OBJECT",
    help='Take an object changed by hand for right, named as --drift does: "index registry.x".',
)
def migrate(
    only_plan: bool, only_drift: bool, verbose: bool, as_json: bool, accept: tuple[str, ...]
) -> None:
    """Bring the database to this version: roles, migrations, repeatable SQL.

    --plan and --drift change nothing; they exit with 0 when there is nothing to do and with 2
    when there is something.
    """
    if only_plan and only_drift:
        raise click.UsageError("Choose one of --plan and --drift.")
    if (only_plan or only_drift) and accept:
        raise click.UsageError("--accept belongs to a migrate that is carried out.")
    if (verbose or as_json) and not (only_plan or only_drift):
        raise click.UsageError("--verbose and --json go with --plan or --drift.")
    with _told():
        if only_plan:
            _show_plan(as_json, verbose)
        elif only_drift:
            _show_drift(as_json)
        else:
            runtime.ensure_running(make_absent=True)
            apply(lambda step: click.echo(f"migrate: {step}", err=True), accept)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    except psycopg.Error as problem:
        if problem.sqlstate is None:  # no connection: told as of every command
            raise
        notes = "; ".join(getattr(problem, "__notes__", []))
        if isinstance(problem, MISSING):
            notes += "; was something removed by hand? See: dozir migrate --drift"
        raise click.ClickException(f"{problem} {notes}".strip()) from problem


def _show_plan(as_json: bool, verbose: bool) -> None:
    found = look()
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
    else:
        _show(plan_lines(found, verbose))
    if not found.empty:
        raise SystemExit(SOMETHING_TO_DO)


def _show(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line))


def plan_lines(found: Plan, verbose: bool) -> Iterator[str]:
    """The plan for a person."""
    if found.empty:
        yield "Nothing to do: the database is at this version and as the last migrate left it."
        return
    if found.extension_missing:
        yield "create extension timescaledb"
    yield from _listed("make roles", found.roles_missing)
    yield from _listed("make schemas", found.schemas_missing)
    for one in found.migrations:
        yield f"run migration {one.id}"
        yield from (f"  locks against writing: {lock}" for lock in one.locks)
        if verbose:
            yield from (f"  | {line}" for line in one.text.splitlines())
    yield from _listed("run, not recorded here before", found.files_new)
    yield from _listed("run again, changed", found.files_changed)
    yield from _listed("no longer run, file gone", found.files_gone)
    yield from _listed("stays, though no file defines it", found.without_file)
    for change in found.by_hand:
        yield f"{change.change} by hand: {change.title}: {mend(change)}"
    yield (
        f"locks: access exclusive on {len(found.locks)} tables while the repeatable SQL runs;"
        f" batches wait meanwhile; up to {ATTEMPTS} attempts, each giving up after 700 ms"
    )
    if verbose:
        yield from (f"  {table}" for table in found.locks)
    for who in found.in_the_way:
        yield (
            f"in the way now: process {who['pid']} of {who['login']} ({who['state']}),"
            f" its transaction open for {who['seconds']} s"
        )


def _listed(what: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{what}: {len(names)}"
        yield from (f"  {name}" for name in names)


def _show_drift(as_json: bool) -> None:
    with psycopg.connect(runtime.maintenance_url()) as conn:
        conn.read_only = True
        found = drift(conn)
    if as_json:
        changes = [{**asdict(change), "mend": mend(change)} for change in found]
        click.echo(json.dumps({"changes": changes}, indent=1, ensure_ascii=False))
    else:
        _show(drift_lines(found))
    if found:
        raise SystemExit(SOMETHING_TO_DO)


def drift_lines(found: list[Change]) -> Iterator[str]:
    """The report for a person: what, how it was and is, and how to mend it."""
    if not found:
        yield "Every object is as the last migrate left it."
        return
    for change in found:
        yield f"{change.change} by hand: {change.title}"
        before, after = (change.recorded or "").splitlines(), (change.present or "").splitlines()
        for line in list(unified_diff(before, after, lineterm="", n=1))[2:]:
            yield f"  {line}"
        yield f"  -> {mend(change)}"
    differ = "1 object differs" if len(found) == 1 else f"{len(found)} objects differ"
    yield f"{differ} from what the last migrate left."


def mend(change: Change) -> str:
    """What to do about a change made by hand."""
    in_migration = change.kind == "comment" and change.name.startswith(WORDS_IN_MIGRATIONS)
    restored = change.kind in RESTORED[change.change] and not in_migration
    if restored or _is_only_owner_or_row_security(change):
        return "dozir migrate restores it"
    keep = f'or keep it: dozir migrate --accept "{change.title}"'
    if change.kind.startswith("unknown "):
        return f"Dozir did not make it and migrate leaves it: drop it by hand, {keep}"
    if change.kind == "chunk trigger":
        return "rows of this chunk may have been changed: enable or make it again, dozir verify"
    if change.change == "added":
        return f"migrate leaves it: drop it by hand, {keep}"
    if change.change == "removed":
        return "migrate needs it and does not bring it back: make it again as recorded above"
    return f"migrate does not touch it: put it back as recorded above, {keep}"


def _is_only_owner_or_row_security(change: Change) -> bool:
    """Of a table, roles.sql and the policies put these two back, and nothing else."""
    if change.kind != "table" or change.recorded is None or change.present is None:
        return False
    before, after = (
        [line for line in text.splitlines() if not line.startswith(("owner ", "row security "))]
        for text in (change.recorded, change.present)
    )
    return before == after
