"""What ``dozir bench ingest`` measures: its options, and the cases of each size of batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

WAYS = ("raw_copy", "executemany", "json_function", "http", "readers", "group_commit")
# Where a load is small, it is sent over this many connections too: systems that send each
# transaction by itself have many of them.
MANY_CLIENTS = 256
SMALL = 1
RAW_CONNECTIONS = (1, 2)
BASELINE_CONNECTIONS = 2
# As many rows of a baseline as it can store in the time of one measurement; more need not be made.
EXECUTEMANY_ROWS = 40_000
JSON_ROWS = 400_000
ROWS_PER_SIZE = ((1, 20_000), (100, 200_000), (10_000, 1_000_000))  # up to this size: rows


@dataclass(frozen=True, slots=True)
class Options:
    """``rows`` of each measurement, None: by the size of batch; ``seconds`` ends it earlier."""

    sizes: tuple[int, ...]
    ways: tuple[str, ...]
    clients: tuple[int, ...]
    readers: int
    rows: int | None
    seconds: float
    runs: int
    operators: int
    seed: int

    def quick(self) -> Options:
        """The same cases with next to no rows: to see that all works, not to measure."""
        return replace(self, rows=200, seconds=1.0, runs=1, operators=3, readers=2)

    def rows_of(self, size: int) -> int:
        """Rows of one measurement, whole batches."""
        usual = next(rows for most, rows in ROWS_PER_SIZE if size <= most)
        return max(size, self.rows or usual)


@dataclass(frozen=True, slots=True)
class Case:
    """One way of storing the batches of a load."""

    way: str
    connections: int
    trigger: bool = True
    group_commit: bool = True
    readers: int = 0

    def __str__(self) -> str:
        """As progress names it."""
        told = {"raw_copy": "COPY", "http": "HTTP"}.get(self.way, self.way)
        text = f"{told} x {self.connections}"
        if self.way == "raw_copy":
            text += f", trigger {'on' if self.trigger else 'off'}"
        if not self.group_commit:
            text += ", group commit off"
        return text + (f", {self.readers} readers" if self.readers else "")


def cases(options: Options, size: int) -> list[Case]:
    """All cases of one size of batch, in the order in which they are measured."""
    return [case for way in WAYS if way in options.ways for case in _cases(options, size, way)]


def clients(options: Options, size: int) -> tuple[int, ...]:
    """HTTP connections with which batches of this size are sent."""
    many = (MANY_CLIENTS,) if size <= SMALL and len(options.clients) > 1 else ()
    return tuple(sorted({*options.clients, *many}))


def _cases(options: Options, size: int, way: str) -> Iterator[Case]:
    match way:
        case "raw_copy":
            for trigger in (False, True):
                for connections in RAW_CONNECTIONS:
                    yield Case(way, connections, trigger=trigger)
        case "executemany" | "json_function":
            yield Case(way, BASELINE_CONNECTIONS)
        case "http":
            for connections in clients(options, size):
                yield Case(way, connections)
        case "readers":
            yield Case("http", reader_clients(options), readers=options.readers)
        case _:
            if size <= SMALL:
                yield Case("http", clients(options, size)[-1], group_commit=False)


def reader_clients(options: Options) -> int:
    """With how many HTTP connections readers compete: a number that is measured without them."""
    return max((count for count in options.clients if count <= 4), default=options.clients[0])
