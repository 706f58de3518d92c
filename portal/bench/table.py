"""The figures of a benchmark as a table for people."""

from __future__ import annotations

from collections.abc import Iterator

from portal.bench.figures import Figures

_HEAD = (
    "batches of", "way", "transactions/s", "min-max", "p50", "p95", "p99 ms", "CPU s/million",
    "to raw COPY",
)  # fmt: skip
_LEFT = 2  # columns of words


def table(figures: Figures) -> str:
    """All cases, one a line."""
    lines = [_HEAD, *(line for size in figures["batches"] for line in _lines(size))]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place < _LEFT else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _lines(size: Figures) -> Iterator[tuple[str, ...]]:
    rows = f"{size['rows_per_batch']:,}"
    for one in size["raw_copy"]:
        yield _line(rows, f"COPY x {one['connections']}, trigger {one['trigger']}", one)
    for way in ("executemany", "json_function"):
        if one := size.get(way):
            yield _line(rows, f"{way} x {one['connections']}", one)
    for one in size.get("clients", ()):
        yield _line(rows, f"HTTP x {one['connections']}", one)
    if one := size.get("readers"):
        name = f"HTTP x {one['connections']}, {one['readers']} readers"
        yield _line(rows, name, one)
        pages = one["page_latency_ms"]
        yield (
            rows, f"  pages of those readers, {one['pages_per_s']}/s", "", "",
            *(str(pages[each]) for each in ("p50", "p95", "p99")), "", "",
        )  # fmt: skip
    if one := size.get("group_commit"):
        name = f"HTTP x {one['connections']}, group commit off"
        yield _line(rows, f"{name} (gain {one['group_commit_gain']})", one["off"])


def _line(rows: str, name: str, one: Figures) -> tuple[str, ...]:
    ratio = one.get("ratio_to_raw_copy")
    return (
        rows,
        name,
        f"{one['transactions_per_s']:,}",
        f"{one['transactions_per_s_min']:,}-{one['transactions_per_s_max']:,}",
        *(str(one["latency_ms"][each]) for each in ("p50", "p95", "p99")),
        f"{one['cpu_s_per_million_rows']['total']:,}",
        "" if ratio is None else f"{ratio:.2f}",
    )
