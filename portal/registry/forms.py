"""Forms of the registers, drawn from the catalogue: a field for each attribute, what was typed as a
proposal, and what the database says of it in words at the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.registry import domains
from portal.registry.catalogue import (
    FOREVER,
    SCALES,
    Attribute,
    Catalogue,
    Kind,
    Reference,
    Titles,
    scaled,
)
from portal.web.formats import KYIV, kyiv
from portal.web.i18n import LazyString, gettext, lazy_gettext

# A code that names no record stays in the draft behind this sign, which no code begins with.
UNRESOLVED = "?"
WIDGETS = {
    "long_text": "area",
    "moment": "date",
    "choice": "select",
    "choices": "checks",
    "reference": "code",
}
WRONG: dict[str, LazyString] = {
    "required": lazy_gettext("Fill this in."),
    "unknown": lazy_gettext("The register has no such field."),
    "not_editable": lazy_gettext("This cannot be changed."),
    "type": lazy_gettext("This is not what belongs here."),
    "number": lazy_gettext("Give a number, in digits."),
    "characters": lazy_gettext("There are characters here that cannot be seen. Type it anew."),
    "moment": lazy_gettext("Give a date between 1991 and 2200."),
    "choice": lazy_gettext("Choose from the list."),
    "pattern": lazy_gettext("It is not written as it must be."),
    "reference": lazy_gettext("There is no such record, or it is no longer in force."),
    "reversed": lazy_gettext("The end is not after the beginning."),
    "taken": lazy_gettext("There is a record with this already."),
    "overlap": lazy_gettext("Another licence of this kind is in force at that time."),
    "not_applicable": lazy_gettext("There is none of what was chosen above."),
    "edrpou": lazy_gettext("The check digit of this EDRPOU code is wrong."),
    "rnokpp": lazy_gettext("The check digit of this taxpayer number is wrong."),
    "domain": lazy_gettext(
        "This is no domain that can be registered. Use letters of one alphabet,"
        " without https:// or a path."
    ),
    "claimed": lazy_gettext("A website that is this one, or looks like it, is registered already."),
    "blocked": lazy_gettext("What is blocked or retired is not moved."),
    "email": lazy_gettext("This is no e-mail address."),
    "phone": lazy_gettext("Begin with + and give digits alone: +380441234567."),
    "url": lazy_gettext("Begin with https:// and leave no spaces."),
    "site_address": lazy_gettext(
        "Give a domain, or a whole address that begins with https:// and has no spaces."
    ),
    "other_form": lazy_gettext(
        "Of a site or mirror give the domain alone; of all else the whole address with https://."
    ),
    "licensed": lazy_gettext("A registered site would be blocked with it."),
    "future": lazy_gettext("This day is yet to come."),
    "other_software": lazy_gettext("The product has another checksum."),
    "repeated": lazy_gettext("Another row of the file has the same."),
    "conflict": lazy_gettext("At the same moment something else was entered that excludes this."),
}

Document = Mapping[str, Any]
Resolve = Callable[[str, str], int | None]


@dataclass(frozen=True)
class Field:
    """A field of a form as a template draws it; ``value`` is what stands in it."""

    name: str
    label: LazyString | str
    widget: str = "text"
    value: str | tuple[str, ...] = ""
    hint: LazyString | str = ""
    required: bool = False
    options: tuple[tuple[str, LazyString | str], ...] = ()
    error: LazyString | str | None = None

    @property
    def id(self) -> str:
        """Where the summary of errors leads."""
        return f"field-{self.name}"


@dataclass(frozen=True)
class Error:
    """What is wrong with an attribute; None where it is the whole that is wrong."""

    attribute: str | None
    words: str
    row: int | None = None


def fields(
    catalogue: Catalogue,
    attributes: Iterable[Attribute],
    typed: Mapping[str, str | tuple[str, ...]],
    errors: Iterable[Error],
    codes: Mapping[str, list[tuple[str, str]]],
    *,
    ending: bool = False,
) -> list[Field]:
    """The fields of attributes; ``codes`` are records to choose from, by kind."""
    wrong = {error.attribute: error.words for error in reversed(list(errors))}
    return [
        Field(
            one.name,
            f"{one.label}, %" if one.unit == "ppm" else one.label,
            _widget(one, typed[one.name]),
            typed[one.name],
            _hint(one, ending),
            one.required or ending,
            _options(catalogue, one, codes),
            wrong.get(one.name),
        )
        for one in attributes
    ]


def _widget(attribute: Attribute, typed: str | tuple[str, ...]) -> str:
    widget = WIDGETS.get(attribute.data_type, "text")
    return "moment" if widget == "date" and "T" in typed else widget


def _hint(attribute: Attribute, ending: bool) -> str:
    if ending:
        return gettext("From the beginning of this day, Kyiv time, it is no longer in force.")
    if attribute.data_type == "reference":
        choose = gettext("The code of a record; begin to type.")
        return f"{attribute.hint}. {choose}" if attribute.hint else choose
    return attribute.hint


def _options(
    catalogue: Catalogue, attribute: Attribute, codes: Mapping[str, list[tuple[str, str]]]
) -> tuple[tuple[str, str], ...]:
    if attribute.data_type == "reference":
        return tuple(codes.get(attribute.reference_kind or "", ()))
    words = catalogue.choices.get(attribute.choice_list or "", {})
    return tuple((word.value, word.name) for word in words.values())


def shown(attribute: Attribute, value: Any, titles: Titles) -> str | tuple[str, ...]:
    """A value of a document as it stands in its field."""
    if attribute.data_type == "choices":
        return tuple(str(one) for one in value) if isinstance(value, list) else ()
    if value is None:
        return ""
    text = str(value)
    if attribute.data_type == "moment":
        text = _shown_moment(text)
    elif attribute.data_type == "reference":
        text = _shown_reference(attribute, value, titles)
    elif attribute.unit in SCALES and not isinstance(value, str):
        text = f"{_plain(scaled(value, attribute.unit)):f}"
    elif attribute.validator == "domain":
        text = domains.readable(text)
    return text


def _shown_reference(attribute: Attribute, value: Any, titles: Titles) -> str:
    if unresolved(value):
        return str(value).removeprefix(UNRESOLVED)
    found = titles.get(Reference(attribute.reference_kind or "", int(value)))
    return found.code if found else str(value)


def unresolved(value: Any) -> bool:
    """Whether a value is a code that names no record."""
    return isinstance(value, str) and value.startswith(UNRESOLVED)


def _shown_moment(text: str) -> str:
    if text == FOREVER:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) == len("2026-01-01"):
        return text
    local = kyiv(moment)
    return local.date().isoformat() if local.time() == time() else f"{local:%Y-%m-%dT%H:%M}"


def typed(form: MultiDict[str, str], attribute: Attribute) -> str | tuple[str, ...]:
    """What stands in a field that was sent."""
    if attribute.data_type == "choices":
        return tuple(safe(one) for one in form.getlist(attribute.name))
    return safe(form.get(attribute.name, ""))


def safe(text: str) -> str:
    """A null character, which JSON of the database cannot hold, as one that the rules refuse."""
    return text.replace("\0", "\1").strip()


def given(
    attribute: Attribute,
    text: str | tuple[str, ...],
    present: Any,
    titles: Titles,
    resolve: Resolve,
) -> Any:
    """The value that was typed; what was left as it stood is the value that stands there now."""
    if text == shown(attribute, present, titles):
        return present
    if isinstance(text, tuple):
        return list(text) or None
    value: Any = text or None
    if value is None:
        return None
    if attribute.data_type == "moment":
        value = _given_moment(text)
    elif attribute.data_type == "reference":
        found = resolve(attribute.reference_kind or "", text)
        value = UNRESOLVED + text if found is None else found
    elif attribute.unit in SCALES:
        value = _given_scaled(text, attribute.unit)
    elif attribute.validator == "domain":
        value = domains.canonical(text)
    elif attribute.validator == "site_address":
        value = domains.canonical_address(text)
    return value


def _given_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return text if moment.tzinfo or "T" not in text else moment.replace(tzinfo=KYIV).isoformat()
    except ValueError:
        return text


def _given_scaled(text: str, unit: str) -> int | str:
    """What a document holds of a number as people write it; the text where it is none."""
    sign = "% " if unit == "ppm" else " "
    try:
        exact = Decimal(text.replace(",", ".").rstrip(sign)).scaleb(SCALES[unit])
        return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**15 else text
    except (ArithmeticError, ValueError):
        return text


def _plain(number: Decimal) -> Decimal:
    """Without zeros at its end."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def errors_in_words(kind: Kind, found: Iterable[Mapping[str, Any]]) -> list[Error]:
    """What the database found wrong, for people."""
    return [Error(one["attribute"], _words(kind, one), one.get("row")) for one in found]


def _words(kind: Kind, error: Mapping[str, Any]) -> str:
    attribute = kind.attribute(error["attribute"] or "")
    code, detail = error["code"], error.get("detail") or {}
    if code == "range" and attribute:
        return gettext(
            "Give a number from %(least)s to %(most)s.",
            least=_bound(detail.get("minimum"), attribute.unit),
            most=_bound(detail.get("maximum"), attribute.unit),
        )
    if code == "repeated":
        return gettext("Row %(row)s has the same.", row=detail["row"])
    if code == "too_long":
        return gettext("At most %(count)s characters.", count=detail.get("longest"))
    if code == "term":
        return gettext(
            "A licence of this kind lasts %(years)s years at most.", years=detail["years"]
        )
    if code == "number" and attribute and attribute.data_type == "reference":
        code = "reference"
    if code == "pattern" and attribute and attribute.hint:
        return gettext("It is not written as it must be: %(how)s.", how=attribute.hint)
    return str(WRONG.get(code, WRONG["type"]))


def _bound(value: Any, unit: str | None) -> str:
    return "…" if value is None else f"{_plain(scaled(value, unit)):f}"
