"""What an operator's people type when they declare: numbers and sums that may be below zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from portal.declarations.wire import MAX_COUNT
from portal.ingest.fields import MAX_AMOUNT_MINOR
from portal.registry.acts import NEEDED, Act
from portal.web.formats import MINUS, NO_BREAK_SPACE
from portal.web.i18n import lazy_gettext

LONGEST = 40


@dataclass
class Sheet(Act):
    """A form as it was sent, with ``errors`` by field."""

    def _figure(self, name: str) -> Decimal | None:
        given = self.form.get(name, "").replace(MINUS, "-").replace(NO_BREAK_SPACE, " ")
        plain = "".join(given.split()).replace(",", ".")
        if not plain:
            self.errors[name] = NEEDED
            return None
        try:
            made = Decimal(plain) if len(plain) <= LONGEST and plain.isascii() else Decimal("NaN")
        except InvalidOperation:
            made = Decimal("NaN")
        if not made.is_finite() or "e" in plain.lower() or "_" in plain:
            self.errors[name] = lazy_gettext("This is no number.")
            return None
        return made

    def number(self, name: str) -> int:
        """A whole number; 0 where it is none, which is an error."""
        made = self._figure(name)
        if made is None:
            return 0
        if made != made.to_integral_value():
            self.errors[name] = lazy_gettext("Give a whole number.")
            return 0
        if abs(made) > MAX_COUNT:
            self.errors[name] = lazy_gettext("The number is too large.")
            return 0
        return int(made)

    def total(self, name: str, digits: int) -> int:
        """A sum in minor units, typed with a comma or a point; 0 where it is none."""
        made = self._figure(name)
        if made is None:
            return 0
        minor = made.scaleb(digits)
        if abs(minor) > MAX_AMOUNT_MINOR:
            self.errors[name] = lazy_gettext("The sum is too large.")
            return 0
        if minor != minor.to_integral_value():
            self.errors[name] = lazy_gettext("At most %(num)s digits after the point.", num=digits)
            return 0
        return int(minor)
