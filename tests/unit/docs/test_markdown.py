"""Markdown and the specification become safe HTML, whatever somebody writes into them."""

from __future__ import annotations

import pytest

from portal.docs import specification
from portal.docs.reference import read
from portal.web import markdown

from .test_pages import Page

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    '[x](https://e.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "```sh\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    '# <script>alert(1)</script>\n\n"><svg onload=alert(1)>',
    "<style>body{display:none}</style>",
    "| <b onclick=x> |\n| --- |\n| <script>1</script> |",
]


def hold(html: str) -> None:
    page = Page(html)
    assert page.runs == []
    assert "<script" not in html
    assert "<img src=x" not in html
    for link in page.links:
        assert not link.lower().startswith(("javascript:", "data:", "vbscript:"))


@pytest.mark.parametrize("text", ATTACKS)
def test_markdown_is_never_markup(app, text):
    with app.test_request_context("/"):
        made = markdown.document(text, str)
        hold(str(made.html))
        hold(str(markdown.block(text)))
        hold(str(markdown.inline(text)))
        hold(str(markdown.code_block(text, text)))


@pytest.mark.parametrize("text", ATTACKS)
def test_the_specification_is_never_markup(app, text):
    """Every text and every name of the document is replaced by the attack."""
    document = specification.original()

    def poison(part):
        if isinstance(part, dict):
            for name, value in list(part.items()):
                if name in (*specification.TRANSLATED, "pattern") and isinstance(value, str):
                    part[name] = text
                else:
                    poison(value)
        elif isinstance(part, list):
            for value in part:
                poison(value)

    poison(document)
    schemas = document["components"]["schemas"]
    schemas["Transaction"]["properties"][text] = {"type": "string", "examples": [text]}
    document["paths"]["/api/v1/batches"]["post"]["parameters"].append(
        {"name": text, "in": "header", "schema": {"type": "string", "default": text}}
    )
    with app.test_request_context("/"):
        page = app.jinja_env.get_template("docs/reference.html").render(
            api=read(document),
            lang="en",
            here="reference",
            links=[],
            languages={"en": "/docs/en/reference"},
            names={"en": "English"},
            block=markdown.block,
            inline=markdown.inline,
            code_block=markdown.code_block,
        )
    body = page[page.index("<body") :]
    hold(body)


def test_title_and_summary_are_the_first_lines(app):
    with app.test_request_context("/"):
        made = markdown.document("# A `b` c\n\nOne *two*\nthree.\n\n## Four\n\nFive.", str)
    assert (made.title, made.summary) == ("A b c", "One two three.")
    assert [(one.level, one.text, one.anchor) for one in made.headings][1:] == [(2, "Four", "four")]
    assert "A <code>" not in made.html
    assert '<h2 id="four">' in made.html


def test_code_can_be_scrolled_by_keyboard_and_copied_whole(app):
    text = "echo \"<b>\" '&'\n  done"
    with app.test_request_context("/"):
        html = str(markdown.document(f"```sh\n{text}\n```", str).html)
    assert '<pre tabindex="0" role="group"' in html
    assert 'data-copy="echo &#34;&lt;b&gt;&#34; &#39;&amp;&#39;\n  done"' in html
