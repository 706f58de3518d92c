"""The body as bytes: compression, kinds of content, sizes, and what is not JSON at all."""

from __future__ import annotations

import gzip
import http.client
import socket
import zlib
from pathlib import Path
from uuid import uuid4

import pytest
import zstandard

from tests.support.api import JSON, NDJSON, PREFIX, Client, encoded, lines, padded, zipped

GZIP = {"Content-Encoding": "gzip"}
MIB = 1024 * 1024
MAX_BYTES = 8 * MIB
MAX_ROWS = 10_000


def test_json_and_ndjson_plain_and_compressed_are_stored(api: Client) -> None:
    for n in (1, 3, 40):
        for encode, kind in ((encoded, JSON), (lines, NDJSON)):
            for compress, coding in ((bytes, None), (zipped, "gzip"), (zstandard.compress, "zstd")):
                headers = {"Content-Type": kind, "Content-Encoding": coding}
                answer = api.accepted(body=compress(encode(api.records(n))), headers=headers)
                assert answer.document["rows"] == n


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/jsonp",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=windows-1251",
        "application/json, application/json",
    ],
)
def test_another_content_type_is_refused(api: Client, content_type: str | None) -> None:
    api.refused(415, "unsupported_content_type", headers={"Content-Type": content_type})


@pytest.mark.parametrize(
    "encoding", ["br", "deflate", "gzip, gzip", "gzip, zstd", "x-zstd", "utf-8"]
)
def test_another_content_encoding_is_refused(api: Client, encoding: str) -> None:
    api.refused(415, "unsupported_content_encoding", headers={"Content-Encoding": encoding})


def test_two_content_encoding_headers_are_refused(api: Client) -> None:
    """Also two of the same: a reader in front of us may look at one of them only."""
    body = zstandard.compress(encoded(api.records(1)))
    for first, second in (("zstd", "zstd"), ("zstd", "gzip"), ("zstd", "identity")):
        sent = head(
            api,
            f"Content-Encoding: {first}",
            f"Content-Encoding: {second}",
            f"Content-Length: {len(body)}",
        )
        answer = raw_exchange(api, sent + body)
        assert b" 415 " in answer.splitlines()[0]
        assert b"unsupported_content_encoding" in answer


def test_the_same_batch_compressed_otherwise_is_the_same_batch(api: Client) -> None:
    key, body = uuid4(), encoded(api.records(2))
    headers = {"Content-Encoding": "zstd"}
    first = api.accepted(body=zstandard.compress(body), idempotency_key=key, headers=headers)
    for again, coding in ((body, None), (zipped(body), "gzip"), (zstandard.compress(body), "zstd")):
        answer = api.post(body=again, idempotency_key=key, headers={"Content-Encoding": coding})
        assert (answer.status, answer.body) == (200, first.body)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (zstandard.compress(b"[]") + b"x", 400, "malformed_compression"),
        (zstandard.compress(b"[{}]")[:-2], 400, "malformed_compression"),
        (b"\x50\x2a\x4d\x18\x01\0\0\0x" + zstandard.compress(b"[]"), 400, "malformed_compression"),
        (zstandard.compress(bytes(MAX_BYTES + 1)), 413, "body_too_large"),
    ],
    ids=["trailing byte", "truncated", "skippable frame", "bomb"],
)
def test_zstd_that_attacks_is_refused(api: Client, body: bytes, status: int, code: str) -> None:
    api.refused(status, code, body=body, headers={"Content-Encoding": "zstd"})


def two_members(body: bytes) -> bytes:
    return zipped(body) + zipped(b" ")


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: zipped(body)[:-1],
        lambda body: zipped(body)[:-8],
        lambda body: zipped(body)[:40],
        lambda body: zipped(body)[:5],
        lambda body: b"",
        lambda body: zipped(body) + b"\0",
        lambda body: zipped(body) + b"garbage",
        two_members,
        lambda body: body,
        zlib.compress,
        lambda body: zipped(body)[:-8] + bytes(8),
        lambda body: b"\x1f\x8b" + bytes(40),
    ],
    ids=[
        "last byte cut",
        "checksum cut",
        "middle cut",
        "header cut",
        "empty",
        "a zero after",
        "garbage after",
        "two members",
        "not gzip",
        "zlib",
        "wrong checksum",
        "zeros",
    ],
)
def test_damaged_gzip_is_refused(api: Client, damage) -> None:
    body = damage(encoded(api.records(5)))
    api.refused(400, "malformed_compression", body=body, headers=GZIP)


