"""What a campaign is, and which there are.

To add one, write a module in this folder with a line ``CAMPAIGN = Campaign(...)``: it is found by
that. The module is imported by name only when campaigns are listed or run.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tests.support.databases import Cluster, Database


Unit = Literal["rounds", "minutes", "requests", "transactions"]


class Refused(Exception):
    """The run was not begun, or cannot go on, for a reason that is no broken promise."""


class Broken(AssertionError):
    """A promise is broken; ``seen`` is what was measured, of the promises that held too."""

    def __init__(self, text: str, seen: Any) -> None:
        super().__init__(text)
        self.seen = seen


@dataclass(frozen=True)
class Task:
    """One run: as long as ``length`` says, in the campaign's unit; everything follows the seed.

    ``database`` is migrated and the one that ``portal`` connects to. ``only``: some of what the
    campaign does, by its ``kinds``, NAME or NAME:NUMBER; all where nothing is named.
    """

    cluster: Cluster
    database: Database
    length: float
    seed: int
    only: Sequence[str] = ()
    processes: int = 1

    @property
    def rounds(self) -> int:
        return max(1, round(self.length))


@dataclass(frozen=True)
class Campaign:
    """A long run that raises AssertionError at the first broken promise.

    ``run`` returns what it saw, as JSON can hold it; ``proves`` is one sentence. A campaign with
    ``kinds`` can be run in part and in several processes; what one with ``keeps`` has made can be
    kept, and the next run goes on from there.
    """

    name: str
    proves: str
    run: Callable[[Task], Any]
    length: float
    unit: Unit = "rounds"
    kinds: frozenset[str] = frozenset()
    keeps: bool = False


def campaigns() -> dict[str, Campaign]:
    """All campaigns of this folder, by name."""
    import tests.campaigns as folder

    modules = [
        importlib.import_module(f"{folder.__name__}.{found.name}")
        for found in pkgutil.iter_modules(folder.__path__)
        if not found.name.startswith("_")
    ]
    found = [module.CAMPAIGN for module in modules if hasattr(module, "CAMPAIGN")]
    return {campaign.name: campaign for campaign in sorted(found, key=lambda one: one.name)}


def say(text: str) -> None:
    """Progress, for people: on standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201
