"""What an operator's people type when they declare: numbers and sums that may be below zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portal.declarations.wire import MAX_COUNT
from portal.ingest.fields import MAX_AMOUNT_MINOR
from portal.registry.acts import NEEDED, Act
from portal.web import figures
from portal.web.i18n import lazy_gettext


@dataclass
class Sheet(Act):
    """A form as it was sent, with ``errors`` by field."""

    def _figure(self, name: str) -> Decimal | None:
        given = self.form.get(name, "")
        if not figures.plain(given):
            self.errors[name] = NEEDED
            return None
        made = figures.typed(given)
        if made is None:
            self.errors[name] = lazy_gettext("This is no number.")
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
