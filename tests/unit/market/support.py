"""What tests of the simulator share: sources, windows, and the API's own decoder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from portal.ingest import wire
from portal.ingest.decoded import Decoded
from portal.market.batch import json_body
from portal.market.columns import Columns
from portal.market.market import KINDS, make_operator
from portal.market.model import Operator
from portal.market.source import Shares, Source
from tests.unit.market.test_market import ANCHOR

CURRENCIES = {"UAH": (980, 2)}
MINUTE, HOUR = 60_000, 3_600_000
NOON = 1_772_445_600_000  # 2026-03-02T12:00 in Kyiv, a Monday

EVERY_KIND = [make_operator(kind, 0, anchor=ANCHOR) for kind in KINDS]


def source(
    operator: Operator = EVERY_KIND[0],
    *,
    run: str = "test",
    seed: int = 1,
    late: float = 0.0,
    cancelled: float = 0.0,
) -> Source:
    return Source(
        operator, run=run, seed=seed, accounts=500, rounds_per_s=1,
        shares=Shares(late, cancelled),
    )  # fmt: skip


def decoded(columns: Columns) -> Decoded:
    """The records as the server reads them; fails on an invalid one, and in the slow path."""
    body = json_body(columns)
    fast = wire._decode_fast(body, wire.ContentKind.JSON, CURRENCIES)
    assert fast is not None
    return fast


def documents(texts: Sequence[str]) -> list[dict[str, Any]]:
    return [json.loads(text) for text in texts]
