"""Behind every measure's and field's name stands an entry of the glossary, in both languages."""

from __future__ import annotations

import ast
import re

import pytest

from portal.config import ROOT
from portal.guide import glossary, prose
from portal.guide.glossary import BASES, GROUPS, UNITS
from portal.reports.task_kinds import KINDS
from tests.support.databases import Connection, rows

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ENTRIES = glossary.entries()
CYRILLIC = re.compile("[а-яіїєґ]", re.I)
# A heading or a name that needs no explanation, being its own: word -> why.
PLAIN = {
    "Urgency": "a word of every day",
    "Record": "a number in the registry",
    "Action": "a word of every day",
}
CALL = re.compile(r"\{\{ ?ui\.(?:figure|th)\((.*?)\) ?\}\}", re.S)
NAMED = re.compile(r'\bterm="([a-z_]+)"|ui\.term\("([a-z_]+)"|term\("([a-z_]+)", _\(')


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_is_whole_in_both_languages(key: str) -> None:
    entry = ENTRIES[key]
    assert entry.group in GROUPS
    assert entry.unit in UNITS
    assert entry.basis in BASES
    uk, en = entry.words["uk"], entry.words["en"]
    assert all((uk.name, en.name))
    assert uk.text.endswith(".")
    assert en.text.endswith(".")
    assert CYRILLIC.search(uk.text)
    assert not CYRILLIC.search(" ".join((en.name, en.text, en.formula, en.note)))
    assert bool(uk.formula) == bool(en.formula)
    assert bool(uk.note) == bool(en.note)


@pytest.mark.parametrize("language", ["uk", "en"])
def test_no_two_entries_share_a_name(language: str) -> None:
    names = [entry.words[language].name for entry in ENTRIES.values()]
    assert len(names) == len(set(names))


def test_every_task_is_explained() -> None:
    assert {kind.term for kind in KINDS.values()} <= set(ENTRIES)


def test_figures_and_groupings_of_reports_are_explained(superuser: Connection) -> None:
    """By their entry in the glossary where they have one, and by their formula in any case."""
    terms = rows(
        superuser, "select term from report.measure union select term from report.dimension"
    )
    assert {term for (term,) in terms} - {""} <= set(ENTRIES)
    silent = rows(
        superuser,
        "select code from report.measure"
        " where '' in (name_uk, name_en, formula_uk, formula_en, source)",
    )
    assert silent == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_names_terms_that_exist_and_leaves_no_heading_without(path) -> None:
    text = path.read_text()
    named = {next(filter(None, found)) for found in NAMED.findall(text)}
    assert named <= set(ENTRIES)
    if path.parent.name == "components":
        return
    bare = [call for call in CALL.findall(text) if "term=" not in call]
    told = [re.search(r'_\("(.+?)"\)', call) for call in bare]
    assert {found[1] if found else "?" for found in told} <= set(PLAIN), "name its term"


def test_a_series_of_a_chart_names_its_term() -> None:
    for path in sorted((ROOT / "portal" / "reports").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Series":
                [term] = [word.value for word in node.keywords if word.arg == "term"] or [None]
                if isinstance(term, ast.Constant):
                    assert term.value in ENTRIES, f"{path.name}:{node.lineno}"
                else:  # of the catalogue, see above
                    assert ast.unparse(term) == "measure.term", f"{path.name}:{node.lineno}"


def test_what_an_entry_is_stored_in_exists(superuser: Connection) -> None:
    columns = rows(
        superuser,
        "select table_schema, table_name, column_name from information_schema.columns",
    )
    known = {".".join(one) for one in columns} | {".".join(one[:2]) for one in columns}
    named = {source for entry in ENTRIES.values() for source in entry.source}
    assert named - known == set()


@pytest.mark.parametrize("page", ["help", "accessibility"])
def test_a_page_of_prose_has_the_same_parts_in_both_languages(page: str) -> None:
    made = {language: prose.prose(page, language).headings for language in ("uk", "en")}
    parts = {language: [(h.level, h.anchor) for h in made[language]] for language in made}
    assert parts["uk"] == parts["en"] != []
