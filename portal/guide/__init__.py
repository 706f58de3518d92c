"""What the portal says about itself: help, glossary, statement of accessibility."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages, and the words that components explain."""
    from portal.guide import glossary, views  # noqa: PLC0415 - read when there are pages

    glossary.init_app(app)
    views.init_app(app)
