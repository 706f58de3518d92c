"""An archive read back: files against the manifest, rows against the roots in the log's entries.

Needs no database. Nothing of a file is parsed before its hash is the manifest's, and at no time is
more than a row group and one batch in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from struct import Struct
from typing import Any

import numpy as np
from pyarrow import ArrowException, parquet

from portal.archive import layout, manifest
from portal.archive.manifest import File, Manifest, Total
from portal.transparency import checkpoints, entries, merkle, notes
from portal.transparency.entries import EntryInvalid
from portal.transparency.notes import NoteInvalid, PublicKey
from portal.transparency.rows import leaf_hashes

MAX_FINDINGS = 100
MAX_BATCH_ROWS = 10_000
_SCHEMAS = {
    "transactions": layout.TRANSACTIONS,
    "batches": layout.BATCHES,
    "leaves": layout.LEAVES,
}
_BATCH_AND_ROWS = Struct(">qi")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HALF = 32


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: of which archive, which file or batch, and what."""

    archive: str
    object: str
    found: str


@dataclass
class Verified:
    """What was found; ``manifest`` is None where there was none to read."""

    manifest: Manifest | None
    manifest_sha256: bytes
    findings: list[Finding] = field(default_factory=list)


class _Broken(Exception):
    """What follows cannot be looked at."""


def verify(
    folder: Path,
    *,
    name: str,
    manifest_sha256: bytes | None = None,
    keys: Sequence[PublicKey] = (),
) -> Verified:
    """Verify the archive in ``folder``.

    ``name`` is what it must be called, ``manifest_sha256`` what its manifest must hash to where
    that is known, ``keys`` are the log's, of which one must have signed the checkpoint where any
    are given.
    """
    return _Verification(folder, name).run(manifest_sha256, keys)


