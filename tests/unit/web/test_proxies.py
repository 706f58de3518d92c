"""Whose word on address and scheme counts: a trusted proxy's, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import EnvironBuilder

from portal.web.proxies import TrustedProxies

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Port": "1",
}


def seen(peer: str, headers: dict[str, str]) -> dict[str, Any]:
    """The environment that the application gets from a peer."""
    kept: dict[str, Any] = {}

    def app(environ: dict[str, Any], _start: Any) -> list[bytes]:
        kept.update(environ)
        return []

    environ = EnvironBuilder(headers=headers, base_url="http://portal.example").get_environ()
    TrustedProxies(app, frozenset({"127.0.0.1", "::1"}))(environ | {"REMOTE_ADDR": peer}, None)
    return kept


@pytest.mark.parametrize("peer", ["198.51.100.7", "", "127.0.0.2", "::ffff:198.51.100.7"])
def test_a_stranger_is_not_believed(peer: str) -> None:
    environ = seen(peer, FORGED)
    assert environ["REMOTE_ADDR"] == peer
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["HTTP_HOST"] == "portal.example"
    assert not [name for name in environ if "FORWARDED" in name]


def test_a_trusted_proxy_tells_address_and_scheme_alone() -> None:
    environ = seen("127.0.0.1", FORGED)
    assert environ["REMOTE_ADDR"] == "203.0.113.9"
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["HTTP_HOST"] == "portal.example"
    assert environ["SCRIPT_NAME"] == ""


def test_only_the_last_hop_counts() -> None:
    environ = seen("127.0.0.1", {"X-Forwarded-For": "10.0.0.1, 203.0.113.9"})
    assert environ["REMOTE_ADDR"] == "203.0.113.9"
