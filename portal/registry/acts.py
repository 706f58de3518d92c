"""What officials type when they decide: reasons, numbers, moments, sums.

A form is read whole: each field that is wrong is said at that field, and what was typed is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from portal.registry.forms import Field
from portal.registry.pages import LARGEST_ID
from portal.web.formats import KYIV
from portal.web.i18n import LazyString, lazy_gettext
from portal.web.urls import LONGEST_ID

LONGEST = 2000
LONGEST_NUMBER = 100
LARGEST_AMOUNT = Decimal(10) ** 15
FIRST_YEAR, LAST_YEAR = 1991, 2199
NEEDED = lazy_gettext("Fill this in.")

Errors = dict[str, LazyString | str]


@dataclass
class Act:
    """A form as it was sent, with ``errors`` by field."""

    form: Mapping[str, str]
    errors: Errors = field(default_factory=dict)

    def filled(self, fields: Iterable[Field]) -> list[Field]:
        """The fields with what was typed in them and what is wrong with it."""
        return [
            replace(one, value=self.form.get(one.name, ""), error=self.errors.get(one.name))
            for one in fields
        ]

    def summary(self) -> list[tuple[str, LazyString | str]]:
        """Errors for the summary: the id of the field, and what is wrong with it."""
        return [(f"field-{name}", text) for name, text in self.errors.items()]

    def text(self, name: str, *, required: bool = True, longest: int = LONGEST) -> str:
        """A text without what cannot be stored; '' for none."""
        # Browsers send line ends as CRLF and count them as one character.
        given = self.form.get(name, "").replace("\r\n", "\n").strip()
        if not given and required:
            self.errors[name] = NEEDED
        elif len(given) > longest:
            self.errors[name] = lazy_gettext("At most %(num)s characters.", num=longest)
        elif any(not (char.isprintable() or char == "\n") for char in given):
            self.errors[name] = lazy_gettext("There are characters in it that cannot be stored.")
        return given

    def moment(self, name: str) -> datetime | None:
        """A moment of a clock in Kyiv; None where the field is empty or holds none."""
        given = self.form.get(name, "").strip()
        if not given:
            return None
        try:
            made = datetime.fromisoformat(given)
            if made.tzinfo is None:
                made = made.replace(tzinfo=KYIV)
            if not FIRST_YEAR <= made.year <= LAST_YEAR:
                raise ValueError("no such year")
        except ValueError:
            self.errors[name] = lazy_gettext("This is no date and time.")
            return None
        return made

    def day(self, name: str) -> date | None:
        """A day; None where the field holds none, which is an error."""
        given = self.form.get(name, "").strip()
        if not given:
            self.errors[name] = NEEDED
            return None
        try:
            made = date.fromisoformat(given)
            if not FIRST_YEAR <= made.year <= LAST_YEAR:
                raise ValueError("no such year")
        except ValueError:
            self.errors[name] = lazy_gettext("This is no date.")
            return None
        return made

    def amount(self, name: str, digits: int) -> int:
        """A sum in minor units, typed with a comma or a point; 0 where it is none."""
        given = "".join(self.form.get(name, "").split()).replace(",", ".")
        if not given:
            self.errors[name] = NEEDED
            return 0
        try:
            made = Decimal(given)
        except InvalidOperation:
            made = Decimal("NaN")
        if not made.is_finite() or made <= 0 or made > LARGEST_AMOUNT:
            self.errors[name] = lazy_gettext("This is no sum.")
            return 0
        minor = made.scaleb(digits)
        if minor != minor.to_integral_value():
            self.errors[name] = lazy_gettext("At most %(num)s digits after the point.", num=digits)
            return 0
        return int(minor)

    def agreed(self, name: str) -> None:
        """A box that must be ticked."""
        if self.form.get(name) != "yes":
            self.errors[name] = lazy_gettext("Tick the box to go on.")


def read_version(form: Mapping[str, str], field: str = "version") -> int:
    """The version that the form was made on; 0, which nothing has, where it holds none."""
    given = form.get(field, "")
    fits = given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID
    return int(given) if fits and int(given) <= LARGEST_ID else 0
