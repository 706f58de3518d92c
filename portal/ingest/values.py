"""One text of a record to one value: the plain definition of what each field may hold.

Every function raises ``InvalidError`` with the code of the rule that the text breaks.
``portal.ingest.columns`` does the same for whole columns; tests hold the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from portal.ingest.fields import MAX_AMOUNT_MINOR, is_code

NIL_BYTES = bytes(16)
_UNIX_DAY_0 = date(1970, 1, 1).toordinal()
_MAX_WHOLE_DIGITS = len(str(MAX_AMOUNT_MINOR))

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_HEX_32 = re.compile(r"[0-9a-fA-F]{32}").fullmatch
_AMOUNT = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?").fullmatch
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]"
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,3}))?"
    r"(?P<offset>[Zz]|(?P<sign>[+-])(?P<hours>[01][0-9]|2[0-3]):(?P<minutes>[0-5][0-9]))?"
).fullmatch


class InvalidError(Exception):
    """A value breaks the rule that ``code`` names."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def name_of(text: str, numbers: Mapping[str, int], code: str) -> int:
    """Number of one of the known names, else InvalidError ``code``."""
    if text not in numbers:
        raise InvalidError(code)
    return numbers[text]


def registered_code(text: str) -> str:
    """A code that the registry may know."""
    if not is_code(text):
        raise InvalidError("invalid_code")
    return text


def uuid_7(text: str) -> bytes:
    """16 bytes of a UUID of version 7 and the RFC 9562 variant."""
    raw = uuid(text, "invalid_id")
    if raw[6] >> 4 != 7 or raw[8] >> 6 != 2:
        raise InvalidError("id_not_version_7")
    return raw


def uuid(text: str, code: str) -> bytes:
    """16 bytes of any UUID but nil."""
    raw = bytes.fromhex(text.replace("-", "")) if _UUID(text) else NIL_BYTES
    if raw == NIL_BYTES:
        raise InvalidError(code)
    return raw


def pseudonym(text: str) -> bytes:
    """16 bytes of a player's 32 hexadecimal digits, not all zero."""
    raw = bytes.fromhex(text) if _HEX_32(text) else NIL_BYTES
    if raw == NIL_BYTES:
        raise InvalidError("invalid_player")
    return raw


def unix_ms(text: str) -> int:
    """Milliseconds since 1970-01-01 UTC of an RFC 3339 time with at most milliseconds.

    Letters may be lower case, as RFC 3339 lets them; second 60 is refused, because no clock
    that counts milliseconds since 1970 has it.
    """
    match = _TIMESTAMP(text)
    if match is None:
        raise InvalidError("invalid_timestamp")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    try:
        days = date(year, month, day).toordinal() - _UNIX_DAY_0
    except ValueError:
        raise InvalidError("invalid_timestamp") from None
    if match["offset"] is None:
        raise InvalidError("timestamp_without_offset")
    east = 0
    if match["sign"]:
        east = int(match["hours"]) * 60 + int(match["minutes"])
        east = -east if match["sign"] == "-" else east
    seconds = ((days * 24 + hour) * 60 + minute - east) * 60 + second
    return seconds * 1000 + int((match[7] or "0").ljust(3, "0"))


def amount_minor(text: str, digits: int | None) -> int:
    """Smallest units of a decimal amount; ``digits`` None: the currency is not known.

    Only what is wrong in any currency is then found, and the number means nothing.
    """
    match = _AMOUNT(text)
    if match is None:
        raise InvalidError("invalid_amount")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if sign:
        raise InvalidError("amount_not_positive")
    if digits is None:
        digits = len(fraction)
    if len(fraction) > digits:
        raise InvalidError("amount_too_precise")
    # The length goes first: turning a million digits into a number takes minutes.
    if len(whole) > _MAX_WHOLE_DIGITS:
        raise InvalidError("amount_too_large")
    minor = int(whole + fraction.ljust(digits, "0"))
    if minor == 0:
        raise InvalidError("amount_not_positive")
    if minor > MAX_AMOUNT_MINOR:
        raise InvalidError("amount_too_large")
    return minor
