"""Bodies of batches as operators' systems would send them: rounds of bets and wins, and cash.

Deterministic by seed but for the clock, from which ids and moments of events follow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from portal.bench.population import VENUES, Floats, Operator

CASH_SHARE = 0.025  # of rows
DEPOSIT_SHARE = 5 / 7  # of cash rows
WIN_RATE = 0.326  # of rounds
REFUND_RATE = 0.002  # of rounds
BONUS_RATE = 0.03  # of bets
CHANNEL_ODDS = np.array((0.45, 0.8, 1.0))
STAKES_KOPECKS = np.outer(10 ** np.arange(2, 6), (1, 2, 5)).ravel()  # 1 to 5,000 hryvnias
STAKE_ODDS = np.array((0.1, 0.25, 0.55, 0.75, 0.87, 0.94, 0.97, 0.985, 0.995, 0.998, 0.9995, 1.0))
MULTIPLIERS = np.array((0.5, 1, 2, 5, 10, 25, 100, 500))
MULTIPLIER_ODDS = np.array((0.33, 0.6, 0.8, 0.917, 0.967, 0.987, 0.9997, 1.0))
CASH_MEDIAN_KOPECKS = 20_000
CASH_MOST_KOPECKS = 10_000_000
CASH_PAYMENTS = ("card", "e_wallet", "bank_transfer")
CASH_PAYMENT_ODDS = np.array((0.7, 0.9, 1.0))
TYPES = ("bet", "win", "refund", "deposit", "withdrawal")
VARIANTS = "89ab"  # the digit that says RFC 9562

Ints = NDArray[np.int64]
Record = tuple[int, str]  # moment and text


def make_body(operator: Operator, rows: int, source: np.random.Generator, times: range) -> bytes:
    """One JSON array of ``rows`` records whose moments lie in ``times`` (milliseconds of Unix)."""
    cash = round(rows * CASH_SHARE)
    records = _played(operator, rows - cash, source, times)
    records += _paid(operator, cash, source, times)
    records.sort(key=lambda record: record[0])
    return ("[" + ",".join([text for _, text in records]) + "]").encode()


def _played(
    operator: Operator, rows: int, source: np.random.Generator, times: range
) -> list[Record]:
    """Bets with their wins and refunds, whole rounds but for the last one."""
    draw = source.random(rows)
    ending = np.where(draw < WIN_RATE, 1, np.where(draw < WIN_RATE + REFUND_RATE, 2, 0))
    round_of = np.repeat(np.arange(rows), 1 + (ending > 0))[:rows]
    second = np.concatenate(([False], round_of[1:] == round_of[:-1]))[:rows]
    types = np.where(second, ending[round_of], 0)
    stakes = STAKES_KOPECKS[_pick(STAKE_ODDS, source, rows)]
    payouts = stakes * MULTIPLIERS[_pick(MULTIPLIER_ODDS, source, rows)]
    amounts = np.where(types == 1, payouts[round_of], stakes[round_of]).astype(np.int64)
    moments = source.integers(times.start, times.stop - 1, rows)[round_of] + second
    bonus = (types == 0) & (source.random(rows) < BONUS_RATE)

    round_ids = _uuids(source.integers(times.start, times.stop, rows), source)
    places = [_place(operator, game) for game in range(len(operator.games))]
    settings = [  # what all records of one round have in common
        f'{places[game][channel]},"round_id":"{round_id}","player":"{operator.players[player]}"'
        for game, channel, round_id, player in zip(
            _pick(operator.game_odds, source, rows).tolist(),
            _pick(CHANNEL_ODDS, source, rows).tolist(),
            round_ids,
            _pick(operator.player_odds, source, rows).tolist(),
            strict=True,
        )
    ]
    payment = "cash" if operator.machines else "balance"
    return [
        (
            moment,
            f'{start},{settings[round_]},"payment":"{payment}"'
            + (',"bonus":true}' if free else "}"),
        )
        for moment, start, round_, free in zip(
            moments.tolist(),
            _starts(operator, types, moments, amounts, source),
            round_of.tolist(),
            bonus.tolist(),
            strict=True,
        )
    ]


def _place(operator: Operator, game: int) -> list[str]:
    """Channel, machine and game as JSON, for each channel that may be drawn."""
    played = f'"game":"{operator.games[game]}"'
    if operator.machines:  # the machine says where it stands, whatever is drawn
        where = f'"channel":"{operator.channels[game % VENUES]}"'
        return [f'{where},"equipment":"{operator.machines[game]}",{played}'] * VENUES
    return [f'"channel":"{channel}",{played}' for channel in operator.channels]


def _paid(operator: Operator, rows: int, source: np.random.Generator, times: range) -> list[Record]:
    """Deposits and withdrawals."""
    types = np.where(source.random(rows) < DEPOSIT_SHARE, 3, 4)
    moments = source.integers(times.start, times.stop, rows)
    amounts = CASH_MEDIAN_KOPECKS * source.lognormal(0.0, 1.0, rows)
    minor = np.clip(amounts, 100, CASH_MOST_KOPECKS).astype(np.int64)
    return [
        (
            moment,
            f'{start},"channel":"{operator.channels[channel]}",'
            f'"player":"{operator.players[player]}",'
            f'"payment":"{"cash" if operator.machines else CASH_PAYMENTS[payment]}"}}',
        )
        for moment, start, channel, player, payment in zip(
            moments.tolist(),
            _starts(operator, types, moments, minor, source),
            _pick(CHANNEL_ODDS, source, rows).tolist(),
            _pick(operator.player_odds, source, rows).tolist(),
            _pick(CASH_PAYMENT_ODDS, source, rows).tolist(),
            strict=True,
        )
    ]


def _starts(
    operator: Operator, types: Ints, moments: Ints, minor: Ints, source: np.random.Generator
) -> list[str]:
    """The fields that every record has, as the open beginning of its object."""
    ends = f'"currency":"UAH","licence":"{operator.licence}"'
    return [
        f'{{"id":"{id_}","type":"{TYPES[type_]}","occurred_at":"{moment}Z",'
        f'"amount":"{amount // 100}.{amount % 100:02d}",{ends}'
        for id_, type_, moment, amount in zip(
            _uuids(moments, source),
            types.tolist(),
            np.datetime_as_string(moments.astype("M8[ms]"), unit="ms").tolist(),
            minor.tolist(),
            strict=True,
        )
    ]


def _uuids(moments: Ints, source: np.random.Generator) -> list[str]:
    """UUIDs of version 7 of these milliseconds of Unix, the rest random."""
    digits = source.bytes(10 * len(moments)).hex()
    random = [digits[at : at + 20] for at in range(0, len(digits), 20)]
    return [
        f"{moment >> 16:08x}-{moment & 0xFFFF:04x}-7{rest[:3]}-"
        f"{VARIANTS[int(rest[3], 16) & 3]}{rest[4:7]}-{rest[8:]}"
        for moment, rest in zip(moments.tolist(), random, strict=True)
    ]


def _pick(odds: Floats, source: np.random.Generator, count: int) -> Ints:
    """Draw places by cumulative odds."""
    return np.searchsorted(odds, source.random(count), side="right").astype(np.int64)
