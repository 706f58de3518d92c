"""The operator that the published examples are about, and its keys by their names there."""

from __future__ import annotations

from portal.docs.problems import KEYS
from tests.support import market
from tests.support.databases import Connection
from tests.support.market import Operator


def register_documented(conn: Connection) -> Operator:
    """What the examples name: a website with an online casino, and a slot hall."""
    return market.register(
        conn,
        market.document(
            "DEMO-EXAMPLE",
            licences=[
                market.licence("DEMO-2026-001", "online_casino"),
                market.licence("DEMO-2026-002", "slot_hall"),
            ],
            channels=[market.website("site-1"), market.venue("hall-1")],
            equipment=[market.machine("slot-1", "hall-1")],
            games=[market.game("game-7", "online_casino"), market.game("slots-1", "slot_hall")],
        ),
    )


def register_disabled(conn: Connection) -> Operator:
    """An operator whose time in the register is over."""
    ended = market.document("DEMO-ENDED") | {"active_from": market.day(-10)}
    operator = market.register(conn, ended)
    conn.execute(
        "update registry.operator set active_until = now() - interval '1 day' where id = %s",
        (operator.id,),
    )
    return operator


def key_texts(operator: Operator, disabled: Operator) -> dict[str, str]:
    """The text of each key by the name that stands for it in the examples."""
    return {
        name: disabled.key.text if kind == "disabled" else operator.keys[kind].text
        for kind, name in KEYS.items()
    }
