"""Whose word on the client's address and scheme counts: that of the proxies we were told of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """Believes ``X-Forwarded-For`` and ``-Proto`` of a trusted peer; drops them of anyone else."""

    def __init__(self, app: WSGIApplication, peers: frozenset[str]) -> None:
        self._plain = app
        self._proxied = ProxyFix(app, x_for=1, x_proto=1)
        self._peers = peers

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR") in self._peers:
            return self._proxied(environ, start)
        for name in [name for name in environ if name.startswith("HTTP_X_FORWARDED_")]:
            del environ[name]
        return self._plain(environ, start)
