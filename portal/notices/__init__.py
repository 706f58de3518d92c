"""Notices: what people are told, in the bell of every page, on a page of their own and by mail.

A kind of notice is data (``sql/identity/catalogue/notice_kinds.sql``); whatever has something to
tell calls ``identity.add_notice`` in the transaction in which it became true. Words come from the
kind and the notice's facts, when it is read, in the reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Register the pages of notices and the bell."""
    from portal.notices import pages  # noqa: PLC0415 - whoever only tells somebody needs no pages

    pages.init_app(app)
