"""A name out of the registry is text on every page, whatever somebody has registered."""

from __future__ import annotations

import pytest

from tests.support.batches import row, store
from tests.support.databases import become
from tests.support.market import add_key, day, document, game, licence, register, website

ATTACK = "'\"><img src=x onerror=alert(1)>{{ 7919*7907 }}%(num)s</script>"
PAGES = {
    "regulator": [
        "/",
        "/tasks/licences",
        "/reports/R03?by=operator&period=today",
        "/reports/R03?by=licence&period=today",
        "/ledger/batches",
        "/ledger/refusals",
        "/live",
    ],
    "registrar": ["/", "/tasks/licences", "/tasks/keys"],
    "auditor": ["/tasks/changes"],
}


@pytest.fixture(scope="module")
def registered(database):
    """An operator, a licence and a key named like attacks, that pages have reason to name."""
    with database.connect() as conn:
        hostile = register(
            conn,
            document(
                "HOSTILE",
                name_uk=ATTACK,
                name_en=ATTACK,
                licences=[licence(ATTACK, "bookmaker", valid_until=day(20))],
                channels=[website("SITE")],
                games=[game("CHESS", "bookmaker")],
            ),
        )
        become(conn, "registrar")
        add_key(conn, hostile.id, ATTACK, expires_in_days=20)
    store(database, hostile, [row(hostile)])


@pytest.mark.parametrize(
    ("role", "address"), [(role, address) for role in PAGES for address in PAGES[role]]
)
def test_a_name_is_never_markup(visitor, registered, role, address):
    page = visitor(role).get(address)
    assert page.status_code == 200
    assert "<img" not in page.text
    assert "62615533" not in page.text
    told = "{{ 7919*7907 }}%(num)s&lt;/script&gt;" in page.text
    assert told or address == "/", "the page was to show the name"
