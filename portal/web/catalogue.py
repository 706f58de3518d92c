"""The messages of the portal: ``python -m portal.web.catalogue`` brings the catalogues up to date.

Reads every message from the code and the templates, adds the new ones to each ``messages.po`` with
an empty translation, drops those no longer used. A test fails until none is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.config import ROOT
from portal.web.i18n import TRANSLATIONS

# Of Code(status, title, hint, …) in portal/ingest/problem_codes.py the title and the hint are for
# people too; by number of arguments, a trailing comma counting as one.
CODES: Any = {None: (2,), 3: (3,), 4: (3,), 5: (3,)}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "Code": CODES}
SOURCES = {
    "portal": ([("**.py", "python")], {}),
    "templates": (
        [("**.html", "jinja2"), ("**.txt", "jinja2")],
        {kind: {"silent": "false", "trimmed": "true"} for kind in ("**.html", "**.txt")},
    ),
}
WIDTH = 100


def used_messages() -> Iterator[tuple[str | tuple[str, ...], str | None, str]]:
    """Every message used: its text (or the two English forms), its context, its file."""
    for folder, (methods, options) in SOURCES.items():
        found = extract_from_dir(
            ROOT / folder, methods, options, KEYWORDS, comment_tags=(), strip_comment_tags=False
        )
        for filename, _, message, _, context in found:
            yield message, context, f"{folder}/{filename}"


def template() -> Catalog:
    """A catalogue of every message, without translations."""
    catalogue = Catalog(project="Dozir", charset="utf-8")
    for message, context, filename in used_messages():
        catalogue.add(message, locations=[(filename, 0)], context=context)
    return catalogue


def refresh(language: str) -> int:
    """Brings one catalogue up to date; returns how many messages lack a translation."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language, project="Dozir", charset="utf-8", fuzzy=False)
    created = catalogue.creation_date
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.creation_date = created  # no change in the file when no message changed
    with path.open("wb") as file:
        write_po(
            file, catalogue, WIDTH, sort_output=True, ignore_obsolete=True, include_lineno=False
        )
    return len([one for one in catalogue if one.id and not is_translated(one.string)])


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a translation, or each of its plural forms, says something."""
    forms = [string] if isinstance(string, str) else list(string or ())
    return bool(forms) and all(forms)


@click.command()
def main() -> None:
    """Bring the message catalogues up to date with code and templates."""
    for folder in sorted(TRANSLATIONS.iterdir()):
        click.echo(f"{folder.name}: {refresh(folder.name)} messages to translate")


if __name__ == "__main__":
    main()
