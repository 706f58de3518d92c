"""The pages of a draft: a step of the form, all answers, and two versions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from portal import db
from portal.identity.login import Viewer, current_viewer
from portal.registry import forms, proposals
from portal.registry.catalogue import Attribute, Reference, Title
from portal.registry.drafts import Draft, Typed, titles_of
from portal.registry.forms import Error, Field
from portal.registry.names import Names, read_names
from portal.web.i18n import gettext, language
from portal.web.rendering import render

# What a form holds besides attributes: a hyphen is in no name of an attribute.
OWNER = "draft-owner"
REASON = "draft-reason"


def asks_whose(viewer: Viewer, draft: Draft) -> bool:
    """Whether the form must ask whose the record is to be."""
    return (
        viewer.role != "operator"
        and draft.id is None
        and draft.kind.kind != "organiser"
        and draft.kind.of_operators
        and (draft.action == "create")
    )


def final_step(viewer: Viewer, draft: Draft) -> str:
    if viewer.role != "operator":
        return "enter"
    return "submit" if draft.kind.needs_approval else "register"


def step_page(
    conn: db.Connection,
    draft: Draft,
    number: int,
    typed: Typed | None = None,
    wrong: list[Error] | None = None,
) -> Response:
    """One step of the form; with errors where there are any."""
    viewer = current_viewer()
    attributes = draft.step(number)
    titles = titles_of(conn, draft, draft.whole)
    stands = {one.name: forms.shown(one, draft.whole.get(one.name), titles) for one in attributes}
    named = f"title_{language()}"
    kinds = [one.reference_kind for one in attributes if one.reference_kind]
    codes = proposals.records_to_choose(conn, kinds, draft.operator_id, named)
    fields = forms.fields(
        draft.catalogue,
        attributes,
        stands | (typed or {}),
        wrong or [],
        codes,
        ending=draft.action == "end",
    )
    if asks_whose(viewer, draft):
        fields.insert(0, _operator_field(conn, wrong or []))
    return render(
        "registry/form.html",
        status=422 if wrong else 200,
        draft=draft,
        title=draft.heading,
        number=number,
        fields=fields,
        summary=[(_place(one), _at(draft, one)) for one in wrong or []],
        back=request.args.get("back") == "check" or request.form.get("draft-back") == "check",
    )


def _place(error: Error) -> str:
    return f"field-{error.attribute}" if error.attribute else "main"


def _at(draft: Draft, error: Error) -> str:
    attribute = draft.kind.attribute(error.attribute or "")
    return f"{attribute.label}: {error.words}" if attribute else error.words


def _operator_field(conn: db.Connection, wrong: list[Error]) -> Field:
    return Field(
        OWNER,
        gettext("Organiser"),
        "code",
        request.form.get(OWNER, request.args.get("operator", "")),
        gettext("The code of a record; begin to type."),
        required=True,
        options=_operators(read_names(conn)),
        error=next((one.words for one in wrong if one.attribute == OWNER), None),
    )


@dataclass(frozen=True)
class Answer:
    """One line of the answers: what stands now, what is proposed, where it is corrected."""

    id: str
    label: str
    before: str
    after: str
    address: str | None
    error: str | None
    changed: bool


def answers_page(
    conn: db.Connection, draft: Draft, wrong: list[Error], status: int = 200
) -> Response:
    """All answers, and what is left to correct."""
    viewer = current_viewer()
    errors = {one.attribute: one.words for one in wrong}
    final = final_step(viewer, draft)
    reason = Field(
        REASON,
        gettext("Grounds"),
        "area",
        request.form.get(REASON, ""),
        gettext("The letter, decision or order on which it is entered."),
        required=True,
        error=errors.get(REASON),
    )
    return render(
        "registry/changes_check.html",
        status=status,
        draft=draft,
        title=draft.heading,
        steps=_lines(conn, draft, errors),
        summary=[(_place(one), _at(draft, one)) for one in wrong],
        final=final,
        reason=reason if final == "enter" else None,
    )


def _lines(conn: db.Connection, draft: Draft, errors: dict[str | None, str]) -> list[list[Answer]]:
    titles = titles_of(conn, draft, draft.base, draft.proposed)
    return [
        [
            Answer(
                f"field-{one.name}",
                one.label,
                _text(draft, one, draft.base.get(one.name), titles),
                _text(draft, one, draft.whole.get(one.name), titles),
                url_for("registry.change_step", change_id=draft.id, number=number, back="check")
                + f"#field-{one.name}",
                errors.get(one.name),
                one.name in draft.proposed,
            )
            for one in attributes
        ]
        for number, attributes in enumerate(draft.steps, 1)
    ]


def _text(draft: Draft, one: Attribute, value: Any, titles: dict[Reference, Title]) -> str:
    """A value as text; one that has errors stands as it was typed."""
    if one.validator == "domain" or forms.unresolved(value):
        return str(forms.shown(one, value, titles))
    try:
        return draft.catalogue.text(one, value, titles)
    except (ValueError, TypeError, ArithmeticError):
        return str(value)


def record_changed_page(conn: db.Connection, draft: Draft, facts: dict[str, Any]) -> Response:
    """409: the record as the proposal knew it, as it is now, and what is proposed."""
    base, present, proposed = facts["base"] or {}, facts["present"], facts["proposed"]
    titles = titles_of(conn, draft, base, present, proposed)
    rows = [
        (
            one.label,
            _text(draft, one, base.get(one.name), titles),
            _text(draft, one, present.get(one.name), titles),
            _text(draft, one, (present | proposed).get(one.name), titles),
        )
        for one in draft.kind.attributes
        if base.get(one.name) != present.get(one.name) or one.name in proposed
    ]
    return render(
        "registry/changes_conflict.html",
        status=409,
        draft=draft,
        title=gettext("The record has changed in the meantime"),
        rows=rows,
        present_version=facts["present_version"],
    )


def overtaken_page(conn: db.Connection, draft: Draft, number: int) -> Response:
    """409: what somebody else saved in this draft, and what was to be saved now."""
    attributes = draft.step(number)
    titles = titles_of(conn, draft, draft.whole)
    typed = {one.name: forms.typed(request.form, one) for one in attributes}

    def words(one: Attribute, value: str | tuple[str, ...]) -> str:
        if one.choice_list:
            chosen = value if isinstance(value, tuple) else (value,)
            return ", ".join(
                draft.catalogue.choice(one.choice_list, part) for part in chosen if part
            )
        return str(value)

    rows = [
        (
            one.label,
            words(one, forms.shown(one, draft.whole.get(one.name), titles)),
            words(one, typed[one.name]),
        )
        for one in attributes
    ]
    kept = [
        (name, part)
        for name, value in typed.items()
        for part in (value if isinstance(value, tuple) else (value,))
    ]
    return render(
        "registry/changes_overtaken.html",
        status=409,
        draft=draft,
        title=gettext("Somebody else saved this draft in the meantime"),
        number=number,
        rows=rows,
        kept=kept,
    )


def _operators(names: Names) -> tuple[tuple[str, str], ...]:
    """Operators to choose from, by code."""
    return tuple((names.operators[own].code, name) for own, name in names.operator_choices())
