"""Which acts are signed: the one place. A view of each calls :func:`step_up.ask` and ``keep``."""

from __future__ import annotations

from portal.web.i18n import LazyString, lazy_gettext

# Purpose of the challenge -> what its signature does, in words.
SIGNED_ACTIONS: dict[str, LazyString] = {
    "change_approve": lazy_gettext("I approve an application or change of the registers"),
    "change_refuse": lazy_gettext("I refuse an application or change of the registers"),
    "change_enter": lazy_gettext("I enter a record or a change into the registers"),
    "licence_suspend": lazy_gettext("I suspend a licence"),
    "suspension_withdraw": lazy_gettext("I take back the suspension of a licence"),
    "licence_resume": lazy_gettext("I resume a licence"),
    "licence_revoke": lazy_gettext("I revoke a licence"),
    "equipment_block": lazy_gettext("I order that equipment is blocked"),
    "equipment_unblock": lazy_gettext("I order that the blocking of equipment ends"),
    "key_issue": lazy_gettext("I issue an access key"),
    "key_rotate": lazy_gettext("I replace an access key by a new one"),
    "key_revoke": lazy_gettext("I revoke an access key"),
    "tax_rate_confirm": lazy_gettext("I confirm a tax rate"),
    "tax_rate_refuse": lazy_gettext("I refuse a proposed tax rate"),
}


def in_words(purpose: str) -> str:
    """What the signature of a purpose does, as a sentence's beginning."""
    words = str(SIGNED_ACTIONS.get(purpose, purpose))
    return words[:1].upper() + words[1:]
