"""ASN.1 as it comes from strangers: what is looked at before a parser is, and pieces of DER."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from asn1crypto import core

DEEPEST = 32  # of real messages with time-stamps: below 20
MOST_VALUES = 20_000  # of a real certificate: some 150
_INDEFINITE = 0x80
_CONSTRUCTED = 0x20


class Malformed(ValueError):
    """Bytes that are no ASN.1, or not what they should be; the message says what is wrong."""


# What asn1crypto raises for what it cannot read, at the latest when a value is looked at.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn what a parser raises inside into Malformed: ``what`` cannot be read."""
    try:
        yield
    except Malformed:
        raise
    except UNREADABLE as problem:
        raise Malformed(f"{what} cannot be read") from problem


def check(  # noqa: PLR0912 - a branch for each thing that may come next
    data: bytes, *, definite: bool = True, deepest: int = DEEPEST, most: int = MOST_VALUES
) -> None:
    """Walk through one whole BER value, without recursion and without copying anything.

    Bounds what a parser has to do afterwards: nesting, number of values, no length beyond the end,
    nothing after the value. ``definite`` refuses indefinite lengths (DER). Raises Malformed.
    """
    at = seen = 0
    limit = len(data)
    open_values: list[tuple[int | None, int]] = []  # end (None: indefinite), limit around it
    while True:
        first, length, at = _header(data, at, limit)
        seen += 1
        if seen > most:
            raise Malformed("too many values")
        if first == 0:
            if length or not open_values or open_values.pop()[0] is not None:
                raise Malformed("an end of contents out of place")
        elif length is None:
            if definite or not first & _CONSTRUCTED:
                raise Malformed("an indefinite length")
            open_values.append((None, limit))
        elif at + length > limit:
            raise Malformed("a length beyond the end")
        elif first & _CONSTRUCTED:
            open_values.append((at + length, limit))
            limit = at + length
        else:
            at += length
        if len(open_values) > deepest:
            raise Malformed("nested too deep")
        while open_values and open_values[-1][0] == at:
            limit = open_values.pop()[1]
        if not open_values:
            break
    if at != len(data):
        raise Malformed("something follows the value")


def _header(data: bytes, at: int, limit: int) -> tuple[int, int | None, int]:
    """First byte of the tag, length (None: indefinite), and where the contents begin."""
    try:
        first = data[at]
        at += 1
        if first & 31 == 31:
            stop = at + 4
            while data[at] & 0x80:
                at += 1
                if at == stop:
                    raise Malformed("a tag too long")
            at += 1
        length = data[at]
        at += 1
    except IndexError:
        raise Malformed("cut off") from None
    if length == _INDEFINITE:
        return first, None, at
    if length > _INDEFINITE:
        octets = length & 127
        if octets > 4:
            raise Malformed("a length too long")
        length = int.from_bytes(data[at : at + octets], "big")
        at += octets
    if at > limit:
        raise Malformed("cut off")
    return first, length, at


def tlv(tag: int, *contents: bytes) -> bytes:
    """One DER value from its tag byte and the pieces of its contents."""
    body = b"".join(contents)
    if len(body) < 128:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """A SET OF, in DER's order."""
    return tlv(0x31, *sorted(parts))


def octets(value: bytes) -> bytes:
    return tlv(0x04, value)


def bits(value: bytes) -> bytes:
    """A BIT STRING of whole bytes."""
    return tlv(0x03, b"\0", value)


def integer(value: int) -> bytes:
    encoded: bytes = core.Integer(value).dump()
    return encoded


def identifier(dotted: str) -> bytes:
    encoded: bytes = core.ObjectIdentifier(dotted).dump()
    return encoded


def explicit(number: int, *contents: bytes) -> bytes:
    """Contents within a constructed context tag."""
    return tlv(0xA0 | number, *contents)


NULL = tlv(0x05)


class AlgorithmIdentifier(core.Sequence):  # type: ignore[misc]
    """Whatever the algorithm, its parameters stay as they are."""

    _fields = [
        ("algorithm", core.ObjectIdentifier),
        ("parameters", core.Any, {"optional": True}),
    ]


class Attribute(core.Sequence):  # type: ignore[misc]
    """A CMS or directory attribute whose values stay as they are."""

    _fields = [("type", core.ObjectIdentifier), ("values", core.SetOf, {"spec": core.Any})]


class _Extension(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("value", core.OctetString),
    ]


class _Extensions(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _Extension


def extensions(told: core.Asn1Value, tag: int) -> dict[str, tuple[bool, bytes]]:
    """Extensions by identifier, each once: whether it is critical, and its value's DER.

    ``told`` is what asn1crypto has of them, explicitly tagged; it would parse them all, while real
    ones hold extensions that it cannot read. Raises Malformed.
    """
    found: dict[str, tuple[bool, bytes]] = {}
    if isinstance(told, core.Void):
        return found
    for one in _Extensions.load(told.dump(), strict=True, explicit=tag):
        oid = one["id"].dotted
        if oid in found:
            raise Malformed("an extension twice")
        found[oid] = (bool(one["critical"].native), bytes(one["value"]))
    return found


def algorithm(der: bytes) -> tuple[str, bytes]:
    """Identifier and parameters (empty if absent) of an AlgorithmIdentifier. Raises Malformed."""
    try:
        parsed = AlgorithmIdentifier.load(der, strict=True)
        oid: str = parsed["algorithm"].dotted
        parameters: bytes = parsed["parameters"].dump()
        if sequence(identifier(oid), parameters) != der:
            raise Malformed("an algorithm with more than it should have")
    except (TypeError, KeyError, ValueError) as problem:
        raise Malformed("an algorithm that cannot be read") from problem
    return oid, parameters


def bit_string(value: core.BitString) -> bytes:
    """The bytes of a BIT STRING that has whole ones. Raises Malformed."""
    contents: bytes = value.contents
    if contents[:1] != b"\0":
        raise Malformed("a bit string with bits left over")
    return contents[1:]
