"""What a change does to a record, in the one wording that proposers and officials both read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

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


def signed_facts(
    number: int, what: str, about: str, version: int, *, proposed: Mapping[str, object], reason: str
) -> list[tuple[str, str]]:
    """What is signed with a decision on a change: which one, and the hash of all that it holds."""
    written = json.dumps(proposed, ensure_ascii=False, sort_keys=True)
    facts = [
        (gettext("Change"), f"№ {number}, {what}"),
        (gettext("About"), about),
        (gettext("Version"), str(version)),
        (gettext("SHA-256 of what is proposed"), hashlib.sha256(written.encode()).hexdigest()),
    ]
    return [*facts, (gettext("Reason"), reason)] if reason else facts
