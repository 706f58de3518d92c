"""``/log/``: tiles, entry bundles, the checkpoint and the policy, for everyone and every cache.

A name is matched whole before anything is opened: what is served are the files that the
specifications name, and nothing beside them (https://c2sp.org/tlog-tiles).
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, request

from portal.config import settings
from portal.identity.login import public
from portal.sequencing.publishing import POLICY
from portal.transparency.publishing import CHECKPOINT, COSIGNED

_TILE = re.compile(
    r"tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/)*[0-9]{3}"
    r"(?:\.p/(?:[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5]))?"
)
LONGEST_NAME = 60
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
NOW = "no-cache"
ABSENT = "There is no such file of the log.\n"

blueprint = Blueprint("log", __name__, url_prefix="/log")


@blueprint.get("/<path:name>")
@public
def file(name: str) -> Response:
    """A file of the log; 404 for every other name."""
    if name in {CHECKPOINT, COSIGNED, POLICY}:
        content_type, caching = TEXT, NOW
    elif len(name) <= LONGEST_NAME and _TILE.fullmatch(name):
        content_type, caching = BYTES, FOR_EVER
    else:
        return Response(ABSENT, 404, content_type=TEXT)
    try:
        data = (settings().tiles_dir / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return Response(ABSENT, 404, content_type=TEXT)
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response
