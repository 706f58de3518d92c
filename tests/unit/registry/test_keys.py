"""Access keys on the wire: a slip of the hand is told from a wrong key, and nothing is kept."""

from __future__ import annotations

import pytest

from portal.registry.keys import MalformedKey, key_hmac, new_key, parse_key


def test_a_new_key_is_read_back_in_its_parts() -> None:
    key = new_key("live")
    parsed = parse_key(key.text)
    assert (parsed.mode, parsed.key_id) == ("live", key.key_id)
    assert key_hmac(parsed.body) == key.secret_hmac
    assert len(key.secret_hmac) == 32


def test_two_keys_have_nothing_in_common() -> None:
    first, second = new_key("test"), new_key("test")
    assert first.key_id != second.key_id
    assert first.secret_hmac != second.secret_hmac


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text.swapcase(),
        lambda text: text.replace("live", "test"),
        lambda text: text[:20] + ("A" if text[20] != "A" else "B") + text[21:],
        lambda text: "",
        lambda text: text.replace("_", "-"),
        lambda text: " " + text,
    ],
    ids=["short", "long", "case", "mode", "one letter", "empty", "dashes", "space"],
)
def test_a_damaged_key_is_malformed(damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MalformedKey):
        parse_key(damage(new_key("live").text))
