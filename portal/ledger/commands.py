"""``dozir verify``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from psycopg.types.json import Jsonb

from portal import db, runtime
from portal.config import settings
from portal.ledger import verify as verification
from portal.ledger.export import PUBLISHED, ExportRefused, copy_published, export, prepare
from portal.ledger.source import Live
from portal.ledger.traces import Traces
from portal.runtime import machine
from portal.transparency import journals, keys
from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import Archive, Invalid, Key, Policy, Question, Report
from portal.verifier.locate import Locator

MAX_SHOWN = 100
MAX_RECORDED = 100

EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass
class Evidence:
    """What to believe and to compare with, as the options name it."""

    policy: Path | None
    log_keys: tuple[str, ...]
    receipt_keys: tuple[str, ...]
    checkpoints: tuple[Path, ...]
    receipts: Path | None
    journal: Path | None
    tiles: Path | None
    against: Path | None
    authorities: Path | None
    notes: list[str] = field(default_factory=list)
    own_keys: bool = False  # the log's keys are those that this instance tells of itself

    def question(self, origin: str, jobs: int, say: Callable[[str], None]) -> Question:
        """What to ask the verifier; this instance's own where nothing is named. Raises Invalid.

        To be read before the snapshot is taken: then the database has all that is told of here.
        """
        trusted = Policy.parse(self.policy.read_text()) if self.policy else Policy()
        trusted.logs += map(Key.parse, self.log_keys)
        trusted.receipts += map(Key.parse, self.receipt_keys)
        published = self.tiles or settings().tiles_dir
        if not trusted.logs and (published / "policy").is_file():
            trusted.logs = Policy.parse((published / "policy").read_text()).logs
            self.own_keys = True
            self.notes.append(
                "the log's keys are those that this instance publishes itself: whoever holds this"
                " machine could have put others there; --policy names a file from elsewhere"
            )
        if not trusted.receipts:
            trusted.receipts = [Key.parse(one.vkey()) for one in keys.verifying_keys(origin)]
        checkpoints = list(self.checkpoints)
        if (published / "checkpoint").is_file():
            checkpoints.append(published / "checkpoint")
        receipts = sorted(self.receipts.glob("*.json")) if self.receipts else []
        say("the journal")
        return Question(
            trusted,
            [(str(path), path.read_text()) for path in checkpoints],
            [(str(path), path.read_bytes()) for path in receipts],
            core.entries_of(self._journal()),
            published if published.is_dir() else None,
            core.authorities_of(self.authorities) if self.authorities else [],
            jobs=jobs,
            say=say,
        )

    def locator(self, source: Live) -> Locator:
        """What names rows and columns. Raises Invalid."""
        return Locator(Archive(self.against) if self.against else None, Traces(source))

    def _journal(self) -> Iterator[bytes]:
        if self.journal:
            return core.journal_of(self.journal)
        return journals.opened().read()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
@click.option(
    "--export",
    "export_to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the ledger for the separate verifier into an empty folder, and do not verify.",
)
@click.option(
    "--policy", type=EXISTING, help="Public keys of log and witnesses (C2SP tlog-policy)."
)
@click.option("--log-key", multiple=True, metavar="VKEY", help="A public key of the log.")
@click.option("--receipt-key", multiple=True, metavar="VKEY", help="A public key of receipts.")
@click.option(
    "--checkpoint", type=EXISTING, multiple=True, help="A checkpoint that was seen elsewhere."
)
@click.option(
    "--receipts", type=FOLDER, help="Receipts and proofs of events that people were given, *.json."
)
@click.option("--journal", type=FOLDER, help="The leaf journal (default: this instance's).")
@click.option("--tiles", type=FOLDER, help="What the log has published under /log/.")
@click.option("--against", type=FOLDER, help="An older export: altered values are named by it.")
@click.option(
    "--authorities",
    type=EXISTING,
    help="Time-stamping authorities and their roots (default: the file that DOZIR_TSA names).",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Processes that read rows (default: as many as there are cores).",
)
@click.option("--record", is_flag=True, help="Store the result in ledger.verification.")
def verify(
    *,
    as_json: bool,
    export_to: Path | None,
    policy: Path | None,
    log_key: tuple[str, ...],
    receipt_key: tuple[str, ...],
    checkpoint: tuple[Path, ...],
    receipts: Path | None,
    journal: Path | None,
    tiles: Path | None,
    against: Path | None,
    authorities: Path | None,
    jobs: int | None,
    record: bool,
) -> None:
    """Recompute the ledger and compare; name what does not hold. Exit status 1 if anything.

    Rows are held to their batches' entries, entries to the log, the log to its signed checkpoints;
    rollups, receipts and cancellations to the rows.
    """
    try:
        runtime.ensure_running()
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    where = "external database" if settings().database_url else f"instance {settings().instance}"
    evidence = Evidence(
        policy,
        log_key,
        receipt_key,
        checkpoint,
        receipts,
        journal,
        tiles,
        against,
        authorities or settings().tsa,
    )

    def say(text: str) -> None:
        click.echo(f"verify: {where}: {text}", err=True)

    try:
        if export_to:
            _export(export_to, tiles or settings().tiles_dir, where, say)
            return
        result = _verify(evidence, jobs or machine.cores(), say)
    except (Invalid, ExportRefused, OSError) as problem:
        raise click.ClickException(str(problem)) from problem
    if record:
        _record(result)
    if as_json:
        click.echo(json.dumps(_document(where, result), default=str))
    else:
        _print(where, result)
    if result.count:
        raise SystemExit(1)


@dataclass
class Result:
    """What one run found."""

    figures: verification.Figures
    report: Report
    differences: list[verification.Difference]
    began_at: float
    seconds: float

    @property
    def count(self) -> int:
        """Everything that does not hold."""
        return self.report.finding_count + len(self.differences)


def _verify(evidence: Evidence, jobs: int, say: Callable[[str], None]) -> Result:
    began_at, started = time.time(), time.monotonic()
    differences: list[verification.Difference] = []
    with db.migrator(autocommit=True) as conn:
        conn.execute("set idle_in_transaction_session_timeout = 0")
        question = evidence.question(_origin(conn), jobs, say)
        # One snapshot for all checks: batches arriving meanwhile are neither missed nor halved.
        conn.execute("begin isolation level repeatable read read only")
        figures = verification.figures(conn)
        source = Live(conn, runtime.role_url("dozir_migrator"))
        question.locate = evidence.locator(source)
        if evidence.own_keys:
            question.policy.logs += _former_keys(conn, question.policy)
        report = core.verify(source, question)
        for check in verification.CHECKS:
            say(check)
            differences += verification.differences(conn, check)
    report.notices += evidence.notes
    return Result(figures, report, differences, began_at, time.monotonic() - started)


def _origin(conn: db.Connection) -> str:
    row = conn.execute("select origin from ledger.log").fetchone()
    if row is None:
        raise Invalid("the database has no log")
    return str(row["origin"])


def _former_keys(conn: db.Connection, trusted: Policy) -> list[Key]:
    """Keys of the log that were rotated out or lost: they signed older checkpoints."""
    known = {one.raw for one in trusted.logs}
    found = conn.execute(
        "select vkey from ledger.log_key"
        " where purpose = 'log' and valid_until <= clock_timestamp() order by valid_until"
    ).fetchall()
    former = [Key.parse(row["vkey"]) for row in found]
    return [one for one in former if one.raw not in known]


def _export(folder: Path, published: Path, where: str, say: Callable[[str], None]) -> None:
    prepare(folder)
    # Before the snapshot: it has all that was published then.
    copy_published(published, folder / PUBLISHED)
    with db.migrator(autocommit=True) as conn:
        conn.execute("set idle_in_transaction_session_timeout = 0")
        conn.execute("begin isolation level repeatable read read only")
        source = Live(conn, runtime.role_url("dozir_migrator"))
        written = export(source, folder, say)
    click.echo(f"{where}: {written['rows']} rows in {written['files']} files: {folder}")


def _record(result: Result) -> None:
    """One row of ledger.verification; the first findings."""
    found = [asdict(one) for one in result.report.findings]
    found += [{"kind": "difference", **asdict(one)} for one in result.differences]
    kept: list[Any] = json.loads(json.dumps(found[:MAX_RECORDED], default=str))
    with db.migrator() as conn:
        conn.execute(
            "insert into ledger.verification (began_at, ended_at, log_size, batch_count, row_count,"
            " finding_count, findings) values (to_timestamp(%s), clock_timestamp(), %s, %s, %s, %s,"
            " %s)",
            (
                result.began_at,
                result.report.figures["leaves"],
                result.figures.batches,
                result.report.figures["rows"],
                result.count,
                Jsonb(kept),
            ),
        )


def _document(where: str, result: Result) -> dict[str, Any]:
    return {
        "database": where,
        **asdict(result.figures),
        "log": result.report.figures,
        "seconds": round(result.seconds, 3),
        "findings": [asdict(one) for one in result.report.findings[:MAX_SHOWN]],
        "finding_count": result.report.finding_count,
        "differences": [asdict(one) for one in result.differences[:MAX_SHOWN]],
        "difference_count": len(result.differences),
        "notices": result.report.notices[:MAX_SHOWN],
    }


def _print(where: str, result: Result) -> None:
    for finding in result.report.findings[:MAX_SHOWN]:
        click.echo(finding.sentence())
    for one in result.differences[:MAX_SHOWN]:
        click.echo(f"{one.object} {one.key}: stored {one.stored}, must be {one.recomputed}")
    for notice in result.report.notices[:MAX_SHOWN]:
        click.echo(f"note: {notice}")
    log, figures = result.report.figures, result.figures
    click.echo(
        f"{where}: log of {log['leaves']} entries, {log['signed_size']} of them signed for"
        f" ({log['signed_at'] or 'no signed time'})"
    )
    click.echo(
        f"{where}: {figures.batches} batches with {figures.transactions} transactions of "
        f"{figures.operators} operators: "
        + (f"{result.count} differences" if result.count else "every figure holds")
    )
