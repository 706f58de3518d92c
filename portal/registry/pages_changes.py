"""Proposing: from an empty form or a record to a draft, step by step, checked and submitted.

A draft lives in the database from its first step on. What has errors is saved only when its author
asks to keep it for later; nothing takes effect before it is approved, or entered by an official.
"""

from __future__ import annotations

from dataclasses import replace

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity import step_up
from portal.identity.login import audience, current_viewer
from portal.registry import forms, gateway, proposals
from portal.registry.acts import read_version
from portal.registry.catalogue import read_catalogue
from portal.registry.deeds import deed, signed_facts
from portal.registry.drafts import (
    Draft,
    draft_of_record,
    may_propose,
    moved_on,
    new_draft,
    proposal_of,
    read_draft,
    titles_of,
)
from portal.registry.drafts_shown import (
    OWNER,
    REASON,
    answers_page,
    asks_whose,
    final_step,
    overtaken_page,
    record_changed_page,
    step_page,
)
from portal.registry.forms import Error
from portal.registry.names import read_names
from portal.registry.pages import KINDS, LARGEST_CHANGE, PROPOSED, blueprint, possible
from portal.web.i18n import gettext, language
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render
from portal.web.urls import here, page_address

PROPOSERS = ("operator", "regulator", "registrar")
CHANGES = 50
LATER = "later"  # the button that keeps a draft as it is


# The list


@blueprint.get("/changes")
@audience(*PROPOSERS)
def changes() -> ResponseReturnValue:
    """Own applications and changes and where they stand, newest first."""
    viewer = current_viewer()
    before = read_cursor(request.args, int)
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn)
        words = catalogue.states["change"]
        chosen = words.get(request.args.get("state", ""))
        rows = proposals.own_changes(
            conn,
            viewer.role,
            states=[chosen.value] if chosen else None,
            before=before,
            limit=CHANGES + 1,
        )
        names = read_names(conn)
    return render(
        "registry/changes.html",
        "list",
        title=changes_title(viewer.role),
        deed=deed,
        catalogue=catalogue,
        states=[(word.value, word.name) for word in words.values()],
        chosen=chosen,
        chips=[(gettext("State"), chosen.name, here(state=None))] if chosen else [],
        listing=listing(rows, CHANGES, "id", before is not None),
        names=names,
        named=f"title_{language()}",
        change_address=change_address,
    )


@blueprint.app_template_global()
def changes_title(role: str) -> str:
    """The list of changes as its reader calls it."""
    if role == "operator":
        return gettext("Applications and changes")
    return gettext("What officials enter")


def change_address(change_id: int, state: str) -> str | None:
    """Where a change is looked at: while it can be written, its answers."""
    if state in ("draft", "returned"):
        return url_for("registry.check_change", change_id=change_id)
    return page_address("registry.change", change_id=change_id)


@blueprint.get("/new")
@audience(*PROPOSERS, permission="registry.propose")
def choose_kind() -> ResponseReturnValue:
    """What may be registered."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn)
    kinds = [
        one for one in catalogue.kinds.values() if one.kind in KINDS and may_propose(viewer, one)
    ]
    many = any(one.by_file for one in kinds)
    return render("registry/changes_kinds.html", kinds=kinds, many=many)


# Beginning


@blueprint.get(f"/new/{PROPOSED}")
@audience(*PROPOSERS, permission="registry.propose")
def new_record(kind: str) -> ResponseReturnValue:
    """The first step of an empty form."""
    with current_viewer().reading() as conn:
        draft = new_draft(conn, kind)
        return step_page(conn, draft, 1)


@blueprint.post(f"/new/{PROPOSED}")
@audience(*PROPOSERS, permission="registry.propose")
def begin_record(kind: str) -> ResponseReturnValue:
    """Begin a draft with what the first step holds."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        draft = new_draft(conn, kind)
        wrong: list[Error] = []
        if asks_whose(viewer, draft):
            code = request.form.get(OWNER, "").strip()
            owner = next(
                (one for one in read_names(conn).operators.values() if one.code == code), None
            )
            if owner is None:
                wrong = [Error(OWNER, gettext("Give the code of a registered organiser."))]
            else:
                draft = replace(draft, operator_id=owner.id)
        return _store(conn, draft, 1, wrong)


