"""A decoded batch: columns of one length, ready to be encoded for COPY."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec import UnsetType
from numpy.typing import NDArray

Int16s = NDArray[np.int16]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Mask = NDArray[np.bool_]

OptionalText = str | UnsetType  # UNSET: the field is absent

US_PER_DAY = 86_400_000_000
MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of registered codes: the distinct ones, and for each row which of them.

    ``index[row]`` is 0 where the row has none, else 1 + the position in ``distinct``.
    """

    distinct: list[str]
    index: Int32s

    def ids(self, known: Mapping[str, int]) -> Int32s:
        """Map each row to its id: 0 where absent, -1 where ``known`` lacks the code."""
        if not self.distinct:
            return self.index
        table = np.array([0, *(known.get(code, -1) for code in self.distinct)], np.int32)
        return table[self.index]

    def rows_of(self, codes: Sequence[str]) -> list[int]:
        """Return the rows (from 0) that carry any of ``codes``, in order."""
        wanted = set(codes)
        places = [i for i, code in enumerate(self.distinct, 1) if code in wanted]
        rows: list[int] = np.flatnonzero(np.isin(self.index, places)).tolist()
        return rows


@dataclass(frozen=True, slots=True)
class Decoded:
    """Every column of a batch of ``n`` records in the order of the body.

    ``ids``, ``round_id``, ``player``, ``cancels`` and ``exclusion_receipt`` hold 16 bytes a row,
    all zero where absent. ``occurred_us`` counts microseconds since 2000-01-01 UTC, PostgreSQL's
    own scale; ``amount_minor`` the currency's smallest units; ``currency`` is the ISO number.
    ``type``, ``payment``, ``cancel_reason`` and ``flags`` hold the numbers of ``fields``.
    """

    n: int
    ids: bytes
    occurred_us: Int64s
    type: Int16s
    amount_minor: Int64s
    currency: Int16s
    licence: Codes
    channel: Codes
    equipment: Codes
    game: Codes
    round_id: bytes
    player: bytes
    payment: Int16s
    flags: Int16s
    cancels: bytes
    cancel_reason: Int16s
    exclusion_receipt: bytes
    occurred_min_us: int = field(init=False)
    """Earliest ``occurred_us``."""
    occurred_max_us: int = field(init=False)
    """Latest ``occurred_us``."""
    cancelling: NDArray[np.intp] = field(init=False)
    """Rows (from 0) that take another record back."""

    def __post_init__(self) -> None:
        # Here and not as cached properties, whose lock would cost more than any of them.
        once = object.__setattr__
        once(self, "occurred_min_us", int(self.occurred_us.min()))
        once(self, "occurred_max_us", int(self.occurred_us.max()))
        once(self, "cancelling", np.flatnonzero(self.cancel_reason))

    @property
    def takes_back(self) -> bool:
        """Whether any record takes another one back."""
        return bool(self.cancelling.size)

    @property
    def days(self) -> int:
        """Number of distinct UTC days."""
        first, last = self.occurred_min_us // US_PER_DAY, self.occurred_max_us // US_PER_DAY
        if last - first < 2:
            return last - first + 1
        return int(np.unique(self.occurred_us // US_PER_DAY).size)

    @property
    def cancelled_days(self) -> int:
        """Number of distinct UTC days of the records taken back: an id carries its own time."""
        rows = self.cancelling
        if not rows.size:
            return 0
        high = np.frombuffer(self.cancels, ">u8")[::2][rows]
        return int(np.unique((high >> np.uint64(16)) // np.uint64(MS_PER_DAY)).size)
