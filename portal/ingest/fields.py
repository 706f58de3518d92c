"""The fields of a record and the small codes they are stored under (wire format version 1)."""

from __future__ import annotations

MAX_ROWS = 10_000  # records in a batch
MAX_AMOUNT_MINOR = 10**14  # 10,000 of them still fit a signed 64-bit sum
MAX_CODE_CHARS = 64
NIL = "00000000-0000-0000-0000-000000000000"  # stored where a UUID is absent, refused when sent

TYPES = {"bet": 1, "win": 2, "refund": 3, "deposit": 4, "withdrawal": 5}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
BET = TYPES["bet"]
LAST_TYPE_WITH_ROUND = TYPES["refund"]  # bet, win and refund belong to a round
PAYMENTS = {"cash": 1, "card": 2, "bank_transfer": 3, "e_wallet": 4, "balance": 5, "chips": 6}
CANCEL_REASONS = {
    "operator_error": 1,
    "duplicate": 2,
    "technical_failure": 3,
    "result_corrected": 4,
    "regulator_order": 5,
    "other": 6,
}
BONUS_FLAG = 1

REQUIRED = (
    "id",
    "type",
    "occurred_at",
    "amount",
    "currency",
    "licence",
    "channel",
    "player",
    "payment",
)
OPTIONAL = ("equipment", "game", "round_id", "cancels", "bonus", "exclusion_receipt")
FIELDS = frozenset(REQUIRED + OPTIONAL)


def is_code(text: str) -> bool:
    """Tell whether ``text`` may be a registered code: short, printable, not padded.

    Printable excludes control characters, NUL, lone surrogates and every space but U+0020.
    """
    return 0 < len(text) <= MAX_CODE_CHARS and text.isprintable() and text == text.strip()
