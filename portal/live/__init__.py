"""The page *Live*: what comes in this very minute, by one stream of events for each open page."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page and its stream."""
    from portal import lifecycle  # noqa: PLC0415
    from portal.live import stream, views  # noqa: PLC0415

    views.init_app(app)
    lifecycle.on_stop(stream.stop)  # streams are never done: they end when the process stops