def test_a_bomb_is_refused_without_being_expanded(api: Client) -> None:
    """256 MiB of spaces in little over 1 MiB, and a bomb within a bomb."""
    squeeze = zlib.compressobj(1, wbits=31)
    mebibyte = b" " * MIB
    bomb = b"".join([squeeze.compress(mebibyte) for _ in range(256)]) + squeeze.flush()
    assert len(bomb) < 2 * MIB
    before = peak_memory(api)
    api.refused(413, "body_too_large", body=bomb, headers=GZIP)
    nested = gzip.compress(gzip.compress(b" " * MAX_BYTES))
    api.refused(400, "invalid_encoding", body=nested, headers=GZIP)
    assert peak_memory(api) - before < 64 * MIB


def peak_memory(api: Client) -> int:
    """Bytes that the largest process listening on the server's port ever had resident."""
    peaks = []
    for status in _statuses(api.port):
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                peaks.append(int(line.split()[1]) * 1024)
    assert peaks
    return max(peaks)


def _statuses(port: int) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            if b"portal.server.master" in command and f":{port}\0".encode() in command:
                found.append((process / "status").read_text())
        except OSError:
            continue
    return found


def sized(api: Client, size: int) -> bytes:
    return padded(encoded(api.records(2)), size)


def pieces(body: bytes) -> list[bytes]:
    return [body[place : place + 65_536] for place in range(0, len(body), 65_536)]


def test_eight_mebibytes_are_accepted(api: Client) -> None:
    body = sized(api, MAX_BYTES)
    assert api.accepted(body=body).document["rows"] == 2
    assert api.accepted(body=pieces(sized(api, MAX_BYTES))).document["rows"] == 2
    assert api.accepted(body=zipped(sized(api, MAX_BYTES)), headers=GZIP).document["rows"] == 2


def test_one_byte_more_is_refused(api: Client) -> None:
    body = sized(api, MAX_BYTES + 1)
    api.refused(413, "body_too_large", body=body)
    api.refused(413, "body_too_large", body=pieces(body))
    api.refused(413, "body_too_large", body=zipped(body), headers=GZIP)


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 3 * MAX_BYTES])
def test_who_closes_the_connection_after_a_body_too_large_still_reads_why(
    api: Client, size: int
) -> None:
    """A server that closes with bytes unread resets the connection and its answer is lost."""
    body = sized(api, size)
    api.refused(413, "body_too_large", body=body, headers={"Connection": "close"})
    api.refused(413, "body_too_large", body=pieces(body), headers={"Connection": "close"})
    unknown: dict[str, str | None] = {"Connection": "close", "Authorization": None}
    api.refused(401, "missing_key", recorded=False, body=body, headers=unknown)


def test_the_connection_goes_on_after_a_refusal(api: Client) -> None:
    """What was not read of one request is not taken for the next."""
    refused = [b"[", b"x" * 300_000, sized(api, MAX_BYTES + 1), b"", encoded([{}])]
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=60)
    headers = {"Authorization": f"Bearer {api.operator.key.text}", "Content-Type": JSON}
    for body in refused:
        for kept in (headers, headers | {"Authorization": "Bearer x"}):
            sent = {"Idempotency-Key": str(uuid4()), "Batch-Sequence": str(api.next_sequence())}
            connection.request("POST", f"{PREFIX}/batches", body, kept | sent)
            answer = connection.getresponse()
            assert 400 <= answer.status < 500
            answer.read()
            good = {"Idempotency-Key": str(uuid4()), "Batch-Sequence": str(api.next_sequence())}
            connection.request("POST", f"{PREFIX}/batches", encoded(api.records(1)), headers | good)
            answer = connection.getresponse()
            assert answer.status == 201
            answer.read()
    connection.close()


def test_no_row_and_one_row_too_many(api: Client) -> None:
    api.refused(422, "empty_batch", body=b"[]")
    api.refused(422, "empty_batch", body=b"", headers={"Content-Type": NDJSON})
    api.refused(422, "empty_batch", body=b"\n \n", headers={"Content-Type": NDJSON})
    records = api.records(MAX_ROWS + 1)
    api.refused(413, "too_many_rows", records=records)
    api.refused(413, "too_many_rows", body=lines(records), headers={"Content-Type": NDJSON})


