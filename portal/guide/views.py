"""Help, glossary, statement of accessibility: open to everyone, as one may need them to get in."""

from __future__ import annotations

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from portal.guide.glossary import GROUPS, by_letter, found
from portal.guide.prose import prose
from portal.identity.login import public
from portal.web.i18n import language
from portal.web.rendering import render

LONGEST_SEARCH = 100

blueprint = Blueprint("guide", __name__, url_prefix="/help")


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """What is where, how figures are read, which keys there are, how to report a problem."""
    return render("guide/help.html", prose=prose("help", language()))


@blueprint.get("/glossary")
@public
def glossary() -> ResponseReturnValue:
    """Every word the portal uses, by letter; ``q`` searches."""
    wanted = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    chosen = found(wanted)
    return render(
        "guide/glossary.html",
        "list",
        wanted=wanted,
        letters=by_letter(chosen),
        count=len(chosen),
        groups=GROUPS,
    )


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """What was tested, what was not, and whom to tell."""
    return render("guide/accessibility.html", prose=prose("accessibility", language()))


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
