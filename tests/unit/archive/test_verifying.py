"""What an archive holds is what was hashed, and whatever was changed in it is found."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from pyarrow import parquet

from portal.archive import layout, manifest, verifying, writing
from portal.archive.verifying import Finding, verify
from tests.support.archives import (
    NAME,
    NOON,
    ORIGIN,
    Batch,
    any_row,
    rewrite_manifest,
    some_batches,
    write_archive,
)
from tests.support.plain_log import key_of

KEYS = [key_of(ORIGIN).public]


def found_in(folder, **told) -> list[str]:
    """The findings in words."""
    found = verify(folder, name=NAME, keys=KEYS, **told).findings
    assert all(one.archive == NAME for one in found)
    return [f"{one.object}: {one.found}" for one in found]


def rewrite(folder, name, change) -> None:
    """Write a file's rows again, changed, and a manifest that fits."""
    path = folder / name
    schema = parquet.read_schema(path)
    rows = change(parquet.read_table(path).to_pylist())
    path.unlink()
    columns = [[row[field.name] for row in rows] for field in schema]
    table = writing.table_of(schema, list(zip(*columns, strict=True)))
    writing.write_file(path, "", schema, [table])
    rewrite_manifest(folder)


def test_the_tuples_come_out_byte_for_byte(tmp_path):
    batches = some_batches(40, seed=3)
    told = write_archive(tmp_path, batches)
    own = b"".join(batch.tuples[place] for batch in batches for place in batch.of_day())
    names = [one.name for one in told.files if one.holds == "transactions"]
    assert len(names) > 1
    read = b"".join(layout.to_rows(parquet.read_table(tmp_path / name)).tobytes() for name in names)
    assert read == own
    assert found_in(tmp_path) == []


def test_a_day_without_rows_is_archived_too(tmp_path):
    write_archive(tmp_path, [])
    assert found_in(tmp_path) == []


def test_what_is_no_tuple_is_not_taken_for_one():
    one = b"".join(some_batches(1)[0].tuples)
    for damaged in (one[:-1], one[:1] + b"\x13" + one[2:], one[:5] + b"\x09" + one[6:]):
        with pytest.raises(layout.NotTuples):
            layout.to_table(damaged)


@pytest.mark.parametrize(
    "name", ["transactions-0001.parquet", "batches.parquet", "leaves.parquet", "manifest.json"]
)
def test_every_byte_counts(tmp_path, name):
    """A changed, lost or added byte anywhere, and a lost file."""
    write_archive(tmp_path, some_batches())
    recorded = manifest.hash_of((tmp_path / manifest.FILE_NAME).read_bytes())
    whole = (tmp_path / name).read_bytes()
    rng = random.Random(4)
    for _ in range(20):
        place = rng.randrange(len(whole))
        changed = whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1 :]
        for damaged in (changed, whole[:place], whole + b"\n"):
            (tmp_path / name).write_bytes(damaged)
            assert found_in(tmp_path, manifest_sha256=recorded), place
    (tmp_path / name).unlink()
    assert found_in(tmp_path, manifest_sha256=recorded)


def test_files_that_are_not_named_or_lie_elsewhere_are_found(tmp_path):
    folder = tmp_path / "archive"
    write_archive(folder, some_batches())
    (folder / "more.parquet").write_bytes(b"")
    assert found_in(folder) == ["more.parquet: is not in the manifest"]
    (folder / "more.parquet").unlink()
    (folder / "leaves.parquet").rename(tmp_path / "leaves.parquet")
    text = (folder / manifest.FILE_NAME).read_text()
    (folder / manifest.FILE_NAME).write_text(text.replace("leaves.parquet", "../leaves.parquet"))
    assert "names '../leaves.parquet', which no archive has" in found_in(folder)[0]


def changed(column, value):
    def change(rows):
        rows[1][column] = value(rows[1][column])
        return rows

    return change


