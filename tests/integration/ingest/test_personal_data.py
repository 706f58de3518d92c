"""No personal data: what people put where it does not belong is found nowhere afterwards.

Canaries (a name, a tax number, an e-mail address and the like) are sent in every field, as field
names, in headers and in addresses, in bodies that are otherwise right and in broken ones. Then the
whole database, the logs of the portal and of PostgreSQL and every answer are searched for them.
"""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from tests.campaigns.fuzz import FIELDS
from tests.integration.ingest.conftest import World
from tests.support.api import NDJSON, Answer, Client, encoded, in_background, lines

CANARIES = {
    "name": "Тарасенко-Канарейко Оксана",
    "latin name": "Oksana Tarasenko-Kanareiko",
    "tax number": "3184710691",
    "e-mail": "oksana.kanareiko@poshta.example",
    "phone": "+380671239876",
    "passport": "КК 654321",
    "identity card": "001234567",
    "bank account": "UA213223130000026007233566001",
    "card": "4111111111111111",
}


@dataclass
class Sender:
    """The client, with every answer it got."""

    world: World
    answers: list[Answer] = field(default_factory=list)

    @property
    def api(self) -> Client:
        return self.world.api

    def post(self, expected: int | None = None, **request: Any) -> Answer:
        answer = self.api.post(**request)
        self.answers.append(answer)
        if expected is not None:
            assert answer.status == expected, answer.body
        return answer

    def logs(self) -> str:
        """All that the portal and PostgreSQL have logged."""
        server = self.world.installation.log.read_text(errors="replace")
        return self.world.server.log() + server


@pytest.fixture(scope="module")
def sender(world: World) -> Sender:
    return Sender(world)


def forms(canary: str) -> list[str]:
    """How a canary may look once it went through somebody's hands."""
    plain = canary.encode()
    return [
        canary,
        json.dumps(canary)[1:-1],
        repr(plain)[2:-1],
        quote(canary),
        plain.hex(),
        base64.b64encode(plain).decode().rstrip("=")[:-1],
        plain.decode("latin1"),
    ]


_FORMS = re.compile(
    "|".join(re.escape(form) for canary in CANARIES.values() for form in forms(canary)),
    re.IGNORECASE,
)


def hidden_in(text: str) -> list[str]:
    """The canaries that a text holds, in whatever form."""
    return _FORMS.findall(text)


def send_in_every_field(sender: Sender, canary: str) -> None:
    api = sender.api
    target = api.record()
    sender.post(201, records=[target])
    for more in ([], api.records(20)):  # decoded by different code
        for name in FIELDS:
            wrong = [
                api.record(**{name: canary}),
            ]
            if name == "amount" and canary.isdecimal():
                del wrong[0]  # any number may be an amount
            if not more:
                wrong += [
                    api.record(**{name: str(api.record().get(name, "")) + canary}),
                    api.record(**{name: [canary]}),
                    api.record(**{name: {canary: canary}}),
                    api.record(**{name + canary: "x"}),
                ]
            for record in wrong:
                sender.post(422, records=[*more, record])
        sender.post(422, records=[*more, api.record(**{canary: canary})])
        for cancels in (
            {"id": canary, "reason": "other"},
            {"id": target["id"], "reason": canary},
            {"id": target["id"], "reason": "other", "comment": canary},
            {"id": target["id"], "reason": "other", canary: "x"},
        ):
            sender.post(422, records=[*more, api.cancelling(target, cancels=cancels)])


def send_in_broken_bodies(sender: Sender, canary: str) -> None:
    api = sender.api
    good = encoded([api.record()])
    for body in (
        canary.encode(),
        canary.encode("utf-16"),
        json.dumps(canary).encode(),
        json.dumps([canary]).encode(),
        json.dumps({canary: canary}).encode(),
        b"[" + canary.encode() + b"]",
        good[:-1] + canary.encode(),
        good + canary.encode(),
        good[:-2] + f',"{canary}'.encode(),
        good.replace(b"12.50", canary.encode("cp1251", "replace") + b"\xff"),
        encoded([api.record(game=canary * 400)]),
    ):
        answer = sender.post(body=body)
        assert 400 <= answer.status < 500
        sender.post(body=body, headers={"Content-Type": NDJSON})
        sender.post(body=body, headers={"Content-Encoding": "gzip"})
    sender.post(body=lines([api.record(game=canary)]), headers={"Content-Type": NDJSON})


def send_in_headers(sender: Sender, canary: str) -> None:
    text = canary.encode().decode("latin1")
    for name, status in (
        ("Idempotency-Key", 400),
        ("Batch-Stream", None),
        ("Batch-Sequence", None),
        ("Authorization", 401),
        ("Content-Type", 415),
        ("Content-Encoding", 415),
        ("X-Request-Id", 201),
        ("User-Agent", 201),
        ("Accept-Language", 201),
        ("X-Forwarded-For", 201),
        ("Cookie", 201),
        ("Referer", 201),
    ):
        # A stream is a name of the operator's choice, a sequence a number: so may digits be.
        if name.startswith("Batch-") and canary.isdecimal():
            continue
        sender.post(status, headers={name: text})
        wrong: dict[str, str | None] = {name: text}
        sender.post(body=b"[]", headers=wrong)
    sender.post(401, headers={"Authorization": f"Bearer {text}"})
    sender.post(400, idempotency_key=str(uuid4()) + text)


