"""A migration that was released never changes: somebody has run it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from portal import config

FOLDER = config.ROOT / "migrations"
FROZEN = FOLDER / "frozen.txt"
NAME = re.compile(r"(\d{4})_[a-z0-9_]+")


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.sql"))


def _frozen() -> dict[str, str]:
    lines = FROZEN.read_text().splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def test_frozen_files_have_not_changed() -> None:
    """Add a migration instead; a new one is frozen by a line with its name and its sha256sum."""
    found = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in _files()}
    assert found == _frozen()


def test_numbers_follow_each_other() -> None:
    numbers = []
    for path in _files():
        match = NAME.fullmatch(path.stem)
        assert match, path.name
        numbers.append(int(match[1]))
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_migration_follows_the_one_before() -> None:
    stems = [path.stem for path in _files()]
    for before, path in zip([None, *stems], _files(), strict=False):
        depends = re.findall(r"^-- depends: (\S+)$", path.read_text(), re.MULTILINE)
        assert depends == ([before] if before else []), path.name


def test_migrations_go_forward_only() -> None:
    assert [path.name for path in FOLDER.iterdir() if "rollback" in path.name] == []


def test_what_can_be_replaced_is_not_in_migrations() -> None:
    """Functions and views live in sql/, and are replaced whole; migrations hold what holds data."""
    for path in _files():
        made = re.findall(
            r"^create (?:or replace )?(?:function|procedure|view|trigger|policy)",
            path.read_text(),
            re.M,
        )
        assert made == [], path.name
