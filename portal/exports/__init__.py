"""Exports: files that anyone can check, made in one way for every page.

A page registers a :class:`Source` that builds its :class:`Table`, and answers
``?format=`` by :func:`answer`. What a file says is hashed (certificate.py), every export is on
record before it leaves, and a table that is too long to wait for becomes a job (running.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.exports.answering import answer, wanted
from portal.exports.sources import Errors, NotExportable, Source, register
from portal.exports.table import Column, Table

if TYPE_CHECKING:
    from flask import Flask

__all__ = [
    "Column",
    "Errors",
    "NotExportable",
    "Source",
    "Table",
    "answer",
    "init_app",
    "register",
    "wanted",
]


def init_app(app: Flask) -> None:
    """Register the pages of exports."""
    from portal.exports import pages  # noqa: PLC0415 - whoever only builds tables needs no pages

    pages.init_app(app)
