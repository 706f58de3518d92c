"""The campaign ``tamper``: every attack of ``tamper.ATTACKS`` many times, in worlds of their own.

A world is a ledger that its seed makes, in a database and a folder of its own; an instance of an
attack follows from the world's seed and the instance's number. After some attacks a clean state is
verified. What is not found is told at the end, each with the command that plays it again: whoever
waits for an hour wants to hear of all.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from math import ceil
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

from portal.ledger.source import Live
from portal.verifier import dozir_verify as core
from tests.campaigns.campaign import Campaign, Task, say
from tests.campaigns.tamper import ATTACKS, Stage, clean, play, staged
from tests.support.databases import Database

WORLD_ROUNDS = 50  # of each attack, in one world
CLEAN = "clean"
CLEAN_EVERY = 25  # a clean run after so many attacks of one kind
CLEAN_LEAST = 200  # clean runs of a campaign, however short it is
REMEMBERED = 20_000

Seen = tuple[Counter[str], list[str]]  # how often what held, and what did not


def campaign(task: Task) -> dict[str, Any]:
    """Every attack ``task.rounds`` times; raises AssertionError where one was not found."""
    rounds = [
        min(WORLD_ROUNDS, task.rounds - begun) for begun in range(0, task.rounds, WORLD_ROUNDS)
    ]
    least = 0 if task.only else ceil(CLEAN_LEAST / len(rounds))
    kinds = task.only or list(ATTACKS)
    worlds = [(task.seed + number, kinds, many, least) for number, many in enumerate(rounds)]
    seen: Counter[str] = Counter()
    broken: list[str] = []
    for held, failed in _in_processes(task, worlds):
        seen += held
        broken += failed
    assert not broken, "\n".join(broken)
    clean_runs = seen.pop(CLEAN, 0)
    return {
        "attacks": len(seen),
        "found": seen.total(),
        "clean runs without a finding": clean_runs,
    }


def _in_processes(task: Task, worlds: list[tuple[int, Sequence[str], int, int]]) -> Iterator[Seen]:
    """What each world saw, as they end."""
    running: dict[Future[Seen], ExitStack] = {}
    with ExitStack() as all_, ProcessPoolExecutor(task.processes, get_context("fork")) as pool:
        while worlds or running:
            while worlds and len(running) < task.processes:
                own = all_.enter_context(ExitStack())
                database = own.enter_context(task.cluster.fresh())
                running[pool.submit(_world, database, *worlds.pop(0))] = own
            for one in wait(running, return_when=FIRST_COMPLETED).done:
                running.pop(one).close()
                yield one.result()


def _world(database: Database, seed: int, kinds: Sequence[str], rounds: int, least: int) -> Seen:
    seen: Counter[str] = Counter()
    broken: list[str] = []
    with remembering(), staged(database, seed) as stage:
        for kind in kinds:
            name, _, told = kind.partition(":")
            numbers: Sequence[int] = [int(told)] if told else range(rounds)
            started, before = time.monotonic(), seen[CLEAN]
            for number in numbers:
                problem = _once(stage, name, seed, number)
                if problem is None and number % CLEAN_EVERY == CLEAN_EVERY - 1 and not told:
                    problem = _once(stage, CLEAN, seed, seen[CLEAN] + 1)
                    seen[CLEAN] += problem is None
                if problem:
                    broken.append(problem)
                    say(problem)
                    break  # the other kinds are still of interest
                seen[name] += 1
            say(
                f"tamper: world {seed}: {name}: {seen[name]} found, {seen[CLEAN] - before} clean"
                f" runs, {time.monotonic() - started:.1f} s"
            )
        while not broken and seen[CLEAN] < least:
            problem = _once(stage, CLEAN, seed, seen[CLEAN] + 1)
            broken += [problem] if problem else []
            seen[CLEAN] += 1
    return seen, broken


def _once(stage: Stage, name: str, seed: int, number: int) -> str | None:
    """Play an attack, or a clean run; what is wrong, and how to see it again."""
    own = 1000 * seed + number
    try:
        if name == CLEAN:
            clean(stage, own)
        else:
            play(stage, name, own)
    except Exception as problem:  # whatever the verifier died of is one too
        with suppress(Exception):
            stage.conn.execute("rollback")
        again = f"scripts/campaign tamper --rounds 1 --seed {seed} --only {name}:{number}"
        return f"{type(problem).__name__}: {problem}\nagain: {again}"
    return None


@contextmanager
def remembering() -> Iterator[None]:
    """Within, the verifier does not compute twice what follows from the same bytes alone.

    Between two attacks nearly all of a world is the same: signatures and time-stamps that
    hold, tuples of tables, fields of entries, receipts, sums of rows. What raised is computed anew
    each time.
    """
    verify_token, receipt_of, stream = core.verify_token, core.receipt_of, Live.stream
    token = _remembered(lambda raw, text, roots: verify_token(raw, text, list(roots)))
    receipt = _remembered(
        lambda raw, told: receipt_of(core.parse_entry(raw), raw, json.loads(told))
    )
    tuples = lru_cache(200)(lambda whole: list(core.copied([whole])))
    with ExitStack() as stack:
        for owner, name, new in (
            (core.Key, "verify", _remembered(core.Key.verify)),
            (core, "parse_entry", _remembered(core.parse_entry)),
            (core, "verify_token", lambda raw, text, roots: token(raw, text, tuple(roots))),
            (
                core,
                "receipt_of",
                lambda entry, raw, told: (
                    receipt(raw, json.dumps(told)) if raw else receipt_of(entry, raw, told)
                ),
            ),
            (Live, "figures", staticmethod(_remembered(Live.figures))),
            (Live, "table", lambda self, name: iter(tuples(b"".join(stream(self, name))))),
        ):
            stack.enter_context(patch.object(owner, name, new))
        yield


def _remembered(compute: Callable[..., Any]) -> Callable[..., Any]:
    return lru_cache(REMEMBERED)(compute)


CAMPAIGN = Campaign(
    "tamper",
    "whatever is altered with all rights in the database and its files is found and named",
    campaign,
    length=1000,
    kinds=frozenset({*ATTACKS, CLEAN}),
)