class _Verification:
    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._findings: list[Finding] = []

    def run(self, expected: bytes | None, keys: Sequence[PublicKey]) -> Verified:
        told, hashed = None, b""
        try:
            raw = self._manifest_bytes()
            hashed = manifest.hash_of(raw)
            if expected is not None and hashed != expected:
                self._find(manifest.FILE_NAME, "is not the one that was recorded")
                raise _Broken
            told = self._read_manifest(raw)
            self._check_files(told)
            self._check_checkpoint(told, keys)
            if not self._findings:
                self._check_content(told)
        except _Broken:
            pass
        return Verified(told, hashed, self._findings)

    def _find(self, object_: str, found: str) -> None:
        self._findings.append(Finding(self._name, object_, found))
        if len(self._findings) >= MAX_FINDINGS:
            raise _Broken

    def _manifest_bytes(self) -> bytes:
        try:
            with (self._folder / manifest.FILE_NAME).open("rb") as file:
                return file.read(manifest.MAX_BYTES + 1)
        except OSError as problem:
            self._find(manifest.FILE_NAME, f"cannot be read: {problem.strerror}")
            raise _Broken from None

    def _read_manifest(self, raw: bytes) -> Manifest:
        try:
            told = manifest.read(raw)
            date.fromisoformat(told.day)
        except ValueError as problem:
            self._find(manifest.FILE_NAME, f"is no manifest: {problem}")
            raise _Broken from None
        if told.name != self._name or told.name.partition(".")[0] != told.day:
            self._find(manifest.FILE_NAME, f"is that of {told.name}, day {told.day}")
        return told

    def _check_files(self, told: Manifest) -> None:
        named = [one.name for one in told.files]
        there = {path.name for path in self._folder.iterdir()} - {manifest.FILE_NAME}
        for stranger in sorted(there - set(named)):
            self._find(stranger, "is not in the manifest")
        if len(set(named)) != len(named):
            self._find(manifest.FILE_NAME, "names a file twice")
        for one in told.files:
            if Path(one.name).name != one.name or one.holds not in _SCHEMAS:
                self._find(manifest.FILE_NAME, f"names {one.name!r}, which no archive has")
            elif one.name not in there:
                self._find(one.name, "is missing")
            else:
                self._check_file(one)
        for holds in ("batches", "leaves"):
            if [one.holds for one in told.files].count(holds) != 1:
                self._find(manifest.FILE_NAME, f"does not name one file of {holds}")

    def _check_file(self, one: File) -> None:
        hashed, size = sha256(), 0
        try:
            with (self._folder / one.name).open("rb") as file:
                while part := file.read(1 << 20):
                    hashed.update(part)
                    size += len(part)
        except OSError as problem:
            self._find(one.name, f"cannot be read: {problem.strerror}")
            return
        if size != one.bytes or hashed.hexdigest() != one.sha256:
            self._find(one.name, "is not the file of the manifest")

    def _check_checkpoint(self, told: Manifest, keys: Sequence[PublicKey]) -> None:
        if not told.batches and not told.log.checkpoint:
            return
        try:
            if keys:
                seen = checkpoints.verify(told.log.checkpoint, keys, told.log.origin).checkpoint
            else:
                seen = checkpoints.parse(notes.read(told.log.checkpoint)[0])
        except NoteInvalid as problem:
            self._find("checkpoint", str(problem))
            return
        if (seen.origin, seen.size, seen.root.hex()) != (
            told.log.origin,
            told.log.size,
            told.log.root,
        ):
            self._find("checkpoint", "is not the one of the manifest")

    def _check_content(self, told: Manifest) -> None:
        counted = _Counted()
        try:
            self._check_batches(told, counted)
        except (ArrowException, ValueError, OSError) as problem:
            self._find("content", f"cannot be read: {problem}")
            return
        counts = {
            "rows": counted.rows,
            "batches": counted.batches,
            "batches_sha256": counted.digest.hexdigest(),
            "totals": counted.as_totals(),
        }
        for name, value in counts.items():
            if value != getattr(told, name):
                self._find(manifest.FILE_NAME, f"{name} must be {value}")

    def _check_batches(self, told: Manifest, counted: _Counted) -> None:
        start = datetime.combine(date.fromisoformat(told.day), datetime.min.time(), UTC)
        bounds = tuple(
            (moment - _EPOCH) // timedelta(microseconds=1)
            for moment in (start, start + timedelta(days=1))
        )
        own = _by_batch(self._own_leaves(told, bounds, counted))
        other = _by_batch(self._other_leaves(told))
        of_day, elsewhere = next(own, None), next(other, None)
        last = None
        for batch in self._batches(told):
            number = batch["batch_id"]
            if last is not None and number <= last:
                self._find(f"batch {number}", "is not in order")
                raise _Broken
            last = number
            if of_day is None or of_day[0] != number:
                self._find(f"batch {number}", "has no row of this day")
                continue
            parts = [of_day]
            if elsewhere is not None and elsewhere[0] == number:
                parts.append(elsewhere)
                elsewhere = next(other, None)
            self._check_batch(batch, parts, told)
            counted.batches += 1
            counted.digest.update(_BATCH_AND_ROWS.pack(number, len(of_day[1])))
            of_day = next(own, None)
        for left in (of_day, elsewhere):
            if left is not None:
                self._find(f"batch {left[0]}", "has rows and is not among the batches")

    def _check_batch(self, batch: dict[str, Any], parts: list[_Part], told: Manifest) -> None:
        named = f"batch {batch['batch_id']}"
        whole = batch["row_count"]
        leaves: list[bytes | None] = [None] * max(0, min(whole, MAX_BATCH_ROWS))
        for _, numbers, hashes in parts:
            for number, leaf in zip(numbers, hashes, strict=True):
                if not 1 <= number <= len(leaves) or leaves[number - 1] is not None:
                    self._find(named, f"row {number} is none of its rows, or there twice")
                    return
                leaves[number - 1] = leaf
        if len(parts[0][1]) != batch["rows_of_day"]:
            self._find(named, f"has {len(parts[0][1])} rows of this day")
        complete = [leaf for leaf in leaves if leaf is not None]
        if len(complete) != whole or not whole:
            self._find(named, f"{whole - len(complete)} of its rows are missing")
            return
        if merkle.root(complete) != batch["batch_root"]:
            self._find(named, "its rows do not give its root")
        self._check_entry(named, batch, told)

    def _check_entry(self, named: str, batch: dict[str, Any], told: Manifest) -> None:
        if entries.hash_of(batch["entry"]) != batch["entry_hash"]:
            self._find(named, "its entry does not have its hash")
        if not 0 <= batch["leaf_index"] < told.log.size:
            self._find(named, "its entry is not in the checkpoint")
        try:
            entry = entries.Entry.unpack(batch["entry"])
            facts = entry.batch()
        except EntryInvalid as problem:
            self._find(named, f"its entry is none: {problem}")
            return
        of_entry = (entry.origin, facts.batch_id, facts.row_count, facts.batch_root)
        of_batch = (told.log.origin, batch["batch_id"], batch["row_count"], batch["batch_root"])
        if of_entry != of_batch:
            self._find(named, "its entry tells something else")

    def _tables(self, told: Manifest, holds: str) -> Iterator[Any]:
        """The row groups of all files of a kind, in their order. Raises ArrowException."""
        for one in told.files:
            if one.holds != holds:
                continue
            rows = 0
            with parquet.ParquetFile(self._folder / one.name, pre_buffer=False) as file:
                if not file.schema_arrow.equals(_SCHEMAS[holds]):
                    self._find(one.name, "has other columns")
                    raise _Broken
                for number in range(file.num_row_groups):
                    if file.metadata.row_group(number).num_rows > layout.ROW_GROUP_ROWS:
                        self._find(one.name, "has a row group that is too large")
                        raise _Broken
                    table = file.read_row_group(number, use_threads=False)
                    rows += table.num_rows
                    yield table
            if rows != one.rows:
                self._find(one.name, f"has {rows} rows")

    def _batches(self, told: Manifest) -> Iterator[dict[str, Any]]:
        for table in self._tables(told, "batches"):
            for part in table.to_batches(max_chunksize=1_000):
                yield from part.to_pylist()

    def _own_leaves(
        self, told: Manifest, bounds: tuple[int, ...], counted: _Counted
    ) -> Iterator[_Leaves]:
        for table in self._tables(told, "transactions"):
            rows = layout.to_rows(table)
            outside = (rows["occurred_at"] < bounds[0]) | (rows["occurred_at"] >= bounds[1])
            for place in np.flatnonzero(outside)[:1]:
                self._find(f"batch {rows['batch_id'][place]}", "has a row of another day")
            counted.add(rows)
            yield (
                rows["batch_id"].astype(np.int64),
                rows["row_no"].astype(np.int32),
                leaf_hashes(rows.view(np.uint8).data, layout.TUPLE_BYTES),
            )

    def _other_leaves(self, told: Manifest) -> Iterator[_Leaves]:
        for table in self._tables(told, "leaves"):
            yield (
                table.column("batch_id").to_numpy(),
                table.column("row_no").to_numpy(),
                table.column("leaf").to_pylist(),
            )


