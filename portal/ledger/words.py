"""What the small numbers of ``ledger.transaction`` mean, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.ingest.problem_codes import CODES
from portal.web.i18n import LazyString, gettext, lazy_gettext

# Type -> its code in the wire format and in addresses.
TYPE_CODES = {1: "bet", 2: "win", 3: "refund", 4: "deposit", 5: "withdrawal"}
CASH_TYPES = (4, 5)  # what goes into players' accounts and out of them
TYPE_NUMBERS = {code: number for number, code in TYPE_CODES.items()}
TYPES = {
    1: lazy_gettext("Bet"),
    2: lazy_gettext("Win"),
    3: lazy_gettext("Refund"),
    4: lazy_gettext("Deposit"),
    5: lazy_gettext("Withdrawal"),
}
PAYMENTS = {
    1: lazy_gettext("Cash"),
    2: lazy_gettext("Card"),
    3: lazy_gettext("Bank transfer"),
    4: lazy_gettext("E-wallet"),
    5: lazy_gettext("Account balance"),
    6: lazy_gettext("Chips"),
}
# Form of settlement -> its code in the wire format and in addresses.
PAYMENT_CODES = {
    1: "cash",
    2: "card",
    3: "bank_transfer",
    4: "e_wallet",
    5: "balance",
    6: "chips",
}
PAYMENT_NUMBERS = {code: number for number, code in PAYMENT_CODES.items()}
CANCEL_REASONS = {
    1: lazy_gettext("Operator's error"),
    2: lazy_gettext("Duplicate"),
    3: lazy_gettext("Technical failure"),
    4: lazy_gettext("Result corrected"),
    5: lazy_gettext("Regulator's order"),
    6: lazy_gettext("Another reason"),
}
# Bits of ``breach``.
BREACHES = {
    1: lazy_gettext("Licence not in force"),
    2: lazy_gettext("Licence for another kind of gambling"),
    4: lazy_gettext("Object not active"),
    8: lazy_gettext("Late"),
}
# A mark as addresses name it -> its bit; of several bits a record has one at least.
BREACH_MASKS = {"licence": 1, "type": 2, "object": 4, "late": 8, "unlicensed": 3}
MARKS = {
    **{code: BREACHES[bit] for code, bit in BREACH_MASKS.items() if bit in BREACHES},
    "unlicensed": lazy_gettext("Without a fitting licence: either of the two"),
}
BONUS = 1


def breaches(mask: int) -> list[LazyString]:
    """The breaches in a bit mask."""
    return [words for bit, words in BREACHES.items() if mask & bit]


@dataclass(frozen=True)
class Reason:
    """Why something was refused: the code, what it means, what the sender should do, how often."""

    code: str
    title: str
    hint: str
    count: int


def reason(code: str, count: int = 1) -> Reason:
    """A refusal's code in words; a code that is no longer known stands for itself."""
    known = CODES.get(code)
    if known is None:
        return Reason(code, code, "", count)
    return Reason(code, gettext(known.title), gettext(known.hint), count)


def place(fault: Mapping[str, Any]) -> str:
    """Where in a batch a fault is: its record counted from 1, and the field when one is at fault.

    ``fault`` has ``index`` (from 0) and ``pointer`` (``/6543/amount``), as the sender was told.
    """
    number = fault["index"] + 1
    field = str(fault.get("pointer") or "").removeprefix(f"/{fault['index']}").strip("/")
    if not field:
        return gettext("record %(number)s", number=number)
    return gettext("record %(number)s, field %(field)s", number=number, field=field)
