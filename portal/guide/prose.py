"""Pages of prose, one Markdown file a language: ``pages/<name>.<language>.md``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.attrs import attrs_block_plugin

from portal.web.i18n import language

PAGES = Path(__file__).with_name("pages")


def prose(name: str) -> Markup:
    """A page in the language of the request."""
    return _rendered(name, language())


@cache
def _rendered(name: str, code: str) -> Markup:
    markdown = MarkdownIt("commonmark", {"html": False}).use(attrs_block_plugin)
    text = (PAGES / f"{name}.{code}.md").read_text("utf-8")
    return Markup(markdown.render(text))  # noqa: S704 - rendered from our own files


def sections(name: str, code: str) -> list[str]:
    """The anchors of a page's headings, in order: the same in every language."""
    text = (PAGES / f"{name}.{code}.md").read_text("utf-8")
    return [line[2:-1] for line in text.splitlines() if line.startswith("{#")]
