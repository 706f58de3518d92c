"""One line for each request, for machines; nothing that a client sent is in it, whatever fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.servers import serving

from .conftest import Place, ask, until

HEADERS = (
    "Authorization",
    "Cookie",
    "Referer",
    "User-Agent",
    "X-Request-Id",
    "Host",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "Accept-Language",
    "HX-Current-URL",
)
SECRETS = (
    "ivan-franko-1856",
    "Тарасенко-Канарейко",
    "4111111111111111",
    "eyJhbGciOiJIUzI1NiJ9.e30.c2VjcmV0",
)


def lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        yield json.loads(line)


def requests(text: str) -> list[dict[str, Any]]:
    return [line for line in lines(text) if line["event"] == "request"]


def line_of(place: Place, request_id: str) -> dict[str, Any]:
    """The one line of a request."""
    [line] = until(
        lambda: [one for one in requests(place.server.log()) if one["request_id"] == request_id]
    )
    return line


def test_a_line_tells_what_was_asked_and_answered(place: Place) -> None:
    client = place.client
    answer = client.accepted(client.records(3))
    line = line_of(place, answer.headers["x-request-id"])
    assert line["method"] == "POST"
    assert line["route"] == "/api/v1/batches"
    assert line["status"] == 201
    assert line["key"] == place.operator.key.id
    assert line["ms"] > 0
    assert line["received"] > 500
    assert line["sent"] == len(answer.body)
    assert line["pid"] != place.server.process.pid
    assert "role" not in line


def test_an_address_is_told_by_its_template(place: Place) -> None:
    rid = "4bf92f3577b34da6a3ce929d0e0e4736"
    ask(place.port, "/ledger/batches/918273645?from=2020-01-01", {"X-Request-Id": rid})
    line = line_of(place, rid)
    assert "918273645" not in json.dumps(line)
    assert "2020" not in line["route"]
    assert "<" in line["route"]


def test_a_line_tells_the_role_and_not_the_person(place: Place) -> None:
    page = ask(place.port, "/login")
    form = re.search(r'action="(/login/demo/\d+)"', page.text)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert form
    assert token
    entered = ask(
        place.port,
        form[1],
        {
            "Cookie": page.headers["Set-Cookie"].partition(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
        },
        "POST",
        f"csrf_token={token[1]}".encode(),
    )
    cookie = entered.headers["Set-Cookie"].partition(";")[0]
    home = ask(place.port, "/", {"Cookie": cookie})
    line = line_of(place, home.headers["X-Request-Id"])
    assert line["role"] == "regulator"
    with place.database.connect() as conn:
        names = conn.execute("select name_uk, name_en from identity.person").fetchall()
    log = place.server.log()
    assert names
    assert not [name for pair in names for name in pair if name in log]
    assert cookie.partition("=")[2] not in log


def send_everywhere(place: Place, secret: str) -> None:
    """In every place of a request to pages, to the API and to what is neither."""
    word, raw = quote(secret), secret.encode().decode("latin1")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/", "/login", "/reports/R03", "/readyz", "/api/v1/batches"):
        for name in HEADERS:
            ask(place.port, f"{path}?from={word}", {name: raw})
        ask(place.port, f"{path}/{word}")
        ask(place.port, f"{path}?{word}=1", {"Authorization": f"Bearer {raw}"})
        ask(place.port, path, {"Cookie": f"dozir={raw}; lang={raw}"})
        ask(place.port, path, form | {"Referer": raw}, "POST", f"person={word}".encode())
        ask(place.port, path, method=secret if secret.isascii() and secret.isalpha() else "FROB")


def hidden_in(text: str) -> list[str]:
    forms = {
        form for secret in SECRETS for form in (secret, quote(secret), json.dumps(secret)[1:-1])
    }
    return [form for form in forms if form.lower() in text.lower()]


def test_what_clients_send_is_in_no_line(place: Place) -> None:
    for secret in SECRETS:
        send_everywhere(place, secret)
    log = place.server.log()
    assert len(requests(log)) > 250
    assert hidden_in(log) == []


def test_a_failure_nobody_foresaw_is_told_by_kind_and_place(place: Place) -> None:
    """The database quotes what it was asked in its messages."""
    place.execute("alter function api.demo_identities() rename to demo_identities_away")
    try:
        answer = ask(place.port, f"/login?next=/{quote(SECRETS[1])}")
    finally:
        place.execute("alter function api.demo_identities_away() rename to demo_identities")
    assert answer.status == 500
    [line] = until(
        lambda: [one for one in lines(place.server.log()) if one["event"] == "unexpected"]
    )
    assert line["error"] == "UndefinedFunction 42883"
    assert line["level"] == "error"
    assert any("login" in where for where in line["where"])
    log = place.server.log()
    assert "demo_identities()" not in log
    assert "does not exist" not in log
    assert hidden_in(log) == []


def test_passwords_and_tokens_are_in_no_line(place: Place) -> None:
    from portal import config

    log = place.server.log()
    for path in config.settings().secrets_dir.iterdir():
        if secret := path.read_text().strip():  # tests of damaged ones leave empty ones behind
            assert secret not in log, path.name
    assert place.operator.key.text not in log


@pytest.mark.parametrize("setting", ["warning", "off"])
def test_lines_of_requests_can_be_left_out(place: Place, setting: str) -> None:
    extra = {"DOZIR_ACCESS_LOG": "0"} if setting == "off" else {"DOZIR_LOG_LEVEL": "warning"}
    with serving(place.database, DOZIR_DATABASE_URL=place.database.url(), **extra) as server:
        assert ask(server.port, "/login").status == 200
        assert "/login" not in server.log()


def test_a_person_at_a_terminal_reads_text(place: Place) -> None:
    with serving(
        place.database, DOZIR_DATABASE_URL=place.database.url(), DOZIR_LOG_FORMAT="text"
    ) as server:
        ask(server.port, "/login")
        until(lambda: "route=/login" in server.log())
        assert "{" not in server.log()
