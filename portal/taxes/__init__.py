"""Taxes as dated data: rates, what they rest on, and how they are changed by two officials."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages."""
    from portal.taxes import views  # noqa: PLC0415

    views.init_app(app)
