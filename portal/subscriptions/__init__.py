"""Subscriptions: a page with its filters on a schedule, with the recipient's rights at that moment.

What is kept is a page of the portal, as a saved view keeps it, and a schedule. A page may register
a :class:`Head`: the few figures that its notice and mail tell besides the link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.subscriptions.heads import Head, register

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Head", "init_app", "register"]


def init_app(app: Flask) -> None:
    """Register the pages of subscriptions."""
    from portal.subscriptions import pages  # noqa: PLC0415 - whoever only names a head needs none

    pages.init_app(app)
