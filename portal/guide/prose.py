"""Pages of prose, one Markdown file a language: ``pages/<name>.<language>.md``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from portal.web.markdown import Text, document

PAGES = Path(__file__).with_name("pages")
# Anchors come from this language.
ORIGINAL = "en"


@cache
def prose(name: str, language: str) -> Text:
    """A page in a language."""
    return document(_source(name, language), str, _source(name, ORIGINAL))


def _source(name: str, language: str) -> str:
    return (PAGES / f"{name}.{language}.md").read_text("utf-8")
