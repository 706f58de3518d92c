"""Who plays what: operators with their licences, channels, machines, games and players.

Shaped after the demo market: online casinos with a site and two applications, and slot halls whose
every game runs on a machine in a venue. Names and codes are invented; everything follows the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

GAMES = 200  # of an operator
PLAYERS = 10_000  # of an operator
HALL_EVERY = 5  # one operator in five is a slot hall
VENUES = 3
MACHINES = 120  # of a hall, one game on each
REGISTERED = datetime(2024, 1, 1, tzinfo=UTC).isoformat()
LICENSED_UNTIL = datetime(2099, 1, 1, tzinfo=UTC).isoformat()
INTENSITY_SIGMA = 2.09  # of a player, lognormal: the most active tenth stakes 79 %

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator; ``*_odds`` are cumulative shares of the rounds (the last one is 1.0).

    ``players`` are pseudonyms of 32 hexadecimal digits. ``machines`` is empty for an online casino;
    in a hall machine i stands in venue ``i % VENUES`` and plays game i.
    """

    number: int
    code: str
    licence: str
    channels: tuple[str, ...]
    machines: tuple[str, ...]
    games: tuple[str, ...]
    players: tuple[str, ...]
    player_odds: Floats
    game_odds: Floats

    def document(self) -> dict[str, Any]:
        """The argument of ``registry.import_operator``."""
        kind = "slot_hall" if self.machines else "online_casino"
        return {
            "code": self.code,
            "name_uk": f"Вимірювання {self.number}",
            "name_en": f"Benchmark {self.number}",
            "taxpayer_code": f"{90_000_000 + self.number}",
            "active_from": REGISTERED,
            "licences": [
                {
                    "number": self.licence,
                    "type": kind,
                    "valid_from": REGISTERED,
                    "valid_until": LICENSED_UNTIL,
                }
            ],
            "channels": [self._channel(code) for code in self.channels],
            "equipment": [
                {
                    "code": code,
                    "kind": "slot_machine",
                    "channel": self.channels[place % VENUES],
                    "serial_number": f"{self.code}-{code}",
                    "model": "M1",
                    "active_from": REGISTERED,
                }
                for place, code in enumerate(self.machines)
            ],
            "games": [
                {
                    "code": code,
                    "title": code,
                    "provider": "Benchmark",
                    "type": kind,
                    "active_from": REGISTERED,
                }
                for code in self.games
            ],
        }

    def _channel(self, code: str) -> dict[str, Any]:
        details: dict[str, Any]
        if self.machines:
            kind, details = "venue", {"region": "UA-30", "address": "-"}
        elif code == "WEB":
            kind, details = "website", {"domain": f"{self.code.lower()}.example"}
        else:
            platform = code.removeprefix("APP-").lower()
            kind = "mobile_application"
            details = {"platform": platform, "store_identifier": f"example.{platform}"}
        named = {"code": code, "kind": kind, "name_uk": code, "name_en": code}
        return {**named, "active_from": REGISTERED, **details}


def make_operators(count: int, seed: int) -> list[Operator]:
    """The operators of one benchmark."""
    return [_make_operator(number, seed) for number in range(1, count + 1)]


def _make_operator(number: int, seed: int) -> Operator:
    source = np.random.default_rng([seed, number])
    hall = number % HALL_EVERY == 0
    games = MACHINES if hall else GAMES
    shares = np.ones(games) if hall else 1.0 / np.arange(1, games + 1)
    return Operator(
        number=number,
        code=f"BENCH-{number:03d}",
        licence=f"BENCH-2024-{number:04d}",
        channels=(
            tuple(f"HALL-{venue}" for venue in range(1, VENUES + 1))
            if hall
            else ("WEB", "APP-ANDROID", "APP-IOS")
        ),
        machines=tuple(f"M-{place:04d}" for place in range(1, MACHINES + 1)) if hall else (),
        games=tuple(f"GAME-{game:03d}" for game in range(1, games + 1)),
        players=tuple(source.bytes(16).hex() for _ in range(PLAYERS)),
        player_odds=_cumulative(source.lognormal(0.0, INTENSITY_SIGMA, PLAYERS)),
        game_odds=_cumulative(shares),
    )


def _cumulative(shares: Floats) -> Floats:
    odds: Floats = np.cumsum(shares) / shares.sum()
    odds[-1] = 1.0
    return odds
