"""One search over all registers, from the head of every page."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.registry import gateway
from portal.registry.catalogue import read_catalogue
from portal.registry.names import read_names
from portal.registry.pages import READERS, blueprint, read_search
from portal.web.rendering import render

EACH = 8
SHORTEST = 2


@blueprint.get("/search")
@audience(*READERS)
def search() -> ResponseReturnValue:
    """What fits the words in each register; whoever bears them as its code comes first."""
    text = read_search(request.args)
    with current_viewer().reading() as conn:
        catalogue = read_catalogue(conn)
        rows = gateway.found(conn, text, EACH + 1) if len(text) >= SHORTEST else []
        names = read_names(conn)
    groups = [
        (kind, [row for row in rows if row["kind"] == kind.kind])
        for kind in catalogue.kinds.values()
    ]
    return render(
        "registry/search.html",
        text=text,
        short=len(text) < SHORTEST,
        groups=[(kind, found) for kind, found in groups if found],
        each=EACH,
        catalogue=catalogue,
        names=names,
    )
