"""The ledger as people see it: batches, receipts, refusals, transactions; and its verification."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the ledger's pages."""
    from portal.ledger import views  # noqa: PLC0415 - `dozir verify` needs no pages

    views.init_app(app)
