"""``openapi.yaml`` as a judge of answers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS31Validator

from tests.support.api import PREFIX, Answer

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "portal/ingest/openapi.yaml").read_text("utf-8")
)
_REF = "$ref"


def template_of(path: str) -> str | None:
    """The documented address that a requested path is of; None for none."""
    plain = PREFIX + path.partition("?")[0]
    for template in DOCUMENT["paths"]:
        named = template.replace("{register}", "[a-z_]+")
        if re.fullmatch(re.sub(r"\{\w+\}", r"(?:\\d+|R\\d\\d)", named), plain):
            found: str = template
            return found
    return None


def documented() -> set[tuple[str, str, int]]:
    """(method, template, status) of every documented answer."""
    return {
        (method, template, int(status))
        for template, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        for status in operation["responses"]
    }


def validate(answer: Answer) -> None:
    """An answer is one that the specification names, and its body is as that says."""
    template = template_of(answer.path)
    method = "get" if answer.method == "HEAD" else answer.method.lower()
    operations = DOCUMENT["paths"].get(template, {}) if template else {}
    operation = operations.get(method)
    if operation is None and answer.status == 405 and operations:
        operation = next(iter(operations.values()))  # each says how other methods are answered
    if operation is None:
        if answer.method == "HEAD":  # no body, so no code
            assert answer.status in {404, 405}
            return
        assert answer.code in {"not_found", "method_not_allowed"} or answer.method == "OPTIONS"
        return
    response = operation["responses"].get(str(answer.status))
    assert response, f"{method} {template} answers {answer.status}, which is not documented"
    response = _resolved(response)
    for name, header in response.get("headers", {}).items():
        if _resolved(header).get("required"):
            assert name.lower() in answer.headers
    if answer.method == "HEAD":
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in response["content"], f"{media_type} is not documented"
    if media_type.endswith("json"):
        schema = response["content"][media_type]["schema"]
        error = next(_validator(repr(schema), _Hashable(schema)).iter_errors(answer.document), None)
        assert error is None, error


def valid_batch(records: Any) -> bool:
    """Whether records conform to the schema of a batch."""
    schema = {_REF: "#/components/schemas/Batch"}
    return _validator(repr(schema), _Hashable(schema)).is_valid(records)


class _Hashable:
    """A schema as an argument of a cached function; its text is the key."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashable)

    def __hash__(self) -> int:
        return 0


@cache
def _validator(text: str, schema: _Hashable) -> Any:
    return OAS31Validator(schema.schema | {"components": DOCUMENT["components"]})


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    if _REF not in part:
        return part
    found: Any = DOCUMENT
    for word in part[_REF].removeprefix("#/").split("/"):
        found = found[word]
    return found
