"""The verifier finds what was tampered with, names it, and raises no false alarm."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from portal.ingest.copy_format import TUPLE
from portal.jobs import run as run_module
from portal.ledger.export import ExportRefused, copy_published, export, prepare
from portal.ledger.source import Live
from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import Archive, Policy, Question
from portal.verifier.locate import Locator
from tests.campaigns import tamper
from tests.campaigns.tamper import ATTACKS, play, staged
from tests.integration.ledger import reference_verifier as reference
from tests.support.batches import row, store, tuples

SEED = 20_261_127
VERIFIER = Path(core.__file__)
# What an export can show: the others are of evidence from elsewhere, or of no archive.
IN_EXPORTS = [
    name
    for name in ATTACKS
    if name.startswith("altered_")
    or name
    in {
        "event_altered", "events_exchanged", "event_deleted", "event_inserted",
        "deleted_rows", "deleted_and_renumbered", "inserted_row", "duplicated_row",
        "row_of_no_batch", "exchanged_rows", "exchanged_values", "shuffled_rows",
        "exchanged_between_batches", "chunk_truncated", "column_of_another_type",
        "deleted_batch", "deleted_batch_and_entry", "invented_batch",
        "invented_batch_without_entry", "reordered_batches", "reordered_leaves",
        "leaf_gap_or_twice", "truncated_tail", "rewritten_under_the_old_checkpoint",
        "scattered_rows", "columns_exchanged", "column_rewritten_as_another_type",
    }
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(cluster):
    with cluster.fresh() as database, staged(database, SEED) as made:
        yield made


@pytest.fixture
def stage(ledger):
    """The stage in a transaction that is rolled back."""
    ledger.conn.execute("begin isolation level repeatable read")
    ledger.conn.execute("set local session_replication_role = replica")
    ledger.later = timedelta(0)
    yield ledger
    ledger.conn.execute("rollback")


def exported(stage, folder) -> Path:
    prepare(folder)
    copy_published(stage.log.folder, folder / "log")
    export(Live(stage.conn, None), folder, lambda _: None)
    return folder


def test_an_export_has_the_time_stamps_for_the_program_of_strangers(stage, tmp_path):
    folder = exported(stage, tmp_path / "export")
    (tmp_path / "root.pem").write_bytes(stage.authority.root_file.read_bytes())
    file = tmp_path / "tsa.toml"
    text = f'[[authority]]\nname = "{tamper.AUTHORITY}"\nroots = "root.pem"\n'
    file.write_text(text)
    assert run(folder, stage.log.policy, "--authorities", file).returncode == 0
    told = run(folder, stage.log.policy).stdout
    assert "note: 2 time-stamps are of authorities that were not named" in told
    file.write_text(text + text.replace(tamper.AUTHORITY, "another"))
    # None of another's is missed yet: nothing was signed three hours ago.
    assert run(folder, stage.log.policy, "--authorities", file).returncode == 0
    file.write_text(text.replace("root.pem", "none.pem"))
    done = run(folder, stage.log.policy, "--authorities", file)
    assert (done.returncode, "none.pem" in done.stderr) == (2, True)
    file.write_text(text)
    path = folder / "timestamps.copy"
    data = path.read_bytes()
    path.write_bytes(data[:-60] + bytes([data[-60] ^ 1]) + data[-59:])
    done = run(folder, stage.log.policy, "--authorities", file)
    assert done.returncode == 1
    assert f"timestamp_invalid: checkpoint {stage.log.size}: " in done.stdout
    path.unlink()  # as in exports from before
    assert run(folder, stage.log.policy, "--authorities", file).returncode == 0


def run(folder, policy, *options):
    """The separate program, as a stranger runs it: without anything of this checkout."""
    file = folder.parent / "policy"
    file.write_text(policy)
    return subprocess.run(
        [sys.executable, "-I", VERIFIER, folder, "--policy", file, *options],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
    )


@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_is_found_and_named(ledger, name):
    for number in range(2):
        play(ledger, name, SEED + number)


def test_nothing_is_found_where_nothing_but_honest_things_were_done(ledger):
    for seed in range(12):
        tamper.clean(ledger, seed)


def test_a_proof_of_an_event_is_held_against_the_log(stage):
    question = stage.questioned
    question.receipts = [("event.json", tamper.event_proof(stage, random.Random(SEED)))]
    assert stage.verify(question).findings == []
    assert question.checkpoints == stage.question.checkpoints


def test_the_program_that_strangers_run(stage, tmp_path):
    folder = exported(stage, tmp_path / "export")
    done = run(folder, stage.log.policy, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["findings"] == []
    assert told["figures"]["signed_size"] == told["figures"]["leaves"] == stage.log.size
    assert reference.findings(folder, stage.log.policy) == set()

    path = next((folder / "rows").glob("*.copy"))
    data = bytearray(path.read_bytes())
    data[19 + core.PLACE["player"].start] ^= 1
    path.write_bytes(data)
    batch = int.from_bytes(data[19:][core.PLACE["batch_id"]])
    done = run(folder, stage.log.policy)
    assert done.returncode == 1
    assert f"batch {batch}: one or more of its" in done.stdout
    assert reference.findings(folder, stage.log.policy) == {("batch", batch)}

    foreign = stage.log.policy.replace("log ", "# ", 1)
    done = run(folder, foreign.replace("quorum none", "quorum somebody"))
    assert (done.returncode, "cannot verify" in done.stderr) == (2, True)
    assert run(folder, "quorum none\n").returncode == 2, "without a key nothing is verified"
    (folder / "manifest.json").unlink()
    assert run(folder, stage.log.policy).returncode == 2


def test_it_rests_on_nothing_of_ours():
    for line in VERIFIER.read_text().splitlines():
        if line.startswith(("import ", "from ")):
            name = line.split()[1].partition(".")[0]
            assert name in {*sys.stdlib_module_names, "cryptography", "__future__"}, line


def subjects(report):
    """What the verifier found, in the reference's words."""
    found = set()
    for one in report.findings:
        if one.batch is not None:
            found.add(("batch", one.batch))
        if one.leaf is not None:
            found.add(("leaf", one.leaf))
        if one.checkpoint is not None:
            found.add(("checkpoint", one.checkpoint))
        if one.event is not None:
            found.add(("event", one.event))
        if one.kind == "head_altered":
            found.add(("operator", -1))
    return found


