"""Records on their way into a batch: their texts, and beside each what it adds to the totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Correction(NamedTuple):
    """A record that its operator will take back; ``middle`` and ``tail``: parts of its text.

    ``place``: where it stands in its window, from 0.
    """

    place: int
    id: str
    type: int
    amount: int
    amount_text: str
    middle: str
    tail: str


@dataclass(slots=True)
class Columns:
    """Parallel lists: JSON texts, numbers of types, amounts in kopiykas, is it a cancellation."""

    texts: list[str] = field(default_factory=list)
    types: list[int] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    cancels: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    def extend(self, other: Columns) -> None:
        """Add records at the end."""
        self.texts += other.texts
        self.types += other.types
        self.amounts += other.amounts
        self.cancels += other.cancels

    def take(self, n: int) -> Columns:
        """Remove the first ``n`` records and return them."""
        taken = Columns(self.texts[:n], self.types[:n], self.amounts[:n], self.cancels[:n])
        del self.texts[:n], self.types[:n], self.amounts[:n], self.cancels[:n]
        return taken
