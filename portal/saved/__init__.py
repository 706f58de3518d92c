"""Saved views: lists and reports with their filters, under a name, shared within a workspace.

What is kept is a page of the portal, by the name of its endpoint, and the parameters that this page
knows; never an address. Opening one asks for the page like any link does, with the rights of
whoever opens it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.saved.targets import Path, Target, register

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Path", "Target", "init_app", "register"]


def init_app(app: Flask) -> None:
    """Register the pages of saved views."""
    from portal.saved import pages  # noqa: PLC0415 - whoever only names a target needs no pages

    pages.init_app(app)
