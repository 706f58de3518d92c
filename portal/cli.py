"""The command ``dozir``: one group whose commands live with the domain they belong to."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

# command -> module:attribute; imported when called, so that `dozir db` needs no web framework
COMMANDS = {
    "archive": "portal.archive.commands:archive",
    "attest": "portal.attest.commands:attest",
    "backup": "portal.backup.commands:backup",
    "bench": "portal.bench.commands:bench",
    "copy": "portal.backup.commands:copy",
    "db": "portal.runtime.commands:db",
    "demo": "portal.market.commands:demo",
    "doctor": "portal.runtime.doctor:doctor",
    "exports": "portal.server.exporting:exports",
    "figures": "portal.reports.document:figures",
    "journal": "portal.sequencing.commands:journal",
    "jobs": "portal.jobs.commands:jobs",
    "key": "portal.registry.commands:key",
    "log": "portal.sequencing.commands:log_group",
    "migrate": "portal.schema.commands:migrate",
    "official": "portal.officials.commands:official",
    "notify": "portal.server.notifying:notify",
    "report": "portal.reports.commands:report",
    "restore": "portal.backup.commands:restore",
    "restore-log": "portal.sequencing.commands:restore_log",
    "schema": "portal.schema.page:schema",
    "sequence": "portal.sequencing.commands:sequence",
    "serve": "portal.server.commands:serve",
    "sign": "portal.sequencing.commands:sign",
    "signature": "portal.identity.signatures.commands:signature",
    "simulate": "portal.market.commands:simulate",
    "verify": "portal.ledger.commands:verify",
    "witness": "portal.witness.commands:witness",
}


# SQLSTATEs of a database that lacks what this version asks for: schema, function, table.
NOT_MIGRATED = {"3F000", "42883", "42P01"}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a database that refuses is told in a sentence, not by a traceback."""
        try:
            return super().invoke(ctx)
        except Exception as problem:
            if sentence := refusal(problem):
                raise click.ClickException(sentence) from problem
            raise


def refusal(problem: Exception) -> str | None:
    """What to tell of an error of the database that has its cause outside of us; else None.

    The driver is not imported here: the server's master loads this file, and what it has loaded
    before its workers patch the standard library would block them.
    """
    driver = sys.modules.get("psycopg")
    if driver is None or not isinstance(problem, driver.Error):
        return None
    if isinstance(problem, driver.OperationalError):
        return f"The database refuses: {said(problem)}. Look with: dozir doctor"
    if getattr(problem, "sqlstate", None) in NOT_MIGRATED:
        return (
            f"The database is not at this version: {said(problem)}. Look with: dozir migrate --plan"
        )
    return None


def said(problem: Exception) -> str:
    """The first line of what the server or the driver said: the others explain it."""
    return (str(problem).strip() or type(problem).__name__).splitlines()[0].rstrip(".")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dozir")
def main() -> None:
    """Dozir: open monitoring of a legal gambling market."""


if __name__ == "__main__":
    main()
