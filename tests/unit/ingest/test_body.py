"""Bounded reading and decompression."""

from __future__ import annotations

import gzip
import io
import zlib
from hashlib import sha256

import pytest

from portal.ingest import body
from portal.ingest.body import MAX_BODY_BYTES
from portal.ingest.problems import Refusal

from .building import JSON, NDJSON

DATA = b'[{"id":"x"}]' * 50
PACKED = gzip.compress(DATA)


def receive(
    raw: bytes, content_type: str | None = "application/json", encoding: str | None = None,
    length: int | None = None,
) -> body.Received:  # fmt: skip
    return body.receive(
        io.BytesIO(raw),
        content_type=content_type,
        content_encoding=encoding,
        content_length=len(raw) if length is None else length,
    )


def code_of(*args: object, **kwargs: object) -> str:
    with pytest.raises(Refusal) as caught:
        receive(*args, **kwargs)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("application/json", JSON),
        ("Application/JSON; charset=UTF-8", JSON),
        ('application/json;charset="utf-8"', JSON),
        ("application/x-ndjson", NDJSON),
        ("application/x-ndjson ; charset=utf-8", NDJSON),
    ],
)
def test_content_types(header: str, kind: object) -> None:
    assert receive(DATA, header).kind is kind


@pytest.mark.parametrize(
    "header",
    [None, "", "text/plain", "application/xml", "application/json; charset=windows-1251",
     "application/json; version=2", "application/problem+json", "multipart/form-data", ";"],
)  # fmt: skip
def test_other_content_types_are_not_supported(header: str | None) -> None:
    assert code_of(DATA, header) == "unsupported_content_type"


@pytest.mark.parametrize("encoding", [None, "", "identity", " IDENTITY "])
def test_a_plain_body_is_taken_as_it_is(encoding: str | None) -> None:
    assert receive(DATA, encoding=encoding) == (DATA, JSON, sha256(DATA).digest())


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_gzip_body_is_expanded_and_hashed_as_expanded(encoding: str) -> None:
    assert receive(PACKED, encoding=encoding) == (DATA, JSON, sha256(DATA).digest())


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "identity, gzip", "x"])
def test_other_encodings_are_not_supported(encoding: str) -> None:
    assert code_of(PACKED, encoding=encoding) == "unsupported_content_encoding"


def test_gzip_cut_anywhere_is_damaged() -> None:
    for end in range(len(PACKED)):
        assert code_of(PACKED[:end], encoding="gzip") == "malformed_compression"


@pytest.mark.parametrize(
    "raw",
    [
        DATA,
        PACKED + b"\0",
        PACKED + PACKED,
        PACKED[:-1] + bytes([PACKED[-1] ^ 1]),
        PACKED[:-5] + bytes([PACKED[-5] ^ 1]) + PACKED[-4:],
        zlib.compress(DATA),
        b"",
    ],
    ids=["plain", "garbage after", "two members", "length", "checksum", "zlib", "empty"],
)
def test_damaged_gzip_is_refused(raw: bytes) -> None:
    assert code_of(raw, encoding="gzip") == "malformed_compression"


def test_8_mib_pass_and_one_byte_more_does_not() -> None:
    full = bytes(MAX_BODY_BYTES)
    assert len(receive(full).data) == MAX_BODY_BYTES
    assert code_of(full + b"\0") == "body_too_large"
    assert len(receive(gzip.compress(full), encoding="gzip").data) == MAX_BODY_BYTES
    assert code_of(gzip.compress(full + b"\0"), encoding="gzip") == "body_too_large"


class Endless:
    """A stream that states no length and never ends."""

    taken = 0

    def read(self, size: int) -> bytes:
        self.taken += size
        return bytes(size)


def test_an_endless_body_is_left_after_one_byte_too_many() -> None:
    stream = Endless()
    with pytest.raises(Refusal, match="body_too_large"):
        body.read_bounded(stream)
    assert stream.taken == MAX_BODY_BYTES + 1


def test_a_long_announced_body_is_not_read() -> None:
    stream = Endless()
    with pytest.raises(Refusal, match="body_too_large"):
        body.read_bounded(stream, MAX_BODY_BYTES + 1)
    assert stream.taken == 0


def test_a_bomb_is_left_at_the_limit() -> None:
    bomb = gzip.compress(bytes(512 * 2**20), compresslevel=9)
    assert len(bomb) < 2**20
    assert code_of(bomb, encoding="gzip") == "body_too_large"


def test_a_body_shorter_than_announced_is_incomplete() -> None:
    assert code_of(DATA, length=len(DATA) + 1) == "incomplete_body"
