"""``dozir key``: issue, list and revoke access keys, as the registrar does."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from portal import db, runtime
from portal.errors import DatabaseUnavailable
from portal.registry.keys import MalformedKey, new_key, parse_key
from portal.runtime.progress import printable
from portal.web.periods import ONE_DAY, midnight

SCOPES = ("submit", "read")
NAME_LENGTH_MAX = 100


@click.group()
def key() -> None:
    """Access keys of operators' systems; every change stands in the registry's history."""


@key.command()
@click.option("--operator", "code", required=True, metavar="CODE", help="Whose key it is.")
@click.option(
    "--mode",
    type=click.Choice(["live", "test"]),
    required=True,
    help="A test key may only ask what would become of a batch: nothing is stored.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What a live key may do; may be given twice. [default: both]",
)
@click.option("--name", metavar="TEXT", help="How people call it. [default: its mode]")
@click.option("--manual", is_flag=True, help="Sent by hand: its batches need no Batch-Sequence.")
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day, Kyiv time, on which it is valid. [default: until it is revoked]",
)
def issue(
    *,
    code: str,
    mode: str,
    scopes: tuple[str, ...],
    name: str | None,
    manual: bool,
    expires: datetime | None,
) -> None:
    """Make a key and print it, this once: its secret is kept nowhere.

    The key alone goes to standard output, everything about it to standard error.
    """
    name = _name(name or mode)
    expires_at = midnight(expires.date() + ONE_DAY) if expires else None
    if expires_at and expires_at <= datetime.now(UTC):
        raise click.BadParameter("that day is over", param_hint="--expires")
    if mode == "test" and scopes:
        raise click.BadParameter("a test key may only validate", param_hint="--scope")
    made = new_key(mode)
    allowed = [scope for scope in SCOPES if scope in scopes or not scopes]
    with _as_registrar() as conn:
        operators = _operators(conn)
        if code not in operators:
            raise click.ClickException(_unknown(code, operators))
        db.call_value(
            conn, "api.create_access_key", operators[code], made.key_id, made.secret_hmac,
            name, mode, allowed, manual, expires_at,
        )  # fmt: skip
    click.echo(
        f"Key {made.key_id} of {code}: {mode}, may {' and '.join(_may(mode, allowed))},"
        f" {f'until {expires:%Y-%m-%d}' if expires else 'until it is revoked'}."
        " It is shown this once; take it to its owner safely.",
        err=True,
    )
    click.echo(made.text)


@key.command(name="list")
@click.option("--operator", "code", metavar="CODE", help="Only the keys of this one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_keys(code: str | None, as_json: bool) -> None:
    """Show the keys there are, without their secrets."""
    with _as_registrar() as conn:
        operators = _operators(conn)
        rows = db.call(conn, "api.access_keys")
    if code is not None and code not in operators:
        raise click.ClickException(_unknown(code, operators))
    codes = {id_: found for found, id_ in operators.items()}
    keys: list[dict[str, Any]] = [
        {"operator": codes[row["operator_id"]], "state": _state(row)} | row
        for row in rows
        if code in (None, codes[row["operator_id"]])
    ]
    if as_json:
        click.echo(json.dumps({"keys": keys}, indent=1, default=datetime.isoformat))
        return
    click.echo(
        f"{'key':<14}{'operator':<22}{'mode':<6}{'may':<13}{'made':<12}{'expires':<12}"
        f"{'state':<9}name"
    )
    for one in keys:
        click.echo(
            f"{one['key_id']:<14}{one['operator']:<22}{one['mode']:<6}"
            f"{','.join(_may(one['mode'], one['scopes'])):<13}{one['created_at']:%Y-%m-%d}  "
            f"{_day(one['expires_at']):<12}{one['state']:<9}{printable(one['label'])}"
        )


@key.command()
@click.argument("key_id", metavar="KEY")
def revoke(key_id: str) -> None:
    """Revoke a key for good; no batch of it is accepted once this has returned.

    KEY are the twelve characters that name it (dz_live_THESE…), as `dozir key list` shows them.
    """
    try:
        whole = parse_key(key_id)
    except MalformedKey:
        pass
    else:
        raise click.ClickException(
            f"That is a whole key, and a command line is no place for it: now it is in the history"
            f" of your shell. Revoke it by its name: dozir key revoke {whole.key_id}"
        )
    with _as_registrar() as conn:
        found = [row for row in db.call(conn, "api.access_keys") if row["key_id"] == key_id]
        if not found:
            raise click.ClickException("There is no such key; see: dozir key list")
        before = found[0]["revoked_at"]
        moment = db.call_value(conn, "api.revoke_access_key", found[0]["id"])
    said = "was revoked already" if before else "is revoked"
    click.echo(f"Key {key_id} {said}, {moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.", err=True)


@contextmanager
def _as_registrar() -> Iterator[db.Connection]:
    """One transaction as the registrar; the history names the account that runs the command."""
    try:
        runtime.ensure_running()
        with db.owner_acting_as("registrar", actor=f"dozir key, {getpass.getuser()}") as conn:
            yield conn
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    except DatabaseUnavailable as problem:
        raise click.ClickException(
            "The database cannot be reached. Look with: dozir doctor"
        ) from problem


def _operators(conn: db.Connection) -> dict[str, int]:
    """The ids of all operators by code."""
    names = db.call(conn, "api.names")
    return {row["code"]: row["id"] for row in names if row["kind"] == "operator"}


def _unknown(code: str, operators: dict[str, int]) -> str:
    some = ", ".join(sorted(operators)[:10]) or "none"
    more = f" and {len(operators) - 10} more" if len(operators) > 10 else ""
    return f"There is no operator {printable(code)}; there are: {some}{more}."


def _name(text: str) -> str:
    if not text.strip() or len(text) > NAME_LENGTH_MAX or not text.isprintable():
        raise click.BadParameter(
            f"1 to {NAME_LENGTH_MAX} printable characters", param_hint="--name"
        )
    return text.strip()


def _may(mode: str, scopes: list[str]) -> list[str]:
    """What a key can in fact be used for: a test key for one thing, whatever its scopes."""
    return scopes if mode == "live" else ["validate"]


def _state(row: dict[str, Any]) -> str:
    if row["revoked_at"]:
        return "revoked"
    if row["expires_at"] and row["expires_at"] <= datetime.now(UTC):
        return "expired"
    return "valid"


def _day(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d}"
