"""RFC 3161 time-stamps of checkpoints: the request, and what makes an answer hold.

What is stamped is SHA-256 of a checkpoint's text, the three lines that the log signs. A token that
``openssl ts -verify`` accepts of a file with these lines is what is meant; nothing more is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

REQUEST_TYPE = "application/timestamp-query"
ANSWER_TYPE = "application/timestamp-reply"
MAX_ANSWER_BYTES = 100_000
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
# TimeStampResp of status "granted" around a token: SEQUENCE { SEQUENCE { INTEGER 0 }, token }.
_GRANTED = bytes.fromhex("3003020100")


class TimestampInvalid(ValueError):
    """A time-stamp is none, is of something else, or is not by who is trusted; the message says."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to send, and the number that only a fresh answer has in it."""

    body: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A verified TimeStampToken (DER) and the time in it."""

    token: bytes
    at: datetime


def request(text: str) -> Request:
    """Ask for a time-stamp of a checkpoint's text, with the authority's certificate in it."""
    made = (
        TimestampRequestBuilder()
        .data(text.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    if made.nonce is None:
        raise AssertionError("a request without a nonce")
    return Request(made.as_bytes(), made.nonce)


def read_answer(
    answer: bytes, text: str, nonce: int, roots: Sequence[x509.Certificate]
) -> Timestamp:
    """The time-stamp in an authority's answer to ``request(text)``. Raises TimestampInvalid."""
    if len(answer) > MAX_ANSWER_BYTES:
        raise TimestampInvalid("an answer too long")
    response = _decode(answer)
    at = _verify(response, text, roots, nonce)
    return Timestamp(response.time_stamp_token(), at)


def verify(token: bytes, text: str, roots: Sequence[x509.Certificate]) -> datetime:
    """The time in a TimeStampToken of a checkpoint's text. Raises TimestampInvalid."""
    content = _GRANTED + token
    return _verify(_decode(b"\x30" + _length(len(content)) + content), text, roots, None)


def _decode(answer: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(answer)
        status = response.status
    except ValueError:
        raise TimestampInvalid("no time-stamp answer") from None
    if status != PKIStatus.GRANTED:
        raise TimestampInvalid(f"the authority refuses (status {status})")
    return response


def _verify(
    response: TimeStampResponse,
    text: str,
    roots: Sequence[x509.Certificate],
    nonce: int | None,
) -> datetime:
    try:
        if response.tst_info.message_imprint.hash_algorithm != _SHA256:
            raise TimestampInvalid("another hash than was asked for")
        VerifierBuilder(roots=list(roots), nonce=nonce).build().verify_message(
            response, text.encode()
        )
        at = response.tst_info.gen_time
    except (VerificationError, ValueError, TypeError) as problem:
        if isinstance(problem, TimestampInvalid):
            raise
        raise TimestampInvalid(str(problem)) from None
    return at.astimezone(UTC)


def _length(size: int) -> bytes:
    """A length of DER."""
    if size < 0x80:
        return bytes([size])
    raw = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([0x80 | len(raw)]) + raw