@pytest.mark.parametrize("name", IN_EXPORTS)
def test_both_verifiers_come_to_the_same_verdict(stage, tmp_path, name):
    rng = random.Random(f"both {name}")
    ATTACKS[name](stage, rng)
    folder = exported(stage, tmp_path / "export")
    question = Question(
        Policy.parse(stage.log.policy),
        [("published", (folder / "log" / "checkpoint").read_text())],
        tiles=folder / "log",
    )
    ours = core.verify(Archive(folder), question)
    theirs = reference.findings(folder, stage.log.policy)
    assert ours.findings
    assert theirs
    theirs = {(what, -1 if what == "operator" else number) for what, number in theirs}
    assert theirs <= subjects(ours), (theirs, [one.sentence() for one in ours.findings])


def test_both_verifiers_find_every_flipped_byte_of_an_export(stage, tmp_path):
    folder = exported(stage, tmp_path / "export")
    rng = random.Random(SEED)
    files = ["entries.copy", "batches.copy", "checkpoints.copy", "heads.copy", "events.copy"]
    files += [f"rows/{one.name}" for one in (folder / "rows").glob("*.copy")]
    question = Question(Policy.parse(stage.log.policy), tiles=folder / "log")
    question.checkpoints = [("published", (folder / "log" / "checkpoint").read_text())]
    for _ in range(25):
        path = folder / rng.choice(files)
        whole = path.read_bytes()
        data = bytearray(whole)
        place = rng.randrange(19, len(data) - 2)
        data[place] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        try:
            ours = bool(core.verify(Archive(folder), question).findings)
        except (core.Invalid, UnicodeDecodeError):
            ours = True
        try:
            theirs = bool(reference.findings(folder, stage.log.policy))
        except Exception:  # it is plain: what it cannot read it refuses
            theirs = True
        path.write_bytes(whole)
        # When a checkpoint was signed is its note's to say; the column is for people.
        assert ours == theirs or path.name == "checkpoints.copy", (path, place)
        assert ours or path.name == "checkpoints.copy", (path, place)


