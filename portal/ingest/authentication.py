"""Whose request this is: the access key in ``Authorization``, checked in constant time."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from portal import db
from portal.ingest.problems import Refusal
from portal.registry.keys import MalformedKey, key_hmac, parse_key

_MAX_KEYS_IN_MEMORY = 10_000
_NO_KEY = bytes(32)


class AccessKey(NamedTuple):
    """A key whose secret was proven. Whether it may still be used, the database decides."""

    id: int
    operator_id: int
    mode: str
    address: str | None
    """Where the request comes from; unknown over a local socket."""


class _Stored(NamedTuple):
    id: int
    operator_id: int
    secret_hmac: bytes


# A key's HMAC never changes: rotation makes a new key. Unknown ids are not remembered, or anyone
# could fill the memory.
_known: OrderedDict[str, _Stored] = OrderedDict()


def authenticate(header: str | None, address: str | None) -> AccessKey:
    """The key in an ``Authorization`` header of a request from ``address``.

    Raises Refusal ``missing_key``, ``malformed_key`` or ``unknown_key``; a wrong secret and an
    unknown id answer alike and take alike.
    """
    if header is None:
        raise Refusal("missing_key")
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise Refusal("missing_key")
    try:
        key = parse_key(text)
    except MalformedKey:
        raise Refusal("malformed_key") from None
    stored = _find(key.key_id)
    expected = stored.secret_hmac if stored else _NO_KEY
    if not hmac.compare_digest(key_hmac(key.body), expected) or stored is None:
        raise Refusal("unknown_key")
    return AccessKey(stored.id, stored.operator_id, key.mode, _plain(address))


@lru_cache(maxsize=1024)
def _plain(address: str | None) -> str | None:
    """An IPv4 address that arrived over an IPv6 socket as itself; None for what is no address."""
    try:
        known = ip_address(address or "")
    except ValueError:  # a local socket, or a proxy that passes on what its client made up
        return None
    return str(getattr(known, "ipv4_mapped", None) or known)


def _find(key_id: str) -> _Stored | None:
    if stored := _known.get(key_id):
        _known.move_to_end(key_id)
        return stored
    with db.connection(db.MOMENT) as conn:
        rows = db.call(conn, "ledger.find_access_key", key_id)
    if not rows:
        return None
    stored = _Stored(
        rows[0]["access_key_id"], rows[0]["operator_id"], bytes(rows[0]["secret_hmac"])
    )
    _known[key_id] = stored
    if len(_known) > _MAX_KEYS_IN_MEMORY:
        _known.popitem(last=False)
    return stored
