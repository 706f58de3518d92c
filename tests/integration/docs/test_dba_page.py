"""docs/dba.md: every statement runs, every command and option exists, every file is there."""

from __future__ import annotations

import re

import click
import pytest

from portal import config
from portal.cli import main
from tests.support.databases import Database

PAGE = config.ROOT / "docs" / "dba.md"
TEXT = PAGE.read_text()
BLOCKS = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
# Those that belong together stand between begin and commit.
TOGETHER = [block for block in BLOCKS if block.startswith("begin;")]
STATEMENTS = [
    statement.strip()
    for block in BLOCKS
    if block not in TOGETHER
    for statement in block.split(";")
    if statement.strip()
]
COMMANDS = sorted(set(re.findall(r"\bdozir ([a-z][a-z -]*[a-z])", TEXT)))
FILES = sorted(set(re.findall(r"\b((?:sql|docs|portal)/[\w/]+\.\w+)", TEXT)) - {"docs/backup.md"})


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statement(database: Database, statement: str) -> None:
    login = None
    if statement.startswith("update"):
        login = "dozir_migrator"
    elif "api." in statement and "pg_proc" not in statement:
        login = "dozir_readonly"
    with database.rolled_back(login) as conn:
        conn.execute(statement.encode())


@pytest.mark.parametrize("block", TOGETHER)
@pytest.mark.usefixtures("market")
def test_statements_that_belong_together(database: Database, block: str) -> None:
    with database.rolled_back() as conn:
        for statement in block.split(";")[1:]:
            if statement.strip() != "commit":
                conn.execute(statement.encode())


@pytest.mark.parametrize("words", COMMANDS)
def test_command(words: str) -> None:
    found: click.Command | None = main
    with click.Context(main) as context:
        for word in words.split():
            if word.startswith("--"):
                assert found
                options = {name for option in found.params for name in option.opts}
                assert word in options
            elif isinstance(found, click.Group):
                found = found.get_command(context, word)
                assert found, words


@pytest.mark.parametrize("path", FILES)
def test_file(path: str) -> None:
    assert (config.ROOT / path).exists()