_Leaves = tuple[Any, Any, list[bytes]]  # batch ids, row numbers, leaf hashes
_Part = tuple[int, list[int], list[bytes]]  # batch id, its row numbers, its leaf hashes


def _by_batch(blocks: Iterator[_Leaves]) -> Iterator[_Part]:
    """Neighbouring rows of one batch together, wherever row groups end.

    Of a batch that has more rows than any may have the rest comes as a batch of its own.
    """
    pending: _Part | None = None
    for batch_ids, row_numbers, hashes in blocks:
        edges = [0, *(np.flatnonzero(np.diff(batch_ids)) + 1).tolist(), len(batch_ids)]
        for start, end in pairwise(edges):
            if start == end:
                continue
            part = int(batch_ids[start]), row_numbers[start:end].tolist(), hashes[start:end]
            if pending and pending[0] == part[0] and len(pending[1]) <= MAX_BATCH_ROWS:
                pending = pending[0], pending[1] + part[1], pending[2] + part[2]
                continue
            if pending:
                yield pending
            pending = part
    if pending:
        yield pending


class _Counted:
    """Counts and sums of what was read."""

    def __init__(self) -> None:
        self.rows = self.batches = 0
        self.digest = sha256()
        self._totals: dict[tuple[int, int], list[int]] = {}

    def add(self, rows: Any) -> None:
        """Count rows: an array of ``TUPLE``."""
        self.rows += len(rows)
        amounts = rows["amount_minor"].astype(np.int64)
        kinds = (
            (rows["currency"].astype(np.int64) << 32)
            + (rows["type"].astype(np.int64) << 1)
            + (rows["cancel_reason"] != 0)
        )
        for kind in np.unique(kinds).tolist():
            chosen = amounts[kinds == kind]
            own = self._totals.setdefault((kind >> 32, (kind & 0xFFFFFFFF) >> 1), [0, 0, 0, 0])
            own[2 * (kind & 1)] += len(chosen)
            own[2 * (kind & 1) + 1] += _sum(chosen)

    def as_totals(self) -> tuple[Total, ...]:
        return tuple(Total(*key, *own) for key, own in sorted(self._totals.items()))


def _sum(amounts: Any) -> int:
    """The sum of 64-bit integers, which may be beyond them: halves are added apart."""
    low = int((amounts & ((1 << _HALF) - 1)).sum())
    return (int((amounts >> _HALF).sum()) << _HALF) + low
