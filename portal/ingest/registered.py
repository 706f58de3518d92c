"""What is registered of an operator, as ingest needs it, and what of a batch breaches it.

The codes are kept in memory for as long as their version is the one the database names inside the
transaction that stores the batch: memory saves the reading and never decides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from msgspec import UNSET

from portal.ingest import wire
from portal.ingest.decoded import Codes, Decoded, Int16s, Mask
from portal.ingest.fields import LAST_TYPE_WITH_ROUND
from portal.ingest.problems import MAX_ERRORS, FieldError, Refusal
from portal.ingest.record_check import Row

BREACH_LICENCE_TIME = 1
BREACH_LICENCE_TYPE = 2
BREACH_OBJECT_INACTIVE = 4
BREACH_LATE = 8

MAX_CODES_IN_MEMORY = 500_000  # per worker process, about 100 MB

Period = tuple[int, int]  # [from, until) in microseconds since 2000
_ANYWHERE, _NOWHERE = -1, -2  # beside the places of a batch's channels


class Licence(NamedTuple):
    """A licence's gambling type, what that type asks for, and when the licence is in force."""

    id: int
    gambling_type_id: int
    equipment_required: bool
    channel_kinds: frozenset[str]
    periods: tuple[Period, ...]


class Channel(NamedTuple):
    """A venue, website or mobile application."""

    id: int
    kind: str
    period: Period


class Machine(NamedTuple):
    """A machine, table or terminal, and when it is in use and not blocked.

    ``places``: in which venue (a channel's id) it stands, and when; None where that is not known.
    """

    id: int
    periods: tuple[Period, ...]
    places: tuple[tuple[int, int, int], ...] | None = None

    def stands_in(self, channel_id: int, moment_us: int) -> bool:
        """Whether that is its place at a moment."""
        return self.places is None or any(
            own == channel_id and start <= moment_us < end for own, start, end in self.places
        )


class Game(NamedTuple):
    """A game and the gambling type it belongs to."""

    id: int
    gambling_type_id: int
    period: Period


@dataclass(frozen=True, slots=True)
class Registered:
    """One operator's codes at one version."""

    version: int | None
    licences: dict[str, Licence]
    channels: dict[str, Channel]
    equipment: dict[str, Machine]
    games: dict[str, Game]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Registered:
        """From the JSON document of ``ledger.operator_codes``."""
        places = {
            code: tuple(map(tuple, stood)) for code, stood in document.get("places", {}).items()
        }
        return cls(
            version=document["version"],
            licences={
                number: Licence(id_, type_, needed, frozenset(kinds), tuple(map(tuple, periods)))
                for number, (id_, type_, needed, kinds, periods) in document["licences"].items()
            },
            channels={
                code: Channel(id_, kind, (start, end))
                for code, (id_, kind, start, end) in document["channels"].items()
            },
            equipment={
                code: Machine(id_, tuple(map(tuple, periods)), places.get(code))
                for code, (id_, periods) in document["equipment"].items()
            },
            games={
                code: Game(id_, type_, (start, end))
                for code, (id_, type_, start, end) in document["games"].items()
            },
        )

    @classmethod
    def nothing(cls) -> Registered:
        """Of an operator that has nothing registered."""
        return cls(version=None, licences={}, channels={}, equipment={}, games={})

    @property
    def size(self) -> int:
        return len(self.licences) + len(self.channels) + len(self.equipment) + len(self.games)

    def check(self, batch: Decoded) -> None:
        """Refuse codes that are not this operator's, and bets on no machine where one is needed."""
        wire.check_references(
            batch,
            licence=self.licences,
            channel=self.channels,
            equipment=self.equipment,
            game=self.games,
        )
        needed = [self.licences[number].equipment_required for number in batch.licence.distinct]
        if not any(needed):
            return
        missing = (
            np.array([False, *needed])[batch.licence.index]
            & (batch.equipment.index == 0)
            & (batch.type <= LAST_TYPE_WITH_ROUND)
        )
        if missing.any():
            rows = np.flatnonzero(missing).tolist()
            raise Refusal.of_records(
                [
                    FieldError.at(row, "equipment_required", "equipment")
                    for row in rows[:MAX_ERRORS]
                ],
                total=len(rows),
            )

    def ids_in_force(self, row: Row, occurred_us: int) -> tuple[int, int, int, int] | None:
        """Ids of licence, channel, equipment and game of a record that breaches none of them.

        None where ``check`` would refuse the record, or ``breaches`` mark or have to look at it.
        """
        licence = self.licences.get(row.licence) if row.licence is not UNSET else None
        channel = self.channels.get(row.channel) if row.channel is not UNSET else None
        if (
            licence is None
            or channel is None
            or channel.kind not in licence.channel_kinds
            or not _in_force(occurred_us, *licence.periods)
            or not _in_force(occurred_us, channel.period)
        ):
            return None
        equipment_id = game_id = 0
        if row.equipment is not UNSET:
            machine = self.equipment.get(row.equipment)
            if (
                machine is None
                or not _in_force(occurred_us, *machine.periods)
                or not machine.stands_in(channel.id, occurred_us)
            ):
                return None
            equipment_id = machine.id
        elif licence.equipment_required:
            return None
        if row.game is not UNSET:
            game = self.games.get(row.game)
            if (
                game is None
                or game.gambling_type_id != licence.gambling_type_id
                or not _in_force(occurred_us, game.period)
            ):
                return None
            game_id = game.id
        return licence.id, channel.id, equipment_id, game_id

    def breaches(self, batch: Decoded, late: Mask) -> Int16s:
        """The bit mask of each row: accepted all the same, because the state must see it."""
        mask = late.astype(np.int16) * np.int16(BREACH_LATE)
        licences = [self.licences[number] for number in batch.licence.distinct]
        channels = [self.channels[code] for code in batch.channel.distinct]
        machines = [self.equipment[code] for code in batch.equipment.distinct]
        games = [self.games[code] for code in batch.game.distinct]
        _mark(
            mask,
            BREACH_LICENCE_TIME,
            _outside(batch, batch.licence, [licence.periods for licence in licences]),
        )
        for column, periods in (
            (batch.channel, [(channel.period,) for channel in channels]),
            (batch.equipment, [machine.periods for machine in machines]),
            (batch.game, [(game.period,) for game in games]),
        ):
            _mark(mask, BREACH_OBJECT_INACTIVE, _outside(batch, column, periods))
        _mark(mask, BREACH_OBJECT_INACTIVE, _elsewhere(batch, machines, channels))
        for column, fits in (
            (batch.channel, [[c.kind in lic.channel_kinds for c in channels] for lic in licences]),
            (
                batch.game,
                [[g.gambling_type_id == lic.gambling_type_id for g in games] for lic in licences],
            ),
        ):
            _mark(mask, BREACH_LICENCE_TYPE, _unfit(batch.licence, column, fits))
        return mask


