"""What may go, and above all what may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from portal.backup import pruning, store
from portal.backup.store import Base, Store
from portal.runtime import RuntimeProblem

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SEGMENT = 16 * 1024**2


def lsn(segment: int) -> str:
    return f"0/{segment * SEGMENT + 40:X}"


def base(made: Store, days_ago: int, segment: int, timeline: int = 1) -> Base:
    """A base backup that began in a segment so many days ago."""
    finished = NOW - timedelta(days=days_ago)
    note = Base(
        name=f"{finished:%Y%m%d}T000000Z",
        started_at=finished.isoformat(),
        finished_at=finished.isoformat(),
        system_identifier="1",
        postgresql="17",
        timescaledb="2.19.3",
        segment_bytes=SEGMENT,
        timeline=timeline,
        start_lsn=lsn(segment),
        end_lsn=lsn(segment + 1),
        database_bytes=1,
        stored_bytes=1,
    )
    folder = made.folder / "base" / note.name
    folder.mkdir(parents=True)
    store.note(folder, note)
    return note


@pytest.fixture
def made(tmp_path: Path) -> Store:
    (tmp_path / "wal").mkdir()
    for number in range(1, 40):
        (tmp_path / "wal" / f"{store.segment_name(1, number, SEGMENT)}.zst").touch()
    return Store(tmp_path)


def test_days_keep_the_backup_that_leads_up_to_them(made: Store) -> None:
    old, before, inside = base(made, 30, 3), base(made, 15, 8), base(made, 2, 20)
    decided = pruning.plan(made, "14d", NOW)
    assert (decided.gone, decided.kept) == ([old], [before, inside])
    assert decided.gone_segments == 7, "the log from the kept backup's first segment on stays"


def test_number_keeps_the_newest(made: Store) -> None:
    old, middle, new = base(made, 30, 3), base(made, 15, 8), base(made, 2, 20)
    decided = pruning.plan(made, "2", NOW)
    assert (decided.gone, decided.kept) == ([old], [middle, new])
    assert pruning.plan(made, "9", NOW).gone == []


def test_abandoned_backup_counts_for_nothing(made: Store) -> None:
    """Restored in place to before the newest backup: only the older one leads anywhere."""
    old, used, abandoned = base(made, 30, 3), base(made, 15, 8), base(made, 2, 20)
    history = zstandard.compress(f"1\t{lsn(15)}\tbefore a mistake\n".encode())
    (made.wal / "00000002.history.zst").write_bytes(history)
    leading = [one.number for one in made.leading(SEGMENT)]
    assert leading[-1] == 15, "what was archived of it after that moment leads nowhere"
    decided = pruning.plan(made, "1", NOW)
    assert decided.gone == [old]
    assert decided.kept == [used, abandoned]
    assert decided.gone_segments == 7


@pytest.mark.parametrize("keep", ["0", "0d", "-1", "all", "", "3w", "1;rm"])
def test_keep_means_at_least_one(made: Store, keep: str) -> None:
    base(made, 1, 3)
    with pytest.raises(RuntimeProblem, match="--keep"):
        pruning.plan(made, keep, NOW)


def test_without_a_backup_no_log_goes(made: Store) -> None:
    with pytest.raises(RuntimeProblem, match="no base backup"):
        pruning.plan(made, "1", NOW)


def test_facts_lead_nowhere_else(made: Store) -> None:
    """A base backup is where its facts lie: a name in them that is a path is not followed."""
    real = base(made, 30, 3)
    base(made, 2, 20)
    facts = made.base_folder(real) / store.FACTS
    facts.write_text(facts.read_text().replace(f'"{real.name}"', '"../../elsewhere"'))
    assert pruning.plan(made, "1", NOW).gone == [real]


def test_a_segment_that_is_being_written_is_not_counted(made: Store) -> None:
    (made.wal / "000000010000000000000001.zst").write_bytes(b"1234")
    (made.wal / ".000000010000000000000040.fresh").symlink_to("gone meanwhile")
    assert made.stored_bytes() == 4
