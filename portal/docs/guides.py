"""The guides: a Markdown file for each guide and language, in the order of reading."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from flask import url_for

from portal.config import ROOT
from portal.web import markdown
from portal.web.markdown import Text

FOLDER = ROOT / "docs" / "api"
GUIDES = (
    "quickstart",
    "identifiers",
    "retries",
    "corrections",
    "backlog",
    "reconciling",
    "declarations",
    "going-live",
)
# What every refusal has in common: the head of the catalogue of errors.
ERRORS = "errors"
# Anchors come from this language, so that an address holds in every other.
ORIGINAL = "en"
SPECIFICATION = "openapi.yaml"


def source(name: str, language: str) -> str:
    """A guide's Markdown."""
    return (FOLDER / language / f"{name}.md").read_text("utf-8")


@cache
def load(name: str, language: str) -> Text:
    """A guide ready to show."""

    def resolve(target: str) -> str:
        return address(target, language)

    return markdown.document(source(name, language), resolve, source(name, ORIGINAL))


def address(target: str, language: str) -> str:
    """Where a link between the files leads on the pages; other addresses stay as they are."""
    parts = urlsplit(target)
    if parts.scheme or not parts.path:
        return target
    path, name = parts.path, parts.path.removesuffix(".md")
    mark = f"#{parts.fragment}" if parts.fragment else ""
    if path.endswith(f"/{SPECIFICATION}"):
        return url_for("docs.reference", lang=language) + mark
    if name == ERRORS:
        return url_for("docs.errors", lang=language) + mark
    if name in GUIDES:
        return url_for("docs.guide", lang=language, name=name) + mark
    return target
