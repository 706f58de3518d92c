"""From drawn events to the JSON texts of records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.ingest.fields import BET, TYPE_NAMES, TYPES
from portal.ingest.uuid7 import make_id
from portal.market.amounts import Minors, decimal_texts
from portal.market.columns import Columns, Correction
from portal.market.seats import Seat

Moments = NDArray[np.int64]  # milliseconds since 1970 UTC
Places = NDArray[np.intp]

NO_ROUND = -1
_REASONS = {
    "bet": "technical_failure",
    "win": "result_corrected",
    "refund": "operator_error",
    "deposit": "duplicate",
    "withdrawal": "operator_error",
}


class Events(NamedTuple):
    """Parallel columns of what happened; ``seat`` and ``round`` are indices, or ``NO_ROUND``."""

    moment: Moments
    type: NDArray[np.int64]
    amount: Minors
    seat: Places
    round: Places

    @classmethod
    def of(cls, name: str, moment: Moments, amount: Minors, seat: Places, round_: Places) -> Events:
        """Events of one type."""
        return cls(moment, np.full(len(moment), TYPES[name]), amount, seat, round_)


class RoundText(NamedTuple):
    """The part of a record's text that names its round: of a stake, and of what came of it."""

    stake: str
    result: str


def round_texts(noise: bytes, bonus: Sequence[bool]) -> list[RoundText]:
    """One for each of ``bonus`` (is it a stake of the house's money?), from 16 bytes of noise."""
    digits = noise.hex()
    texts = []
    for place, free in enumerate(bonus):
        d = digits[32 * place : 32 * place + 32]
        name = f'"round_id":"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:]}",'
        texts.append(RoundText(f'{name}"bonus":true,' if free else name, name))
    return texts


class Writer:
    """Writes the records of one operator; their ids differ between runs."""

    def __init__(self, run: str, operator: str) -> None:
        self._own = f"{run}/{operator}"

    def write(
        self,
        events: Events,
        seats: Sequence[Seat],
        rounds: Sequence[RoundText],
        wrong: NDArray[np.bool_],
        window: str,
    ) -> tuple[Columns, list[Correction]]:
        """The texts of all events, and of those that are ``wrong`` what taking back needs."""
        own = f"{self._own}/{window}/"
        stamps = _stamps(events.moment)
        amount_texts = decimal_texts(events.amount)
        types = events.type.tolist()
        amounts = events.amount.tolist()
        to_cancel = []
        texts: list[str] = []
        rows = zip(
            events.moment.tolist(),
            types,
            events.seat.tolist(),
            events.round.tolist(),
            wrong.tolist(),
            strict=True,
        )
        for place, (moment, number, seat, round_, is_wrong) in enumerate(rows):
            if round_ == NO_ROUND:
                middle, tail = "", seats[seat].cash_tail
            else:
                middle, tail = rounds[round_][number != BET], seats[seat].play_tail
            own_id = str(make_id(moment, f"{own}{place}"))
            amount = amount_texts[place]
            texts.append(
                f'{{"id":"{own_id}","type":"{TYPE_NAMES[number]}",'
                f'"occurred_at":"{stamps[place]}Z","amount":"{amount}",{middle}{tail}'
            )
            if is_wrong:
                to_cancel.append(
                    Correction(place, own_id, number, amounts[place], amount, middle, tail)
                )
        return Columns(texts, types, amounts, [False] * len(texts)), to_cancel

    def corrections(self, wrong: Sequence[Correction], moment_ms: int) -> Columns:
        """Records that take ``wrong`` back at this moment: the same facts, an id of their own."""
        columns = Columns()
        stamp = _stamps(np.array([moment_ms]))[0]
        for record in wrong:
            own_id = make_id(moment_ms, f"{self._own}/back/{record.id}")
            name = TYPE_NAMES[record.type]
            columns.texts.append(
                f'{{"id":"{own_id}","type":"{name}","occurred_at":"{stamp}Z",'
                f'"amount":"{record.amount_text}",'
                f'"cancels":{{"id":"{record.id}","reason":"{_REASONS[name]}"}},'
                f"{record.middle}{record.tail}"
            )
            columns.types.append(record.type)
            columns.amounts.append(record.amount)
            columns.cancels.append(True)
        return columns


def _stamps(moments: Moments) -> list[str]:
    texts: list[str] = np.datetime_as_string(moments.astype("datetime64[ms]")).tolist()
    return texts
