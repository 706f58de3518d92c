"""The public documentation for operators' engineers: guides, API reference, catalogue of errors."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages under ``/docs/``."""
    from portal.docs import views  # noqa: PLC0415 - like every domain

    views.init_app(app)
