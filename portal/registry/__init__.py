"""The registry: who may take bets, under which licence, where, on what and with which key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of the registers."""
    from portal.registry import views  # noqa: PLC0415 - `dozir key` needs no pages

    views.init_app(app)
