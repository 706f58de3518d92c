"""Clients of an application for which the demonstration signs what has to be signed."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.forms import Page


class SigningClient(FlaskClient):
    """Whoever sends a form and is shown what to sign signs it, as one click does. Answers are
    read whole, as a browser does, where they end: one left half read would keep its file open.
    """

    def open(self, *args: Any, **named: Any) -> TestResponse:
        """The answer to a request."""
        answer = super().open(*args, **named)
        if answer.mimetype != "text/event-stream":
            answer.make_sequence()
            answer.close()
        return answer

    def post(self, *args: Any, **named: Any) -> TestResponse:
        """The answer to the form, or to its signature."""
        answer = super().post(*args, **named)
        if answer.mimetype != "text/html" or "data-step-up" not in answer.text:
            return answer
        signing = Page(answer.request.url, answer.status_code, answer.text).signing
        assert signing is not None
        follow = named.get("follow_redirects", False)
        return super().post(signing.action, data=signing.fields, follow_redirects=follow)
