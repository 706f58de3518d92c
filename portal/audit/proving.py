"""The proof of one event: its tuple, the entry that vouches for it, that one's place."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import structlog

from portal import db
from portal.audit import gateway
from portal.config import settings
from portal.errors import Unconfirmed
from portal.transparency import entries, events
from portal.transparency.entries import Entry, EntryInvalid
from portal.transparency.merkle import ProofInvalid
from portal.transparency.published import LogUnavailable, Published

log = structlog.get_logger(__name__)


class Standing(StrEnum):
    """How an event stands to the log."""

    LOGGED = "logged"
    WAITING = "waiting"  # for the entry of its minute, or for that to be published
    UNCONFIRMED = "unconfirmed"  # the log does not confirm it, or cannot be read


@cache
def the_log() -> Published:
    """The log as this instance publishes it."""
    return Published(settings().tiles_dir)


def standing(event_id: int) -> Standing:
    """For the event's page, after it was read with its reader's rights."""
    try:
        return Standing.LOGGED if proof(event_id) else Standing.WAITING
    except Unconfirmed:
        return Standing.UNCONFIRMED


def proof(event_id: int) -> bytes | None:
    """The proof's document; None while the event waits. Raises Unconfirmed where the log has it
    otherwise, or cannot be read.
    """
    with db.portal() as conn:
        found = gateway.entry_of(conn, event_id)
    if found is None:
        return None
    entry, own = bytes(found["entry"]), bytes(found["tuple"])
    try:
        origin = Entry.unpack(entry).origin
        place = the_log().proof(entries.hash_of(entry), found["leaf_index"], origin)
        return None if place is None else events.make_proof(own, entry, place).json()
    except (ProofInvalid, EntryInvalid, LogUnavailable) as problem:
        log.error("event not confirmed", number=event_id, why=str(problem))
        raise Unconfirmed from problem
