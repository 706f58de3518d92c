"""Bounded reading and decompression."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from hashlib import sha256
from typing import NamedTuple

import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from portal.ingest import body
from portal.ingest.body import MAX_BODY_BYTES
from portal.ingest.problems import Refusal
from portal.ingest.wire import ContentKind

from .building import JSON, NDJSON
from .test_wire import bounded

DATA = b'[{"id":"x"}]' * 50
PACKED = gzip.compress(DATA)
FRAME = zstandard.compress(DATA)
SKIPPABLE = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"


class Received(NamedTuple):
    """What becomes of a body."""

    data: bytes
    kind: ContentKind
    sha256: bytes


def receive(
    raw: bytes, content_type: str | None = "application/json", encoding: str | None = None,
    length: int | None = None,
) -> Received:  # fmt: skip
    fetched = body.fetch(
        io.BytesIO(raw),
        content_type=content_type,
        content_encoding=encoding,
        content_length=len(raw) if length is None else length,
    )
    data = fetched.expand()
    return Received(data, fetched.kind, body.hash_of(data, lambda: None))


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


@pytest.mark.parametrize(
    "encoding",
    ["br", "deflate", "gzip, gzip", "identity, gzip", "gzip, zstd", "zstd,zstd", "zstd;q=1", "x"],
)
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


def frame(data: bytes, **parameters: int) -> bytes:
    """One Zstandard frame that does not say how much it holds, unless told to."""
    given = zstandard.ZstdCompressionParameters(**{"write_content_size": 0} | parameters)
    packer = zstandard.ZstdCompressor(compression_params=given).compressobj()
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("encoding", ["zstd", " ZSTD "])
@pytest.mark.parametrize(
    "raw",
    [FRAME, frame(DATA), frame(DATA, write_checksum=1), frame(DATA, window_log=23)],
    ids=["with its size", "without size", "with checksum", "largest window"],
)
def test_a_zstd_body_is_expanded_and_hashed_as_expanded(encoding: str, raw: bytes) -> None:
    assert receive(raw, encoding=encoding) == (DATA, JSON, sha256(DATA).digest())


@pytest.mark.parametrize("whole", [FRAME, frame(DATA)])
def test_zstd_cut_anywhere_is_damaged(whole: bytes) -> None:
    for end in range(len(whole)):
        assert code_of(whole[:end], encoding="zstd") == "malformed_compression"


def with_dictionary() -> bytes:
    samples = [DATA + bytes([n % 251, n % 241]) * (n % 97) for n in range(2_000)]
    dictionary = zstandard.train_dictionary(4_096, samples)
    return zstandard.ZstdCompressor(dict_data=dictionary).compress(DATA)


@pytest.mark.parametrize(
    "raw",
    [
        DATA,
        PACKED,
        FRAME + b"\0",
        FRAME + FRAME,
        SKIPPABLE + FRAME,
        FRAME + SKIPPABLE,
        SKIPPABLE,
        frame(DATA, write_checksum=1)[:-1] + b"\0",
        FRAME[:5] + bytes([FRAME[5] ^ 1]) + FRAME[6:],
        with_dictionary(),
        frame(DATA, window_log=24),
        frame(DATA, window_log=31),
        b"",
    ],
    ids=[
        "plain",
        "gzip",
        "garbage after",
        "two frames",
        "skippable before",
        "skippable after",
        "skippable alone",
        "checksum",
        "length",
        "dictionary",
        "window of 16 MiB",
        "window of 2 GiB",
        "empty",
    ],
)
def test_damaged_or_demanding_zstd_is_refused(raw: bytes) -> None:
    assert code_of(raw, encoding="zstd") == "malformed_compression"


@pytest.mark.parametrize("pack", [zstandard.compress, frame], ids=["with its size", "without"])
def test_zstd_passes_8_mib_and_not_one_byte_more(pack: object) -> None:
    full = bytes(MAX_BODY_BYTES)
    assert len(receive(pack(full), encoding="zstd").data) == MAX_BODY_BYTES  # type: ignore[operator]
    assert code_of(pack(full + b"\0"), encoding="zstd") == "body_too_large"  # type: ignore[operator]


def test_a_zstd_bomb_is_left_at_the_limit() -> None:
    """16 GiB in half a megabyte, of blocks that repeat a byte; refusing it takes little memory."""
    header = zstandard.FRAME_HEADER + b"\x00\x50"  # a window of 1 MiB, no content size
    block = (zstandard.BLOCKSIZE_MAX << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    bomb = header + block * 2**17
    tracemalloc.start()
    try:
        assert code_of(bomb, encoding="zstd") == "body_too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_BODY_BYTES


REFUSED = {"malformed_compression", "body_too_large"}


@bounded
@given(raw=st.binary(max_size=300), cut=st.integers(0, len(FRAME)), place=st.integers(0, 300))
@example(raw=b"", cut=0, place=0)
def test_no_bytes_upset_the_zstd_reader(raw: bytes, cut: int, place: int) -> None:
    """Random bytes, alone and written over a good frame: a body or one of two refusals."""
    mixed = FRAME[:place] + raw + FRAME[place + len(raw) + cut :]
    for sent in (raw, zstandard.FRAME_HEADER + raw, mixed):
        try:
            outcome = len(receive(sent, encoding="zstd").data) <= MAX_BODY_BYTES
        except Refusal as refusal:
            outcome = refusal.code
        assert outcome is True or outcome in REFUSED
