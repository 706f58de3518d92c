"""Every word the portal says exists in Ukrainian."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from portal.web import catalogue
from portal.web.i18n import LANGUAGES, TRANSLATIONS, compile_catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def ukrainian():
    path = TRANSLATIONS / "uk" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="uk")


def test_every_message_used_has_a_translation_and_none_is_a_guess():
    known = ukrainian()
    missing = []
    for used, context, filename in catalogue.used_messages():
        found = known.get(used if isinstance(used, str) else used[0], context)
        if found is None or found.fuzzy or not catalogue.is_translated(found.string):
            missing.append(f"{filename}: {used}")
    assert not missing, "run python -m portal.web.catalogue and translate: " + "; ".join(missing)


def test_no_translation_is_left_over():
    used = {
        (text if isinstance(text, str) else text[0], context)
        for text, context, _ in catalogue.used_messages()
    }
    kept = {
        (one.id if isinstance(one.id, str) else one.id[0], one.context)
        for one in ukrainian()
        if one.id
    }
    assert kept <= used, f"run python -m portal.web.catalogue: {sorted(kept - used)}"


def test_a_translation_keeps_the_places_of_its_values():
    for one in ukrainian():
        if not one.id:
            continue
        english = one.id if isinstance(one.id, str) else one.id[-1]
        forms = [one.string] if isinstance(one.string, str) else one.string
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) <= set(PLACEHOLDER.findall(english)), english


def test_a_plural_has_three_forms():
    for one in ukrainian():
        if isinstance(one.id, tuple):
            assert len(one.string) == 3, one.id


def test_catalogues_are_compiled_once_per_change(tmp_path):
    folder = tmp_path / "uk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    assert compile_catalogues(tmp_path) == [folder / "messages.mo"]
    assert compile_catalogues(tmp_path) == []


def test_the_message_ids_are_the_english_text():
    assert set(LANGUAGES) == {"uk", "en"}
    assert {folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir()} == {"uk"}
