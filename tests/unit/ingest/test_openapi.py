"""The specification, the catalogue of codes and the checks say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from portal.ingest import body, decoded, fields, records, times
from portal.ingest.problems import CODES, MAX_ERRORS, FieldError, Refusal

from . import strategies
from .building import record
from .test_bad_records import BAD, bad_record
from .test_wire import bounded

ROOT = Path(__file__).parents[3]
SPEC: dict[str, Any] = yaml.safe_load((ROOT / "portal/ingest/openapi.yaml").read_text("utf-8"))
SCHEMAS = SPEC["components"]["schemas"]
TRANSACTION = SCHEMAS["Transaction"]


def validator(name: str) -> Any:
    return OAS31Validator(
        {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    )


def test_the_specification_is_valid_openapi() -> None:
    validate(SPEC)


def test_fields_are_those_that_are_checked() -> None:
    assert TRANSACTION["properties"].keys() == fields.FIELDS
    assert TRANSACTION["required"] == list(fields.REQUIRED)
    assert TRANSACTION["properties"]["type"]["enum"] == list(fields.TYPES)
    assert TRANSACTION["properties"]["payment"]["enum"] == list(fields.PAYMENTS)
    reasons = TRANSACTION["properties"]["cancels"]["properties"]["reason"]["enum"]
    assert reasons == list(fields.CANCEL_REASONS)
    assert SCHEMAS["Code"]["maxLength"] == fields.MAX_CODE_CHARS


def test_limits_are_those_that_are_checked() -> None:
    assert SCHEMAS["Batch"]["maxItems"] == fields.MAX_ROWS == 10_000
    assert SCHEMAS["Problem"]["properties"]["errors"]["maxItems"] == MAX_ERRORS
    text = SPEC["info"]["description"].replace("\n", " ")
    assert body.MAX_BODY_BYTES == 8 * 2**20
    assert "10,000 records and 8 MiB" in text
    assert f"{times.MAX_DAYS} distinct days" in text
    assert f"{records.MAX_RECORD_CHARS:,} characters" in text
    assert fields.MAX_AMOUNT_MINOR == 10**14
    assert decoded.US_PER_DAY == 86_400 * 10**6


@bounded
@given(strategies.valid_batches(4))
def test_what_is_accepted_fits_the_schema(batch: list[dict[str, Any]]) -> None:
    assert list(validator("Batch").iter_errors(batch)) == []


# What a schema cannot say: calendars, code points, one field against another.
BEYOND_SCHEMA = {
    "id_time_mismatch",
    "invalid_timestamp",
    "occurred_at_too_old",
    "amount_too_precise",
    "amount_not_positive",
    "amount_too_large",
    "unknown_currency",
    "invalid_code",
    "invalid_round_id",
    "invalid_exclusion_receipt",
    "cancels_itself",
}


@pytest.mark.parametrize("name", [name for name in BAD if BAD[name][2] not in BEYOND_SCHEMA])
def test_what_is_refused_does_not_fit_the_schema(name: str) -> None:
    faults = list(validator("Transaction").iter_errors(bad_record(BAD[name][0])))
    # JSON Schema's "$" may match before a final line end, depending on the engine.
    assert faults or "line end" in name


def test_examples_are_valid() -> None:
    for example in TRANSACTION["examples"]:
        assert list(validator("Transaction").iter_errors(example)) == []
        assert example.keys() == record().keys()


def test_every_code_is_in_the_specification_with_its_status_and_words() -> None:
    listed = {entry["const"]: entry["description"] for entry in SCHEMAS["ProblemCode"]["oneOf"]}
    assert listed == {
        code: f"{entry.status}: {entry.title}. {entry.hint}" for code, entry in CODES.items()
    }


def test_every_code_is_listed_with_the_answer_it_comes_in() -> None:
    answered = {}
    for response in SPEC["components"]["responses"].values():
        narrowed = response["content"]["application/problem+json"]["schema"]["allOf"][1]
        for code in narrowed["properties"]["code"]["enum"]:
            answered[code] = narrowed["properties"]["status"]["const"]
    assert answered == {code: entry.status for code, entry in CODES.items()}


def test_what_may_be_repeated_says_when() -> None:
    for code, entry in CODES.items():
        passing = entry.status >= 500 or code in {"in_flight", "rate_limited", "too_many_checks"}
        assert (entry.retry_after is not None) == passing
    for name in ("Conflict", "RateLimited", "TooManyChecks", "InternalError", "Unavailable"):
        assert "Retry-After" in SPEC["components"]["responses"][name]["headers"]


def test_every_code_is_used() -> None:
    sources = [
        path.read_text("utf-8")
        for folder, kind in (("portal", "*.py"), ("sql", "*.sql"))
        for path in (ROOT / folder).rglob(kind)
        if path.name != "problem_codes.py"
    ]
    text = "\n".join(sources)
    unused = [code for code in CODES if f'"{code}"' not in text and f"'{code}'" not in text]
    # wire.check_references makes these from the field's name.
    made = {f"unknown_{field}" for field in ("licence", "channel", "equipment", "game")}
    assert set(unused) <= made


def test_problem_documents_fit_their_schema() -> None:
    for code in CODES:
        refusal = Refusal(code, [FieldError.at(17, "invalid_id", "cancels/id")], total=3)
        document = json.loads(refusal.to_problem("request-1"))
        assert list(validator("Problem").iter_errors(document)) == []
        assert document["status"] == refusal.status
