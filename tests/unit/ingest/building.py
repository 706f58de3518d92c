"""Records and bodies for tests, and the slow, obvious reading of a record they are held to."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from portal.ingest import fields, wire
from portal.ingest.decoded import Decoded
from portal.ingest.times import to_pg_us
from portal.ingest.uuid7 import make_id

CURRENCIES = {"UAH": (980, 2), "EUR": (978, 2), "JPY": (392, 0), "KWD": (414, 3)}
START_MS = 1_790_000_000_000  # 2026-09-21T14:13:20Z

JSON, NDJSON = wire.ContentKind.JSON, wire.ContentKind.NDJSON


def moment(ms: int) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return (datetime(1970, 1, 1) + timedelta(milliseconds=ms)).isoformat("T", "milliseconds") + "Z"


def identifier(ms: int, own: str = "1") -> str:
    return str(make_id(ms, own))


def record(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A valid bet; a change to ``...`` leaves the field out."""
    ms = START_MS + number * 1000
    made: dict[str, Any] = {
        "id": identifier(ms, str(number)),
        "type": "bet",
        "occurred_at": moment(ms),
        "amount": "12.50",
        "currency": "UAH",
        "licence": "ДК-2026-001",
        "channel": "site-1",
        "game": "game-7",
        "round_id": str(uuid.UUID(int=number << 64 | 1)),
        "player": f"{number + 1:032x}",
        "payment": "balance",
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value is not ...}


def records(count: int) -> list[dict[str, Any]]:
    return [record(number) for number in range(1, count + 1)]


def body(rows: list[Any], kind: wire.ContentKind = JSON) -> bytes:
    if kind is JSON:
        return json.dumps(rows, ensure_ascii=False).encode()
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def expected_row(made: dict[str, Any]) -> dict[str, Any]:
    """What a record must be stored as, said as plainly as possible."""

    def uuid_bytes(text: str | None) -> bytes:
        return uuid.UUID(text).bytes if text else bytes(16)

    number, digits = CURRENCIES[made["currency"]]
    cancels = made.get("cancels", {})
    return {
        "id": uuid_bytes(made["id"]),
        "occurred_us": to_pg_us(datetime.fromisoformat(made["occurred_at"].upper())),
        "type": fields.TYPES[made["type"]],
        "amount_minor": int(Decimal(made["amount"]) * 10**digits),
        "currency": number,
        "licence": made["licence"],
        "channel": made["channel"],
        "equipment": made.get("equipment"),
        "game": made.get("game"),
        "round_id": uuid_bytes(made.get("round_id")),
        "player": bytes.fromhex(made["player"]),
        "payment": fields.PAYMENTS[made["payment"]],
        "flags": 1 if made.get("bonus") else 0,
        "cancels": uuid_bytes(cancels.get("id")),
        "cancel_reason": fields.CANCEL_REASONS.get(cancels.get("reason", ""), 0),
        "exclusion_receipt": uuid_bytes(made.get("exclusion_receipt")),
    }


def rows_of(decoded: Decoded) -> list[dict[str, Any]]:
    """The rows of a decoded batch in the shape of ``expected_row``."""

    def code(column: Any, row: int) -> str | None:
        place = int(column.index[row])
        return column.distinct[place - 1] if place else None

    def piece(raw: bytes, row: int) -> bytes:
        return raw[16 * row : 16 * row + 16]

    return [
        {
            "id": piece(decoded.ids, row),
            "occurred_us": int(decoded.occurred_us[row]),
            "type": int(decoded.type[row]),
            "amount_minor": int(decoded.amount_minor[row]),
            "currency": int(decoded.currency[row]),
            "licence": code(decoded.licence, row),
            "channel": code(decoded.channel, row),
            "equipment": code(decoded.equipment, row),
            "game": code(decoded.game, row),
            "round_id": piece(decoded.round_id, row),
            "player": piece(decoded.player, row),
            "payment": int(decoded.payment[row]),
            "flags": int(decoded.flags[row]),
            "cancels": piece(decoded.cancels, row),
            "cancel_reason": int(decoded.cancel_reason[row]),
            "exclusion_receipt": piece(decoded.exclusion_receipt, row),
        }
        for row in range(decoded.n)
    ]
