"""Languages: Ukrainian by default, English beside it; message ids are English.

The only door to Flask-Babel: domains import ``gettext``, ``ngettext`` and ``lazy_gettext`` from
here. Catalogues are ``translations/<code>/LC_MESSAGES/messages.po``, compiled when they change.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import flask_babel  # type: ignore[import-untyped]
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g, has_app_context, request
from flask_babel import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

__all__ = [
    "LANGUAGES",
    "LazyString",
    "gettext",
    "language",
    "lazy_gettext",
    "ngettext",
    "preferred_language",
    "speak",
    "speaking",
]

LANGUAGES = {"uk": "Українська", "en": "English"}
DEFAULT = "uk"
COOKIE = "lang"
COOKIE_SECONDS = 365 * 24 * 3600
TRANSLATIONS = Path(__file__).resolve().parent / "translations"


# A page asks a few thousand times: so the answer is kept in the application's context, until
# another language is spoken in it.
_KEPT = "spoken"


def gettext(message: str, **values: object) -> str:
    """``message`` in the language of the request, ``%(name)s`` filled from ``values``."""
    text = _one(message)
    return text % values if values else text


def _one(message: str) -> str:
    return str(_spoken()[1].ugettext(message))


@pass_eval_context
def _in_template(context: EvalContext, message: str, **values: object) -> str:
    """``gettext`` of templates. Jinja's own looks itself up, copies the variables of a loop and
    formats what has no values, each time anew.
    """
    if not values:
        return _plain(_spoken()[1], message, context.autoescape)
    text = _one(message)
    return (Markup(text) if context.autoescape else text) % values  # noqa: S704 - ours


@lru_cache(8192)
def _plain(translations: Any, message: str, escaped: bool) -> str:
    """A message without values: a page has hundreds of them."""
    text = str(translations.ugettext(message))
    return Markup(text) % {} if escaped else text % {}  # noqa: S704 - ours


def _form(singular: str, plural: str, num: int) -> str:
    return str(_spoken()[1].ungettext(singular, plural, num))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The form that ``num`` asks for (three in Ukrainian); ``%(num)s`` is ``num``."""
    return _form(singular, plural, num) % {"num": num, **values}


def lazy_gettext(message: str, **values: object) -> LazyString:
    """``message`` translated when it is shown, for constants of modules."""
    return LazyString(gettext, message, **values)


def language() -> str:
    """The language of the current request; the default outside one."""
    return _spoken()[0]


def _spoken() -> tuple[str, Any]:
    """The language of the current request and its translations."""
    try:
        kept: tuple[str, Any] | None = g.get(_KEPT)
    except RuntimeError:  # outside of any application
        return DEFAULT, flask_babel.get_translations()
    if kept is None:
        locale = flask_babel.get_locale()
        kept = (
            str(locale.language) if locale else DEFAULT,
            flask_babel.get_translations(),
        )
        setattr(g, _KEPT, kept)
    return kept


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """What is translated inside comes in this language, whatever the visitor chose."""
    before = g.pop(_KEPT, None) if has_app_context() else None
    try:
        with flask_babel.force_locale(code):
            yield
    finally:
        if has_app_context():
            g.pop(_KEPT, None)
            if before:
                setattr(g, _KEPT, before)


def speak(code: str) -> None:
    """Answer the current request in this language, its error page too."""
    g.language = code
    g.pop(_KEPT, None)
    flask_babel.refresh()


def chosen_language() -> str:
    """What the request was told to speak or the viewer's cookie says, else the default (never the
    browser's list: the state language comes first until someone asks otherwise)."""
    code = g.get("language") or request.cookies.get(COOKIE, DEFAULT)
    return code if code in LANGUAGES else DEFAULT


def preferred_language() -> str:
    """The same for pages that engineers from anywhere read: before the default the browser's list
    is asked."""
    if request.cookies.get(COOKIE) in LANGUAGES:
        return chosen_language()
    for tag, quality in request.accept_languages:  # the most wanted first
        code = tag.partition("-")[0].lower()
        if quality and code in LANGUAGES:
            return code
    return DEFAULT


def compile_catalogues(folder: Path = TRANSLATIONS) -> list[Path]:
    """Compiles each ``messages.po`` that is newer than its ``messages.mo``; returns those made.

    The new file replaces the old one at once, so that several workers may start together.
    """
    made = []
    for source in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        descriptor, fresh = tempfile.mkstemp(dir=source.parent)
        with os.fdopen(descriptor, "wb") as target:
            write_mo(target, catalogue)
        Path(fresh).chmod(0o644)
        Path(fresh).replace(compiled)
        made.append(compiled)
    return made


def init_app(app: Flask) -> None:
    """Compiles what changed and sets up the languages and time zone of pages."""
    compile_catalogues()
    flask_babel.Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Europe/Kyiv",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen_language,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(_one, _form, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(gettext=_in_template, _=_in_template)
    app.jinja_env.globals.update(languages=LANGUAGES, language=language)