def send_in_addresses(sender: Sender, canary: str) -> None:
    api = sender.api
    word = quote(canary)
    paths = [f"/batches/{word}", f"/{word}", f"/batches?{word}=1", f"/batches?limit={word}"]
    if not canary.isdecimal():  # `next_after` repeats the number it was given
        paths.append(f"/batches?after={word}")
    sender.answers += [api.get(path) for path in paths]
    sender.post(path=f"/batches?note={word}")
    sender.post(path=f"/batches?note={word}", body=b"[")


def send_what_is_not_http(sender: Sender, canary: str) -> None:
    """gunicorn's own errors, with the canary in what it could not read."""
    text = canary.encode()
    for request in (
        text + b"\r\n\r\n",
        b"GET /" + text + b" HTTP/1.1 x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + text + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nX" + text + b": 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Note: " + text + b"\0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + text + b"\r\n\r\n",
        b"POST /api/v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: " + text + b"\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", sender.world.server.port), timeout=30) as conn:
            conn.sendall(request)
            conn.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := conn.recv(65_536):
                answer += chunk
        assert not hidden_in(answer.decode("utf-8", "replace")), request
        assert b"Traceback" not in answer
        if b" 400 " in answer.partition(b"\r\n")[0]:
            assert b"application/problem+json" in answer


def send_while_things_fail(sender: Sender, canary: str) -> None:
    """An error nobody foresaw is logged: without what the request held."""
    api = sender.api
    conn = psycopg.connect(sender.world.database.url())
    try:
        conn.execute("lock table rollup.hour in exclusive mode")
        answering = in_background(
            lambda: api.post(
                [api.record()], headers={"User-Agent": canary.encode().decode("latin1")}
            )
        )
        for how in ("pg_cancel_backend", "pg_terminate_backend"):
            (pid,) = api.inspector.await_blocked(where="wait_event_type = 'Lock'")
            api.inspector.execute(f"select {how}(%s)", pid)
            sender.answers.append(answering())
            answering = in_background(lambda: api.post([api.record()]))
    finally:
        conn.close()
    sender.answers.append(answering())
    assert sender.answers[-1].status == 201


def everything_stored(sender: Sender) -> Iterator[tuple[str, str]]:
    """Every table of the database (chunks too) as text; what is UTF-8 in bytea also decoded."""
    inspector = sender.api.inspector
    tables = inspector.rows(
        "select c.oid::regclass::text, coalesce(array_agg(a.attname) filter"
        " (where a.atttypid = 'bytea'::regtype), '{}')"
        " from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " left join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0"
        " where c.relkind in ('r', 'p', 'm')"
        " and n.nspname not in ('pg_catalog', 'information_schema')"
        " group by c.oid"
    )
    assert len(tables) > 30
    for table, binary in tables:
        with inspector.conn.cursor() as cursor:
            with cursor.copy(f"copy (select * from {table}) to stdout") as copy:
                yield table, b"".join(bytes(part) for part in copy).decode()
            for name in binary:
                cursor.execute(f'select "{name}" from {table}')
                found = [bytes(row[0]) for row in cursor if row[0] is not None]
                yield table, b"\n".join(found).decode("utf-8", "replace")
    yield "statistics", str(inspector.rows("select * from pg_stats where schemaname !~ '^pg_'"))


def test_canaries_are_found_nowhere(sender: Sender) -> None:
    for canary in CANARIES.values():
        send_in_every_field(sender, canary)
        send_in_broken_bodies(sender, canary)
        send_in_headers(sender, canary)
        send_in_addresses(sender, canary)
    send_while_things_fail(sender, CANARIES["name"])
    sender.api.accepted()
    sender.api.inspector.execute("analyze")

    assert len(sender.answers) > 1_000
    for answer in sender.answers:
        whole = answer.body.decode() + str(dict(answer.headers))
        assert not hidden_in(whole), answer
    searched = 0
    for table, text in everything_stored(sender):
        searched += len(text)
        assert not hidden_in(text), table
    assert searched > 100_000
    assert "unknown_field" in "".join(
        t for name, t in everything_stored(sender) if "refusal" in name
    )
    assert not hidden_in(sender.logs())
    assert sender.api.inspector.check_rollups() == []


def test_keys_and_players_are_in_no_log(sender: Sender) -> None:
    """Secrets and pseudonyms have one place each, and no other."""
    record = sender.api.record()
    sender.api.accepted([record])
    sender.post(422, records=[record | {"amount": "0"}])
    key = sender.api.operator.key.text
    secret = key.split("_")[3]
    logs = sender.logs()
    for word in (key, secret, secret[:43], record["player"], record["id"], record["round_id"]):
        assert word not in logs
    stored = "".join(text for _, text in everything_stored(sender))
    assert secret[:43] not in stored
    assert secret[:43].encode().hex() not in stored


def test_what_is_not_http_is_not_quoted(sender: Sender) -> None:
    for canary in CANARIES.values():
        send_what_is_not_http(sender, canary)
    assert not hidden_in(sender.logs())
