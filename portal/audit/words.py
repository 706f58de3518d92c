"""Events in words: what was done, to what, and the facts of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal import db
from portal.audit import gateway
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.navigation import ROLE_LABELS
from portal.web.urls import page_address

# What is no register and can be asked for.
OBJECTS: dict[str, LazyString] = {
    "transactions": lazy_gettext("List of transactions"),
    "transaction": lazy_gettext("Transaction"),
    "batch": lazy_gettext("Batch"),
    "export": lazy_gettext("Export"),
    "change": lazy_gettext("Application or change"),
    "person": lazy_gettext("Person"),
    "session": lazy_gettext("Session"),
    "page": lazy_gettext("Page"),
    "tax_rate": lazy_gettext("Tax rate"),
    "tax_payment": lazy_gettext("Paid tax"),
    "licence_fee": lazy_gettext("Licence fee"),
    "declared_day": lazy_gettext("Declaration of a day"),
    "declared_month": lazy_gettext("Declaration of a month"),
    "complaint": lazy_gettext("Complaint of the public"),
    "connection_deadline": lazy_gettext("Deadline for connecting"),
    "cash_limit": lazy_gettext("Limit of cash flow"),
}
# Their pages, and what the number is called there.
PAGES = {
    "batch": ("ledger.batch", "batch_id"),
    "export": ("exports.one", "export_id"),
    "complaint": ("blocking.complaint", "complaint_id"),
    "change": ("registry.change", "change_id"),
    "tax_payment": ("taxes.payment", "number"),
}
LONGEST_NUMBER = 24
FACTS: dict[str, LazyString] = {
    "reason": lazy_gettext("Reason for access"),
    "text": lazy_gettext("In words"),
    "decision": lazy_gettext("Decision"),
    "change": lazy_gettext("Application or change"),
    "action": lazy_gettext("Action"),
    "from": lazy_gettext("From"),
    "to": lazy_gettext("To"),
    "until": lazy_gettext("Until"),
    "name": lazy_gettext("What"),
    "format": lazy_gettext("Kind of file"),
    "rows": lazy_gettext("Rows"),
    "parameters": lazy_gettext("Filters"),
    "status": lazy_gettext("Answered with"),
    "method": lazy_gettext("Method"),
    "path": lazy_gettext("Address of the page"),
    "why": lazy_gettext("Why"),
    "minute": lazy_gettext("Minute"),
    "number": lazy_gettext("Number"),
    "way": lazy_gettext("Way of signing in"),
    "version": lazy_gettext("Version"),
    "currency": lazy_gettext("Currency"),
    "order": lazy_gettext("Order"),
    "kind": lazy_gettext("Register"),
    "record": lazy_gettext("Number of the record"),
    "record_version": lazy_gettext("Version of the record"),
    "change_version": lazy_gettext("Version of the change"),
    "key_id": lazy_gettext("Key id"),
    "replaces": lazy_gettext("Replaces the key"),
    "mode": lazy_gettext("Mode"),
    "scopes": lazy_gettext("It may"),
    "networks": lazy_gettext("From which addresses"),
    "expires_at": lazy_gettext("Works until"),
    "tax": lazy_gettext("Tax"),
    "month": lazy_gettext("For the month"),
    "paid_on": lazy_gettext("Paid on"),
    "amount": lazy_gettext("Amount"),
}
DECISIONS: dict[str, LazyString] = {
    "change_approved": lazy_gettext("Change approved"),
    "change_refused": lazy_gettext("Change refused"),
    "licence_suspended": lazy_gettext("Licence suspended"),
    "licence_resumed": lazy_gettext("Licence resumed"),
    "licence_revoked": lazy_gettext("Licence revoked"),
    "suspension_withdrawn": lazy_gettext("Suspension withdrawn"),
    "licence_fee_set": lazy_gettext("Licence fee set"),
    "licence_fee_verified": lazy_gettext("Licence fee verified"),
    "equipment_blocked": lazy_gettext("Equipment blocked"),
    "equipment_unblocked": lazy_gettext("Equipment unblocked"),
    "tax_rate_proposed": lazy_gettext("Tax rate proposed"),
    "tax_rate_confirmed": lazy_gettext("Tax rate confirmed"),
    "tax_rate_refused": lazy_gettext("Tax rate refused"),
    "tax_rate_withdrawn": lazy_gettext("Proposal of a tax rate withdrawn"),
    "tax_payment_recorded": lazy_gettext("Paid tax recorded"),
    "tax_payment_taken_back": lazy_gettext("Record of a paid tax taken back"),
    "operator_imported": lazy_gettext("Operator registered from a document"),
    "deadline_set": lazy_gettext("Deadline for connecting set"),
    "deadline_verified": lazy_gettext("Deadline for connecting verified"),
    "cash_limit_set": lazy_gettext("Limit of cash flow set"),
    "cash_limit_verified": lazy_gettext("Limit of cash flow verified"),
    "key_created": lazy_gettext("Key issued"),
    "key_restricted": lazy_gettext("Key restricted"),
    "key_revoked": lazy_gettext("Key revoked"),
    "complaint_taken": lazy_gettext("Complaint taken up"),
    "complaint_blocked": lazy_gettext("Complaint confirmed"),
    "complaint_rejected": lazy_gettext("Complaint not confirmed"),
    "compliance_found_open": lazy_gettext("A provider does not block an address"),
    "compliance_found_blocked": lazy_gettext("A provider blocks an address"),
    "provider_key_made": lazy_gettext("Secret of a provider made"),
    "provider_key_revoked": lazy_gettext("Secret of a provider revoked"),
}
# What is asked for of a record, beside the steps that a change takes.
DEEDS: dict[str, LazyString] = {
    "archived": lazy_gettext("Asked for, and archived"),
    "create": lazy_gettext("New record"),
    "amend": lazy_gettext("Change of a record"),
    "end": lazy_gettext("End of a record"),
    "proof": lazy_gettext("Proof"),
}
# Other roles than those of the menu: nobody who has entered, and logins of the database.
ROLES: Mapping[str, LazyString] = {
    **ROLE_LABELS,
    "nobody": lazy_gettext("Nobody who has signed in"),
}


@dataclass(frozen=True)
class Words:
    """What events name, read once for a page."""

    kinds: dict[str, db.Row]
    reasons: dict[str, db.Row]
    registers: dict[str, db.Row]
    actions: dict[str, db.Row]
    operators: dict[int, db.Row]
    people: dict[int, db.Row]

    def kind(self, event: db.Row) -> str:
        """What was done."""
        return str(self.kinds[event["kind"]][f"name_{language()}"])

    def person(self, event: db.Row) -> str | None:
        """Who did it; a number where the reader is not told who that is."""
        number = event["person_id"]
        if number is None:
            return None
        found = self.people.get(number)
        return str(found[f"name_{language()}"]) if found else gettext("person %(id)s", id=number)

    def organisation(self, event: db.Row) -> str:
        """For whom."""
        found = self.people.get(event["person_id"] or 0)
        return str(found[f"organisation_{language()}"]) if found else ""

    @staticmethod
    def role(event: db.Row) -> str:
        """In which role, or by which login."""
        return str(ROLES.get(event["role"], event["role"]))

    def operator(self, number: int | None) -> str | None:
        """The name of an operator."""
        found = self.operators.get(number or 0)
        return str(found[f"name_{language()}"]) if found else None

    def subject(self, event: db.Row) -> str | None:
        """To what it was done."""
        what = event["object"]
        if what is None:
            return None
        name = self.object_kinds().get(what, what)
        return f"{name} {event['object_id']}" if event["object_id"] else name

    def object_kinds(self) -> dict[str, str]:
        """What can be asked for: registers, and what is none."""
        own = {kind: str(row[f"name_{language()}"]) for kind, row in self.registers.items()}
        return own | {what: str(label) for what, label in OBJECTS.items()}

    def address(self, event: db.Row) -> str | None:
        """Where that can be seen; whether its reader may, that page says."""
        what, number = event["object"], event["object_id"] or ""
        batch, _, row = number.partition("-")
        plain = all(part.isascii() and part.isdecimal() for part in (batch, row or "0"))
        if not plain or len(number) > LONGEST_NUMBER:
            return None
        if what in self.registers:
            return page_address("registry.record", kind=what, record_id=number)
        if what == "transaction":
            return page_address("ledger.transaction", batch_id=batch, row_no=row or "0")
        endpoint, name = PAGES.get(what, ("", ""))
        return page_address(endpoint, **{name: number}) if endpoint else None

    def facts(self, event: db.Row) -> list[tuple[str, str]]:
        """The rest, by name; names that no page writes are shown as they are."""
        return [
            (str(FACTS.get(name, name)), self._fact(name, value))
            for name, value in event["facts"].items()
        ]

    def _fact(self, name: str, value: Any) -> str:
        if isinstance(value, dict):
            return ", ".join(f"{key}: {self._fact('', one)}" for key, one in value.items()) or "—"
        if isinstance(value, list):
            return ", ".join(self._fact("", one) for one in value) or "—"
        if value is None:
            return "—"
        told = {"reason": self.reasons, "action": self.actions, "kind": self.registers}
        row = told.get(name, {}).get(value)
        known = {"decision": DECISIONS, "action": DEEDS}.get(name, {})
        return str(row[f"name_{language()}"] if row else known.get(str(value), value))

    def short(self, event: db.Row) -> str:
        """What of the facts is worth a place in a list."""
        facts = event["facts"]
        if "reason" in facts:
            return f"{self._fact('reason', facts['reason'])}: {facts.get('text', '')}"
        names = () if event["kind"].startswith("key_") else ("decision",)
        for name in (*names, "key_id", "name", "path", "number", "action"):
            if name in facts:
                return self._fact(name, facts[name])
        return ""


def read_words(conn: db.Connection, events: list[db.Row]) -> Words:
    """What these events name, as far as the reader is told."""
    return Words(
        gateway.kinds(conn),
        gateway.reasons(conn),
        gateway.record_kinds(conn),
        gateway.actions(conn),
        gateway.operators(conn),
        gateway.people(conn, (event["person_id"] for event in events)),
    )
