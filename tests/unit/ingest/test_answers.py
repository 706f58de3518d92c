"""What becomes of a body that nobody wants."""

from __future__ import annotations

import io
from typing import Any

import pytest

from portal.ingest import answers
from portal.ingest.problems import Refusal


class _Body(io.BytesIO):
    """A body as the worker hands it over, with its switch for closing the connection."""

    closing = False

    def close_after_answer(self) -> Any:
        return lambda: setattr(self, "closing", True)


@pytest.mark.parametrize(("patient", "left"), [(True, 0), (False, 3_000_000)])
def test_only_whoever_insists_is_not_heard_to_the_end(patient: bool, left: int) -> None:
    body = _Body(bytes(3_000_000))
    environ = {"wsgi.input": body, "wsgi.input_terminated": True}
    refusal = Refusal("rate_limited", retry_after=2)
    answer = answers.of_error(refusal, environ, "0" * 16, counted=False, patient=patient)
    assert (answer.status, ("Retry-After", "2") in answer.headers) == (429, True)
    assert len(body.read()) == left
    assert body.closing == (not patient)
