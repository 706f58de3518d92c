"""What the access log and the metrics may know of a request, left where the worker finds it.

Only what the code itself names: the endpoint and the template of the address, never the address;
the role, never the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Flask, Response, g, request

from portal import metrics
from portal.web.request_id import request_id

_PLACE = "dozir.facts"
NO_ENDPOINT = "none"


class Facts(NamedTuple):
    """One request; ``endpoint`` and ``route`` are bounded, a ``stream`` has no length.

    ``key`` is the number of the access key whose secret was proven, ``operator`` whose it is;
    ``outcome`` what became of a request of the API, where its status does not say.
    """

    endpoint: str = NO_ENDPOINT
    route: str = ""
    role: str = ""
    stream: bool = False
    request_id: str = ""
    key: int | None = None
    operator: int | None = None
    outcome: str = ""


def facts_of(environ: Mapping[str, Any]) -> Facts:
    """What the application left; for requests that never reached it, nothing."""
    facts: Facts = environ.get(_PLACE, Facts())
    return facts


def leave(environ: dict[str, Any], facts: Facts) -> None:
    """Leave the facts of a request."""
    environ[_PLACE] = facts


def init_app(app: Flask) -> None:
    """Leave the facts of each request in its environment."""

    @app.after_request
    def leave_facts(response: Response) -> Response:
        stream = response.mimetype == "text/event-stream"
        if stream:
            metrics.OPEN_STREAMS.inc()
            response.call_on_close(metrics.OPEN_STREAMS.dec)
        rule = request.url_rule
        facts = Facts(
            endpoint=rule.endpoint if rule else NO_ENDPOINT,
            route=rule.rule if rule else "",
            role=getattr(g.get("_login_user"), "role", ""),
            stream=stream,
            request_id=request_id(),
            key=g.get("access_key_id"),
            operator=g.get("access_key_operator"),
            outcome=g.get("api_outcome", ""),
        )
        leave(request.environ, facts)
        return response
