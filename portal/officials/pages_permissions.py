"""The page that shows which role may what, from the very tables that are asked."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.officials import gateway, words
from portal.web import navigation
from portal.web.rendering import render

blueprint = Blueprint("permissions", __name__, url_prefix="/permissions")


@blueprint.get("")
@audience(*sorted(navigation.ROLES))
def index() -> ResponseReturnValue:
    """The matrix of roles and permissions, the dangerous acts, which of them take two."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        roles = gateway.roles(conn)
        permissions = gateway.permissions(conn)
    areas = [
        (label, [one for one in permissions if one["area"] == area])
        for area, label in words.AREAS.items()
    ]
    return render(
        "officials/permissions.html",
        roles=roles,
        areas=[(label, rows) for label, rows in areas if rows],
        dangerous=[one for one in permissions if one["dangerous"]],
        names=words.role_names(roles),
        own=viewer.functional_role,
        words=words,
    )
