"""A batch of one record, as thousands come each second.

Columns of one row cost ten times what is in them. Where such a record is plainly right it goes its
way as it is; whatever takes a closer look is looked at in columns, like every other batch.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.ingest import records
from portal.ingest.decoded import Decoded
from portal.ingest.record_check import Row
from portal.ingest.times import UNIX_TO_PG_MS


@dataclass(frozen=True, slots=True)
class Single:
    """A checked record; ``n``, ``occurred_min_us`` and ``occurred_max_us`` as of ``Decoded``."""

    row: Row

    @property
    def n(self) -> int:
        return 1

    @property
    def occurred_min_us(self) -> int:
        return (self.row.occurred_ms - UNIX_TO_PG_MS) * 1000

    occurred_max_us = occurred_min_us

    @property
    def takes_back(self) -> bool:
        return self.row.cancel_reason != 0

    @property
    def columns(self) -> Decoded:
        return records.columns_of([self.row])
