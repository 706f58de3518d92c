"""Plays operators through the public API: live at a rate, or a past period as fast as it goes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise

from portal.market.client import Client, NoAnswer
from portal.market.model import Operator
from portal.market.pace import HOUR_MS, Pace
from portal.market.player import Player, Sending
from portal.market.source import Shares, Source
from portal.market.summary import Summary

MAX_SPAN_MS = 30 * 24 * HOUR_MS  # of one batch; the server takes 40 distinct days
_WATCH_S = 0.2

Window = tuple[int, int, float]  # since, until (milliseconds), records of the market


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play. Moments are milliseconds since 1970 UTC.

    ``rate``: records of the whole market a second; ``seconds``: 0 means until stopped.
    ``backlog_s`` above 0: ``rate * seconds`` records spread over the period before ``start_ms``.
    """

    url: str
    rate: float
    seconds: float
    batch_size: int
    seed: int
    start_ms: int
    connections: int
    backlog_s: float = 0.0
    late: float = 0.0
    cancel: float = 0.0
    refuse: float = 0.0

    def name(self, operators: Sequence[Operator]) -> str:
        """The same for the same batches; at most 28 characters that a stream's name may have."""
        contents = replace(self, url="", connections=0)
        text = f"{contents} {[operator.code for operator in operators]}"
        return f"{self.start_ms}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


class Simulation:
    """One run: players shared out among threads, each with a connection of its own."""

    def __init__(self, plan: Plan, operators: Sequence[Operator], keys: dict[str, str]) -> None:
        self.plan = plan
        self.summary = Summary()
        self.stop = threading.Event()
        self.failure: BaseException | None = None
        run = plan.name(operators)
        self.stream = f"sim-{run}"
        self._pace = Pace(operators)
        # Seldom enough that a large market does not drown in tiny batches.
        self._tick_ms = max(1_000, 3 * len(operators))
        self._hold_ms = max(2_000, 10 * len(operators))
        sending = Sending(run, self.stream, plan.batch_size, plan.refuse)
        records_per_s = plan.rate
        if plan.backlog_s:
            records_per_s = plan.rate * plan.seconds / plan.backlog_s
        self.players = [
            Player(
                Source(
                    operator,
                    run=run,
                    seed=plan.seed,
                    accounts=self._pace.accounts(place),
                    rounds_per_s=records_per_s * self._pace.rounds(place),
                    # What fills a period of the past is late by itself.
                    shares=Shares(0.0 if plan.backlog_s else plan.late, plan.cancel),
                ),
                keys[operator.code],
                sending,
                self.summary,
            )
            for place, operator in enumerate(operators)
        ]

    def run(self, watch: Callable[[Summary], None]) -> None:
        """Play until the end or Ctrl-C; ``watch`` is called a few times a second."""
        # Interleaved, so that each thread has large and small operators.
        count = max(1, min(self.plan.connections, len(self.players)))
        ended = [threading.Event() for _ in range(count)]
        for first, end in enumerate(ended):
            places = range(first, len(self.players), count)
            threading.Thread(target=self._guarded, args=(places, end)).start()
        # Not by join() and is_alive(): an interrupt within join() makes Python 3.11 take a thread
        # that still runs for ended, and the summary would miss its last batch.
        while not all(end.is_set() for end in ended):
            try:
                for end in ended:
                    end.wait(_WATCH_S / count)
                watch(self.summary)
            except KeyboardInterrupt:
                self.stop.set()
        if self.failure is not None:
            raise self.failure

    def _guarded(self, places: Sequence[int], end: threading.Event) -> None:
        try:
            with closing(Client(self.plan.url, self.stop)) as client:
                self._play(places, client)
        except NoAnswer:
            self.stop.set()  # counted already: without its batch a stream cannot go on
        except BaseException as problem:
            self.failure = problem
            self.stop.set()
        finally:
            end.set()

    def _play(self, places: Sequence[int], client: Client) -> None:
        backlog = self.plan.backlog_s > 0
        until = self.plan.start_ms
        for since, until, records in self._backlog() if backlog else self._live():
            if self.stop.is_set():
                break
            for place in places:
                player = self.players[place]
                licensed = player.source.operator.licences[0].valid_from.timestamp() * 1000
                if since >= licensed:
                    player.play(since, until, records * self._pace.rounds_at(place, since))
                held = until - (player.oldest_ms or until)
                player.send(client, whole_only=held < (MAX_SPAN_MS if backlog else self._hold_ms))
        for place in places:
            self.players[place].finish(client, until - 1)

    def _live(self) -> Iterator[Window]:
        """Windows one after the other, each handed out once it is over."""
        since = self.plan.start_ms
        end = since + self.plan.seconds * 1000 if self.plan.seconds else float("inf")
        while since < end:
            until = int(min(since + self._tick_ms, end))
            ahead = until / 1000 - time.time()
            self.summary.fall_behind(max(0.0, -ahead))
            if ahead > 0 and self.stop.wait(ahead):
                return
            seconds = (until - since) / 1000
            busy = self._pace.busy(since)
            yield since, until, self.plan.rate * seconds / busy if busy else 0.0
            since = until

    def _backlog(self) -> Iterator[Window]:
        """The hours of a period of the past, in which the records are spread by their rhythm."""
        end = self.plan.start_ms
        start = int(end - self.plan.backlog_s * 1000)
        edges = [start, *range((start // HOUR_MS + 1) * HOUR_MS, end, HOUR_MS), end]
        windows = list(pairwise(edges))
        busy_ms = sum((until - since) * self._pace.busy(since) for since, until in windows)
        # In the mean hour; the rhythm of each type comes on top.
        records_per_ms = self.plan.rate * self.plan.seconds / busy_ms
        for since, until in windows:
            yield since, until, records_per_ms * (until - since)
