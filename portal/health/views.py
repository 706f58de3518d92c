"""``/healthz``, ``/readyz`` and ``/metrics``: for supervisors, proxies and Prometheus.

None of them touches a session. The first two tell a stranger nothing that he could use; the figures
are for the holder of the token in ``secrets/metrics-token`` alone, signed in or not.
"""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from portal import config, metrics
from portal.health import gauges, readiness

TOKEN = "metrics-token"  # noqa: S105 - the name of its file
WANTED = (
    "Send Authorization: Bearer with the token that stands in secrets/metrics-token"
    " of this instance.\n"
)

blueprint = Blueprint("health", __name__)
_readiness = readiness.cached()


@blueprint.get("/healthz")
def alive() -> Response:
    """This process answers; nothing else is looked at."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> Response:
    """Whether requests should be sent here: 200, or 503 with what is the matter."""
    found = _readiness()
    response = jsonify(ready=found.ready, checks=found.checks)
    response.status_code = 200 if found.ready else 503
    return response


@blueprint.get("/metrics")
def figures() -> Response:
    """The figures of all workers together."""
    auth = request.authorization
    given = auth.token if auth is not None and auth.type == "bearer" else None
    if not hmac.compare_digest((given or "").encode(), config.secret(TOKEN).encode()):
        headers = {"WWW-Authenticate": 'Bearer realm="metrics"'}
        return Response(WANTED, 401, headers, mimetype="text/plain")
    return Response(metrics.counted() + gauges.text(), content_type=CONTENT_TYPE_LATEST)
