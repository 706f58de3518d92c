"""What each command says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from portal.cli import main

README = Path(__file__).parents[2] / "README.md"


def commands(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[click.Command, tuple[str, ...]]]:
    yield command, words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*words, name))


def test_every_command_and_option_says_what_it_is_for() -> None:
    for command, words in commands(main):
        assert command.help, words
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help or option.hidden, (words, option.name)


def test_a_setting_that_an_option_takes_is_named_by_its_help_and_by_the_readme() -> None:
    seen = 0
    for command, words in commands(main):
        for option in command.params:
            if isinstance(option.envvar, str):
                assert option.envvar in CliRunner().invoke(main, [*words, "--help"]).output, words
                assert f"`{option.envvar}`" in README.read_text("utf-8")
                seen += 1
    assert seen