def test_ten_thousand_rows_and_the_last_one_invalid(api: Client) -> None:
    records = api.records(MAX_ROWS)
    wrong = [*records[:-1], records[-1] | {"amount": "0"}]
    last = f"/{MAX_ROWS - 1}/amount"
    api.refused(422, "amount_not_positive", [(last, "amount_not_positive")], records=wrong)
    foreign = [*records[:-1], records[-1] | {"licence": "SOMEBODY-ELSE"}]
    last = f"/{MAX_ROWS - 1}/licence"
    api.refused(422, "unknown_licence", [(last, "unknown_licence")], records=foreign)
    assert api.accepted(records).document["rows"] == MAX_ROWS


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[",
        b"[{]",
        b"[{}",
        b"[{},]",
        b"[,]",
        b"{}",
        b"null",
        b"1",
        b'"text"',
        b"[] []",
        b"[]x",
        b"\xef\xbb\xbf[]",
        b"'single'",
        b"[NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[01]",
        b"[1e]",
        b'["\\x"]',
        b'["\x01"]',
        b'["\n"]',
        b"[{'a':1}]",
        b"[{a:1}]",
        b"[{} {}]",
        b"[/* */]",
        b"[" * 100_000,
        b'[{"a":' * 100_000,
        b"[" * 3_000 + b"]" * 3_000,
        b"\0",
        b"[]\0",
        b"<html>",
    ],
)
def test_what_is_not_json_is_refused(api: Client, body: bytes) -> None:
    api.refused(400, "malformed_json", body=body)


@pytest.mark.parametrize("text", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", "Їжак".encode("cp1251")])
def test_what_is_not_utf8_is_refused(api: Client, text: bytes) -> None:
    body = encoded([api.record(game="@@")]).replace(b"@@", text)
    api.refused(400, "invalid_encoding", body=body)
    api.refused(400, "invalid_encoding", body=padded(body, 5_000))


@pytest.mark.parametrize("value", [None, 1, "text", [], True, [[]]])
def test_a_record_that_is_no_object_is_refused(api: Client, value: object) -> None:
    api.refused(422, "wrong_type", [("/1", "wrong_type")], records=[api.record(), value])


def test_a_very_long_record_is_refused(api: Client) -> None:
    long = api.record(game="x" * 20_000)
    api.refused(422, "record_too_large", [("/1", "record_too_large")], records=[api.record(), long])


def raw_exchange(api: Client, sent: bytes) -> bytes:
    """Send bytes and close our side; what comes back."""
    with socket.create_connection(("127.0.0.1", api.port), timeout=30) as conn:
        conn.sendall(sent)
        conn.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := conn.recv(65_536):
            answer += chunk
        return answer


def head(api: Client, *lines_: str) -> bytes:
    own = [
        "POST /api/v1/batches HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {api.operator.key.text}",
        "Idempotency-Key: 018f2f9e-7d2c-4e0c-8f46-000000000001",
        "Batch-Sequence: 900000000",
        "Content-Type: application/json",
    ]
    return ("\r\n".join([*own, *lines_]) + "\r\n\r\n").encode()


@pytest.mark.parametrize("promised", [1, 100_000])
def test_a_body_that_ends_too_soon_is_refused(api: Client, promised: int) -> None:
    body = encoded(api.records(2))
    figures = api.figures()
    answer = raw_exchange(api, head(api, f"Content-Length: {len(body) + promised}") + body)
    assert b" 400 " in answer.splitlines()[0]
    assert b'"code":"incomplete_body"' in answer
    assert api.figures() == figures
    api.accepted()


@pytest.mark.parametrize(
    "chunks",
    [b"5\r\n[{}]", b"xyz\r\n", b"5\r\n[{}]\r\n", b"-1\r\n[]\r\n0\r\n\r\n", b"2\r\n[]garbage"],
)
def test_damaged_chunks_are_refused(api: Client, chunks: bytes) -> None:
    figures = api.figures()
    answer = raw_exchange(api, head(api, "Transfer-Encoding: chunked") + chunks)
    assert b" 400 " in answer.splitlines()[0]
    assert b"application/problem+json" in answer
    assert api.figures() == figures
    api.accepted()


def test_a_length_beside_chunks_is_refused(api: Client) -> None:
    """Two readers in a row would disagree on where the request ends."""
    body = encoded(api.records(1))
    sent = head(api, "Transfer-Encoding: chunked", f"Content-Length: {len(body)}") + body
    figures = api.figures()
    answer = raw_exchange(api, sent)
    assert answer == b"" or b" 400 " in answer.splitlines()[0]
    assert api.figures() == figures
    api.accepted()


def test_a_refused_body_that_stalls_closes_the_connection(api: Client) -> None:
    """Whoever has no key and never finishes does not keep a connection of the server's."""
    sent = head(api, "Content-Length: 500").replace(b"Bearer dz_", b"Bearer xx_") + b"["
    with socket.create_connection(("127.0.0.1", api.port), timeout=15) as conn:
        conn.sendall(sent)
        answer = b""
        while chunk := conn.recv(65_536):  # until the server closes, which is before the timeout
            answer += chunk
    assert b" 401 " in answer.splitlines()[0]
    assert b"connection: close" in answer.lower()
