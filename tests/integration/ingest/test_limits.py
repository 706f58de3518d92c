"""What a key may send: never more, shared by all workers, said in headers, cheap to refuse."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import zstandard

from tests.support.api import Answer, Client, at_once, encoded, padded
from tests.support.databases import Database, become
from tests.support.market import add_key

# The least that can be set at once; and so slow that nothing comes back during a test.
ROWS, BYTES = 20_000, 16_777_216
SLOW = (1, ROWS, 1, BYTES)


@pytest.fixture
def limited(api: Client, database: Database) -> Callable[..., Client]:
    """A client of the first operator with a fresh key of these limits."""

    def make(*limits: int | None, mode: str = "live") -> Client:
        with database.connect() as conn:
            become(conn, "registrar")
            key = add_key(conn, api.operator.id, "limited", mode)
            conn.execute("select api.limit_access_key(%s, %s, %s, %s, %s)", (key.id, *limits))
        return Client(api.port, api.operator, api.inspector, key, api.sequences)

    return make


def remaining(answer: Answer) -> dict[str, int]:
    """Rows and bytes left, as ``RateLimit`` says."""
    return {name: left for name, (left, _) in limits_told(answer).items()}


def limits_told(answer: Answer) -> dict[str, tuple[int, int]]:
    """What is left, and the seconds until all of it is there again."""
    found = re.findall(r'"(rows|bytes)";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    return {name: (int(left), int(until)) for name, left, until in found}


def test_what_comes_beyond_is_refused_and_leaves_nothing(limited: Callable[..., Client]) -> None:
    client = limited(*SLOW)
    assert client.accepted(client.records(10_000)).status == 201
    client.accepted(client.records(9_900))
    figures, refusals = client.figures(), client.inspector.refusals(client.operator)
    records = client.records(200)
    key, sequence = uuid4(), client.next_sequence()
    answer = client.post(records, idempotency_key=key, sequence=sequence)
    assert (answer.status, answer.code) == (429, "rate_limited")
    policy = re.search(r'"rows";q=(\d+)', answer.headers["ratelimit-policy"])
    assert policy
    quota = int(policy[1])
    wait = int(answer.headers["retry-after"])
    assert 1 < wait <= 200 - (quota - 19_900), "at one a second, until 200 rows are there"
    left, until_full = limits_told(answer)["rows"]
    assert until_full == quota - left, "at one a second, refused or not"
    assert until_full > wait
    assert client.figures() == figures
    assert client.inspector.refusals(client.operator) == refusals, (
        "refusing is not to cost a record"
    )
    # The operator is told in the catalogue to wait and send the same batch again.
    unlimit(client)
    deadline = time.monotonic() + 10
    while client.post(records, idempotency_key=key, sequence=sequence).status == 429:
        assert time.monotonic() < deadline


def unlimit(client: Client) -> None:
    """Let the bucket fill: another limit does so within a second, whoever remembers the old one."""
    with client.inspector.database.connect() as conn:
        become(conn, "registrar")
        conn.execute(
            "select api.limit_access_key(%s, %s, %s, %s, %s)",
            (client.key.id, 10**9, 10**10, 10**12, 10**13),
        )


def head(client: Client, length: str) -> bytes:
    """The head of a batch whose body has, so it says, this length."""
    lines = (
        "POST /api/v1/batches HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {(client.key or client.operator.key).text}",
        f"Idempotency-Key: {uuid4()}",
        "Batch-Sequence: 1",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_bytes_are_counted_before_the_body_is_read(limited: Callable[..., Client]) -> None:
    """The answer comes although the body never does."""
    client = limited(*SLOW)
    for _ in range(2):
        client.post(body=padded(encoded(client.records(1)), 8_000_000))
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as conn:
        conn.sendall(head(client, "8000000"))
        assert b" 429 " in conn.makefile("rb").readline()


@pytest.mark.parametrize("compressed", [True, False])
def test_decoded_bytes_count_whatever_was_announced(
    limited: Callable[..., Client], compressed: bool
) -> None:
    """Neither compression nor chunks without a length are a way around."""
    client = limited(*SLOW)
    body = padded(encoded(client.records(1)), 7_000_000)
    answers = []
    for _ in range(3):
        if compressed:
            headers = {"Content-Encoding": "zstd"}
            answers.append(client.post(body=zstandard.compress(body), headers=headers))
        else:
            answers.append(client.post(body=iter([body])))
    assert [answer.code for answer in answers] == ["", "duplicate_id", "rate_limited"]


@pytest.mark.parametrize("length", ["-1", "+5", "1e3", "5, 5", "0x10", "9" * 30, "٣"])
def test_a_forged_length_is_no_request(api: Client, length: str) -> None:
    body = encoded(api.records(1))
    with socket.create_connection(("127.0.0.1", api.port), timeout=10) as conn:
        conn.sendall(head(api, length) + body)
        conn.shutdown(socket.SHUT_WR)
        status = conn.makefile("rb").readline()
    assert b" 400 " in status or b" 413 " in status


def test_what_is_too_much_is_refused_before_its_records_are_looked_at(
    limited: Callable[..., Client],
) -> None:
    """Else whoever floods makes us decode what will not be stored."""
    client = limited(*SLOW)
    faulty = client.records(9_900)
    faulty[17]["amount"] = "0"
    assert client.post(faulty).errors == [("/17/amount", "amount_not_positive")]
    told = client.inspector.last_refusal(client.operator)
    assert told.row_count == 9_900, "records that were counted are told of"
    assert client.post(faulty).code == "amount_not_positive", (
        "faults use up the allowance like records"
    )
    assert client.post(faulty).code == "rate_limited"


def test_names_that_are_written_otherwise_do_not_hide_records(
    limited: Callable[..., Client],
) -> None:
    client = limited(*SLOW)
    for code in ("", "", "rate_limited"):
        body = encoded(client.records(9_900)).replace(b'"occurred_at"', b'"occurred\\u005fat"')
        assert client.post(body=body).code == code


def test_all_workers_share_one_bucket(limited: Callable[..., Client]) -> None:
    """Many connections at once, whichever worker has them: no more than the burst and the rate."""
    client = limited(2_000, ROWS, 10**9, 10**9)
    batches = [[client.records(500) for _ in range(8)] for _ in range(8)]

    def post_all(mine: list[Any]) -> int:
        return sum(500 for records in mine if client.post(records).status == 201)

    started = time.monotonic()
    rows = sum(at_once(*[lambda mine=mine: post_all(mine) for mine in batches]))
    allowed = ROWS + 2_000 * (time.monotonic() - started)
    assert ROWS * 0.9 < rows <= allowed


def test_small_batches_take_what_they_use_and_little_more(limited: Callable[..., Client]) -> None:
    """Leases are for what follows at once; a stream of single rows does not eat the allowance."""
    client = limited(1, ROWS, 10**6, BYTES)
    for _ in range(50):
        last = client.accepted(client.records(1))
    # A row a second comes back meanwhile.
    assert ROWS - 50 - 60 <= remaining(last)["rows"] <= ROWS - 50 + 30


def test_headers_tell_policy_and_what_is_left(limited: Callable[..., Client]) -> None:
    client = limited(None, None, None, None)
    answer = client.accepted(client.records(1_000))
    assert answer.headers["ratelimit-policy"] == (
        '"rows";q=100000;w=20;qu="rows", "bytes";q=67108864;w=16;qu="content-bytes"'
    )
    assert 98_000 < remaining(answer)["rows"] <= 100_000
    checked = client.post(path="/validate")
    assert checked.headers["ratelimit-policy"] == answer.headers["ratelimit-policy"]
    refused = client.post(body=b"[]")
    assert "ratelimit" in refused.headers
    assert "ratelimit" not in client.get("/registry").headers


def test_validating_uses_the_same_allowance(limited: Callable[..., Client]) -> None:
    client = limited(*SLOW, mode="test")
    for _ in range(2):
        assert client.post(client.records(9_900), path="/validate").status == 200
    assert client.post(client.records(9_900), path="/validate").code == "rate_limited"


def test_one_key_s_limits_are_no_other_s(limited: Callable[..., Client], other: Client) -> None:
    client = limited(*SLOW)
    for _ in range(2):
        client.accepted(client.records(9_900))
    assert client.post(client.records(9_900)).status == 429
    client.with_key("second").accepted()
    other.accepted()


@pytest.mark.parametrize(
    "limits",
    [
        (0, ROWS, 1, BYTES),
        (-1, ROWS, 1, BYTES),
        (1, -1, 1, BYTES),
        (1, ROWS - 1, 1, BYTES),
        (ROWS + 1, ROWS, 1, BYTES),
        (10**9 + 1, 10**10, 1, BYTES),
        (1, 10**10 + 1, 1, BYTES),
        (1, ROWS, 1, BYTES - 1),
        (1, ROWS, 0, BYTES),
        (1, ROWS, 10**12 + 1, 10**13),
        (1, None, 1, BYTES),
        (None, ROWS, 1, BYTES),
        (1, ROWS, None, BYTES),
        (2**63 - 1, 2**63 - 1, 2**63 - 1, 2**63 - 1),
    ],
)
def test_absurd_limits_cannot_be_set(
    api: Client, database: Database, limits: tuple[int | None, ...]
) -> None:
    with database.connect() as conn:
        become(conn, "registrar")
        with pytest.raises(psycopg.Error) as caught:
            conn.execute(
                "select api.limit_access_key(%s, %s, %s, %s, %s)", (api.operator.key.id, *limits)
            )
    assert caught.value.sqlstate == "DZL01"


@pytest.mark.parametrize("role", ["operator", "regulator", "tax_service", "auditor"])
def test_only_the_registrar_sets_limits(api: Client, database: Database, role: str) -> None:
    with database.connect("dozir_portal") as conn:
        become(conn, role, api.operator.id)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(
                "select api.limit_access_key(%s, 1, 20000, 1, 16777216)", (api.operator.key.id,)
            )


def test_a_limit_set_is_seen_and_written_into_history(
    limited: Callable[..., Client], database: Database
) -> None:
    client = limited(7, ROWS, None, None)
    with database.connect() as conn:
        become(conn, "operator", client.operator.id)
        row = conn.execute(
            "select rows_per_s, burst_rows, bytes_per_s, own_row_limit, own_byte_limit"
            " from api.access_keys() where id = %s",
            (client.key.id,),
        ).fetchone()
        assert row == (7, ROWS, 4_194_304, True, False)
        changed = conn.execute(
            "select after ->> 'rows_per_s' from api.registry_history"
            " where table_name = 'access_key' and record_id = %s order by id desc limit 1",
            (client.key.id,),
        ).fetchone()
        assert changed == ("7",)