@pytest.mark.parametrize(
    ("name", "change", "finding"),
    [
        (
            "transactions-0001.parquet",
            changed("player", lambda was: b"\1" * 16),
            "batch 700: its rows do not give its root",
        ),
        (
            "transactions-0001.parquet",
            changed("amount_minor", lambda was: was ^ 1),
            "batch 700: its rows do not give its root",
        ),
        (
            "transactions-0001.parquet",
            changed("occurred_at", lambda was: was + timedelta(days=1)),
            "batch 700: has a row of another day",
        ),
        (
            "transactions-0001.parquet",
            changed("row_no", lambda was: 1),
            "batch 700: row 1 is none of its rows, or there twice",
        ),
        (
            "transactions-0001.parquet",
            lambda rows: rows[1:],
            "batch 700: 1 of its rows are missing",
        ),
        (
            "transactions-0001.parquet",
            lambda rows: rows[:1] + rows,
            "is none of its rows, or there twice",
        ),
        (
            "transactions-0001.parquet",
            changed("batch_id", lambda was: 701),
            "has rows and is not among the batches",
        ),
        ("leaves.parquet", lambda rows: rows[1:], "of its rows are missing"),
        (
            "leaves.parquet",
            changed("leaf", lambda was: bytes(32)),
            "batch 700: its rows do not give its root",
        ),
        ("leaves.parquet", changed("batch_id", lambda was: 705), "batch 705: row"),
        ("batches.parquet", lambda rows: rows[:-1], "has rows and is not among the batches"),
        ("batches.parquet", lambda rows: rows[::-1], "has no row of this day"),
        (
            "batches.parquet",
            changed("batch_root", lambda was: bytes(32)),
            "batch 705: its rows do not give its root",
        ),
        (
            "batches.parquet",
            changed("entry_hash", lambda was: bytes(32)),
            "batch 705: its entry does not have its hash",
        ),
        (
            "batches.parquet",
            changed("leaf_index", lambda was: 6),
            "batch 705: its entry is not in the checkpoint",
        ),
        (
            "batches.parquet",
            changed("entry", lambda was: was[:-1]),
            "batch 705: its entry is none",
        ),
        ("batches.parquet", changed("rows_of_day", lambda was: was + 1), "rows of this day"),
        ("batches.parquet", changed("row_count", lambda was: was - 1), "batch 705: row 9 is none"),
        ("batches.parquet", changed("row_count", lambda was: 2**31 - 1), "rows are missing"),
    ],
)
def test_whoever_writes_files_and_manifest_anew_is_found(tmp_path, name, change, finding):
    """Every hash in the manifest fits: then the roots in the log's entries speak."""
    write_archive(tmp_path, some_batches())
    rewrite(tmp_path, name, change)
    assert any(finding in one for one in found_in(tmp_path)), found_in(tmp_path)


def test_another_batch_in_place_of_the_entrys_is_found(tmp_path):
    """Rows, root and batch list agree, and the entry tells of another root, or another log."""
    batches = some_batches()
    invented = Batch(batches[1].id, [any_row(random.Random(9), NOON)] * 3)
    invented.entry = batches[1].entry
    write_archive(tmp_path / "one", [batches[0], invented, *batches[2:]])
    assert f"batch {invented.id}: its entry tells something else" in found_in(tmp_path / "one")
    foreign = Batch(batches[1].id, batches[1].rows, origin="other.example/log")
    write_archive(tmp_path / "two", [batches[0], foreign, *batches[2:]])
    assert found_in(tmp_path / "two") == [f"batch {foreign.id}: its entry tells something else"]


@pytest.mark.parametrize(
    ("member", "value"),
    [("rows", 1), ("batches", 0), ("batches_sha256", "00" * 32), ("totals", ())],
)
def test_counts_and_sums_are_held_to_the_rows(tmp_path, member, value):
    write_archive(tmp_path, some_batches())
    rewrite_manifest(tmp_path, **{member: value})
    assert [one.partition(" must be")[0] for one in found_in(tmp_path)] == [
        f"manifest.json: {member}"
    ]


def test_a_checkpoint_that_the_log_did_not_sign_is_found(tmp_path):
    told = write_archive(tmp_path, some_batches())
    other = key_of("another.example/log").public
    assert verify(tmp_path, name=NAME, keys=[other]).findings == [
        Finding(NAME, "checkpoint", "no signature by a known key")
    ]
    rewrite_manifest(tmp_path, log=msgspec.structs.replace(told.log, size=told.log.size + 1))
    assert found_in(tmp_path) == ["checkpoint: is not the one of the manifest"]
    rewrite_manifest(tmp_path, log=msgspec.structs.replace(told.log, checkpoint=""))
    assert found_in(tmp_path) == ["checkpoint: not a signed note"]


def test_an_archive_under_another_name_is_found(tmp_path):
    write_archive(tmp_path, some_batches())
    found = verify(tmp_path, name="2025-10-06").findings
    assert [one.found for one in found] == ["is that of 2025-10-05, day 2025-10-05"]


def test_a_row_group_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    write_archive(tmp_path, some_batches())
    monkeypatch.setattr(layout, "ROW_GROUP_ROWS", 3)
    assert found_in(tmp_path) == ["transactions-0001.parquet: has a row group that is too large"]


def test_a_batch_of_more_rows_than_any_may_have_ends_there(tmp_path, monkeypatch):
    monkeypatch.setattr(verifying, "MAX_BATCH_ROWS", 4)
    write_archive(tmp_path, some_batches())
    assert any("is none of its rows" in one for one in found_in(tmp_path))


def test_sums_beyond_64_bits_are_exact(tmp_path):
    row = replace(any_row(random.Random(1), NOON), amount_minor=2**63 - 1, cancel_reason=0)
    told = write_archive(tmp_path, [Batch(1, [row] * 9)])
    assert told.totals[0].amount_minor == 9 * (2**63 - 1)
    assert found_in(tmp_path) == []
