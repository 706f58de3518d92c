"""Emergency locks: a person or an organisation is out at once; two officials let them in again."""

from __future__ import annotations

import psycopg
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.identity.views import LARGEST_ID
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.navigation import ROLE_LABELS, NavItem
from portal.web.rendering import render

READERS = ("regulator", "registrar", "auditor")
KEEPERS = ("regulator", "registrar")
FOUND, LOCKS = 50, 200
LONGEST = 2_000
KIND = "<any(person, operator):kind>"
NAVIGATION = NavItem(
    "locks.index",
    lazy_gettext("Access locks"),
    "shield",
    set(READERS),
    order=95,
    within={"locks.ask", "locks.ask_to_lift"},
)
SAY_WHY = lazy_gettext("Say why, in up to 2,000 characters.")

blueprint = Blueprint("locks", __name__, url_prefix="/access-locks")


@blueprint.get("")
@audience(*READERS)
def index() -> ResponseReturnValue:
    """The locks, those that hold first, and a search for whom to lock."""
    viewer = current_viewer()
    wanted = request.args.get("q", "").strip()[:100].replace("\0", "")
    with viewer.reading() as conn:
        locks = _locks(conn)
        found = _found(conn, wanted) if wanted and viewer.may("account.lock") else []
    return render(
        "identity/locks.html",
        locks=locks,
        found=found,
        wanted=wanted,
        keeper=viewer.may("account.lock"),
        lifter=viewer.may("account.unlock"),
        me=viewer.person_id,
    )


@blueprint.get(f"/{KIND}/<int:target>")
@audience(*KEEPERS, permission="account.lock")
def ask(kind: str, target: int) -> ResponseReturnValue:
    """Say what a lock does, and ask why."""
    return _form(kind, target)


@blueprint.post(f"/{KIND}/<int:target>")
@audience(*KEEPERS, permission="account.lock")
def lock(kind: str, target: int) -> ResponseReturnValue:
    """Lock; every session of theirs is over."""
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > LONGEST or "\0" in reason:
        return _form(kind, target, SAY_WHY)
    person = _possible(target) if kind == "person" else None
    operator = _possible(target) if kind == "operator" else None
    try:
        with current_viewer().reading() as conn:
            db.call_value(conn, "api.lock_access", person, operator, reason)
    except psycopg.Error as problem:
        if problem.sqlstate != "DZP03":
            raise
        return _form(kind, target, lazy_gettext("Locked already, or yourself."), status=409)
    flash(gettext("Locked. Every open session has ended."), "success")
    return redirect(url_for("locks.index"), 303)


@blueprint.get("/<int:lock_id>/lift")
@audience(*KEEPERS, permission="account.unlock")
def ask_to_lift(lock_id: int) -> ResponseReturnValue:
    """What stands against it, and the reason to lift it or what a colleague gave as one."""
    return _lifting(lock_id)


@blueprint.post("/<int:lock_id>/lift")
@audience(*KEEPERS, permission="account.unlock")
def lift(lock_id: int) -> ResponseReturnValue:
    """Propose that a lock is lifted, or lift what a colleague proposed."""
    reason = request.form.get("reason", "").strip().replace("\0", "")
    try:
        with current_viewer().reading() as conn:
            state = db.call_value(conn, "api.lift_lock", _possible(lock_id), reason)
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZW04":
                return _lifting(lock_id, SAY_WHY)
            case "DZP03":
                return _lifting(
                    lock_id,
                    lazy_gettext("You proposed it yourself, or it is lifted already."),
                    status=409,
                )
        raise
    if state == "proposed":
        flash(gettext("Proposed. Another official lifts it."), "success")
    else:
        flash(gettext("Lifted. They can sign in again."), "success")
    return redirect(url_for("locks.index"), 303)


def _form(
    kind: str, target: int, error: LazyString | None = None, status: int = 422
) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        name = _name(conn, kind, _possible(target))
    return render(
        "identity/lock.html",
        status=status if error else 200,
        kind=kind,
        target=target,
        name=name,
        error=error,
        reason=request.form.get("reason", ""),
    )


def _lifting(
    lock_id: int, error: LazyString | None = None, status: int = 422
) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        found = _locks(conn, _possible(lock_id))
    if not found:
        raise NotFound
    return render(
        "identity/lift.html",
        status=status if error else 200,
        lock=found[0],
        error=error,
        reason=request.form.get("reason", ""),
        own=found[0]["lift_proposed_by"] == current_viewer().person_id,
    )


def _possible(number: int) -> int:
    if number > LARGEST_ID:
        abort(404)
    return number


def _locks(conn: db.Connection, id_: int | None = None) -> list[db.Row]:
    """Locks with the names of all who are in them."""
    name = f"name_{language()}"
    rows = conn.execute(
        "select l.*, to_jsonb(p) as person, to_jsonb(o) as operator, to_jsonb(a) as by,"
        " to_jsonb(b) as proposer, to_jsonb(c) as lifter"
        " from api.access_lock as l left join api.person as p on p.id = l.person_id"
        " left join (select r.id, r.code, r.name_uk, r.name_en from api.operator as r) as o"
        " on o.id = l.operator_id"
        " join api.person as a on a.id = l.locked_by"
        " left join api.person as b on b.id = l.lift_proposed_by"
        " left join api.person as c on c.id = l.lifted_by"
        " where %(id)s::integer is null or l.id = %(id)s"
        " order by l.lifted_at desc nulls first, l.id desc limit %(most)s",
        {"id": id_, "most": LOCKS},
    ).fetchall()
    return [
        row
        | {
            "of": (row["person"] or row["operator"])[name],
            "detail": (
                row["person"][f"organisation_{language()}"]
                if row["person"]
                else row["operator"]["code"]
            ),
            **{who: row[who][name] if row[who] else None for who in ("by", "proposer", "lifter")},
        }
        for row in rows
    ]


def _found(conn: db.Connection, wanted: str) -> list[db.Row]:
    """People and operators whose name or code has these words."""
    name, organisation = f"name_{language()}", f"organisation_{language()}"
    like = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    operators = conn.execute(
        "select o.id, o.code, o.name_uk, o.name_en from api.operator as o"
        " where o.code ilike %(like)s or o.name_uk ilike %(like)s or o.name_en ilike %(like)s"
        " order by o.code limit %(most)s",
        {"like": like, "most": FOUND},
    ).fetchall()
    people = conn.execute(
        "select p.* from api.person as p where p.name_uk ilike %(like)s"
        " or p.name_en ilike %(like)s or p.organisation_uk ilike %(like)s"
        " or p.organisation_en ilike %(like)s order by p.name_uk, p.id limit %(most)s",
        {"like": like, "most": FOUND},
    ).fetchall()
    return [
        {"kind": "operator", "id": row["id"], "name": row[name], "detail": row["code"]}
        for row in operators
    ] + [
        {
            "kind": "person",
            "id": row["id"],
            "name": row[name],
            "detail": f"{row[organisation]} · {ROLE_LABELS[row['role']]}",
        }
        for row in people
    ]


def _name(conn: db.Connection, kind: str, target: int) -> str:
    query = (
        "select name_uk, name_en from api.person where id = %s"
        if kind == "person"
        else "select name_uk, name_en from api.operator where id = %s"
    )
    row = conn.execute(query, (target,)).fetchone()
    if row is None:
        raise NotFound
    name: str = row[f"name_{language()}"]
    return name
