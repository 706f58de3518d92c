"""``dozir official``: who appoints, before there is anybody who could."""

from __future__ import annotations

import getpass

import click
import psycopg

from portal import db
from portal.officials import gateway

WRONG = {
    "number": "the check digit of the taxpayer number is wrong",
    "taken": "there is an official with this taxpayer number already",
    "required": "it is needed",
    "choice": "no such role",
}


@click.group()
def official() -> None:
    """Officials and their roles."""


@official.command("appoint-first")
@click.option(
    "--role",
    type=click.Choice(["supervisor", "tax_supervisor"]),
    default="supervisor",
    show_default=True,
    help="For whom they appoint: the regulator, or the tax service.",
)
@click.option("--name-uk", required=True, metavar="TEXT", help="Name in Ukrainian.")
@click.option("--name-en", required=True, metavar="TEXT", help="Name in English.")
@click.option(
    "--organisation-uk", required=True, metavar="TEXT", help="Organisation, in Ukrainian."
)
@click.option("--organisation-en", required=True, metavar="TEXT", help="Organisation, in English.")
@click.option(
    "--tax-number",
    required=True,
    metavar="DIGITS",
    help="Taxpayer number (RNOKPP) as the person's certificate has it.",
)
@click.option("--reason", required=True, metavar="TEXT", help="The order it rests on.")
def appoint_first(
    *,
    role: str,
    name_uk: str,
    name_en: str,
    organisation_uk: str,
    organisation_en: str,
    tax_number: str,
    reason: str,
) -> None:
    """Appoint one of the first two supervisors, who appoint everybody else together.

    Refused once two are in force. It stands in the history of the official and in the log, with the
    name of the account of the operating system that ran it.
    """
    try:
        with db.migrator() as conn:
            conn.execute(
                "select set_config('dozir.actor', %s, true)",
                (f"command line, {getpass.getuser()}",),
            )
            number = db.call_value(
                conn, "identity.appoint_first", role, name_uk, name_en, organisation_uk,
                organisation_en, tax_number, reason,
            )  # fmt: skip
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZW05":
                raise click.ClickException(
                    f"two with the role {role} are in force: they appoint the others, on the page"
                    " Officials and roles"
                ) from problem
            case "DZR03":
                raise click.ClickException(
                    "; ".join(
                        f"--{one['attribute'].replace('_', '-')}: {WRONG[one['code']]}"
                        for one in gateway.faults(problem)
                    )
                ) from problem
        raise
    click.echo(f"person {number} holds the role {role} from now on", err=True)
