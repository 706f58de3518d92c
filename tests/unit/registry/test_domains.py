"""Whatever way a person writes a domain, one form of it is kept."""

from __future__ import annotations

import pytest

from portal.registry.domains import canonical, readable


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Example.COM. ", "example.com"),
        ("https://example.com/", "example.com"),
        ("ГРАВЕЦЬ.укр", "xn--80aebk6cxb3b.xn--j1amh"),
        ("гравець。укр", "xn--80aebk6cxb3b.xn--j1amh"),
        ("xn--80aebk6cxb3b.xn--j1amh", "xn--80aebk6cxb3b.xn--j1amh"),
        ("exa mple.com", "exa mple.com"),  # none: the database refuses it
        ("a..b", "a..b"),
    ],
)
def test_canonical(given: str, kept: str) -> None:
    assert canonical(given) == kept


def test_readable() -> None:
    assert readable("xn--80aebk6cxb3b.xn--j1amh") == "гравець.укр"


def test_what_does_not_decode_is_shown_as_it_is() -> None:
    assert readable("xn--zzzzzz") == "xn--zzzzzz"
