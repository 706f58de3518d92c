"""An archive made without a database: batches of a day, their entries, a signed checkpoint."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from struct import pack
from uuid import UUID

import msgspec
from pyarrow import parquet

from portal.archive import layout, manifest, writing
from portal.archive.manifest import Log, Manifest, Total
from portal.transparency import entries, merkle, notes
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.entries import NO_HASH, Entry, Kind
from portal.transparency.rows import leaf_hashes
from tests.support import batches
from tests.support.batches import TUPLE_BYTES, Row
from tests.support.plain_log import key_of

ORIGIN = "archive.example/log"
DAY = date(2025, 10, 5)
NAME = str(DAY)
NOON = datetime(2025, 10, 5, 12, tzinfo=UTC)
FIRST_BATCH = 700


@dataclass
class Batch:
    """A batch by its rows, of which some are of other days than the archived one."""

    id: int
    rows: list[Row]
    origin: str = ORIGIN
    entry: bytes = b""
    leaves: list[bytes] = field(default_factory=list)
    tuples: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tuples = list(batches.tuples(7, self.id, self.rows))
        self.leaves = leaf_hashes(b"".join(self.tuples), TUPLE_BYTES)
        body = entries.Batch(
            *(1, self.id, self.id, 7, "main", 1, bytes(16), 3, bytes(32), len(self.rows)),
            *(self.root, 0, 0, 0, 0, (), b""),
        )
        self.entry = Entry(Kind.BATCH, self.origin, 0, "SOME", NO_HASH, body.pack()).pack()

    @property
    def root(self) -> bytes:
        return merkle.root(self.leaves)

    def of_day(self, inside: bool = True) -> list[int]:
        """Places of the rows of the archived day, or of the others."""
        return [
            place
            for place, one in enumerate(self.rows)
            if (one.occurred_at.date() == DAY) == inside
        ]


def some_batches(count: int = 6, size: int = 9, seed: int = 1) -> list[Batch]:
    """Batches of every kind of row; each third one reaches into the days beside."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        moments = [NOON + timedelta(hours=hours) for hours in (-11, 0, 11)]
        if number % 3 == 0:
            moments += [NOON - timedelta(days=1), NOON + timedelta(days=1)]
        rows = [any_row(rng, rng.choice(moments)) for _ in range(size)]
        made.append(Batch(FIRST_BATCH + 5 * number, rows))
    return [batch for batch in made if batch.of_day()]


def any_row(rng: random.Random, moment: datetime) -> Row:
    """A row with values over the whole range of their types."""

    def uuid() -> UUID:
        return UUID(bytes=rng.randbytes(16))

    return Row(
        moment + timedelta(milliseconds=rng.randrange(1000)),
        uuid(),
        type=rng.choice((1, 2, 3, 4, 5)),
        amount_minor=rng.choice((1, 2**63 - 1, rng.randrange(1, 10**9))),
        currency=rng.choice((980, 978)),
        licence_id=rng.choice((0, 2**31 - 1)),
        channel_id=rng.randrange(2**31),
        equipment_id=rng.randrange(9),
        game_id=rng.randrange(9),
        round_id=uuid(),
        player=rng.choice((UUID(int=0), uuid())),
        payment=rng.choice((1, 2**15 - 1)),
        flags=rng.choice((0, -(2**15))),
        breach=rng.randrange(9),
        cancels=uuid(),
        cancel_reason=rng.choice((0, 0, 1)),
        exclusion_receipt=UUID(int=rng.choice((0, 1))),
    )


def totals_of(rows: list[Row]) -> tuple[Total, ...]:
    """What the rows add up to, by the plainest means."""
    return tuple(Total(*one) for one in batches.totals(rows))


def write_archive(folder: Path, made: list[Batch], *, row_group: int = 4) -> Manifest:
    """The files of an archive of ``made`` in ``folder``, as ``dozir archive`` writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    own = [batch.tuples[place] for batch in made for place in batch.of_day()]
    blocks = [b"".join(own[start : start + row_group]) for start in range(0, len(own), row_group)]
    files = writing.write_transactions(folder, blocks, file_rows=5 * row_group)
    listed = [
        (
            *(batch.id, 7, len(batch.rows), len(batch.of_day()), batch.root),
            *(entries.hash_of(batch.entry), number, batch.entry),
        )
        for number, batch in enumerate(made)
    ]
    files.append(
        writing.write_file(
            folder / "batches.parquet",
            "batches",
            layout.BATCHES,
            [writing.table_of(layout.BATCHES, listed)],
        )
    )
    others = [
        (batch.id, place + 1, batch.leaves[place])
        for batch in made
        for place in batch.of_day(inside=False)
    ]
    files.append(
        writing.write_file(
            folder / "leaves.parquet",
            "leaves",
            layout.LEAVES,
            [writing.table_of(layout.LEAVES, others)],
        )
    )
    root = merkle.root([merkle.hash_leaf(entries.hash_of(batch.entry)) for batch in made])
    checkpoint, key = Checkpoint(ORIGIN, len(made), root), key_of(ORIGIN)
    counts = b"".join(pack(">qi", batch.id, len(batch.of_day())) for batch in made)
    told = Manifest(
        format=manifest.FORMAT,
        name=NAME,
        day=NAME,
        made_at="2026-11-26T00:00:00Z",
        schema_version=1,
        rows=len(own),
        batches=len(made),
        batches_sha256=sha256(counts).hexdigest(),
        totals=totals_of([batch.rows[place] for batch in made for place in batch.of_day()]),
        files=tuple(files),
        log=Log(
            ORIGIN,
            len(made),
            root.hex(),
            notes.write(checkpoint.text(), [key.sign(checkpoint.text())]),
        ),
    )
    (folder / manifest.FILE_NAME).write_bytes(told.pack())
    return told


def rewrite_manifest(folder: Path, **changes: object) -> None:
    """Change the manifest as someone would who has the folder; file hashes are made anew."""
    path = folder / manifest.FILE_NAME
    told = manifest.read(path.read_bytes())
    files = []
    for one in told.files:
        data = (folder / one.name).read_bytes()
        rows = parquet.read_metadata(folder / one.name).num_rows
        files.append(
            msgspec.structs.replace(
                one, rows=rows, bytes=len(data), sha256=sha256(data).hexdigest()
            )
        )
    path.write_bytes(msgspec.structs.replace(told, files=tuple(files), **changes).pack())
