"""The list of long files names files that are there."""

from __future__ import annotations

from portal import config
from tests.support.order import LONGEST_FIRST


def test_every_file_of_the_list_is_there_once() -> None:
    assert len(set(LONGEST_FIRST)) == len(LONGEST_FIRST)
    assert [name for name in LONGEST_FIRST if not (config.ROOT / name).is_file()] == []
