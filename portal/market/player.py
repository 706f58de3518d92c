"""One operator's system: collects records into batches and sends them in their order."""

from __future__ import annotations

import gzip
import hashlib
import uuid
from collections import deque
from dataclasses import dataclass

from portal.market.batch import json_body, ndjson_body, totals_of
from portal.market.client import Client, NoAnswer
from portal.market.columns import Columns, Correction
from portal.market.faults import spoil
from portal.market.source import Source
from portal.market.summary import Summary, receipt_totals

_GZIP_LEVEL = 1
_ONE = 2**64


@dataclass(frozen=True, slots=True)
class Sending:
    """How batches are sent; ``refuse``: share of them that are sent spoiled first."""

    run: str
    stream: str
    batch_size: int
    refuse: float


class Player:
    """Sends what ``source`` makes. One batch is under way at a time: sequences have no gaps."""

    def __init__(self, source: Source, key: str, sending: Sending, summary: Summary) -> None:
        self.source = source
        self.sequence = 0
        self.first_receipt: int | None = None  # the operator's sequence number of it
        self.oldest_ms: int | None = None  # start of the oldest window not sent yet
        self._key = key
        self._sending = sending
        self._summary = summary
        self._pending = Columns()
        self._queued = 0  # records ever put into pending; those sent are the first of them
        self._wrong: deque[tuple[int, Correction]] = deque()  # with their number in that order
        self._ready: list[Correction] = []

    @property
    def pending(self) -> int:
        """How many records wait to be sent."""
        return len(self._pending)

    @property
    def authorization(self) -> dict[str, str]:
        """The header that opens the API."""
        return {"Authorization": f"Bearer {self._key}"}

    def play(self, since_ms: int, until_ms: int, rounds: float) -> None:
        """Make the records of a window; what was accepted before may be taken back in it."""
        columns, wrong = self.source.window(since_ms, until_ms, rounds)
        self._wrong.extend((self._queued + correction.place, correction) for correction in wrong)
        self._queue(columns)
        self._take_back(until_ms - 1)
        if self.oldest_ms is None and self._pending:
            self.oldest_ms = since_ms

    def send(self, client: Client, *, whole_only: bool = False) -> None:
        """Send full batches and, unless ``whole_only``, the rest. Raises NoAnswer."""
        size = self._sending.batch_size
        while len(self._pending) >= size or (self._pending and not whole_only):
            self._send_one(client, self._pending.take(size))
        if not self._pending:
            self.oldest_ms = None

    def finish(self, client: Client, moment_ms: int) -> None:
        """Send the rest, and then take back what is still to be taken back."""
        self.send(client)
        if self._take_back(moment_ms):
            self.send(client)

    def _queue(self, columns: Columns) -> None:
        self._queued += len(columns)
        self._pending.extend(columns)

    def _take_back(self, moment_ms: int) -> bool:
        ready, self._ready = self._ready, []
        self._queue(self.source.corrections(ready, moment_ms))
        return bool(ready)

    def _send_one(self, client: Client, columns: Columns) -> None:
        self.sequence += 1
        draw = self._digest("draw")
        if int.from_bytes(draw[:8], "big") < self._sending.refuse * _ONE:
            self._send_spoiled(client, columns, int.from_bytes(draw[8:16], "big"))
        body, headers = self._request(columns, "batch")
        try:
            answer = client.post(body, headers)
        except NoAnswer as problem:
            self._summary.give_up(problem.code)
            raise
        self._summary.retry(answer.retries)
        accepted = answer.status in {200, 201}
        if accepted:
            if self.first_receipt is None:
                self.first_receipt = answer.body["operator_sequence"]
            self._summary.accept(
                totals_of(columns),
                receipt_totals(answer.body),
                body_bytes=len(body),
                seconds=answer.seconds,
                replayed=answer.status == 200,
            )
        else:
            self.sequence -= 1  # a refused batch leaves its number free
            self._summary.refuse(answer.code, meant=False)
        self._settle(accepted=accepted)

    def _send_spoiled(self, client: Client, columns: Columns, draw: int) -> None:
        """The same batch with one wrong record, under a key of its own, must be refused."""
        spoilt, code = spoil(columns, draw)
        try:
            answer = client.post(*self._request(spoilt, "spoilt"))
        except NoAnswer as problem:
            self._summary.give_up(problem.code)
            raise
        self._summary.retry(answer.retries)
        if answer.status < 400:
            self._summary.refuse("accepted_though_spoilt", meant=False)
        else:
            self._summary.refuse(answer.code, meant=answer.code == code)

    def _settle(self, *, accepted: bool) -> None:
        """What is wrong among the records just sent may now be taken back, if they are stored."""
        sent = self._queued - len(self._pending)
        while self._wrong and self._wrong[0][0] < sent:
            _, correction = self._wrong.popleft()
            if accepted:
                self._ready.append(correction)

    def _request(self, columns: Columns, purpose: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers; by their rank operators differ in format and compression."""
        rank = self.source.operator.rank
        lines = rank % 2 == 1
        body = ndjson_body(columns) if lines else json_body(columns)
        headers = {
            **self.authorization,
            "Idempotency-Key": str(uuid.UUID(bytes=self._digest(purpose)[:16], version=4)),
            "Batch-Stream": self._sending.stream,
            "Batch-Sequence": str(self.sequence),
            "Content-Type": "application/x-ndjson" if lines else "application/json",
        }
        if rank % 3 == 2:
            body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return body, headers

    def _digest(self, purpose: str) -> bytes:
        code = self.source.operator.code
        text = f"{self._sending.run}/{code}/{self.sequence}/{purpose}"
        return hashlib.sha256(text.encode()).digest()
