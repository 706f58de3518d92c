"""What the API refuses and how it says so: the catalogue of codes and the problem document.

A refusal carries codes, indices and JSON pointers made of our own field names; it never carries
a value or a field name out of the body, because bodies may hold personal data by mistake.
``openapi.yaml`` lists the same codes, ``portal/docs/problems.yaml`` has an example of each; tests
hold the three together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from portal.ingest.problem_codes import CODES, Code

MAX_ERRORS = 100  # listed in one problem document; the total is always told
MEDIA_TYPE = "application/problem+json"

__all__ = ["CODES", "MAX_ERRORS", "MEDIA_TYPE", "Code", "FieldError", "Refusal"]


@dataclass(frozen=True, slots=True, order=True)
class FieldError:
    """One fault of a body: index of the record (from 0), JSON pointer to the field, code."""

    index: int
    pointer: str
    code: str

    @classmethod
    def at(cls, index: int, code: str, field: str = "") -> FieldError:
        """Name ``field`` (ours, e.g. ``cancels/id``) of record ``index``; none: the record."""
        return cls(index, f"/{index}/{field}" if field else f"/{index}", code)


class Refusal(Exception):
    """A request that is not accepted. Nothing of it has been or will be stored as data."""

    def __init__(
        self,
        code: str,
        errors: Iterable[FieldError] = (),
        *,
        total: int | None = None,
        retry_after: int | None = None,
        parameter: str | None = None,
    ) -> None:
        """``code`` from ``CODES``; ``retry_after`` in seconds, else the code's own default.

        ``parameter`` names the query parameter that is invalid, in our own words.

        ``total`` counts all faults found when ``errors`` holds only some of them.
        """
        listed = list(errors)
        self.code = code
        self.errors = listed[:MAX_ERRORS]
        self.total = len(listed) if total is None else total
        self.retry_after = CODES[code].retry_after if retry_after is None else retry_after
        self.parameter = parameter
        super().__init__(code)

    @classmethod
    def of_records(cls, errors: Iterable[FieldError], *, total: int | None = None) -> Refusal:
        """Refuse a batch for faults of its records, under their common code if they have one."""
        listed = list(errors)
        codes = {error.code for error in listed}
        return cls(codes.pop() if len(codes) == 1 else "invalid_batch", listed, total=total)

    @property
    def status(self) -> int:
        """HTTP status that this code is always answered with."""
        return CODES[self.code].status

    def document(self, request_id: str) -> dict[str, Any]:
        """Build the RFC 9457 problem document as plain data."""
        entry = CODES[self.code]
        problem: dict[str, Any] = {
            "type": f"urn:dozir:problem:{self.code}",
            "title": entry.title,
            "status": entry.status,
            "detail": entry.hint,
            "code": self.code,
            "request_id": request_id,
        }
        if self.parameter is not None:
            problem["parameter"] = self.parameter
        if self.errors:
            problem["errors_total"] = self.total
            problem["errors"] = [asdict(error) for error in self.errors]
        return problem

    def to_problem(self, request_id: str) -> bytes:
        """Serialise ``document``; send it as ``MEDIA_TYPE`` with ``status``."""
        return msgspec.json.encode(self.document(request_id))
