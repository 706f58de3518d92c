"""Memory is flat over a thousand batches of 10,000 records through one worker."""

from __future__ import annotations

import random
import time
from typing import Any

from tests.campaigns.campaign import Campaign, Task, say
from tests.campaigns.traffic import Sent, finish, making, play, prove, register
from tests.campaigns.trend import trend
from tests.campaigns.watch import Usage, Watch
from tests.support.servers import serving

ROWS = 10_000
CONNECTIONS = 2  # one batch is decoded while another is stored
SAMPLE_EVERY = 4  # batches
LOOK_S = 0.05
# See ``trend``: a worker may hold one more body of 8 MiB and what is made of it than at the last
# look, and backends the caches of one more chunk. A worker that kept 1 % of each batch would grow
# by more than ten times that in a third of the run.
ALLOWED = {
    "workers_mb": (0.03, 12.0),
    "backends_mb": (0.05, 8.0),
    "largest_backend_mb": (0.05, 4.0),
}


def run(task: Task, *, judged: bool = True) -> dict[str, Any]:
    """``task.rounds`` batches. With ``judged`` false they are too few to tell a trend."""
    senders = register(task.database, task.seed)
    sent, usages = Sent(), []
    with (
        serving(task.database, workers=1) as server,
        making(senders, _size, task.seed) as made,
    ):
        watch = Watch(task.database, server.process.pid)
        try:
            threads = play(
                server.port,
                made,
                sent,
                connections=CONNECTIONS,
                go_on=lambda number: number < task.rounds,
            )
            while any(thread.is_alive() for thread in threads):
                if len(sent.receipts) >= SAMPLE_EVERY * (len(usages) + 1):
                    usages.append(watch.look())
                    if len(sent.receipts) % 100 < SAMPLE_EVERY:
                        say(f"memory: {len(sent.receipts)} batches, {usages[-1].told()}")
                time.sleep(LOOK_S)
            finish(threads, sent)
        finally:
            watch.close()
    seen = _judge(usages) if judged else {"last": usages[-1].told()}
    say("memory: comparing receipts, rollups and rows")
    return seen | prove(task.database, sent)


def _size(rng: random.Random) -> int:
    return ROWS


def _judge(usages: list[Usage]) -> dict[str, Any]:
    trends = {
        name: trend([getattr(one, name) for one in usages], share=share, least=least)
        for name, (share, least) in ALLOWED.items()
    }
    grew = {name: one.told() for name, one in trends.items() if one.grew}
    assert not grew, f"grew: {grew}"
    return {name: one.told() for name, one in trends.items()}


CAMPAIGN = Campaign(
    "memory",
    "memory is flat over 1,000 batches of 10,000 records through one worker",
    run,
    length=1_000,
)