@blueprint.get(f"/{PROPOSED}/<int:record_id>/amend")
@audience(*PROPOSERS, permission="registry.propose")
def amend_record(kind: str, record_id: int) -> ResponseReturnValue:
    """The first step of a form with what the record holds."""
    with current_viewer().reading() as conn:
        return step_page(conn, draft_of_record(conn, kind, record_id, "amend"), 1)


@blueprint.post(f"/{PROPOSED}/<int:record_id>/amend")
@audience(*PROPOSERS, permission="registry.propose")
def begin_amendment(kind: str, record_id: int) -> ResponseReturnValue:
    """Begin a draft of a change of a record."""
    with current_viewer().reading() as conn:
        return _store(conn, draft_of_record(conn, kind, record_id, "amend"), 1)


@blueprint.get(f"/{PROPOSED}/<int:record_id>/end")
@audience(*PROPOSERS, permission="registry.propose")
def end_record(kind: str, record_id: int) -> ResponseReturnValue:
    """From when on a record is no longer in force."""
    with current_viewer().reading() as conn:
        return step_page(conn, draft_of_record(conn, kind, record_id, "end"), 1)


@blueprint.post(f"/{PROPOSED}/<int:record_id>/end")
@audience(*PROPOSERS, permission="registry.propose")
def begin_ending(kind: str, record_id: int) -> ResponseReturnValue:
    """Begin a draft that ends a record."""
    with current_viewer().reading() as conn:
        return _store(conn, draft_of_record(conn, kind, record_id, "end"), 1)


# Going on


@blueprint.get("/changes/<int:change_id>/step/<int:number>")
@audience(*PROPOSERS, permission="registry.propose")
def change_step(change_id: int, number: int) -> ResponseReturnValue:
    """One step of a draft."""
    with current_viewer().reading() as conn:
        draft = read_draft(conn, change_id, many=False)
        return step_page(conn, draft, number)


@blueprint.post("/changes/<int:change_id>/step/<int:number>")
@audience(*PROPOSERS, permission="registry.propose")
def save_step(change_id: int, number: int) -> ResponseReturnValue:
    """Save a step; what somebody else saved in the meantime is shown beside it."""
    with moved_on(), current_viewer().reading() as conn:
        draft = read_draft(conn, change_id, many=False)
        if _version() != draft.version:
            return overtaken_page(conn, draft, number)
        return _store(conn, draft, number)


@blueprint.get("/changes/<int:change_id>/check")
@audience(*PROPOSERS, permission="registry.propose")
def check_change(change_id: int) -> ResponseReturnValue:
    """All answers before they are submitted, with a way back to each."""
    with current_viewer().reading() as conn:
        draft = read_draft(conn, change_id)
        if draft.action == "create_many":
            return redirect(url_for("registry.bulk_rows", change_id=change_id), 303)
        return answers_page(conn, draft, forms.errors_in_words(draft.kind, draft.errors))


@blueprint.post("/changes/<int:change_id>/submit")
@audience(*PROPOSERS, permission="registry.propose")
def submit_change(change_id: int) -> ResponseReturnValue:
    """Submit a draft, or enter it where that needs nobody's approval."""
    viewer = current_viewer()
    reason = request.form.get(REASON, "").strip()
    with viewer.reading() as conn:
        draft = read_draft(conn, change_id, many=False)
    action = final_step(viewer, draft)
    if action == "enter" and not reason:
        wrong = forms.errors_in_words(draft.kind, draft.errors)
        wrong.append(Error(REASON, gettext("Say on what grounds it is entered.")))
        with viewer.reading() as conn:
            return answers_page(conn, draft, wrong, 422)
    if action == "enter" and not draft.errors and _version() == draft.version:
        facts = signed_facts(
            change_id,
            deed(draft.kind.kind, draft.action),
            draft.title or str(draft.whole.get(draft.kind.code_attribute, "")),
            draft.version,
            proposed=draft.proposed,
            reason=reason,
        )
        if (page := step_up.ask("change_enter", facts)) is not None:
            return page
    try:
        with moved_on(), viewer.reading() as conn:
            done = gateway.step(conn, change_id, action, reason=reason or None, version=_version())
            if action == "enter":
                step_up.keep(conn, "change", change_id, done["operator_id"])
    except psycopg.Error as problem:
        with viewer.reading() as conn:
            if problem.sqlstate == "DZR03":
                wrong = forms.errors_in_words(draft.kind, gateway.facts(problem))
                return answers_page(conn, draft, wrong, 422)
            if problem.sqlstate == "DZW03":
                return record_changed_page(conn, draft, gateway.facts(problem))
        raise
    if done["state"] == "approved":
        flash(gettext("Entered: it is in force from the moment that it says."), "success")
        to = page_address("registry.record", kind=draft.kind.kind, record_id=done["record_id"])
        return redirect(to or url_for("registry.changes"), 303)
    flash(gettext("Submitted. You see here where it stands."), "success")
    return redirect(url_for("registry.changes"), 303)


