"""The catalogue of errors: every example is sent as the page shows it, and answered as it says."""

from __future__ import annotations

import http.client
import json
import socket

import pytest

from portal.docs.problems import KEYS, Entry, Request, entries
from portal.ingest.problems import CODES
from tests.support.api import Answer, Client, Inspector, held_up, in_background
from tests.support.databases import Database, become
from tests.support.documented import key_texts, register_disabled, register_documented
from tests.support.market import add_key
from tests.support.servers import Server

ENTRIES = entries()
# What takes a database in a certain state, and what no test may ever see.
UNFORCED = {
    "in_flight",
    "rate_limited",
    "service_unavailable",
    "internal_error",
    "log_unconfirmed",  # test_log.py
    "too_many_checks",  # test_specification.py
    "report_too_slow",  # test_reports.py
}


class Sender:
    """Sends the requests of the examples, with real keys in the places of their names."""

    def __init__(self, client: Client, keys: dict[str, str]) -> None:
        self.client = client
        self.keys = keys

    def send(self, request: Request) -> Answer:
        headers = dict(request.headers)
        for name, text in self.keys.items():
            if headers.get("Authorization") == f"Bearer {name}":
                headers["Authorization"] = f"Bearer {text}"
        if int(headers.get("Content-Length", 0)) > len(request.body):
            return self._cut_off(request, headers)
        path = request.path.removeprefix("/api/v1")
        body = request.body if request.method == "POST" else None
        return self.client.request(request.method, path, body, headers)

    def _cut_off(self, request: Request, headers: dict[str, str]) -> Answer:
        """A request whose sender is gone before its end."""
        lines = [f"{request.method} {request.path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {text}" for name, text in headers.items()]
        with socket.create_connection(("127.0.0.1", self.client.port), 30) as sent:
            sent.sendall("\r\n".join([*lines, "", ""]).encode() + request.body)
            sent.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(sent)
            response.begin()
            found = {name.lower(): text for name, text in response.getheaders()}
            path = request.path.removeprefix("/api/v1")
            answer = Answer(request.method, path, response.status, found, response.read())
        answer.hold()
        return answer


@pytest.fixture(scope="module")
def sender(database: Database, server: Server, inspector: Inspector) -> Sender:
    with database.connect() as conn:
        operator, disabled = register_documented(conn), register_disabled(conn)
    client = Client(server.port, operator, inspector)
    return Sender(client, key_texts(operator, disabled))


def hold(answer: Answer, entry: Entry) -> None:
    """The answer is the one that the page shows, but for its own request id."""
    assert answer.status == CODES[entry.code].status
    assert answer.document | {"request_id": ""} == entry.answer | {"request_id": ""}


@pytest.mark.parametrize("code", [code for code in CODES if code not in UNFORCED])
def test_the_example_is_answered_as_it_says(sender: Sender, code: str) -> None:
    entry = ENTRIES[code]
    for request in entry.before:
        assert sender.send(request).status == 201
    figures = sender.client.figures()
    hold(sender.send(entry.request), entry)
    assert sender.client.figures() == figures


def test_only_what_cannot_be_forced_is_excused() -> None:
    assert {code for code, entry in ENTRIES.items() if entry.unforced} == UNFORCED


def test_a_repetition_during_the_first_attempt_is_in_flight(
    sender: Sender, database: Database
) -> None:
    entry = ENTRIES["in_flight"]
    with held_up(database):
        first = in_background(lambda: sender.send(entry.request))
        sender.client.inspector.await_blocked()
        answer = sender.send(entry.request)
    hold(answer, entry)
    assert answer.headers["retry-after"]
    assert first().status == 201
    assert sender.send(entry.request).status == 200


def test_a_cancelled_statement_is_unavailable_for_the_moment(
    sender: Sender, database: Database
) -> None:
    entry = ENTRIES["service_unavailable"]
    with held_up(database):
        answering = in_background(lambda: sender.send(entry.request))
        (pid,) = sender.client.inspector.await_blocked()
        sender.client.inspector.execute("select pg_cancel_backend(%s)", pid)
        hold(answering(), entry)
    assert sender.send(entry.request).status == 201


def test_an_allowance_that_is_used_up_is_limited(sender: Sender, database: Database) -> None:
    entry, client = ENTRIES["rate_limited"], sender.client
    with database.connect() as conn:
        become(conn, "registrar")
        key = add_key(conn, client.operator.id, "limited")
        slow = (key.id, 1, 20_000, 1, 2**24)
        conn.execute("select api.limit_access_key(%s, %s, %s, %s, %s)", slow)
    limited = Client(client.port, client.operator, client.inspector, key, client.sequences)
    for size in (2**23, 2**23 - 100):  # leaves less than any batch has
        assert limited.post(body=b" " * size).status == 400
    answer = Sender(limited, {"$KEY": key.text}).send(entry.request)
    hold(answer, entry)
    assert int(answer.headers["retry-after"]) > 0


def test_every_code_has_its_words_in_both_languages() -> None:
    assert ENTRIES.keys() == CODES.keys()
    for entry in ENTRIES.values():
        for words in (entry.words, entry.unforced or {"en": "-", "uk": "-"}):
            assert all(words[language].strip() for language in ("en", "uk")), entry.code
        assert entry.words["en"] != entry.words["uk"]


def test_no_example_shows_a_key_that_opens_anything() -> None:
    for entry in ENTRIES.values():
        for request in (*entry.before, entry.request):
            shown = request.headers.get("Authorization", "Bearer $KEY").removeprefix("Bearer ")
            known = entry.code in {"malformed_key", "unknown_key"}
            assert known or shown in KEYS.values()


def test_what_is_shown_is_what_is_sent() -> None:
    """Large bodies are shown in short; every other one letter by letter."""
    short = {
        code
        for code, entry in ENTRIES.items()
        if entry.request.body.decode(errors="replace") != entry.request.shown
    }
    large = {"body_too_large", "too_many_rows", "too_many_days", "record_too_large"}
    large |= {"too_many_declarations", "too_many_records"}
    assert short == large | {"invalid_encoding"}
    assert all(json.loads(entry.answer_text) == entry.answer for entry in ENTRIES.values())