def test_an_older_export_names_every_value(stage, tmp_path):
    folder = exported(stage, tmp_path / "export")
    batch = max(stage.batches, key=lambda one: one.rows)
    stage.run(
        "update ledger.transaction set player = round_id, amount_minor = 7, breach = 1"
        " where batch_id = %s and row_no = 2", batch.id,
    )  # fmt: skip
    stage.run("delete from ledger.transaction where batch_id = %s and row_no = 3", batch.id)
    question = stage.questioned
    question.locate = Locator(Archive(folder))
    found = {(one.kind, one.row, one.column) for one in stage.verify(question).findings}
    assert {("row_missing", 3, None), ("row_altered", 2, "player")} <= found
    assert ("row_altered", 2, "amount_minor") in found
    assert all(kind.startswith("row_") for kind, _, _ in found)


def test_rows_that_retention_took_are_known_by_their_leaves_or_by_the_log(stage, tmp_path):
    batch = max(stage.batches, key=lambda one: one.rows)
    gone = next(one for one in stage.batches if one.rows == 1)
    rows = core.copied(
        tamper._copied(
            stage,
            f"select * from ledger.transaction where batch_id = {batch.id} and row_no in (2, 5)",
        )
    )
    for fields in rows:
        packed = core.packed(fields)
        stage.run(
            "insert into ledger.dropped_leaf values (%s, %s, %s)",
            batch.id, core.row_no(packed), core.leaf_hash(packed),
        )  # fmt: skip
    stage.run("delete from ledger.transaction where batch_id = %s and row_no in (2, 5)", batch.id)
    assert stage.verify().findings == []
    stage.run("delete from ledger.transaction where batch_id = %s", gone.id)
    assert [one.kind for one in stage.verify().findings] == ["row_missing"]
    act = {"act": "retention", "day": str(datetime.now(UTC).date())}
    stage.run("select ledger.append_document(6::smallint, null, %s::jsonb)", json.dumps(act))
    assert stage.verify().findings == []
    folder = exported(stage, tmp_path / "export")
    assert core.verify(Archive(folder), stage.question).findings == []
    assert reference.findings(folder, stage.log.policy) == set()
    stage.run("update ledger.dropped_leaf set leaf = sha256(leaf) where row_no = 5")
    assert [one.batch for one in stage.verify().findings if one.row == 2] == [batch.id]


def test_a_batch_that_a_restoration_lost_is_named_by_the_log(stage, tmp_path):
    lost = stage.batches[4]
    hashed = stage.value("select hash from ledger.entry where id = %s", lost.entry)
    stage.run("delete from ledger.transaction where batch_id = %s", lost.id)
    stage.run("delete from ledger.batch where id = %s", lost.id)
    assert {one.kind for one in stage.verify().findings} >= {"batch_missing"}
    act = {"act": "restore-log", "entries": [{"entry_hash": bytes(hashed).hex()}]}
    stage.run("select ledger.append_document(7::smallint, null, %s::jsonb)", json.dumps(act))
    report = stage.verify()
    assert report.findings == []
    assert "came back from the journal" in report.notices[0]
    folder = exported(stage, tmp_path / "export")
    assert reference.findings(folder, stage.log.policy) == set()


def test_a_quorum_that_is_not_met_is_said(stage):
    question = stage.questioned
    witness = "".join(
        f"witness w {key.public.vkey()}\nquorum w\n"
        for key in tamper.SignedLog("w.example", Path(), seed=50).keys[1:]
    )
    text = stage.log.policy.replace("quorum none\n", witness)
    question.policy = Policy.parse(text)
    assert [one.kind for one in stage.verify(question).findings] == ["quorum_missing"]


