"""``dozir archive``."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from portal import db, runtime
from portal.archive import exporting, layout, store, verifying
from portal.archive.exporting import Recorded
from portal.archive.store import Store
from portal.archive.verifying import Finding
from portal.config import settings
from portal.runtime.machine import MIB
from portal.runtime.progress import say
from portal.transparency.entries import Entry, EntryInvalid, Kind

# What retention drops within a week is archived before it does.
AHEAD = timedelta(days=7)


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="This day (UTC) alone.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="All days (UTC) before this one.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The archive folder, best on another disk. Or DOZIR_ARCHIVE_DIR.",
)
@click.option("--verify", is_flag=True, help="Verify what was archived; exit status 1 if anything.")
@click.option("--list", "list_", is_flag=True, help="Show what was archived and what was dropped.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def archive(
    *,
    day: datetime | None,
    until: datetime | None,
    folder: Path | None,
    verify: bool,
    list_: bool,
    as_json: bool,
) -> None:
    """Write closed days of the ledger into Parquet files that the log vouches for.

    Without --day and --until: the days that retention drops within a week. A day that has been
    archived is left alone unless more of its rows have come. See docs/dba.md.
    """
    if (day and until) or (verify and list_):
        raise click.UsageError("--day or --until, --verify or --list: one of each.")
    runtime.ensure_running()
    place = (folder or settings().archive_dir).absolute()
    with db.migrator() as conn:
        named = exporting.origin(conn)
    if verify:
        _verify(store.check(place, named), day and day.date(), until and until.date(), as_json)
    elif list_:
        _list(place, as_json)
    else:
        _archive(store.claim(place, named), _days(day, until), as_json)


def _days(day: datetime | None, until: datetime | None) -> list[date]:
    """The days to archive."""
    today = datetime.now(UTC).date()
    with db.migrator() as conn:
        if day:
            if day.date() not in exporting.days(conn, today):
                raise runtime.RuntimeProblem(
                    f"{day:%Y-%m-%d} has not ended yet, or the ledger has no such day (UTC)."
                )
            return [day.date()]
        horizon = until.date() if until else exporting.retention_horizon(conn)
        if horizon is None:
            say("no horizon of retention is set, so nothing is dropped; else name days: --until")
            return []
        return exporting.days(conn, min(today, horizon if until else horizon + AHEAD))


def _archive(into: Store, days: list[date], as_json: bool) -> None:
    made, left = [], []
    with exporting.alone():
        for number, day in enumerate(days, 1):
            say(f"archive: {day} ({number} of {len(days)})")
            try:
                done = exporting.archive_day(into, day)
            except (OSError, layout.NotTuples) as problem:
                raise runtime.RuntimeProblem(f"{day} is not archived: {problem}") from problem
            if done is None:
                left.append(day.isoformat())
            else:
                made.append(done)
    if as_json:
        click.echo(json.dumps({"archived": [_facts(one) for one in made], "unchanged": left}))
        return
    for one in made:
        click.echo(_line(one))
    click.echo(f"{len(made)} archived, {len(left)} unchanged")


def _facts(one: Recorded) -> dict[str, Any]:
    return {
        "name": one.name,
        "day": one.day.isoformat(),
        "rows": one.figures.row_count,
        "batches": one.figures.batch_count,
        "bytes": one.stored_bytes,
        "manifest_sha256": one.manifest_sha256.hex(),
        "archived_at": one.archived_at.isoformat(),
        "dropped_at": one.dropped_at.isoformat() if one.dropped_at else None,
    }


def _line(one: Recorded) -> str:
    dropped = f"  dropped {one.dropped_at:%Y-%m-%d}" if one.dropped_at else ""
    return (
        f"{one.name:<13}{one.figures.row_count:>13,} rows{one.figures.batch_count:>11,} batches"
        f"{one.stored_bytes / MIB:>11,.1f} MiB  {one.manifest_sha256.hex()[:16]}{dropped}"
    )


def _list(place: Path, as_json: bool) -> None:
    with db.migrator() as conn:
        known = exporting.recorded(conn)
        gone = conn.execute(
            "select d.day from ledger.dropped_day as d where d.archive is null order by 1"
        ).fetchall()
    missing = {one.name for one in known if not (place / one.name).is_dir()}
    lost = [row["day"].isoformat() for row in gone]
    if as_json:
        archives = [_facts(one) | {"here": one.name not in missing} for one in known]
        click.echo(json.dumps({"archives": archives, "dropped_without_archive": lost}, indent=1))
        return
    for one in known:
        click.echo(_line(one) + ("  NOT IN THIS FOLDER" if one.name in missing else ""))
    if lost:
        click.echo(f"dropped without an archive: {len(lost)} days, {lost[0]} to {lost[-1]}")
    if not known and not lost:
        click.echo("Nothing was archived or dropped yet.")


def _verify(into: Store, day: date | None, until: date | None, as_json: bool) -> None:
    with db.migrator() as conn:
        known = {one.name: one for one in exporting.recorded(conn)}
        keys = exporting.log_keys(conn)
    names = sorted({*into.names(), *known})
    findings, rows, verified = list[Finding](), 0, 0
    for name in names:
        of_day = date.fromisoformat(name.partition(".")[0])
        if (day and of_day != day) or (until and of_day >= until):
            continue
        say(f"archive: verifying {name}")
        one = known.get(name)
        found = verifying.verify(
            into.path(name),
            name=name,
            manifest_sha256=one.manifest_sha256 if one else None,
            keys=keys,
        )
        findings += found.findings
        if one is None:
            findings.append(Finding(name, "archive", "is not known to the database"))
        else:
            findings += _of_act(one)
        rows += found.manifest.rows if found.manifest else 0
        verified += 1
    if as_json:
        shown = [
            {"archive": wrong.archive, "object": wrong.object, "found": wrong.found}
            for wrong in findings
        ]
        click.echo(json.dumps({"archives": verified, "rows": rows, "findings": shown}))
    else:
        for wrong in findings:
            click.echo(f"{wrong.archive}: {wrong.object} {wrong.found}")
        click.echo(
            f"{verified} archives with {rows} transactions: "
            + (f"{len(findings)} findings" if findings else "all hold")
        )
    if findings:
        raise SystemExit(1)


def _of_act(one: Recorded) -> list[Finding]:
    """What does not agree between the retention act in the log and the archive."""
    if one.dropped_at is None:
        return []
    try:
        entry = Entry.unpack(one.act or b"")
        told = json.loads(entry.body) if entry.kind is Kind.RETENTION else {}
    except (EntryInvalid, ValueError):
        told = {}
    expected = {"name": one.name, "manifest_sha256": one.manifest_sha256.hex()}
    if told.get("archive") == expected and told.get("day") == one.day.isoformat():
        return []
    return [Finding(one.name, "retention act", "is of another archive, or missing")]
