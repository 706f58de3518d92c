"""Markdown as safe HTML: no HTML of its own, no scripts behind links, anchors at headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from portal.web.assets import asset_url
from portal.web.i18n import gettext

Resolve = Callable[[str], str]


@dataclass(frozen=True)
class Heading:
    """A heading of a text: its level, its words, and its anchor."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Text:
    """A text to show: what stands under its title, its headings, and what it is about."""

    html: Markup
    title: str = ""
    summary: str = ""
    headings: list[Heading] = field(default_factory=list)


def slug(text: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def code_block(text: str, name: str = "") -> Markup:
    """A block of code that the keyboard can scroll and a button copies."""
    label = gettext("Code: %(name)s", name=name) if name else gettext("Code")
    return Markup(
        '<div class="code-block"><pre tabindex="0" role="group" aria-label="{label}">'
        '<code>{text}</code></pre><button type="button" class="icon-button" data-copy="{text}"'
        ' data-done="{done}" aria-label="{copy}" hidden>{icon}</button></div>'
    ).format(
        label=label,
        text=text,
        done=gettext("Copied"),
        copy=gettext("Copy the code"),
        icon=_icon("copy"),
    )


def inline(text: str) -> Markup:
    """One line without a paragraph around it."""
    return Markup(_parser(str).renderInline(text))  # noqa: S704 - html is off


def block(text: str) -> Markup:
    """Paragraphs and lists, as descriptions in the specification have them."""
    return Markup(_parser(str).render(text))  # noqa: S704 - html is off


def document(source: str, resolve: Resolve, original: str | None = None) -> Text:
    """A whole file: a first heading at its head is its title, the paragraph after it its summary.

    ``original`` is the text that this one translates: anchors are made of its headings, so that an
    address holds in every language.
    """
    parser = _parser(resolve)
    tokens = parser.parse(source)
    headings = _name_headings(tokens, parser.parse(source if original is None else original))
    title, summary, rest = _split(tokens)
    html = parser.renderer.render(rest, parser.options, {})
    return Text(Markup(html), title, summary, headings)  # noqa: S704 - html is off


def _parser(resolve: Resolve) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)

    def link_open(
        renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, _: object
    ) -> str:
        tokens[at].attrSet("href", resolve(str(tokens[at].attrGet("href"))))
        return renderer.renderToken(tokens, at, options, {})  # type: ignore[arg-type]

    parser.add_render_rule("link_open", link_open)
    return parser


def _fence(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _: object
) -> str:
    return code_block(tokens[at].content.rstrip("\n"), tokens[at].info)


def _table_open(*_: object) -> str:
    label = Markup.escape(gettext("Table"))
    return (
        f'<div class="table-scroll" tabindex="0" role="group" aria-label="{label}">'
        '<table class="data docs-table">'
    )


def _table_close(*_: object) -> str:
    return "</table></div>"


def _name_headings(tokens: Sequence[Token], original: Sequence[Token]) -> list[Heading]:
    headings = []
    for (token, content), (_, named) in zip(_headings(tokens), _headings(original), strict=True):
        anchor = slug(named.content)
        token.attrSet("id", anchor)
        headings.append(Heading(int(token.tag[1]), _plain(content), anchor))
    return headings


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each heading's token, and that of its words."""
    return (pair for pair in pairwise(tokens) if pair[0].type == "heading_open")


def _split(tokens: list[Token]) -> tuple[str, str, list[Token]]:
    """Title, summary, and what follows them."""
    head = [(token.type, token.tag) for token in tokens[:4:3]]
    if head != [("heading_open", "h1"), ("paragraph_open", "p")]:
        return "", "", tokens
    return _plain(tokens[1]), _plain(tokens[4]), tokens[6:]


def _plain(content: Token) -> str:
    """The words of a line without their marks."""
    breaks = {"softbreak", "hardbreak"}
    return "".join(
        " " if child.type in breaks else child.content for child in content.children or []
    )


def _icon(name: str) -> Markup:
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>'
    ).format(asset_url("icons.svg"), name)
