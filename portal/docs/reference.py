"""The specification as a page shows it without scripts: operations, fields, answers, codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.web.i18n import gettext

METHODS = {"get", "post", "put", "patch", "delete"}
PROBLEMS = "application/problem+json"
_REF = "$ref"


@dataclass(frozen=True)
class Field:
    """A parameter, a header or a field: ``rules`` are what its schema demands, word by word."""

    name: str
    kind: str
    description: str
    required: bool = False
    rules: list[str] = field(default_factory=list)
    example: str = ""
    schema: str = ""
    place: str = ""


@dataclass(frozen=True)
class Content:
    """One media type of a body: the schema it has, or what is said of it."""

    media_type: str
    kind: str
    schema: str
    description: str = ""


@dataclass(frozen=True)
class Response:
    """An answer by its status."""

    status: str
    description: str
    headers: list[Field]
    contents: list[Content]
    codes: list[str]


@dataclass(frozen=True)
class Operation:
    """What one method does at one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    open: bool
    parameters: list[Field]
    body: list[Content]
    responses: list[Response]


@dataclass(frozen=True)
class Schema:
    """A named object or value: its fields, or its own rules."""

    name: str
    kind: str
    description: str
    rules: list[str]
    fields: list[Field]
    examples: list[str]


@dataclass(frozen=True)
class Reference:
    """Everything the page shows."""

    title: str
    version: str
    summary: str
    description: str
    key: str
    operations: list[Operation]
    schemas: list[Schema]


class _Reader:
    """Reads one document; references are followed where they stand."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def read(self) -> Reference:
        info, components = self.document["info"], self.document["components"]
        return Reference(
            info["title"],
            info["version"],
            info.get("summary", ""),
            info.get("description", ""),
            components["securitySchemes"]["accessKey"].get("description", ""),
            list(self._operations()),
            [self._schema(name, schema) for name, schema in components["schemas"].items()],
        )

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            shared = item.get("parameters", [])
            for method in filter(METHODS.__contains__, item):
                operation = item[method]
                body = self._resolved(operation.get("requestBody", {}))
                yield Operation(
                    operation["operationId"],
                    method.upper(),
                    path,
                    operation["summary"],
                    operation.get("description", ""),
                    operation.get("security") == [],
                    [self._parameter(one) for one in [*shared, *operation.get("parameters", [])]],
                    self._contents(body),
                    [
                        self._response(status, self._resolved(response))
                        for status, response in operation["responses"].items()
                    ],
                )

    def _parameter(self, written: Mapping[str, Any]) -> Field:
        parameter = self._resolved(written)
        return self._field(
            parameter["name"],
            parameter["schema"],
            required=parameter.get("required", False),
            description=parameter.get("description", ""),
            place=parameter["in"],
        )

    def _response(self, status: str, response: Mapping[str, Any]) -> Response:
        headers = []
        for name, written in response.get("headers", {}).items():
            header = self._resolved(written)
            headers.append(
                self._field(
                    name,
                    header["schema"],
                    required=header.get("required", False),
                    description=header.get("description", ""),
                )
            )
        problem = response.get("content", {}).get(PROBLEMS, {}).get("schema", {})
        codes = [
            code
            for part in problem.get("allOf", [])
            for code in part.get("properties", {}).get("code", {}).get("enum", [])
        ]
        return Response(status, response["description"], headers, self._contents(response), codes)

    def _contents(self, body: Mapping[str, Any]) -> list[Content]:
        found = []
        for media_type, content in body.get("content", {}).items():
            schema = content.get("schema", {})
            if media_type == PROBLEMS:
                schema = {_REF: "#/components/schemas/Problem"}
            description = schema.get("description", "")
            found.append(Content(media_type, self._kind(schema), _name(schema), description))
        return found

    def _schema(self, name: str, schema: Mapping[str, Any]) -> Schema:
        return Schema(
            name,
            self._kind(schema),
            schema.get("description", ""),
            self._rules(schema),
            list(self._fields(schema)),
            [_written(example) for example in schema.get("examples", [])],
        )

    def _fields(self, schema: Mapping[str, Any], within: str = "") -> Iterator[Field]:
        """The fields of an object; those of unnamed objects inside it after their own."""
        if schema.get("type") == "array":
            schema, within = schema.get("items", {}), f"{within}[]." if within else ""
        required = schema.get("required", [])
        for name, part in schema.get("properties", {}).items():
            yield self._field(within + name, part, required=name in required)
            inner = within + name + ("" if part.get("type") == "array" else ".")
            yield from self._fields(part, inner)

    def _field(
        self,
        name: str,
        schema: Mapping[str, Any],
        *,
        required: bool,
        description: str = "",
        place: str = "",
    ) -> Field:
        examples = schema.get("examples", [])
        return Field(
            name,
            self._kind(schema),
            description or schema.get("description", ""),
            required,
            self._rules(schema),
            str(examples[0]) if examples and not isinstance(examples[0], dict) else "",
            _name(schema) or _name(schema.get("items", {})),
            place,
        )

    def _kind(self, schema: Mapping[str, Any]) -> str:
        """The type in a word or two, as JSON Schema writes it."""
        whole = self._resolved(schema)
        if "const" in whole:
            return "const"
        kind = whole.get("type", "object" if "properties" in whole else "string")
        kind = " | ".join(kind) if isinstance(kind, list) else str(kind)
        if kind == "array":
            items = whole.get("items", {})
            return f"array<{_name(items) or self._kind(items)}>"
        return kind

    def _rules(self, schema: Mapping[str, Any]) -> list[str]:
        whole = self._resolved(schema)
        rules = _limits(whole)
        if "const" in whole:
            rules.append(f"= {whole['const']}")
        if "enum" in whole:
            rules.append(" · ".join(map(str, whole["enum"])))
        if "default" in whole:
            rules.append(gettext("by default %(value)s", value=_plain(whole["default"])))
        if "pattern" in whole:
            rules.append(whole["pattern"])
        return rules

    def _resolved(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a reference points at, also one that stands in an ``allOf`` beside a description."""
        pointers = [one[_REF] for one in (part, *part.get("allOf", [])) if _REF in one]
        if not pointers or "properties" in part:
            return part
        found: Any = self.document
        for word in pointers[0].removeprefix("#/").split("/"):
            found = found[word]
        return {**self._resolved(found), **{key: part[key] for key in part if key == "default"}}


def read(document: Mapping[str, Any]) -> Reference:
    """The page's model of a specification."""
    return _Reader(document).read()


def _limits(schema: Mapping[str, Any]) -> list[str]:
    """How long, how large and how many, in words."""
    said = {
        "minLength": gettext("characters: at least %(limit)s", limit=schema.get("minLength")),
        "maxLength": gettext("characters: at most %(limit)s", limit=schema.get("maxLength")),
        "minItems": gettext("items: at least %(limit)s", limit=schema.get("minItems")),
        "maxItems": gettext("items: at most %(limit)s", limit=schema.get("maxItems")),
        "minimum": f"≥ {schema.get('minimum')}",
        "maximum": f"≤ {schema.get('maximum')}",
    }
    return [text for key, text in said.items() if key in schema]


def _name(schema: Mapping[str, Any]) -> str:
    """The name of the schema that is referred to, if one is."""
    pointers = [one[_REF] for one in (schema, *schema.get("allOf", [])) if _REF in one]
    return pointers[0].rpartition("/")[2] if pointers else ""


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _written(example: object) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False, default=str)
