"""What a simulation sent and what it was answered: counted by the threads, shown in the end."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from portal.ingest.fields import TYPE_NAMES
from portal.market.batch import Tally, Totals, TypeTotal

_LATENCIES = 100_000  # the last ones, of which percentiles are told


@dataclass(slots=True)
class Summary:
    """Counters of one run; every method may be called from any thread.

    ``sent`` counts what was generated for the batches that were accepted, ``received`` what their
    receipts say: the two must be equal to the kopiyka.
    """

    sent: Tally = field(default_factory=Tally)
    received: Tally = field(default_factory=Tally)
    batches: int = 0
    bytes_sent: int = 0
    retries: int = 0
    replayed: int = 0  # answered with the receipt of an earlier time
    differing: int = 0  # receipts that do not say what was sent
    refused_as_meant: Counter[str] = field(default_factory=Counter)
    refused_unexpectedly: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)  # by the code of the last answer
    latencies_s: deque[float] = field(default_factory=lambda: deque(maxlen=_LATENCIES))
    lag_s: float = 0.0
    lag_max_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(
        self, sent: Totals, received: Totals, *, body_bytes: int, seconds: float, replayed: bool
    ) -> None:
        """Count an accepted batch."""
        with self._lock:
            self.batches += 1
            self.bytes_sent += body_bytes
            self.latencies_s.append(seconds)
            self.replayed += replayed
            self.differing += sent != received
            self.sent.add(sent)
            self.received.add(received)

    def refuse(self, code: str, *, meant: bool) -> None:
        """Count a refusal."""
        with self._lock:
            (self.refused_as_meant if meant else self.refused_unexpectedly)[code] += 1

    def retry(self, times: int) -> None:
        """Count attempts that had to be repeated."""
        with self._lock:
            self.retries += times

    def give_up(self, code: str) -> None:
        """Count a batch of which it is not known whether it was stored."""
        with self._lock:
            self.unanswered[code] += 1

    def fall_behind(self, seconds: float) -> None:
        """Note how far a thread is behind its timetable."""
        with self._lock:
            self.lag_s = seconds
            self.lag_max_s = max(self.lag_max_s, seconds)

    @property
    def all_well(self) -> bool:
        """Nothing was refused but what was meant to be, and every receipt says what was sent."""
        return not (
            self.refused_unexpectedly
            or self.unanswered
            or self.differing
            or self.sent.types != self.received.types
        )

    def document(self, seconds: float) -> dict[str, Any]:
        """Everything, for ``--json``; ``seconds``: how long the run took.

        ``totals`` are net of cancellations, as reports show them; ``receipts`` tell the two apart.
        """
        types = {name: self.received.types.get(name, TypeTotal()) for name in TYPE_NAMES.values()}
        return {
            "seconds": round(seconds, 3),
            "batches": self.batches,
            "records": self.received.records,
            "records_per_s": round(self.received.records / seconds, 1) if seconds else 0.0,
            "bytes": self.bytes_sent,
            "latency_ms": self._latencies(),
            "lag_max_s": round(self.lag_max_s, 3),
            "retries": self.retries,
            "replayed": self.replayed,
            "refused_as_meant": dict(self.refused_as_meant),
            "refused_unexpectedly": dict(self.refused_unexpectedly),
            "unanswered": dict(self.unanswered),
            "differing_receipts": self.differing,
            "totals": {
                name: {
                    "count": total.records - total.cancelled_records,
                    "sum": decimal_text(total.sum_minor - total.cancelled_sum_minor),
                }
                for name, total in types.items()
            },
            "receipts": {
                name: {
                    "count": total.records,
                    "sum": decimal_text(total.sum_minor),
                    "cancelled_count": total.cancelled_records,
                    "cancelled_sum": decimal_text(total.cancelled_sum_minor),
                }
                for name, total in types.items()
            },
            "all_well": self.all_well,
        }

    def _latencies(self) -> dict[str, float]:
        ordered = sorted(self.latencies_s)
        if not ordered:
            return {}
        return {
            f"p{share}": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1e3, 2)
            for share in (50, 95, 99)
        }


def receipt_totals(receipt: dict[str, Any]) -> dict[str, TypeTotal]:
    """The totals of a receipt, sums in kopiykas; types in which nothing came are not there."""
    return {
        total["type"]: TypeTotal(
            total["count"],
            minor(total["sum"]),
            total["cancelled_count"],
            minor(total["cancelled_sum"]),
        )
        for total in receipt["totals"]
        if total["count"] or total["cancelled_count"]
    }


def minor(text: str) -> int:
    """Kopiykas of a decimal string with two digits."""
    return int(text.replace(".", ""))


def decimal_text(amount_minor: int) -> str:
    """A decimal string with two digits; unlike amounts on the wire a net sum may be negative."""
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{abs(amount_minor) // 100}.{abs(amount_minor) % 100:02d}"
