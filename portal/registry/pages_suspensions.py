"""A suspension that is planned is taken back before it begins."""

from __future__ import annotations

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity import step_up
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import Act
from portal.registry.differences import record_address
from portal.registry.pages import blueprint, possible
from portal.registry.pages_licences import WITHDRAWAL, act_page, grounds_field
from portal.registry.pages_queue import DECIDERS
from portal.web.formats import date_time
from portal.web.i18n import gettext

ADDRESS = "/licence/<int:record_id>/suspensions/<int:suspension_id>/withdraw"


@blueprint.get(ADDRESS)
@audience(*sorted(DECIDERS), permission="licence.suspend")
def suspension_withdrawal(record_id: int, suspension_id: int) -> ResponseReturnValue:
    """What taking it back does, and the place for the grounds."""
    return _page(possible(record_id), suspension_id, Act({}))


@blueprint.post(ADDRESS)
@audience(*sorted(DECIDERS), permission="licence.suspend")
def withdraw_suspension(record_id: int, suspension_id: int) -> ResponseReturnValue:
    """Take it back, unless it has begun in the meantime."""
    act = Act(request.form)
    grounds = act.text("grounds")
    if act.errors:
        return _page(possible(record_id), suspension_id, act)
    licence_id = possible(record_id)
    with current_viewer().reading() as conn:
        found = _suspension(conn, licence_id, suspension_id)
        record = gateway.record(conn, "licence", licence_id)
    facts = [
        (gettext("Licence"), record["code"]),
        (gettext("Suspended from (Kyiv time)"), date_time(found["suspended_from"])),
        (gettext("Grounds"), grounds),
    ]
    if found["planned"] and (page := step_up.ask("suspension_withdraw", facts)) is not None:
        return page
    try:
        with current_viewer().reading() as conn:
            gateway.withdraw_suspension(conn, suspension_id, grounds)
            step_up.keep(conn, "licence", licence_id, record["operator_id"])
    except psycopg.Error as problem:
        if problem.sqlstate != "DZW01":
            raise
        return _page(licence_id, suspension_id, act, status=409)
    flash(gettext("The suspension is taken back; it never holds."), "success")
    here = url_for("registry.licence_act", record_id=record_id, action="suspend")
    return redirect(record_address("licence", record_id) or here, 303)


def _page(record_id: int, suspension_id: int, act: Act, status: int = 200) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        found = _suspension(conn, record_id, suspension_id)
    return act_page(
        record_id,
        WITHDRAWAL,
        act,
        status=status,
        title=gettext("Take back the suspension"),
        consequence=gettext(
            "The suspension that is to begin on %(moment)s does not begin; the licence stays in"
            " force. It stays in the list, with your grounds.",
            moment=date_time(found["suspended_from"]),
        ),
        address=url_for(
            "registry.withdraw_suspension", record_id=record_id, suspension_id=suspension_id
        ),
        fields=act.filled([grounds_field()]),
        allowed=found["planned"],
    )


def _suspension(conn: db.Connection, licence_id: int, suspension_id: int) -> db.Row:
    """That suspension of the licence; NotFound for another's and for none."""
    for one in desk.suspensions(conn, licence_id):
        if one["id"] == suspension_id:
            return one
    raise NotFound
