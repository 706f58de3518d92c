"""A small market: three operators with licences in every state, and keys of every kind.

All moments count from when the market is made, so that "suspended now" stays true. Operators:

* ``TEST-ALPHA``: all six gambling types; its slot hall was suspended from 10 to 5 days ago, its
  lottery licence ended yesterday; a closed venue, a retired machine, a withdrawn game.
* ``TEST-BETA``: online casino and poker; the poker licence is suspended now.
* ``TEST-GAMMA``: bookmaker, small and quiet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from portal.registry.keys import new_key
from tests.support.databases import Connection, Database, become, rows, value

TABLES = ("licence", "channel", "equipment", "game")
ALL_SCOPES = ("submit", "read")

_taxpayer = count(10_000_001)
_site = count(1)


@dataclass(frozen=True)
class Key:
    """An access key: ``text`` goes into ``Authorization: Bearer``, ``id`` into SQL."""

    id: int
    text: str


@dataclass
class Operator:
    """A registered operator: ids by code, keys by name (see ``KEYS``)."""

    id: int
    code: str
    document: dict[str, Any]
    licence: dict[str, int] = field(default_factory=dict)
    channel: dict[str, int] = field(default_factory=dict)
    equipment: dict[str, int] = field(default_factory=dict)
    game: dict[str, int] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    sequences: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def key(self) -> Key:
        """The key with which it works every day."""
        return self.keys["live"]


@dataclass(frozen=True)
class Market:
    """The operators of the market."""

    alpha: Operator
    beta: Operator
    gamma: Operator

    def __iter__(self) -> Iterator[Operator]:
        return iter((self.alpha, self.beta, self.gamma))


# name -> (mode, scopes, manual, expires in days; None for never)
KEYS: dict[str, tuple[str, tuple[str, ...], bool, float | None]] = {
    "live": ("live", ALL_SCOPES, False, None),
    "second": ("live", ALL_SCOPES, False, None),
    "manual": ("live", ALL_SCOPES, True, None),
    "submit": ("live", ("submit",), False, None),
    "read": ("live", ("read",), False, None),
    "test": ("test", ALL_SCOPES, False, None),
    "expired": ("live", ALL_SCOPES, False, -1),
    "revoked": ("live", ALL_SCOPES, False, None),
    "elsewhere": ("live", ALL_SCOPES, False, None),
}


def day(offset: float) -> str:
    """The moment so many days from now, as the import document writes it."""
    return (datetime.now(UTC) + timedelta(days=offset)).isoformat()


def register_market(database: Database) -> Market:
    """Register the three operators; committed."""
    with database.connect() as conn:
        return Market(*(register(conn, make()) for make in (alpha, beta, gamma)))


def register_alone(database: Database) -> Operator:
    """Register one more bookmaker, for a test that counts what it stored; committed."""
    name = f"ALONE-{uuid4().hex[:12].upper()}"
    with database.connect() as conn:
        return register(
            conn,
            document(
                name,
                licences=[licence(name, "bookmaker")],
                channels=[website("SITE")],
                games=[game("CHESS", "bookmaker")],
            ),
        )


def register(conn: Connection, document: dict[str, Any]) -> Operator:
    """Register an operator and a key of each kind, as a registrar; ``conn`` is a superuser's."""
    become(conn, "registrar")
    made = Operator(
        value(conn, "select api.import_operator(%s)", (Jsonb(document),)),
        document["code"],
        document,
    )
    for name, (mode, scopes, manual, days) in KEYS.items():
        made.keys[name] = add_key(conn, made.id, name, mode, scopes, manual, days)
    conn.execute("select api.revoke_access_key(%s)", (made.keys["revoked"].id,))
    bind_key(conn, made.keys["elsewhere"], "192.0.2.0/24")
    conn.execute("reset role")
    for table in TABLES:
        code = "number" if table == "licence" else "code"
        found = rows(
            conn, f"select {code}, id from registry.{table} where operator_id = %s", (made.id,)
        )
        getattr(made, table).update(found)
    return made


def add_key(
    conn: Connection,
    operator_id: int,
    label: str = "extra",
    mode: str = "live",
    scopes: tuple[str, ...] = ALL_SCOPES,
    manual: bool = False,
    expires_in_days: float | None = None,
) -> Key:
    """Give an operator one more key; ``conn`` acts as registrar."""
    key = new_key(mode)
    expires = None if expires_in_days is None else day(expires_in_days)
    made = value(
        conn,
        "select api.create_access_key(%s, %s, %s, %s, %s, %s, %s, %s)",
        (operator_id, key.key_id, key.secret_hmac, label, mode, list(scopes), manual, expires),
    )
    # Tests send faster than any operator: those of the limits set their own.
    conn.execute(
        "select api.limit_access_key(%s, %s, %s, %s, %s)", (made, 10**9, 10**10, 10**12, 10**13)
    )
    return Key(made, key.text)


