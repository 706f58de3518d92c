"""The audit trail: who entered, was refused, looked at transactions, took away, decided or changed.

What is done notes itself in the database, in its own transaction (``audit.note``); pages note only
what they show (:func:`viewed`) and whom they refuse (``refusals``). An official is shown single
transactions once they have stated why (``reasons``). Entries of the log vouch for what is noted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.audit.noting import note, viewed

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["init_app", "note", "viewed"]


def init_app(app: Flask) -> None:
    """Register the pages; tell the database of which request each transaction is."""
    from portal.audit import reasons, refusals, views  # noqa: PLC0415 - who only notes needs none

    refusals.init_app(app)
    reasons.init_app(app)
    views.init_app(app)
