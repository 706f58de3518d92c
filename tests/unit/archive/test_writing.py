"""Half an archive is none, whatever ends the attempt; and memory does not grow with the day."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from portal.archive import store
from portal.config import ROOT
from portal.runtime import RuntimeProblem
from tests.support.archives import DAY, NAME, ORIGIN, some_batches, write_archive

# Writes rows without end into an archive, a line of output for each block.
ENDLESS = """
import resource, sys
from pathlib import Path
from portal.archive import store, writing
from tests.support.archives import some_batches
rows = b"".join(b"".join(one.tuples) for one in some_batches(50))
def blocks():
    while True:
        yield rows
        print("written", flush=True)
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with store.Store(Path(sys.argv[1])).making("2025-10-05") as folder:
    writing.write_transactions(folder, blocks())
"""


def start(script: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *(str(word) for word in words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def leftovers(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock", store.MARKER}


def test_what_a_killed_attempt_left_is_no_archive_and_goes(tmp_path):
    (tmp_path / ".half-a-marker.new").write_bytes(b"{")
    into = store.claim(tmp_path, ORIGIN)
    with start(ENDLESS, tmp_path, 0) as writing:
        assert writing.stdout.readline() == "written\n"
        writing.kill()
    assert leftovers(tmp_path) == {f".{NAME}.new"}
    assert into.names() == []
    assert into.next_name(DAY) == NAME
    with into.making(NAME) as folder:
        write_archive(folder, some_batches())
    assert leftovers(tmp_path) == {NAME}
    assert into.names() == [NAME]


def test_a_full_disk_leaves_nothing(tmp_path):
    store.claim(tmp_path, ORIGIN)
    with start(ENDLESS, tmp_path, 100_000) as writing:
        _, said = writing.communicate()
    assert writing.returncode == 1
    assert said.splitlines()[-1].startswith("OSError: [Errno 27]")
    assert leftovers(tmp_path) == set()


def test_an_archive_that_fails_to_hold_gets_no_name(tmp_path):
    into = store.claim(tmp_path, ORIGIN)

    def failing() -> None:
        with into.making(NAME) as folder:
            write_archive(folder, some_batches())
            raise ValueError("it does not hold")

    with pytest.raises(ValueError, match="does not hold"):
        failing()
    assert leftovers(tmp_path) == set()


def test_no_archive_takes_the_place_of_another(tmp_path):
    into = store.claim(tmp_path, ORIGIN)
    names = []
    for _ in range(2):
        names.append(into.next_name(DAY))
        with into.making(names[-1]) as folder:
            write_archive(folder, some_batches())
    assert names == into.names() == [NAME, f"{NAME}.2"]
    with pytest.raises(RuntimeProblem), into.making(NAME) as folder:
        write_archive(folder, some_batches())
    assert into.next_name(date(2025, 10, 6)) == "2025-10-06"
    for name in ("..", f"{NAME}/..", f".{NAME}.new", f"{NAME}.0", "a"):
        with pytest.raises(ValueError, match="no name"):
            into.path(name)


# Writes and verifies an archive of so many rows; the memory that it has needed so far, in KiB.
GROWING = """
import json, resource, sys
from hashlib import sha256
from pathlib import Path
import numpy as np
from portal.archive import layout, manifest, verifying, writing
from portal.ingest.copy_format import TUPLE
from portal.transparency import entries, merkle
from portal.transparency.rows import leaf_hashes
from tests.support.archives import Batch, NAME, ORIGIN, NOON, any_row
import random
layout.ROW_GROUP_ROWS = 8_000
one = Batch(1, [any_row(random.Random(1), NOON)]).tuples[0]

def measure(folder, row_count):
    folder.mkdir()
    listed = []
    def blocks():
        for start in range(0, row_count, 8_000):
            rows = np.repeat(np.frombuffer(one, TUPLE), 8_000)
            rows["batch_id"] = start // 1_000 + np.arange(8_000) // 1_000 + 1
            rows["row_no"] = np.arange(8_000) % 1_000 + 1
            for name in ("id", "round_id", "player"):
                rows[name] = np.frombuffer(np.random.default_rng(start).bytes(8_000 * 16), "V16")
            block = rows.tobytes()
            for place in range(8):
                part = block[place * 222_000:(place + 1) * 222_000]
                number, root = start // 1_000 + place + 1, merkle.root(leaf_hashes(part, 222))
                body = entries.Batch(1, number, 1, 1, "", 1, bytes(16), 1, bytes(32), 1_000, root,
                                     0, 0, 0, 0, (), b"")
                entry = entries.Entry(entries.Kind.BATCH, ORIGIN, 0, "", bytes(32), body.pack())
                packed = entry.pack()
                listed.append((number, 1, 1_000, 1_000, root, entries.hash_of(packed), 0, packed))
            yield block
    files = writing.write_transactions(folder, blocks())
    tables = [writing.table_of(layout.BATCHES, listed)]
    files.append(writing.write_file(folder / "batches.parquet", "batches", layout.BATCHES, tables))
    files.append(writing.write_file(folder / "leaves.parquet", "leaves", layout.LEAVES, []))
    note = f"{ORIGIN}\\n1\\n{'A' * 43}=\\n\\n— a AAAAAAA=\\n"
    log = manifest.Log(ORIGIN, 1, bytes(32).hex(), note)
    told = manifest.Manifest(manifest.FORMAT, NAME, NAME, "", 1, row_count, len(listed), "", (),
                             tuple(files), log)
    (folder / manifest.FILE_NAME).write_bytes(told.pack())
    found = verifying.verify(folder, name=NAME).findings
    assert {one.object for one in found} == {"manifest.json"}, found  # its sums are not told here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

print(json.dumps([measure(Path(sys.argv[1]) / str(n), n) for n in (32_000, 192_000)]))
"""


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Six times the rows, 35 MB more of tuples: the most memory needed stays what it was."""
    with start(GROWING, tmp_path) as growing:
        said, problem = growing.communicate()
    assert growing.returncode == 0, problem
    small, large = json.loads(said)
    assert large - small < 12 * 1024, (small, large)
