"""A signing widget of the installation's own: scripts of a folder, served from this very origin.

``DOZIR_SIGNING_WIDGET`` names the folder; its ``widget.js`` registers itself as docs/login.md says.
"""

from __future__ import annotations

from flask import Blueprint, abort, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from portal.config import settings
from portal.identity.login import public

FIRST = "widget.js"
KINDS = frozenset((".js", ".mjs", ".css", ".wasm", ".json"))

blueprint = Blueprint("widget", __name__, url_prefix="/signing-widget")


@blueprint.get("/<path:name>")
@public
def file(name: str) -> ResponseReturnValue:
    """A file of the folder."""
    folder = settings().signing_widget
    if folder is None or not any(name.endswith(kind) for kind in KINDS):
        abort(404)
    return send_from_directory(folder, name)


def address() -> str | None:
    """Of the widget's script; None where the installation has none."""
    folder = settings().signing_widget
    if folder is None or not (folder / FIRST).is_file():
        return None
    return url_for("widget.file", name=FIRST)
