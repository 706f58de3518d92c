"""``dozir db``: start, stop and look at the database of this instance."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict

import click
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portal.config import settings
from portal.runtime import checks, cluster, extensions, growth
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import (
    INSTANCE_NAME,
    LOGIN_ROLES,
    absent,
    instance,
    maintenance_url,
    named,
    names,
    role_url,
)
from portal.runtime.packages import Binaries, available, binaries

NOT_RUNNING = 3  # the exit code that service scripts give for "not running"


@click.group()
def db() -> None:
    """The database: the embedded one, or the one DOZIR_DATABASE_URL names."""


@db.command()
def start() -> None:
    """Start the database; the first time, fetch it and make an empty one."""
    cluster.ensure_running(make_absent=True)
    server = checks.describe()
    click.echo(
        f"{_which()}: PostgreSQL {server.version} with TimescaleDB {server.timescaledb} is running."
    )


def _which() -> str:
    """What a command acts on, so that nobody takes one instance for another."""
    told = settings()
    return "The external database" if told.database_url else f"Instance {told.instance}"


@db.command()
def stop() -> None:
    """Stop the embedded database; the data stay."""
    if settings().database_url:
        raise RuntimeProblem("DOZIR_DATABASE_URL is set: that server is not ours to stop.")
    if not instance().folder.exists():
        raise absent(settings().instance)
    cluster.stop()
    click.echo(f"{_which()}: the database is stopped.")


@db.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask; needed for the instance in use.")
def remove(name: str, yes: bool) -> None:
    """Stop instance NAME and remove its folder: data, secrets, logs, backups that lie in it.

    The instance in use (DOZIR_INSTANCE) takes --yes and its name typed once more.
    """
    if not re.fullmatch(INSTANCE_NAME, name) or name not in names():
        raise absent(name)
    here = named(name)
    if name == settings().instance:
        if not yes:
            raise RuntimeProblem(f"Instance {name} is the one in use; see --yes.")
        typed = click.prompt(f"{here.folder} goes for good. Type the instance's name", err=True)
        if typed != name:
            raise RuntimeProblem("That is another name: nothing was removed.")
    elif not yes:
        click.confirm(f"Stop instance {name} and remove {here.folder} for good?", abort=True)
    cluster.remove(here)
    click.echo(f"Instance {name} is removed.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Say whether the database runs; exit code 3 when it does not."""
    facts = external_facts() if settings().database_url else embedded_facts()
    if as_json:
        click.echo(json.dumps(facts, indent=1))
    else:
        for name, value in facts.items():
            click.echo(f"{name + ':':<13}{'-' if value is None else value}")
    if facts["state"] == "absent":
        click.echo(absent(settings().instance), err=True)  # its name may be mistyped
    if facts["state"] != "running":
        context.exit(NOT_RUNNING)


def external_facts() -> dict[str, str | int | None]:
    """What ``status`` says about a server that is not ours."""
    server = checks.describe()
    return {
        "state": "running",
        "kind": "external",
        "postgresql": server.version,
        "timescaledb": server.timescaledb,
    }


def embedded_facts() -> dict[str, str | int | None]:
    """What ``status`` says about the embedded server."""
    here = instance()
    seen = cluster.status()
    server = checks.describe() if seen.answers else None
    return {
        "instance": settings().instance,
        "state": cluster_state(seen),
        "kind": "embedded",
        "process": seen.pid,
        "port": here.port(),
        "postgresql": server.version if server else None,
        "timescaledb": server.timescaledb if server else None,
        "socket": str(here.socket),
        "data": str(here.data),
        "log": str(here.log),
    }


def cluster_state(seen: cluster.Status) -> str:
    """One word for what the embedded server is doing."""
    if seen.answers:
        return "running"
    if seen.pid is not None:
        return "starting"
    return "stopped" if seen.made else "absent"


@db.command()
@click.option("--role", type=click.Choice(LOGIN_ROLES), help="Without it: the superuser.")
def url(role: str | None) -> None:
    """Print the database's address, password included: for maintenance, not for services."""
    click.echo(role_url(role) if role else maintenance_url())


@db.command(name="growth")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_growth(as_json: bool) -> None:
    """Say how much the ledger grows a day, and for how many days the disk lasts."""
    cluster.ensure_running()
    found = growth.measure()
    if as_json:
        click.echo(json.dumps(asdict(found), indent=1))
    else:
        for line in growth.sentences(found):
            click.echo(line)


@db.command()
def upgrade() -> None:
    """Bring the database's extensions to the versions of the installed libraries.

    After an update of the packages; take a backup first and stop the portal. Then: dozir migrate.
    """
    cluster.ensure_running(fit=False)
    changed = extensions.upgrade()
    for name, (held, offered) in changed.items():
        click.echo(f"{name}: {held} -> {offered}")
    if not changed:
        click.echo("Every extension has the version of its library.")
    checks.require_fit(checks.describe())


@db.command(context_settings={"ignore_unknown_options": True})
@click.option("--role", type=click.Choice(LOGIN_ROLES), help="Without it: the superuser.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(role: str | None, arguments: tuple[str, ...]) -> None:
    """Open psql on the database; ARGUMENTS go to psql (put -- before them)."""
    cluster.ensure_running()
    address, password = without_password(role_url(role) if role else maintenance_url())
    program, found = psql_program()
    env = psql_environment(os.environ, found, password)
    # A system call, not a shell: the words reach psql as they are, and the password not at all
    os.execve(program, [program, address, *arguments], env)  # noqa: S606


def psql_program() -> tuple[str, Binaries | None]:
    """The psql to run: the runtime's; beside an external server also the host's, before a fetch."""
    found = available()
    if found is None and settings().database_url:
        on_host = shutil.which("psql")
        if on_host:
            return on_host, None
    found = found or binaries()
    return str(found.program("psql")), found


def without_password(address: str) -> tuple[str, str]:
    """An address that may be seen in the list of processes, and its password apart."""
    parts = conninfo_to_dict(address)
    password = str(parts.pop("password", None) or "")
    return make_conninfo("", **parts), password


def psql_environment(
    caller: Mapping[str, str], found: Binaries | None, password: str
) -> dict[str, str]:
    """The caller's environment without what would send psql elsewhere, and with the password."""
    env = {
        name: value
        for name, value in caller.items()
        if name not in {"PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE", "PGPASSFILE"}
    }
    if password:
        env["PGPASSWORD"] = password
    env.setdefault("PGCLIENTENCODING", "UTF8")
    if found is not None and found.private:
        own = found.environment()
        env |= {"LOCPATH": own["LOCPATH"], "LC_ALL": own["LC_ALL"]}
        env.pop("LD_PRELOAD", None)  # made for the host's C library
        # The pager is the host's program: it must not read our locale data
        pager = caller.get("PSQL_PAGER") or caller.get("PAGER") or "less"
        env["PSQL_PAGER"] = f"env -u LOCPATH -u LC_ALL {pager}"
    return env