def _in_force(moment_us: int, *periods: Period) -> bool:
    return any(start <= moment_us < end for start, end in periods)


def _mark(mask: Int16s, bit: int, rows: Mask | None) -> None:
    if rows is not None:
        mask |= rows.astype(np.int16) * np.int16(bit)


def _outside(batch: Decoded, column: Codes, periods: Sequence[tuple[Period, ...]]) -> Mask | None:
    """Rows whose object was not in force when they occurred; None when all plainly were."""
    first, last = batch.occurred_min_us, batch.occurred_max_us
    doubtful = [
        place
        for place, spans in enumerate(periods, 1)
        if not any(start <= first and last < end for start, end in spans)
    ]
    if not doubtful:
        return None
    outside = np.zeros(batch.n, np.bool_)
    for place in doubtful:
        inside = np.zeros(batch.n, np.bool_)
        for start, end in periods[place - 1]:
            inside |= (batch.occurred_us >= start) & (batch.occurred_us < end)
        outside |= (column.index == place) & ~inside
    return outside


def _elsewhere(
    batch: Decoded, machines: Sequence[Machine], channels: Sequence[Channel]
) -> Mask | None:
    """Rows that name a machine in another venue than it stood in when they occurred."""
    if not machines:
        return None
    first, last = batch.occurred_min_us, batch.occurred_max_us
    by_id = {channel.id: place for place, channel in enumerate(channels, 1)}
    # In which of the batch's channels each machine stood all the time.
    homes = np.full(len(machines) + 1, _ANYWHERE, np.int32)
    moved = []
    for place, machine in enumerate(machines, 1):
        if machine.places is None:
            continue
        home = next(
            (own for own, *span in machine.places if span[0] <= first and last < span[1]), None
        )
        if home is None:
            moved.append(place)
        else:
            homes[place] = by_id.get(home, _NOWHERE)
    home_of_row = homes[batch.equipment.index]
    wrong: Mask = (home_of_row != batch.channel.index) & (home_of_row != _ANYWHERE)
    for place in moved:
        there = np.zeros(batch.n, np.bool_)
        for own, start, end in machines[place - 1].places or ():
            if own in by_id:
                there |= (
                    (batch.channel.index == by_id[own])
                    & (batch.occurred_us >= start)
                    & (batch.occurred_us < end)
                )
        wrong |= (batch.equipment.index == place) & ~there
    return wrong


def _unfit(licence: Codes, column: Codes, fits: list[list[bool]]) -> Mask | None:
    """Rows whose licence and object do not go together; None when all pairs do."""
    if all(all(row) for row in fits):
        return None
    table = np.ones((len(fits) + 1, len(column.distinct) + 1), np.bool_)
    table[1:, 1:] = fits
    return ~table[licence.index, column.index]


@dataclass(slots=True)
class Memory:
    """The operators seen last, up to a number of codes in all."""

    _kept: OrderedDict[int, Registered] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, operator_id: int) -> Registered | None:
        """What is remembered of an operator, current or not."""
        registered = self._kept.get(operator_id)
        if registered is not None:
            self._kept.move_to_end(operator_id)
        return registered

    def put(self, operator_id: int, registered: Registered) -> None:
        """Remember the newest version, and forget whoever was not seen for longest."""
        old = self._kept.get(operator_id)
        if old is not None:
            if (old.version or 0) > (registered.version or 0):
                return  # asked for earlier than what is known, answered later
            self._size -= self._kept.pop(operator_id).size
        self._kept[operator_id] = registered
        self._size += registered.size
        while self._size > MAX_CODES_IN_MEMORY and len(self._kept) > 1:
            self._size -= self._kept.popitem(last=False)[1].size


memory = Memory()  # of this worker, for whoever stores or checks a batch
