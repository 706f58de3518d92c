"""The specification in Ukrainian says all that the English one says, as it now stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonpath
import pytest
import yaml
from openapi_spec_validator import validate

from portal.docs import specification
from portal.docs.specification import TRANSLATED
from portal.ingest.problems import CODES
from portal.web.i18n import LANGUAGES, speaking

OTHERS = [code for code in LANGUAGES if code != specification.ORIGINAL]
CODES_AT = "$['components']['schemas']['ProblemCode']['oneOf']"


def texts(part: Any, place: str = "$") -> Iterator[tuple[str, str, str]]:
    """Place, name and words of every text that a person reads."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name in TRANSLATED and isinstance(value, str):
                yield place, name, value
            elif name not in ("example", "examples"):
                yield from texts(value, f"{place}['{name}']")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from texts(value, f"{place}[{number}]")


def translated(language: str) -> dict[tuple[str, str], str]:
    """(place, name) of each text that the overlay translates, with the English it was made of."""
    document, found = specification.original(), {}
    for action in specification.overlay(language)["actions"]:
        ((name, _),) = action["update"].items()
        for match in jsonpath.finditer(action["target"], document):
            found[match.path, name] = action["description"]
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_as_it_now_stands(language):
    english = {
        (place, name): words
        for place, name, words in texts(specification.original())
        if not place.startswith(CODES_AT)
    }
    known = translated(language)
    missing = [
        f"  - target: {place!r}\n    description: {words!r}\n    update: {{{name}: …}}"
        for (place, name), words in english.items()
        if known.get((place, name)) != words
    ]
    assert not missing, f"translate in openapi.{language}.yaml:\n" + "\n".join(missing)
    assert known.keys() == english.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_of_what_is_gone(language):
    document = specification.original()
    assert specification.apply(document, specification.overlay(language)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_only_words_differ(app, language):
    with app.test_request_context("/"), speaking(language):
        made = yaml.safe_load(specification.text(language))
    validate(made)
    english = specification.original()
    same = {(place, name) for place, name, _ in texts(english)}
    assert {(place, name) for place, name, _ in texts(made)} == same
    for document in (made, english):
        strip(document)
    assert made == english


def strip(part: Any) -> None:
    if isinstance(part, dict):
        for name in [one for one in part if one in TRANSLATED and isinstance(part[one], str)]:
            del part[name]
        for value in part.values():
            strip(value)
    elif isinstance(part, list):
        for value in part:
            strip(value)


@pytest.mark.parametrize("language", OTHERS)
def test_codes_speak_the_language_too(app, language):
    with app.test_request_context("/"), speaking(language):
        document = specification.load(language)
    listed = document["components"]["schemas"]["ProblemCode"]["oneOf"]
    for entry in listed:
        code = CODES[entry["const"]]
        assert entry["description"].startswith(f"{code.status}: ")
        assert code.title not in entry["description"]


@pytest.mark.parametrize("language", OTHERS)
def test_the_overlay_is_one_of_version_1(language):
    overlay = specification.overlay(language)
    assert overlay["overlay"] == "1.0.0"
    assert overlay["extends"] == "openapi.yaml"
    assert {name for action in overlay["actions"] for name in action} == {
        "target",
        "description",
        "update",
    }
