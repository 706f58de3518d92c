"""What the viewer may do with a record beside reading it, for the record's page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from portal import db
from portal.identity.login import Viewer
from portal.registry import desk
from portal.registry.pages import ACCESS_KEY
from portal.registry.pages_blocking import STEPS as BLOCKING
from portal.registry.pages_blocking import TITLES as BLOCKING_TITLES
from portal.registry.pages_licences import PERMISSIONS, WITHDRAWAL
from portal.registry.pages_licences import TITLES as LICENCE_TITLES
from portal.registry.pages_queue import DECIDERS
from portal.web.formats import date_time
from portal.web.i18n import gettext


@dataclass(frozen=True)
class Action:
    """A link to a page that asks for what is needed and says what follows."""

    label: str
    address: str


def _withdrawals(conn: db.Connection, licence_id: int) -> list[Action]:
    """Suspensions of a licence that have not begun may be taken back."""
    return [
        Action(
            gettext(
                "Take back the suspension from %(moment)s", moment=date_time(one["suspended_from"])
            ),
            url_for(
                "registry.suspension_withdrawal", record_id=licence_id, suspension_id=one["id"]
            ),
        )
        for one in desk.suspensions(conn, licence_id)
        if one["planned"]
    ]


def actions_for(conn: db.Connection, viewer: Viewer, kind: str, record: db.Row) -> list[Action]:
    """Acts of officials that the state of a record allows; of a key, the way to its own page."""
    if kind == ACCESS_KEY:
        own_page = url_for("registry.key", key_id=record["record_id"])
        return [Action(gettext("Requests and actions"), own_page)]
    if viewer.role not in DECIDERS or kind not in ("licence", "equipment"):
        return []
    steps = desk.steps(conn, kind, record["state"], viewer.role)
    own = record["record_id"]
    if kind == "licence":
        acts = [
            Action(str(title), url_for("registry.licence_act", record_id=own, action=action))
            for action, title in LICENCE_TITLES.items()
            if action in steps and viewer.may(PERMISSIONS[action])
        ]
        return [*acts, *(_withdrawals(conn, own) if WITHDRAWAL in steps else [])]
    return [
        Action(str(title), url_for("registry.equipment_act", record_id=own, action=action))
        for action, title in BLOCKING_TITLES.items()
        if BLOCKING[action] in steps
    ]
