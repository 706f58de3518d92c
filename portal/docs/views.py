"""The pages under ``/docs/``: public, without a session, the language in the address.

What a page shows depends on its address and this version alone, so it is made once in each worker,
has an ETag, and may be kept by any cache. An address without a language leads to the visitor's:
his choice, or what his browser asks for.
"""

from __future__ import annotations

import hashlib
from functools import cache

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from portal.docs import guides, problems, specification
from portal.docs.guides import ERRORS, GUIDES
from portal.docs.reference import read
from portal.identity.login import public
from portal.ingest.problems import CODES
from portal.web.i18n import (
    LANGUAGES,
    gettext,
    language,
    preferred_language,
    speak,
    speaking,
)
from portal.web.markdown import block, code_block, inline

CACHED = "public, max-age=300"
NAME = "<any({}):name>".format(", ".join(f'"{name}"' for name in GUIDES))
LANGUAGE = "<any(uk, en):lang>"
# What a search engine may read: this documentation, and nothing that is somebody's figures.
ROBOTS = "User-agent: *\nAllow: /docs/\nAllow: /static/\nDisallow: /\n"

blueprint = Blueprint("docs", __name__)


@blueprint.before_app_request
def speak_as_the_address() -> None:
    """Below ``/docs/`` whatever is answered, an error too, is in the language of the address."""
    if not request.path.startswith("/docs/"):
        return
    named = request.path.split("/")[2]
    if named in LANGUAGES:
        speak(named)
        return
    speak(preferred_language())

    @after_this_request
    def vary(response: Response) -> Response:
        response.vary.update(("Accept-Language", "Cookie"))
        return response


@blueprint.get("/docs/")
@blueprint.get(f"/docs/{LANGUAGE}/")
@public
def index(lang: str | None = None) -> ResponseReturnValue:
    """Where an operator's engineer begins."""
    return _page("index", lang)


@blueprint.get(f"/docs/{NAME}")
@blueprint.get(f"/docs/{LANGUAGE}/{NAME}")
@public
def guide(name: str, lang: str | None = None) -> ResponseReturnValue:
    """One guide."""
    return _page("guide", lang, name)


@blueprint.get("/docs/reference")
@blueprint.get(f"/docs/{LANGUAGE}/reference")
@public
def reference(lang: str | None = None) -> ResponseReturnValue:
    """The API, drawn by the vendored renderer over what is readable without it."""
    return _page("reference", lang)


@blueprint.get("/docs/errors")
@blueprint.get(f"/docs/{LANGUAGE}/errors")
@public
def errors(lang: str | None = None) -> ResponseReturnValue:
    """Every code: what it means, what causes it, what to do."""
    return _page("errors", lang)


@blueprint.get(f"/docs/{LANGUAGE}/openapi.yaml")
@public
def openapi(lang: str) -> ResponseReturnValue:
    """The specification in a language, as YAML."""
    return _answer(_specification(lang), "application/yaml")


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What search engines may read."""
    return _answer(ROBOTS.encode(), "text/plain")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)


def _page(kind: str, lang: str | None, name: str = "") -> ResponseReturnValue:
    if lang is None:
        return redirect(_address(kind, name, language()), 302)
    return _answer(_made(kind, name, lang), "text/html")


def _address(kind: str, name: str, lang: str) -> str:
    if name:
        return url_for(f"docs.{kind}", lang=lang, name=name)
    return url_for(f"docs.{kind}", lang=lang)


def _answer(content: bytes, mimetype: str) -> Response:
    """A public answer; whoever has it already is told so."""
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = CACHED
    response.set_etag(hashlib.sha256(content).hexdigest()[:24])
    response.make_conditional(request)
    return response


@cache
def _specification(lang: str) -> bytes:
    with speaking(lang):
        return specification.text(lang).encode()


@cache
def _made(kind: str, name: str, lang: str) -> bytes:
    """A page's bytes. Rendered without the frame of signed-in people: nobody's session is read."""
    with speaking(lang):
        here = name or kind
        page = current_app.jinja_env.get_template(f"docs/{kind}.html")
        text = page.render(
            languages={code: _address(kind, name, code) for code in LANGUAGES},
            names=LANGUAGES,
            lang=lang,
            here=here,
            links=_links(lang),
            block=block,
            inline=inline,
            code_block=code_block,
            **_content(kind, name, lang),
        )
    return text.encode()


def _content(kind: str, name: str, lang: str) -> dict[str, object]:
    """What a kind of page shows."""
    if kind == "guide":
        before, after = _neighbours(name, lang)
        return {"text": guides.load(name, lang), "before": before, "after": after}
    if kind == "errors":
        entries = problems.entries()
        return {
            "text": guides.load(ERRORS, lang),
            "entries": entries.values(),
            "codes": CODES,
        }
    if kind == "reference":
        return {"api": read(specification.load(lang))}
    return {"guides": [(url, guides.load(one, lang)) for one, url in _guides(lang)]}


def _guides(lang: str) -> list[tuple[str, str]]:
    return [(name, url_for("docs.guide", lang=lang, name=name)) for name in GUIDES]


def _links(lang: str) -> list[tuple[str, str, str]]:
    """The side navigation: name, address, label."""
    return [
        *((name, url, guides.load(name, lang).title) for name, url in _guides(lang)),
        ("reference", url_for("docs.reference", lang=lang), gettext("API reference")),
        (ERRORS, url_for("docs.errors", lang=lang), gettext("Errors")),
    ]


def _neighbours(name: str, lang: str) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Address and label of what is read before and after a guide."""
    links = [(url, label) for _, url, label in _links(lang)]
    place = GUIDES.index(name)
    return (links[place - 1] if place else None), links[place + 1]
