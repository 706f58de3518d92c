"""What a change does to a record, in the one wording that proposers and officials both read."""

from __future__ import annotations

from portal.web.i18n import LazyString, gettext, lazy_gettext

ACTIONS: dict[str, LazyString] = {
    "create": lazy_gettext("Registration"),
    "create_many": lazy_gettext("Registration of many"),
    "amend": lazy_gettext("Amendment"),
    "end": lazy_gettext("Ending"),
}


def deed(kind: str, action: str) -> str:
    """What is asked for, in a word or two; ``action`` is one of :data:`ACTIONS`."""
    if kind == "organiser" and action == "create":
        return gettext("Application of a new organiser")
    return str(ACTIONS[action])
