"""The leaf journal gives back what was written, over damage and torn ends too."""

from __future__ import annotations

import os

import pytest

from portal.transparency import journal
from portal.transparency.entries import MAGIC

ENTRIES = [MAGIC + bytes([1]) * size for size in (20, 300, 1)]


def written(folder) -> list[bytes]:
    return list(journal.read(folder))


def test_what_is_appended_is_read_back_in_order(tmp_path):
    own = journal.Journal(tmp_path / "journal")
    own.append(ENTRIES[:2])
    other = journal.Journal(tmp_path / "journal")
    other.append(ENTRIES[2:])
    own.append(ENTRIES[:1])
    own.close()
    other.close()
    assert written(tmp_path / "journal") == [*ENTRIES, ENTRIES[0]]
    (path,) = (tmp_path / "journal").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [1, 4, 10, 23])
def test_a_torn_record_costs_itself_alone(tmp_path, cut):
    own = journal.Journal(tmp_path)
    own.append(ENTRIES[:1])
    own.close()
    (path,) = tmp_path.iterdir()
    os.truncate(path, path.stat().st_size - cut)
    own.append(ENTRIES[1:])
    own.close()
    assert written(tmp_path) == ENTRIES[1:]


def test_a_changed_byte_is_not_an_entry(tmp_path):
    own = journal.Journal(tmp_path)
    own.append(ENTRIES)
    own.close()
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[30] ^= 1
    path.write_bytes(data)
    assert written(tmp_path) == ENTRIES[1:]


def test_a_full_disk_is_an_error(tmp_path, monkeypatch):
    own = journal.Journal(tmp_path)
    own.append(ENTRIES)
    monkeypatch.setattr(own, "_descriptor", os.open("/dev/full", os.O_WRONLY))
    with pytest.raises(OSError, match="No space"):
        own.append(ENTRIES)