def bind_key(conn: Connection, key: Key, *addresses: str) -> None:
    """Let a key be used from these networks only; ``conn`` acts as registrar."""
    conn.execute(
        "select api.restrict_access_key(%s, null, %s::text[], null)", (key.id, list(addresses))
    )


def document(code: str, **parts: list[dict[str, Any]]) -> dict[str, Any]:
    """An import document of an operator licensed for ten years, with no object but ``parts``."""
    return {
        "code": code,
        "name_uk": f"Оператор {code}",
        "name_en": f"Operator {code}",
        "taxpayer_code": str(next(_taxpayer)),
        "active_from": day(-2000),
        "licences": [],
        "channels": [],
        "equipment": [],
        "games": [],
    } | parts


def licence(number: str, gambling_type: str, **other: Any) -> dict[str, Any]:
    return {
        "number": number,
        "type": gambling_type,
        "valid_from": day(-1000),
        "valid_until": day(1000),
    } | other


def venue(code: str, **other: Any) -> dict[str, Any]:
    return (
        _channel(code, "venue") | {"region": "UA-30", "address": f"вул. Вигадана, {code}"} | other
    )


def website(code: str, **other: Any) -> dict[str, Any]:
    domain = f"{code.lower()}-{next(_site)}.example"
    return _channel(code, "website") | {"domain": domain} | other


def application(code: str, **other: Any) -> dict[str, Any]:
    own = {"platform": "android", "store_identifier": f"example.{code.lower()}"}
    return _channel(code, "mobile_application") | own | other


def machine(code: str, channel: str, kind: str = "slot_machine", **other: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": kind,
        "channel": channel,
        "serial_number": f"SN-{code}",
        "model": "Model T",
        "active_from": day(-1000),
    } | other


def game(code: str, gambling_type: str, **other: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": f"Game {code}",
        "provider": "Provider",
        "type": gambling_type,
        "declared_rtp_ppm": 960_000,
        "declared_sigma_ppm": 8_000_000,
        "active_from": day(-1000),
    } | other


def _channel(code: str, kind: str) -> dict[str, Any]:
    return {
        "code": code,
        "kind": kind,
        "name_uk": f"Місце {code}",
        "name_en": f"Place {code}",
        "active_from": day(-1000),
    }


def alpha() -> dict[str, Any]:
    suspended = {"from": day(-10), "until": day(-5), "grounds": "перевірка"}
    return document(
        "TEST-ALPHA",
        licences=[
            licence("A-CASINO", "land_casino"),
            licence("A-ONLINE", "online_casino"),
            licence("A-BETS", "bookmaker"),
            licence("A-SLOTS", "slot_hall", suspensions=[suspended]),
            licence("A-POKER", "online_poker"),
            licence("A-LOTTERY", "lottery", valid_until=day(-1)),
        ],
        channels=[
            venue("HALL-1"),
            venue("HALL-CLOSED", active_until=day(-3)),
            website("SITE-1"),
            application("APP-1"),
        ],
        equipment=[
            machine("SLOT-1", "HALL-1"),
            machine("SLOT-2", "HALL-1"),
            machine("TABLE-1", "HALL-1", "gaming_table"),
            machine("SLOT-RETIRED", "HALL-1", active_until=day(-3)),
        ],
        games=[
            game("ROULETTE", "land_casino"),
            game("BOOK", "online_casino"),
            game("FOOTBALL", "bookmaker"),
            game("FRUITS", "slot_hall"),
            game("HOLDEM", "online_poker"),
            game("LOTTO", "lottery"),
            game("GONE", "online_casino", active_until=day(-3)),
        ],
    )


def beta() -> dict[str, Any]:
    suspended = {"from": day(-2), "grounds": "борг"}
    return document(
        "TEST-BETA",
        licences=[
            licence("B-ONLINE", "online_casino"),
            licence("B-POKER", "online_poker", suspensions=[suspended]),
        ],
        channels=[website("SITE-1"), application("APP-1")],
        games=[game("BOOK", "online_casino"), game("HOLDEM", "online_poker")],
    )


def gamma() -> dict[str, Any]:
    return document(
        "TEST-GAMMA",
        licences=[licence("G-BETS", "bookmaker")],
        channels=[website("SITE-G")],
        games=[game("TENNIS", "bookmaker")],
    )
