"""What the viewer may do with a record beside reading it, for the record's page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from portal import db
from portal.identity.login import Viewer
from portal.registry import desk
from portal.registry.pages_blocking import STEPS as BLOCKING
from portal.registry.pages_blocking import TITLES as BLOCKING_TITLES
from portal.registry.pages_licences import TITLES as LICENCE_TITLES
from portal.registry.pages_queue import DECIDERS


@dataclass(frozen=True)
class Action:
    """A link to a page that asks for what is needed and says what follows."""

    label: str
    address: str


def actions_for(conn: db.Connection, viewer: Viewer, kind: str, record: db.Row) -> list[Action]:
    """Acts of officials that the state of a record allows."""
    if viewer.role not in DECIDERS or kind not in ("licence", "equipment"):
        return []
    steps = desk.steps(conn, kind, record["state"], viewer.role)
    own = record["record_id"]
    if kind == "licence":
        return [
            Action(str(title), url_for("registry.licence_act", record_id=own, action=action))
            for action, title in LICENCE_TITLES.items()
            if action in steps
        ]
    return [
        Action(str(title), url_for("registry.equipment_act", record_id=own, action=action))
        for action, title in BLOCKING_TITLES.items()
        if BLOCKING[action] in steps
    ]
