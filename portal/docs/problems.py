"""The catalogue of errors: for each code its words, a request that causes it, and the answer.

The examples are data (``problems.yaml``) and tests send every one of them as the page shows it. A
request there is written as what differs from an ordinary batch of one bet:

* ``records``: changes to that bet, one mapping for each record; ``null`` leaves a field out,
  ``{id_of: name}`` is the identifier made of an own one, ``at`` sets time and identifier alike;
* ``body`` (with ``encoding``), ``repeat``, ``days``, ``long_game``, ``replace``: other bodies;
* ``declared``: changes to an ordinary declaration of a day, one mapping for each, or ``months`` to
  one of a month;
* ``key``: which access key is sent, ``none``, or a text; ``headers``, ``method``, ``path``;
* ``before``: requests that were accepted earlier; ``errors``: the pointers of the answer, each with
  its code where that is not the entry's own; ``unforced``: why no request can cause it at will.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from portal.ingest.problems import CODES, FieldError, Refusal
from portal.ingest.uuid7 import make_id

DATA = Path(__file__).with_name("problems.yaml")
BATCHES = "/api/v1/batches"
REGISTRY = "/api/v1/registry"
REQUEST_ID = "0c2f6f0e9b4d41d8"  # of the answers shown; each answer has its own
MOMENT = datetime.fromisoformat("2026-09-21T14:13:20.123+00:00")
BET = {
    "type": "bet",
    "amount": "12.50",
    "currency": "UAH",
    "licence": "DEMO-2026-001",
    "channel": "site-1",
    "game": "game-7",
    "round_id": "5c9f0c0e-2f53-4c0f-9d1b-6a5b7d1f2e3a",
    "player": "9f86d081884c7d659a2feaa0c55ad015",
    "payment": "balance",
}
DAY = {
    "day": "2026-09-20",
    "currency": "UAH",
    "version": 1,
    "bet": {"count": 1200, "amount": "15000.00"},
    "win": {"count": 340, "amount": "14100.50"},
    "refund": {"count": 2, "amount": "25.00"},
    "deposit": {"count": 310, "amount": "62000.00"},
    "withdrawal": {"count": 95, "amount": "48000.00"},
    "opening_balance": "810000.00",
    "closing_balance": "823125.50",
    "open_bets": "300.00",
}
MONTH = {
    "month": "2026-08",
    "currency": "UAH",
    "gambling_type": "online_casino",
    "version": 1,
    "basis": "cash",
    "ggr": "874.50",
}
DECLARATIONS = "/api/v1/declarations"
# The name of each access key in the examples; who sends one puts the key in its place.
KEYS = {
    "live": "$KEY",
    "submit": "$SUBMIT_ONLY_KEY",
    "read": "$READ_ONLY_KEY",
    "test": "$TEST_KEY",
    "expired": "$EXPIRED_KEY",
    "revoked": "$REVOKED_KEY",
    "elsewhere": "$KEY_BOUND_TO_OTHER_ADDRESSES",
    "disabled": "$KEY_OF_A_DISABLED_OPERATOR",
}
_SHOWN_RECORDS = 2


@dataclass(frozen=True)
class Request:
    """A request as it is sent, and its body as the page shows it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    shown: str

    @property
    def text(self) -> str:
        """The request as it goes over the line."""
        head = [f"{self.method} {self.path} HTTP/1.1"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\n".join(head) + (f"\n\n{self.shown}" if self.shown else "")


@dataclass(frozen=True)
class Entry:
    """One code: what is said of it in each language, and its example."""

    code: str
    words: dict[str, str]
    before: list[Request]
    request: Request
    errors: list[FieldError]
    unforced: dict[str, str] | None
    parameter: str | None

    @property
    def answer(self) -> dict[str, Any]:
        """The problem document that the example is answered with."""
        refusal = Refusal(self.code, self.errors, parameter=self.parameter)
        return refusal.document(REQUEST_ID)

    @property
    def answer_text(self) -> str:
        return json.dumps(self.answer, indent=2)


def entries() -> dict[str, Entry]:
    """Every entry by its code, in the order of the catalogue of codes."""
    data = _data()
    return {code: _entry(code, place, data[code]) for place, code in enumerate(CODES, 1)}


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(DATA.read_text("utf-8"))
    return loaded


def _entry(code: str, place: int, written: Mapping[str, Any]) -> Entry:
    example = written.get("example", {})
    earlier = example.get("before", [])
    steps = [*earlier, example]
    requests = [
        _request(code, number, 10 * place + number, step) for number, step in enumerate(steps, 1)
    ]
    return Entry(
        code,
        {language: written[language] for language in ("en", "uk")},
        requests[:-1],
        requests[-1],
        [_error(code, error) for error in example.get("errors", [])],
        written.get("unforced"),
        example.get("parameter"),
    )


def _error(code: str, written: str | Sequence[str]) -> FieldError:
    pointer, own = (written, code) if isinstance(written, str) else written
    return FieldError(int(pointer.split("/")[1]), pointer, own)


def _request(code: str, number: int, sequence: int, step: Mapping[str, Any]) -> Request:
    method, path = step.get("method", "POST"), step.get("path", _path(step))
    key = step.get("key", "live")
    headers: dict[str, str | None] = {
        "Authorization": None if key == "none" else f"Bearer {KEYS.get(key, key)}"
    }
    body, shown = b"", ""
    if method == "POST":
        headers["Content-Type"] = "application/json"
    if method == "POST" and not path.startswith((DECLARATIONS, REGISTRY)):
        headers |= {
            "Idempotency-Key": str(uuid5(NAMESPACE_URL, f"{code}/{number}")),
            "Batch-Stream": "site",
            "Batch-Sequence": str(sequence),
        }
    if method == "POST":
        body, shown = _body(code, number, step)
    headers |= step.get("headers", {})
    sent = {name: str(value) for name, value in headers.items() if value is not None}
    return Request(method, path, sent, body, shown)


def _path(step: Mapping[str, Any]) -> str:
    if "declared" in step:
        return f"{DECLARATIONS}/days"
    return f"{DECLARATIONS}/months" if "months" in step else BATCHES


def _body(code: str, number: int, step: Mapping[str, Any]) -> tuple[bytes, str]:
    """The body, and how it is shown: large ones in short."""
    for name, ordinary in (("declared", DAY), ("months", MONTH)):
        if name in step:
            text = json.dumps([{**ordinary, **one} for one in step[name]], indent=2)
            return text.encode(), text
    if "body" in step:
        text = step["body"]
        return text.encode(step.get("encoding", "utf-8")), text
    if "repeat" in step:
        return _repeated(**step["repeat"])
    changes = step.get("records", [{}])
    if "days" in step:
        changes = [{"at": MOMENT - timedelta(days=day)} for day in range(step["days"])]
    records = [_record(code, f"{number}/{place}", change) for place, change in enumerate(changes)]
    text = json.dumps(records, indent=2, ensure_ascii=False)
    if "replace" in step:
        text = text.replace(*step["replace"])
    if "long_game" in step:
        times = step["long_game"]
        long, shown = text.replace(BET["game"], "x" * times), f"x … × {times:,} … x"
        return long.encode(), text.replace(BET["game"], shown)
    shown = text
    if len(records) > _SHOWN_RECORDS and "days" in step:
        first = json.dumps(records[:_SHOWN_RECORDS], indent=2, ensure_ascii=False)
        shown = f"{first[:-2]},\n  … × {len(records)}\n]"
    return text.encode(), shown


def _repeated(
    part: str, times: int, between: str, around: Sequence[str], shown: str | None = None
) -> tuple[bytes, str]:
    head, tail = around
    text = head + between.join([part] * times) + tail
    return text.encode(), f"{head}{shown or part}{between} … × {times:,} …{tail}"


def _record(code: str, own_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The bet with its changes; its identifier comes first, as in the guides."""
    changes = dict(changes)
    moment = changes.pop("at", MOMENT)
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    made: dict[str, Any] = {
        "id": _id(moment, f"{code}/{own_id}"),
        "type": BET["type"],
        "occurred_at": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
        **BET,
    }
    for name, value in changes.items():
        if isinstance(value, Mapping):
            made[name] = (
                _id(moment, f"{code}/{value['id_of']}")
                if "id_of" in value
                else _cancels(code, value)
            )
        else:
            made[name] = value
    return {name: value for name, value in made.items() if value is not None}


def _cancels(code: str, written: Mapping[str, Any]) -> dict[str, Any]:
    target = written["id"]
    if isinstance(target, Mapping):
        target = _id(MOMENT, f"{code}/{target['id_of']}")
    return {**written, "id": target}


def _id(moment: datetime, own_id: str) -> str:
    milliseconds = int(moment.timestamp()) * 1000 + moment.microsecond // 1000
    return str(make_id(milliseconds, own_id))
