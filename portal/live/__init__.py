"""The page *Live*: what comes in this very minute, by one stream of events for each open page."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page and its stream."""
    from portal.live import views  # noqa: PLC0415

    views.init_app(app)
