"""The order of names in lists."""

from __future__ import annotations

# Ukrainian letters in their order: code points put Є, І, Ї and Ґ elsewhere.
_ALPHABET = {letter: place for place, letter in enumerate("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")}
_AFTER_LATIN = 0x400


def alphabetical(text: str) -> list[int]:
    """A sort key: letters in the order of the Ukrainian alphabet, cases and quotes apart."""
    return [
        _AFTER_LATIN + _ALPHABET[letter] if letter in _ALPHABET else ord(letter)
        for letter in text.lower()
        if letter.isalnum() or letter == " "
    ]
