"""The processes that live and die with the server: one list, one way to keep them alive."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

# What `dozir serve` runs beside its workers: commands of ours, each in a process of its own.
JOBS: tuple[tuple[str, ...], ...] = (("jobs", "run"), ("exports", "run"), ("notify", "run"))
LOG: tuple[tuple[str, ...], ...] = (("sign",), ("sequence",))
ATTEST: tuple[tuple[str, ...], ...] = (("attest", "run"),)  # where there is whom to ask
PAUSE_FIRST_S = 1.0
PAUSE_LONGEST_S = 60.0
STOP_S = 20.0
DOZIR = (sys.executable, "-m", "portal.cli")

log = structlog.get_logger(__name__)


@dataclass
class Companion:
    """One process: started, and started again when it ends, ever later if it ends soon."""

    command: Sequence[str]
    clock: Callable[[], float] = time.monotonic
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _due: float = field(default=0.0, init=False)
    _pause: float = field(default=PAUSE_FIRST_S, init=False)
    _renewed: bool = field(default=False, init=False)
    _ending: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        return " ".join(self.command[-2:])

    def look(self) -> None:
        """Start what is due; note what has ended."""
        if self._ending:
            return
        now = self.clock()
        if self.process is not None and self.process.poll() is not None:
            # The master reaps all its children: with which status it ended, only it may know.
            self.process = None
            if self._renewed:
                self._renewed = False
            else:
                self._note_end(now)
        if self.process is None and now >= self._due:
            self._start(now)

    def _start(self, now: float) -> None:
        """Start it; where the machine has no process left, later: the workers go on meanwhile."""
        self._started = now
        try:
            self.process = subprocess.Popen(self.command, env=_environment())  # noqa: S603 - ours
        except OSError:
            self._note_end(now)

    def _note_end(self, now: float) -> None:
        """Say that it ended of itself, and when it is started again."""
        if now - self._started > PAUSE_LONGEST_S:
            self._pause = PAUSE_FIRST_S
        self._due = now + self._pause
        log.error("companion ended", companion=self.name, again_in_s=self._pause)
        self._pause = min(2 * self._pause, PAUSE_LONGEST_S)

    def renew(self) -> None:
        """Ask it to end, and start it again when it has."""
        if self.process is not None:
            self._renewed = True
            self.process.terminate()

    def terminate(self) -> None:
        """Ask it to end, for good."""
        self._ending = True
        if self.process is not None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for its end until ``deadline``, then make an end."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - self.clock()))
        except subprocess.TimeoutExpired:
            log.error("companion killed", companion=self.name)
            self.process.kill()
            self.process.wait()
        self.process = None


def _environment() -> dict[str, str]:
    """Ours, but for the folder in which workers count: what lies there is told as a worker's."""
    return {name: told for name, told in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}


class Companions:
    """All of them."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._all = [Companion((*DOZIR, *command)) for command in commands]

    def look(self) -> None:
        """Call about once a second."""
        for one in self._all:
            one.look()

    def renew(self) -> None:
        """Replace all by fresh ones."""
        for one in self._all:
            one.renew()

    def terminate(self) -> None:
        """Ask all to end, for good."""
        for one in self._all:
            one.terminate()

    def end(self) -> None:
        """Wait until all have ended."""
        deadline = time.monotonic() + STOP_S
        for one in self._all:
            one.end(deadline)
