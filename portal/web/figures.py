"""Numbers as people type them: with a comma or a point, spaces between, a minus of any kind."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from portal.web.formats import MINUS, NO_BREAK_SPACE

LONGEST = 40


def plain(given: str) -> str:
    """What was typed, as programs write numbers."""
    given = given.replace(MINUS, "-").replace(NO_BREAK_SPACE, " ")
    return "".join(given.split()).replace(",", ".")


def typed(given: str) -> Decimal | None:
    """The number that was typed; None where it is none."""
    text = plain(given)
    try:
        made = Decimal(text) if len(text) <= LONGEST and text.isascii() else None
    except InvalidOperation:
        return None
    if made is None or not made.is_finite() or "e" in text.lower() or "_" in text:
        return None
    return made
