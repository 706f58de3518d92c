"""``openapi.yaml`` in the languages of the portal.

English is the document itself. Another language is an OpenAPI Overlay (1.0) beside it,
``openapi.<language>.yaml``; the codes of problems take their words from the message catalogue, as
the pages do.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonpath
import yaml

from portal.ingest.problem_codes import CODES
from portal.ingest.views import SPECIFICATION
from portal.web.i18n import gettext

ORIGINAL = "en"
TRANSLATED = ("title", "summary", "description")


@cache
def load(language: str) -> dict[str, Any]:
    """The specification in a language; within a request or ``speaking`` that language."""
    document = original()
    if language != ORIGINAL:
        apply(document, overlay(language))
        _translate_codes(document)
    return document


def text(language: str) -> str:
    """The same as YAML."""
    if language == ORIGINAL:
        return SPECIFICATION.read_text("utf-8")
    translated: str = yaml.safe_dump(load(language), allow_unicode=True, sort_keys=False, width=100)
    return translated


def original() -> dict[str, Any]:
    """The specification as it is written, anew each time."""
    document: dict[str, Any] = yaml.safe_load(SPECIFICATION.read_text("utf-8"))
    return document


def overlay(language: str) -> dict[str, Any]:
    """The overlay of a language."""
    path = SPECIFICATION.with_name(f"openapi.{language}.yaml")
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


def apply(document: dict[str, Any], changes: Mapping[str, Any]) -> list[str]:
    """Apply an overlay's updates in order; returns the targets that are not in the document."""
    missed = []
    for action in changes["actions"]:
        found: list[Any] = jsonpath.findall(action["target"], document)
        for part in found:
            _merge(part, action["update"])
        if not found:
            missed.append(action["target"])
    return missed


def _merge(part: dict[str, Any], update: Mapping[str, Any]) -> None:
    for name, value in update.items():
        if isinstance(value, Mapping) and isinstance(part.get(name), dict):
            _merge(part[name], value)
        else:
            part[name] = value


def _translate_codes(document: dict[str, Any]) -> None:
    for entry in document["components"]["schemas"]["ProblemCode"]["oneOf"]:
        code = CODES[entry["const"]]
        entry["description"] = f"{code.status}: {gettext(code.title)}. {gettext(code.hint)}"
