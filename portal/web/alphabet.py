"""The order of names in lists."""

from __future__ import annotations

from functools import lru_cache

# Ukrainian letters in their order: code points put Є, І, Ї and Ґ elsewhere.
_ALPHABET = {letter: place for place, letter in enumerate("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")}
_AFTER_LATIN = 0x400


class _Places(dict[int, int | None]):
    """For ``str.translate``: where a character stands, None for what is left out; asked once."""

    def __missing__(self, code: int) -> int | None:
        letter = chr(code)
        kept = _AFTER_LATIN + _ALPHABET[letter] if letter in _ALPHABET else code
        self[code] = kept if letter.isalnum() or letter == " " else None
        return self[code]


_PLACES = _Places()


@lru_cache(16_384)  # of a thousand names each page sorts the same
def alphabetical(text: str) -> str:
    """A sort key: letters in the order of the Ukrainian alphabet, cases and quotes apart."""
    return text.lower().translate(_PLACES)
