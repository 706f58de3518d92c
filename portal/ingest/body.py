"""The request body: kind of content, bounded reading, bounded decompression.

Nothing here trusts a length that the sender states, and nothing larger than ``MAX_BODY_BYTES``
(plus one byte) is ever held, however far the compressed bytes would expand.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple, Protocol

import zstandard

from portal.ingest.problems import Refusal
from portal.ingest.wire import ContentKind

MAX_BODY_BYTES = 8 * 1024 * 1024  # decoded; the compressed bytes are held to the same
MAX_ZSTD_WINDOW = 8 * 1024 * 1024  # what RFC 9659 has every receiver of this coding support
_CHUNK_BYTES = 256 * 1024


class Readable(Protocol):
    """Anything to read bytes from, such as a WSGI input stream."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


class Fetched(NamedTuple):
    """A body as it came; expanding it costs processor time, reading it cost waiting."""

    raw: bytes
    kind: ContentKind
    expander: Callable[[bytes], bytes]

    @property
    def compressed(self) -> bool:
        return self.expander is not _identity

    def expand(self) -> bytes:
        """Undo the compression; raises Refusal ``body_too_large`` or ``malformed_compression``."""
        return self.expander(self.raw)


def hash_of(data: bytes, pause: Callable[[], None]) -> bytes:
    """SHA-256 of a body after content decoding: compressed otherwise it is the same body.

    ``pause`` is called now and then while a large body is hashed.
    """
    if len(data) <= _CHUNK_BYTES:
        return sha256(data).digest()
    digest = sha256()
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK_BYTES):
        pause()
        digest.update(view[start : start + _CHUNK_BYTES])
    return digest.digest()


def fetch(
    stream: Readable,
    *,
    content_type: str | None,
    content_encoding: str | None,
    content_length: int | None = None,
) -> Fetched:
    """Read a body to its end; raises Refusal.

    Codes: ``unsupported_content_type``, ``unsupported_content_encoding``, ``body_too_large``,
    ``incomplete_body`` (fewer bytes than announced).
    """
    kind = content_kind(content_type)
    expand = _expander(content_encoding)
    return Fetched(read_bounded(stream, content_length), kind, expand)


def content_kind(content_type: str | None) -> ContentKind:
    """Tell JSON from NDJSON by the header; the only parameter allowed is charset=utf-8."""
    media_type, *parameters = (part.strip() for part in (content_type or "").lower().split(";"))
    allowed = {"charset=utf-8", 'charset="utf-8"'}
    try:
        kind = ContentKind(media_type)
    except ValueError:
        raise Refusal("unsupported_content_type") from None
    if not allowed.issuperset(parameters):
        raise Refusal("unsupported_content_type")
    return kind


def read_bounded(stream: Readable, content_length: int | None = None) -> bytes:
    """Read at most ``MAX_BODY_BYTES``; a longer body is refused after one byte more."""
    if content_length is not None and content_length > MAX_BODY_BYTES:
        raise Refusal("body_too_large")
    chunks: list[bytes] = []
    size = 0
    while size <= MAX_BODY_BYTES:
        chunk = stream.read(min(_CHUNK_BYTES, MAX_BODY_BYTES + 1 - size))
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
        if size == content_length:
            break
    if size > MAX_BODY_BYTES:
        raise Refusal("body_too_large")
    if content_length is not None and size < content_length:
        raise Refusal("incomplete_body")
    return b"".join(chunks)


def _identity(raw: bytes) -> bytes:
    return raw


def _gunzip(raw: bytes) -> bytes:
    """Expand exactly one complete gzip member with nothing after it.

    Further members are refused although RFC 1952 allows them: no sender of one body needs them,
    and bytes that are not looked at would not be covered by any check.
    """
    expander = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        data = expander.decompress(raw, MAX_BODY_BYTES + 1)
    except zlib.error as error:
        raise Refusal("malformed_compression") from error
    if len(data) > MAX_BODY_BYTES:
        raise Refusal("body_too_large")
    if not expander.eof or expander.unused_data:
        raise Refusal("malformed_compression")
    return data


def _unzstd(raw: bytes) -> bytes:
    """Expand exactly one complete Zstandard frame with nothing after it.

    Frames that need a dictionary or a larger window than any receiver must have are refused, as
    are skippable frames: they hold what nobody looks at.
    """
    try:
        frame = zstandard.get_frame_parameters(raw)
    except zstandard.ZstdError as error:
        raise Refusal("malformed_compression") from error
    if not raw.startswith(zstandard.FRAME_HEADER) or frame.dict_id:
        raise Refusal("malformed_compression")
    if frame.content_size not in _SIZE_NOT_SAID and frame.content_size > MAX_BODY_BYTES:
        raise Refusal("body_too_large")
    if frame.window_size > MAX_ZSTD_WINDOW:
        raise Refusal("malformed_compression")
    expander = zstandard.ZstdDecompressor(max_window_size=MAX_ZSTD_WINDOW)
    try:
        return expander.decompress(raw, max_output_size=MAX_BODY_BYTES, allow_extra_data=False)
    except zstandard.ZstdError as error:
        code = "body_too_large" if _expands_too_far(raw) else "malformed_compression"
        raise Refusal(code) from error


_SIZE_NOT_SAID = (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR)


def _expands_too_far(raw: bytes) -> bool:
    """Whether more than a body may hold comes out of a frame before it breaks off."""
    expander = zstandard.ZstdDecompressor(max_window_size=MAX_ZSTD_WINDOW)
    left = MAX_BODY_BYTES + 1
    with expander.stream_reader(raw) as reader:
        try:
            while left and (piece := reader.read(min(left, _CHUNK_BYTES))):
                left -= len(piece)
        except zstandard.ZstdError:
            return False
    return not left


# Content-Encoding to a function that expands within MAX_BODY_BYTES.
_EXPANDERS: dict[str, Callable[[bytes], bytes]] = {
    "": _identity,
    "identity": _identity,
    "gzip": _gunzip,
    "x-gzip": _gunzip,  # the same by RFC 9110 §8.4.1.3
    "zstd": _unzstd,
}


def _expander(content_encoding: str | None) -> Callable[[bytes], bytes]:
    try:
        return _EXPANDERS[(content_encoding or "").strip().lower()]
    except KeyError:
        raise Refusal("unsupported_content_encoding") from None
