"""Templates of tables to fill in: headings, two rows as an example, and what belongs where."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from portal.registry.bulk import attributes_of, heading
from portal.registry.catalogue import Attribute, Catalogue, Kind
from portal.web.i18n import gettext, language

# What an example says; what is not among these is made up by its data type.
EXAMPLES: dict[str, tuple[str, str]] = {
    "code": ("EXAMPLE-1", "EXAMPLE-2"),
    "name_uk": ("Приклад 1", "Приклад 2"),
    "name_en": ("Example 1", "Example 2"),
    "title": ("Example Fruits", "Example Stars"),
    "provider": ("Example Software", "Example Software"),
    "version": ("1.0", "2.1"),
    "serial_number": ("0001234567", "0001234568"),
    "manufacturer": ("Example Gaming", "Example Gaming"),
    "model": ("Star 5", "Star 5"),
    "channel_id": ("HALL-1", "HALL-1"),
    "software_version": ("3.2.1", "3.2.1"),
    "software_sha256": ("ab" * 32, "ab" * 32),
    "declared_rtp_ppm": ("95.5", "96"),
    "declared_sigma_ppm": ("", ""),
    "address": ("вул. Прикладна, 1", "вул. Прикладна, 2"),
    "latitude": ("50.45", "49.84"),
    "longitude": ("30.52", "24.03"),
    "opening_hours": ("10:00–22:00", "24/7"),
    "domain": ("example-1.com.ua", "example-2.com.ua"),
    "store_identifier": ("ua.example.one", "ua.example.two"),
    "store_url": ("https://example.com/one", "https://example.com/two"),
}
WIDTH = 24


def template(catalogue: Catalogue, kind: Kind, form: str) -> bytes:
    """A table to fill in; ``form`` is csv or xlsx."""
    attributes = attributes_of(kind)
    rows = [
        [heading(one) for one in attributes],
        *([_example(catalogue, one, number) for one in attributes] for number in (0, 1)),
    ]
    return _csv(rows) if form == "csv" else _xlsx(catalogue, attributes, rows)


def _example(catalogue: Catalogue, attribute: Attribute, number: int) -> str:
    if attribute.name in EXAMPLES:
        text = EXAMPLES[attribute.name][number]
    elif attribute.choice_list:
        words = list(catalogue.choices.get(attribute.choice_list, {}).values())
        text = words[0].name if words else ""
    elif attribute.data_type == "moment":
        text = "2027-01-01" if attribute.required else ""
    else:
        text = "1" if attribute.required else ""
    return text.replace(".", ",") if _decimal(attribute) and language() == "uk" else text


def _decimal(attribute: Attribute) -> bool:
    return attribute.data_type == "decimal" or attribute.unit == "ppm"


def _csv(rows: list[list[str]]) -> bytes:
    """With the mark and the sign by which Excel in Ukrainian and in English opens it as a table."""
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def _xlsx(catalogue: Catalogue, attributes: list[Attribute], rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    bold = book.add_format({"bold": True, "text_wrap": True})
    text = book.add_format({"num_format": "@"})  # a serial number keeps its zeros
    sheet = book.add_worksheet(gettext("Rows"))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(attributes) - 1, WIDTH, text)
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell, bold if number == 0 else text)
    _explain(book.add_worksheet(gettext("What belongs where")), bold, catalogue, attributes)
    book.close()
    return made.getvalue()


def _explain(sheet: Any, bold: Any, catalogue: Catalogue, attributes: list[Attribute]) -> None:
    sheet.set_column(0, 1, WIDTH)
    sheet.set_column(2, 2, 3 * WIDTH)
    for place, words in enumerate((gettext("Column"), gettext("Required"), gettext("What it is"))):
        sheet.write_string(0, place, words, bold)
    for number, one in enumerate(attributes, 1):
        sheet.write_string(number, 0, heading(one))
        sheet.write_string(number, 1, gettext("yes") if one.required else gettext("no"))
        sheet.write_string(number, 2, explanation(catalogue, one))


def explanation(catalogue: Catalogue, attribute: Attribute) -> str:
    """What belongs into a column, in words."""
    said = [attribute.hint] if attribute.hint else []
    if attribute.data_type == "moment":
        said.append(gettext("A day, as 2027-01-31; from its beginning, Kyiv time"))
    elif attribute.data_type == "reference":
        said.append(gettext("The code of a record of the same organisation"))
    elif attribute.choice_list:
        words = catalogue.choices.get(attribute.choice_list, {}).values()
        said.append(gettext("One of: %(words)s", words=", ".join(word.name for word in words)))
    elif attribute.unit == "ppm":
        said.append(gettext("Per cent"))
    return ". ".join(said)
