"""Registers the demo market through the registrar's door: operators, keys, demo identities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.types.json import Jsonb

from portal import db
from portal.market import keyring
from portal.market.cases import make_cases
from portal.market.keyring import Description
from portal.market.market import DEFAULT_SEED, KYIV, name_of_code
from portal.market.model import Operator
from portal.market.signers import make_signers
from portal.registry.keys import MalformedKey, new_key, parse_key

ACTOR = "demo"
SCOPES = ["submit", "read"]
LABEL = "demo"  # a technical name: shown as it is in every language
KEY_TERM = timedelta(days=5 * 365)

Progress = Callable[[int], None]  # how many operators more are done


class RealData(Exception):
    """The registry holds an operator that is not of this demo market: ``code``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Loaded(NamedTuple):
    """What loading did; ``operators`` are all of the demo market that are registered now."""

    operators: int
    operators_new: int
    keys_new: int
    identities: int


def load(operators: int, progress: Progress, *, seed: int = DEFAULT_SEED) -> Loaded:
    """Load a market, or what is missing of it; what is there already stays as it is.

    Raises RealData, before anything is changed, where the registry knows anyone else.
    """
    registered = _registered()
    if not _demonstration():  # there, what else is registered came through the pages
        for code, row in registered.items():
            if name_of_code(code, seed) != row["name_en"]:
                raise RealData(code)
    description = _description(operators, seed, known=len(registered))
    market = description.market()
    new = [operator for operator in market if operator.code not in registered]
    progress(len(market) - len(new))
    for operator in new:
        with db.owner_acting_as("registrar", actor=ACTOR) as conn:
            db.call_value(conn, "api.import_operator", Jsonb(operator.document()))
        progress(1)
    keyring.write_description(description)
    keys_new = _make_keys(market, "live") + _make_keys(market[:1], "test")
    with db.migrator() as conn:
        identities = int(db.call_value(conn, "identity.start_demo"))
    make_signers()
    make_cases({operator.code for operator in new}, description.anchor)
    return Loaded(len(registered) + len(new), len(new), keys_new, identities)


def _demonstration() -> bool:
    """Whether this installation is a demonstration already: only then it has identities of one."""
    with db.portal() as conn:
        return bool(db.call(conn, "api.demo_identities"))


def _registered() -> dict[str, db.Row]:
    """Id and names of every operator in the registry, by code."""
    with db.acting_as("registrar", actor=ACTOR) as conn:
        names = db.call(conn, "api.names")
    return {row["code"]: row for row in names if row["kind"] == "operator"}


def _description(operators: int, seed: int, *, known: int) -> Description:
    """A market keeps its first day, or its licences would move; and it does not shrink."""
    earlier = keyring.read_description()
    if known and earlier is not None and earlier.seed == seed:
        return Description(max(operators, earlier.operators), earlier.anchor, seed)
    return Description(operators, datetime.now(KYIV).date(), seed)


def _make_keys(market: list[Operator], mode: str) -> int:
    """Give each operator that lacks a key of which the secret is kept here a new one."""
    ids = {code: row["id"] for code, row in _registered().items()}
    kept = {code: key for code, key in keyring.read_keys(mode).items() if code in ids}
    expires_at = datetime.now(KYIV) + KEY_TERM
    with db.owner_acting_as("registrar", actor=ACTOR) as conn:
        usable = {
            (row["operator_id"], row["key_id"])
            for row in db.call(conn, "api.access_keys")
            if row["revoked_at"] is None
        }
        lacking = [
            operator.code
            for operator in market
            if (ids[operator.code], _key_id(kept.get(operator.code, ""))) not in usable
        ]
        for code in lacking:
            key = new_key(mode)
            db.call_value(
                conn, "api.create_access_key", ids[code], key.key_id, key.secret_hmac,
                LABEL, mode, SCOPES, False, expires_at,
            )  # fmt: skip
            kept[code] = key.text
        # Before the commit: a key kept but not registered is replaced next time, while one
        # registered but not kept would stay open for ever.
        if lacking:
            keyring.write_keys(kept, mode)
    return len(lacking)


def _key_id(text: str) -> str | None:
    try:
        return parse_key(text).key_id
    except MalformedKey:
        return None
