"""htmx 4 behind a thin adapter: is this request for a page or for a fragment of it?

htmx-Flask reads the request headers of htmx 2. Version 4 renamed some and says outright what it
wants (``HX-Request-Type``), so the request class here adds what the extension does not know.
``HX-Reswap`` is set by hand: the extension refuses several values that htmx accepts.
"""

from __future__ import annotations

from flask import Flask, Response, request
from htmx_flask import Htmx
from htmx_flask.requests import HtmxAwareRequest

from portal.web.urls import PUBLIC_PREFIX

VARY = ("HX-Request", "HX-Request-Type")


class PortalRequest(HtmxAwareRequest):  # type: ignore[misc]  # the extension carries no types
    """A request that knows whether htmx sent it and whether a fragment is enough."""

    @property
    def fragment_wanted(self) -> bool:
        """True when htmx will put the answer into a part of a page it already shows."""
        if not self.htmx or self.htmx.history_restore_request:
            return False
        return bool(self.headers.get("HX-Request-Type", "partial") == "partial")


def is_htmx() -> bool:
    """Whether htmx sent the current request."""
    return request.headers.get("HX-Request", "").lower() == "true"


def fragment_wanted() -> bool:
    """Whether the current request can be answered with a fragment."""
    return bool(getattr(request, "fragment_wanted", False))


def redirect_page(response: Response, location: str) -> Response:
    """Tells htmx to leave the page for ``location``, whatever the status of ``response``."""
    response.headers["HX-Redirect"] = location
    return response


def init_app(app: Flask) -> None:
    """Installs the request class; every answer that may differ for htmx says so in ``Vary``."""
    Htmx(app)
    app.request_class = PortalRequest

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html" and not request.path.startswith(PUBLIC_PREFIX):
            response.vary.update(VARY)
        return response
