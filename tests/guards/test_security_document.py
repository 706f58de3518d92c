"""``docs/security.md`` answers every requirement once, and names only what exists."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

import pytest

from portal.config import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they come first in it.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11,
    "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
HOLDS, APART, OPEN = "holds", "does not apply", "open"
ROW = re.compile(r"\| ([\d.–]+) \| ([^|]+) \| \*\*([a-z ]+)\*\*: ([^|]+) \|")
EVIDENCE = re.compile(r"`((?:docs/)?[\w/.]+\.(?:py|md))(?:::(\w+|\*)|#([^`]+))?`")


@dataclass(frozen=True)
class Answer:
    """One row: the requirements it is about, and what it says of them."""

    numbers: tuple[str, ...]
    kind: str
    text: str


def answers() -> Iterator[Answer]:
    table = DOCUMENT.read_text().partition("## ASVS 5.0")[2]
    for line in table.splitlines():
        if re.match(r"\| \d", line):
            told = ROW.fullmatch(line)
            assert told, f"not of the form: {line}"
            yield Answer(tuple(numbers(told[1])), told[3], told[4])


def numbers(text: str) -> Iterator[str]:
    """``6.2.1–6.2.12`` are twelve."""
    first, _, last = text.partition("–")
    section, _, begin = first.rpartition(".")
    until = last.rpartition(".")
    assert not last or until[0] == section, text
    for number in range(int(begin), int(until[2] or begin) + 1):
        yield f"{section}.{number}"


def test_every_requirement_is_answered_once() -> None:
    told = [number for answer in answers() for number in answer.numbers]
    wanted = [
        f"{section}.{number}" for section, n in SECTIONS.items() for number in range(1, n + 1)
    ]
    assert len(wanted) == 253
    assert told == wanted


def test_an_answer_is_of_a_kind_and_has_its_grounds() -> None:
    for answer in answers():
        assert answer.kind in {HOLDS, APART, OPEN}, answer
        if answer.kind == HOLDS:
            assert EVIDENCE.search(answer.text), answer
        else:
            assert len(answer.text) > 10, answer


def test_the_numbers_above_the_table_are_those_of_the_table() -> None:
    counted = Counter({HOLDS: 0, APART: 0, OPEN: 0})
    for answer in answers():
        counted[answer.kind] += len(answer.numbers)
    words = (
        f"Of 253 requirements {counted[HOLDS]} hold, {counted[APART]} do not apply,"
        f" {counted[OPEN]} are open."
    )
    assert words in DOCUMENT.read_text()


@pytest.mark.parametrize("answer", list(answers()), ids=lambda one: one.numbers[0])
def test_what_is_named_exists(answer: Answer) -> None:
    for name, test, heading in EVIDENCE.findall(answer.text):
        path = ROOT / name if name.startswith("docs/") else ROOT / "tests" / name
        assert path.is_file(), name
        text = path.read_text()
        if test and test != "*":
            assert re.search(rf"^def {test}\(", text, re.MULTILINE), f"{name}::{test}"
        if heading:
            assert re.search(rf"^#+ {re.escape(heading)}$", text, re.MULTILINE), heading


def test_what_runs_is_what_is_listed() -> None:
    """A version that was replaced in the list for a weakness of it is not left installed."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    for name, number in (re.split(r"(?:\[[^]]*\])?==", one) for one in listed):
        assert version(name) == number, name
