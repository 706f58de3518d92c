"""Work that is looked for: one thing after the other, in a process beside the workers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import psycopg

from portal.errors import DatabaseUnavailable
from portal.lifecycle import Flag


class Looking(ABC):
    """Does what is due until it is told to stop; where nothing is, it looks again after a while."""

    LOOK_SECONDS: ClassVar[float]

    def __init__(self) -> None:
        self._stopping = Flag()

    @abstractmethod
    def one(self) -> object:
        """Do what is due; something false where nothing is."""

    def between(self) -> None:  # noqa: B027 - most have nothing to do then
        """Done after each look; nothing unless somebody says what."""

    def stop(self, *_: object) -> None:
        """End after what is under way; may be a signal's handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until :meth:`stop`. While the database is away nothing is due."""
        while not self._stopping.is_set():
            try:
                done = self.one()
                self.between()
            except (DatabaseUnavailable, psycopg.OperationalError):
                done = None
            if not done:
                self._stopping.wait(self.LOOK_SECONDS)