@blueprint.post("/changes/<int:change_id>/rebase")
@audience(*PROPOSERS, permission="registry.propose")
def rebase_change(change_id: int) -> ResponseReturnValue:
    """Take up a draft again on the version that the record has now."""
    with moved_on(), current_viewer().reading() as conn:
        draft = read_draft(conn, change_id)
        present = read_version(request.form, "draft-present") or None
        gateway.save(conn, change_id, draft.proposed, version=_version(), base_version=present)
    return redirect(url_for("registry.check_change", change_id=change_id), 303)


@blueprint.get("/changes/<int:change_id>/withdraw")
@audience(*PROPOSERS, permission="registry.propose")
def ask_to_withdraw(change_id: int) -> ResponseReturnValue:
    """Ask before a change is withdrawn, for that is for good."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        draft = read_draft(conn, change_id, "withdraw")
    return render("registry/changes_withdraw.html", draft=draft, title=gettext("Withdraw?"))


@blueprint.post("/changes/<int:change_id>/withdraw")
@audience(*PROPOSERS, permission="registry.propose")
def withdraw_change(change_id: int) -> ResponseReturnValue:
    """Withdraw a change."""
    with moved_on(), current_viewer().reading() as conn:
        gateway.step(conn, possible(change_id, LARGEST_CHANGE), "withdraw", version=_version())
    flash(gettext("Withdrawn. Nothing of it takes effect."), "success")
    return redirect(url_for("registry.changes"), 303)


def _version() -> int:
    """The version of the draft that the form was made from."""
    return read_version(request.form, "draft-version")


def _store(
    conn: db.Connection, draft: Draft, number: int, wrong: list[Error] | None = None
) -> ResponseReturnValue:
    """Save what a step holds and go on; what is wrong at its fields is told first."""
    attributes = draft.step(number)
    titles = titles_of(conn, draft, draft.whole)
    typed = {one.name: forms.typed(request.form, one) for one in attributes}
    proposed, errors = proposal_of(conn, draft, attributes, typed, titles)
    names = {one.name for one in attributes}
    here_wrong = list(wrong or []) + [
        one for one in forms.errors_in_words(draft.kind, errors) if one.attribute in names
    ]
    later = request.form.get("draft-then") == LATER
    if wrong or (here_wrong and not later):
        return step_page(conn, draft, number, typed, here_wrong)
    if draft.id is None:
        saved = gateway.begin(
            conn,
            kind=draft.kind.kind,
            action=draft.action,
            record_id=draft.record_id,
            operator_id=draft.operator_id,
            proposed=proposed,
            base_version=draft.base_version,
        )
    else:
        saved = gateway.save(conn, draft.id, proposed, version=draft.version)
    if later:
        flash(gettext("The draft is kept. You can go on with it from here."), "success")
        return redirect(url_for("registry.changes"), 303)
    if number < len(draft.steps) and request.form.get("draft-back") != "check":
        return redirect(
            url_for("registry.change_step", change_id=saved["id"], number=number + 1), 303
        )
    return redirect(url_for("registry.check_change", change_id=saved["id"]), 303)
