"""What a receipt waits for after its commit: the entry is in the journal, the promise is signed.

Whoever comes while the disk is busy is written with the others in one go.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import gevent
import structlog
from gevent.event import AsyncResult

from portal import logs
from portal.errors import DatabaseUnavailable
from portal.transparency import journals, keys, promises
from portal.transparency.journal import Place
from portal.transparency.promises import Receipt

log = structlog.get_logger(__name__)


class Writer:
    """Appends entries to the journal, all that wait at a time; the loop goes on meanwhile."""

    def __init__(self, journal: Place) -> None:
        self._journal = journal
        self._waiting: list[tuple[bytes, AsyncResult]] = []
        self._writing = False

    def write(self, *entries: bytes) -> None:
        """Return when the entries are on the disk. Raises OSError."""
        waiting = [(entry, AsyncResult()) for entry in entries]
        self._waiting += waiting
        if not self._writing:
            self._writing = True
            gevent.spawn(self._run)
        for _, done in waiting:
            done.get()

    def _run(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                entries = [entry for entry, _ in taken]
                try:
                    if self._journal.blocks:
                        gevent.get_hub().threadpool.apply(self._journal.append, (entries,))
                    else:
                        self._journal.append(entries)
                except Exception as problem:
                    for _, done in taken:
                        done.set_exception(problem)
                else:
                    for _, done in taken:
                        done.set(None)
        finally:
            self._writing = False


@cache
def _writer() -> Writer:
    return Writer(journals.opened())


def acknowledge(stored: bytes) -> bytes:
    """The first answer to a batch: its receipt with the promise, once the journal has its entry.

    Whatever is answered later goes through ``vouching``. Raises DatabaseUnavailable where the
    journal cannot be written: the batch is stored, and the same request gets its receipt when the
    journal can be written again.
    """
    receipt = promises.read(stored)
    if receipt.receipt_version == 0:
        return stored
    journal([receipt.entry_bytes])
    return _signed(stored, receipt)


def journal(entries: Sequence[bytes]) -> None:
    """Return when the journal has these entries. Raises DatabaseUnavailable."""
    try:
        _writer().write(*entries)
    except OSError as problem:
        log.error("journal not written", error=logs.describe(problem))
        raise DatabaseUnavailable from problem


def with_promise(stored: bytes) -> bytes:
    """Stored bytes and their promise; a receipt from before the log is the same as stored."""
    receipt = promises.read(stored)
    if receipt.receipt_version == 0:
        return stored
    return _signed(stored, receipt)


def _signed(stored: bytes, receipt: Receipt) -> bytes:
    own = keys.signing_keys(receipt.origin, receipt.received_at)
    return promises.complete(stored, receipt, *own)
