"""Drafts of changes: what is being written, on which version, and what a step of the form adds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from werkzeug.exceptions import Conflict

from portal import db
from portal.errors import NotFound
from portal.identity.login import Viewer, current_viewer
from portal.registry import forms, gateway, proposals
from portal.registry.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Reference,
    Title,
    document_references,
    read_catalogue,
    read_titles,
)
from portal.registry.deeds import deed
from portal.registry.pages import LARGEST_CHANGE, blueprint, possible
from portal.web.i18n import gettext, language

Typed = dict[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Draft:
    """A change that is being written: what of, on which version, what is proposed so far.

    ``id`` is None before the first step is saved; ``base`` is the record that it is made on.
    """

    catalogue: Catalogue
    kind: Kind
    action: str
    operator_id: int | None
    record_id: int | None = None
    title: str = ""
    id: int | None = None
    version: int = 0
    state: str = "draft"
    base_version: int | None = None
    base: dict[str, Any] = field(default_factory=dict)
    proposed: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    stale: bool = False
    reason: str | None = None

    @property
    def whole(self) -> dict[str, Any]:
        """The record as it would stand."""
        return self.base | self.proposed

    @property
    def steps(self) -> list[list[Attribute]]:
        """Attributes that may be filled in, by step of the form."""
        return [attributes for _, attributes in self._titled_steps()]

    @property
    def heading(self) -> str:
        """What the page is about."""
        what = deed(self.kind.kind, self.action)
        named = self.title or ("" if self.kind.kind == "organiser" else self.kind.name)
        return f"{what}: {named}" if named else what

    @property
    def step_titles(self) -> list[str]:
        """What each step is called, in their order."""
        return [title for title, _ in self._titled_steps()]

    def _titled_steps(self) -> list[tuple[str, list[Attribute]]]:
        if self.action == "end":
            until = self.kind.attribute(self.kind.until_attribute)
            return [(self.kind.step_title([until]), [until])] if until else []
        open_to = ("always", "create") if self.action == "create" else ("always",)
        steps = [
            (
                self.kind.step_title(attributes),
                [one for one in attributes if one.editable in open_to],
            )
            for attributes in self.kind.steps().values()
        ]
        return [(title, attributes) for title, attributes in steps if attributes]

    def step(self, number: int) -> list[Attribute]:
        """The attributes of a step, counted from 1; NotFound for none."""
        if not 1 <= number <= len(self.steps):
            raise NotFound
        return self.steps[number - 1]


@blueprint.app_template_global()
def may_propose(viewer: Viewer, kind: Kind) -> bool:
    """Whether a new record of the kind may be proposed; who has no operator yet applies for one."""
    if viewer.role != "operator":
        return kind.proposable
    return kind.proposed_by_operators and (kind.kind == "organiser") == (viewer.operator_id is None)


def new_draft(conn: db.Connection, name: str) -> Draft:
    viewer = current_viewer()
    catalogue = read_catalogue(conn, name)
    kind = catalogue.kind(name)
    if not may_propose(viewer, kind):
        raise NotFound
    return Draft(catalogue, kind, "create", viewer.operator_id)


def draft_of_record(conn: db.Connection, name: str, record_id: int, action: str) -> Draft:
    catalogue = read_catalogue(conn, name)
    found = gateway.record(conn, name, possible(record_id))
    kind = catalogue.kind(name)
    viewer = current_viewer()
    if viewer.role == "operator" and not kind.proposed_by_operators:
        raise NotFound
    return Draft(
        catalogue,
        kind,
        action,
        found["operator_id"] or None,
        record_id,
        found[f"title_{language()}"],
        base_version=found["version"],
        base=found["document"],
    )


def read_draft(
    conn: db.Connection, change_id: int, action: str = "save", *, many: bool | None = None
) -> Draft:
    """A change that the viewer may still write, or take that step with.

    NotFound for another's and for none, Conflict where it stands elsewhere; ``many`` asks for one
    that proposes many records, or for one that does not.
    """
    viewer = current_viewer()
    detail = gateway.change(conn, possible(change_id, LARGEST_CHANGE))
    change = detail["change"]
    if (change["begun_by"] == "operator") != (viewer.role == "operator"):
        raise NotFound
    if many is not None and many != (change["action"] == "create_many"):
        raise NotFound
    catalogue = read_catalogue(conn, change["kind"])
    steps = gateway.transitions(conn, "change", change["state"], viewer.role)
    if action not in {step["action"] for step in steps}:
        raise _stands(catalogue, change["state"])
    base: dict[str, Any] = detail["base"] or {}
    title = ""
    if change["record_id"] is not None:
        present = gateway.record(conn, change["kind"], change["record_id"])
        title = present[f"title_{language()}"]
        # The record's own versions hold nothing private; the form shows what it holds now.
        private = {
            one.name: present["document"][one.name]
            for one in catalogue.kind(change["kind"]).attributes
            if one.private and one.name in present["document"]
        }
        base = base | private
    reasons = [event["reason"] for event in detail["events"] if event["reason"]]
    return Draft(
        catalogue,
        catalogue.kind(change["kind"]),
        change["action"],
        change["operator_id"],
        change["record_id"],
        title,
        change["id"],
        change["version"],
        change["state"],
        change["base_version"],
        base,
        change["proposed"],
        change["errors"],
        detail["stale"],
        reasons[-1] if reasons and change["state"] == "returned" else None,
    )


def _stands(catalogue: Catalogue, state: str) -> Conflict:
    stands = catalogue.state(None, state).name
    return Conflict(
        gettext(
            "It stands at “%(state)s” now, from where this step cannot be taken."
            " Open the list to see it.",
            state=stands,
        )
    )


@contextmanager
def moved_on() -> Iterator[None]:
    """A change that is no longer where the viewer saw it is a conflict, in words."""
    try:
        yield
    except psycopg.Error as problem:
        if problem.sqlstate not in ("DZW01", "DZW02"):
            raise
        stands = (gateway.facts(problem) or {}).get("state", "")
        with current_viewer().reading() as conn:
            raise _stands(read_catalogue(conn), stands) from problem


def titles_of(
    conn: db.Connection, draft: Draft, *documents: dict[str, Any]
) -> dict[Reference, Title]:
    """Names of all records that these documents refer to."""
    wanted: list[Reference] = []
    for document in documents:
        settled = {name: value for name, value in document.items() if not forms.unresolved(value)}
        wanted += document_references(draft.kind, settled)
    return read_titles(conn, wanted)


def proposal_of(
    conn: db.Connection,
    draft: Draft,
    attributes: list[Attribute],
    typed: Typed,
    titles: dict[Reference, Title],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The proposal with this step, less what says nothing new; and its errors."""

    def resolve(kind: str, code: str) -> int | None:
        return proposals.record_by_code(conn, kind, code, draft.operator_id)

    given = {
        one.name: forms.given(
            one,
            typed[one.name],
            None if draft.action == "end" else draft.whole.get(one.name),
            titles,
            resolve,
        )
        for one in attributes
    }
    checked = gateway.check(
        conn,
        kind=draft.kind.kind,
        action=draft.action,
        record_id=draft.record_id,
        operator_id=draft.operator_id,
        proposed=draft.proposed | given,
    )
    wrong = {one["attribute"] for one in checked["errors"]}
    proposed = {
        name: value
        for name, value in checked["proposed"].items()
        if name in wrong or draft.action == "end" or _differ(value, draft.base.get(name))
    }
    return proposed, checked["errors"]


def _differ(value: Any, before: Any) -> bool:
    """Whether two values of a document say something else; an empty text says what none does."""
    return (None if value == "" else value) != (None if before == "" else before)
