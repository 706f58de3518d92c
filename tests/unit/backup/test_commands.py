"""What the command line refuses before it touches anything."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from portal.cli import main


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["restore"], "--at MOMENT or --latest"),
        (["restore", "--latest", "--at", "2026-11-26T01:37:00Z"], "one of the two"),
        (["restore", "--latest", "--to", "../../elsewhere"], "letters"),
        (["restore", "--latest", "--to", ".."], "letters"),
        (["restore", "--latest", "--to", "a b"], "letters"),
        (["restore", "--latest", "--to", "x", "--replace"], "leave --to out"),
        (["copy", "../secrets"], "There is no instance"),
        (["copy", "nobody"], "There is no instance"),
    ],
)
def test_ambiguous_and_hostile_words_are_refused(arguments: list[str], why: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert why in done.output