def test_the_nightly_run_records_and_raises_the_alarm(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("DOZIR_TILES", str(tmp_path / "tiles"))
    monkeypatch.setenv("DOZIR_JOURNAL", str(tmp_path / "journal"))
    database, batch = ledger.database, ledger.batches[3].id

    def told() -> str:
        with database.as_settings(), database.connect("dozir_jobs", autocommit=True) as conn:
            return run_module.run_job(conn, "verify_ledger").outcome

    def shift(by: int) -> None:
        with database.connect() as conn:
            conn.execute("set local session_replication_role = replica")
            conn.execute(
                "update ledger.batch set late_count = late_count + %s where id = %s", (by, batch)
            )

    assert told() == "done"
    shift(1)
    try:
        assert told() == "alarm"
    finally:
        shift(-1)
    with database.rolled_back() as conn:
        recorded = conn.execute(
            "select row_count, finding_count, findings -> 0 ->> 'kind' from ledger.verification"
            " order by id"
        ).fetchall()
        rows = sum(one.rows for one in ledger.batches)
        assert recorded[0] == (rows, 0, None)
        assert recorded[1][:1] + recorded[1][2:] == (rows, "batch_altered")
        assert conn.execute(
            "select object, found from maintenance.finding order by id limit 1"
        ).fetchone() == (f"ledger batch {batch}", "batch_altered")


def test_a_log_that_was_never_sequenced_is_told_of(stage):
    """Who has a key of it must not be content; without one there is nothing to prove."""
    stage.run("delete from ledger.leaf")
    stage.run("delete from ledger.checkpoint")
    stage.run("delete from ledger.timestamp_token")
    stage.later = timedelta(hours=1)
    question = stage.questioned
    question.checkpoints, question.tiles = [], None
    assert [one.kind for one in stage.verify(question).findings] == ["no_checkpoint"]
    question.policy = Policy()
    report = stage.verify(question)
    assert report.findings == []
    assert "never sequenced" in report.notices[0]


def test_an_export_goes_into_an_empty_folder_alone(tmp_path):
    (tmp_path / "there").write_text("")
    with pytest.raises(ExportRefused):
        prepare(tmp_path)


def test_sums_by_columns_are_those_by_rows(database):
    rng = np.random.default_rng(SEED)
    for count in (1, 2, 500):
        view = np.frombuffer(rng.bytes(count * TUPLE.itemsize), TUPLE).copy()
        view["amount_minor"] >>= 20
        view["type"] %= 6
        view["currency"] %= 3
        view["cancel_reason"] = np.abs(view["cancel_reason"]) % 2
        view["occurred_at"] = rng.integers(8 * 10**14, 9 * 10**14, count)
        received = 8_500_000_000_000_000 // 10 + core.EPOCH_2000_US
        rows = view.tobytes()
        assert Live.figures(rows, received) == core.figures_of(rows, received)


def test_tuples_are_read_as_they_are_written(database, market):
    moment = datetime.now(UTC)
    batch = [row(market.alpha, moment) for _ in range(3)]
    receipt = store(database, market.alpha, batch)
    made = list(tuples(market.alpha.id, receipt["batch_id"], batch))
    assert [core.row_no(one) for one in made] == [1, 2, 3]
    assert core.split(b"".join(made)) == made


def test_what_the_log_publishes_may_be_missing(stage, tmp_path):
    prepare(tmp_path / "export")
    copy_published(tmp_path / "nowhere", tmp_path / "export" / "log")
    export(Live(stage.conn, None), tmp_path / "export", lambda _: None)
    assert run(tmp_path / "export", stage.log.policy).returncode == 0
    shutil.rmtree(tmp_path / "export")


def test_impossible_numbers_of_an_altered_entry_are_borne():
    """It may tell of rows that no memory holds, or of none; amounts may exceed every sum."""
    known = core.Known("X", 1, 2**31 - 1, bytes(32), b"", 0, 1, 2, None)
    found = core.explain(7, known, [])
    assert len(found) == core.KEPT + 1
    assert (found[0].row, found[-1].row) == (1, None)
    assert core.explain(7, replace(known, row_count=0), []) == []
    tuple_ = bytearray(core.WIDTH)
    tuple_[core.PLACE["amount_minor"]] = (2**63 - 1).to_bytes(8)
    totals = core.figures_of(bytes(tuple_) * 2, 0)[0]
    assert core.column_sums(totals) == {(0, 0): (2, 2**63 - 1, 0, 0)}
