"""Every code the API answers with: HTTP status, title, and what the sender should do.

Codes are part of the wire format: they are added, never renamed and never given another meaning.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """``retry_after`` in seconds where the same request may succeed later, else None."""

    status: int
    title: str
    hint: str
    retry_after: int | None = None


# The request as a whole.
_REQUEST = {
    "not_found": Code(
        404, "No such resource", "Check the address; a batch of another operator is not found."
    ),
    "method_not_allowed": Code(
        405, "The method is not allowed here", "Use a method that the Allow header names."
    ),
    "invalid_parameter": Code(
        400, "A query parameter is invalid", "Use the parameters and ranges of the specification."
    ),
    "report_period_too_long": Code(
        422,
        "The period is too long for this grouping",
        "Ask for at most 3,660 days; for 93 where rows or filters are hours, places, games, "
        "equipment or forms of settlement, and in reports that say so.",
    ),
    "report_too_slow": Code(
        422,
        "The report took too long and was stopped",
        "Ask for a shorter period, for fewer groupings, or for one licence.",
    ),
    "unsupported_content_type": Code(
        415,
        "The content type is not supported",
        "Send application/json or application/x-ndjson in UTF-8.",
    ),
    "unsupported_content_encoding": Code(
        415,
        "The content encoding is not supported",
        "Send the body as it is or compressed with gzip or zstd.",
    ),
    "malformed_compression": Code(
        400,
        "The compressed body is damaged",
        "Send one complete gzip member or zstd frame (no dictionary) with nothing after it.",
    ),
    "incomplete_body": Code(
        400,
        "The body did not arrive whole and in time",
        "Send the whole body again within 30 seconds, compressed if the line is slow.",
    ),
    "body_too_large": Code(
        413, "The body is larger than 8 MiB after decoding", "Split the batch into smaller ones."
    ),
    "too_many_rows": Code(
        413, "The batch has more than 10,000 records", "Split the batch into smaller ones."
    ),
    "empty_batch": Code(422, "The batch has no record", "Send at least one record."),
    "invalid_encoding": Code(400, "The body is not valid UTF-8", "Encode the body in UTF-8."),
    "malformed_json": Code(
        400,
        "The body is not the JSON that was announced",
        "Send an array of objects, or one object per line for NDJSON.",
    ),
    "invalid_batch": Code(
        422,
        "Records of the batch are invalid",
        "Correct every record that the list of errors names and send the batch again.",
    ),
    "internal_error": Code(
        500,
        "The server failed unexpectedly",
        "Send the same batch again under the same idempotency key.",
        5,
    ),
    "service_unavailable": Code(
        503,
        "The service cannot accept batches at the moment",
        "Send the same batch again later under the same idempotency key.",
        5,
    ),
    "log_unconfirmed": Code(
        503,
        "The published log does not confirm this yet",
        "Send the same request again later; if it stays so for minutes, tell the regulator.",
        5,
    ),
    "too_many_records": Code(
        413, "The body has more than 5,000 records", "Split it into several requests."
    ),
    "invalid_registration": Code(
        422,
        "Records cannot be registered as they are",
        "Send the same body with dry_run=true: the answer says in words what is wrong.",
    ),
    "too_many_checks": Code(
        429,
        "Too many checks have come from this address",
        "Check again after Retry-After, or offline with the published keys.",
        2,
    ),
}

# Access keys and permissions.
_KEYS = {
    "missing_key": Code(
        401, "No access key was sent", "Send the header Authorization: Bearer with your key."
    ),
    "malformed_key": Code(
        401,
        "The access key is not written correctly",
        "Send the whole key, dz_live_… or dz_test_…; its form or its checksum is wrong.",
    ),
    "unknown_key": Code(401, "The access key is not known", "Use a key that was issued to you."),
    "key_expired": Code(401, "The access key has expired", "Ask for a new key."),
    "key_revoked": Code(401, "The access key was revoked", "Use another key."),
    "test_key": Code(
        403,
        "A test key may only validate",
        "Send and read with a live key; try batches with this one at POST /api/v1/validate.",
    ),
    "scope_missing": Code(
        403, "The access key does not permit this", "Use a key that was issued with this scope."
    ),
    "address_not_allowed": Code(
        403,
        "The access key may not be used from here",
        "Send from an address that the key is bound to, or use another key.",
    ),
    "operator_disabled": Code(
        403, "The operator may not send at present", "Contact the regulator."
    ),
    "rate_limited": Code(
        429,
        "The access key has sent more than its limits allow",
        "Wait for as long as Retry-After says, then send the same batch again.",
        1,
    ),
}

# Idempotency and order of batches.
_ORDER = {
    "idempotency_key_missing": Code(
        400, "The idempotency key is missing", "Send the header Idempotency-Key with a UUID."
    ),
    "idempotency_key_invalid": Code(
        400, "The idempotency key is not a UUID", "Send a UUID, a new one for each batch."
    ),
    "idempotency_key_reused": Code(
        422,
        "The idempotency key was used for another body",
        "Use a new idempotency key for each batch; repeat a batch unchanged.",
    ),
    "in_flight": Code(
        409,
        "A batch with this idempotency key is being processed",
        "Send the same batch again after a moment to get its receipt.",
        1,
    ),
    "stream_invalid": Code(
        400,
        "The name of the stream is invalid",
        "Use 1 to 32 lower-case letters, digits, hyphens or underscores in Batch-Stream.",
    ),
    "sequence_missing": Code(
        400,
        "The batch has no sequence number",
        "Send the header Batch-Sequence; only keys marked manual may leave it out.",
    ),
    "sequence_invalid": Code(
        400, "The sequence number is invalid", "Send an integer from 1 in Batch-Sequence."
    ),
    "sequence_repeated": Code(
        409,
        "This sequence number was used before",
        "Repeat a batch under its own idempotency key, or use the next number of the stream.",
    ),
}

# Records and their fields.
_RECORDS = {
    "unknown_field": Code(
        422, "A record has a field that is not known", "Send only the fields of the specification."
    ),
    "duplicate_field": Code(
        422, "A record names a field twice", "Write each field of a record once."
    ),
    "missing_field": Code(422, "A required field is missing", "Send every required field."),
    "wrong_type": Code(
        422,
        "A value has the wrong JSON type",
        "Amounts are strings; leave an absent field out instead of sending null.",
    ),
    "record_too_large": Code(
        422,
        "The text of one record is longer than 16,384 characters",
        "Write records without padding.",
    ),
    "invalid_id": Code(422, "An identifier is not a UUID", "Write it as 8-4-4-4-12 hex digits."),
    "id_not_version_7": Code(
        422, "An identifier is not a UUID version 7", "Make identifiers of version 7 (RFC 9562)."
    ),
    "id_time_mismatch": Code(
        422,
        "The time in the identifier is not occurred_at",
        "Put the millisecond of occurred_at into the first 48 bits of the identifier.",
    ),
    "duplicate_id_in_batch": Code(
        422, "An identifier occurs twice in the batch", "Send each record once."
    ),
    "duplicate_id": Code(
        409,
        "A record with this identifier was accepted before",
        "Leave out the records that are already accepted.",
    ),
    "invalid_type": Code(
        422,
        "The transaction type is not known",
        "Use bet, win, refund, deposit or withdrawal.",
    ),
    "invalid_timestamp": Code(
        422,
        "The time is not written correctly",
        "Write RFC 3339 with at most milliseconds; 60 seconds and hour 24 do not exist.",
    ),
    "timestamp_without_offset": Code(
        422, "The time has no offset", "End it with Z or an offset such as +03:00."
    ),
    "occurred_at_in_future": Code(
        422,
        "The time lies more than 5 minutes in the future",
        "Synchronise the clock of the sending system.",
    ),
    "occurred_at_too_old": Code(
        422,
        "The time lies before what can still be accepted",
        "Records older than the licence or the archive horizon go to the regulator.",
    ),
    "too_many_days": Code(
        422,
        "The batch covers more than 40 days",
        "Split the batch by days (UTC); the days of what it takes back count too.",
    ),
    "invalid_amount": Code(
        422,
        "The amount is not a decimal number",
        "Write digits with a point, without sign, exponent, separators or leading zeros.",
    ),
    "amount_not_positive": Code(
        422,
        "The amount is not above zero",
        "Send amounts above zero; take a record back with cancels.",
    ),
    "amount_too_precise": Code(
        422,
        "The amount has more decimals than its currency",
        "Round to the currency's smallest unit.",
    ),
    "amount_too_large": Code(
        422,
        "The amount is above 10^14 of the currency's smallest unit",
        "Check the unit of the amount.",
    ),
    "unknown_currency": Code(
        422, "The currency is not accepted", "Use an ISO 4217 code that the registry lists."
    ),
    "invalid_code": Code(
        422,
        "A code is not written correctly",
        "Use 1 to 64 printable characters, without a space at either end.",
    ),
    "unknown_licence": Code(
        422, "The licence is not known", "Use a licence number of your own (GET registry)."
    ),
    "unknown_channel": Code(
        422, "The channel is not registered", "Register it first, or use a registered code."
    ),
    "unknown_equipment": Code(
        422, "The equipment is not registered", "Register it first, or use a registered code."
    ),
    "unknown_game": Code(
        422, "The game is not registered", "Register it first, or use a registered code."
    ),
    "equipment_required": Code(
        422,
        "The equipment is missing",
        "Name the machine or table for slot halls and land casinos.",
    ),
    "round_id_required": Code(
        422, "The round is missing", "Send round_id with every bet, win and refund."
    ),
    "invalid_round_id": Code(422, "The round is not a UUID", "Write a UUID other than nil."),
    "invalid_player": Code(
        422,
        "The player is not a pseudonym",
        "Send 32 hexadecimal digits, not all zero; never personal data.",
    ),
    "invalid_payment": Code(
        422,
        "The form of settlement is not known",
        "Use cash, card, bank_transfer, e_wallet, balance or chips.",
    ),
    "bonus_not_allowed": Code(
        422, "Only a bet can be a bonus stake", "Send bonus with records of type bet only."
    ),
    "invalid_exclusion_receipt": Code(
        422, "The exclusion receipt is not a UUID", "Send the UUID that the check answered."
    ),
}

# Records that take others back.
_CANCELLING = {
    "invalid_cancel_reason": Code(
        422,
        "The reason for cancelling is not known",
        "Use operator_error, duplicate, technical_failure, result_corrected, regulator_order "
        "or other.",
    ),
    "cancels_itself": Code(
        422, "A record cancels itself", "Give the cancelling record an identifier of its own."
    ),
    "cancelled_twice_in_batch": Code(
        422, "Two records of the batch cancel the same record", "Cancel a record once."
    ),
    "cancelled_not_found": Code(
        422,
        "The cancelled record does not exist",
        "Cancel records of your own that were accepted before.",
    ),
    "cancelled_is_cancellation": Code(
        422, "The cancelled record is itself a cancellation", "Send the right record as a new one."
    ),
    "cancelled_differs": Code(
        422,
        "The cancelled record has other facts",
        "Repeat type, amount, currency, player and references of the record you cancel.",
    ),
    "cancelled_is_later": Code(
        422,
        "The record to take back is later than the one that takes it back",
        "Set occurred_at to the moment of the correction.",
    ),
    "already_cancelled": Code(
        409, "The record was cancelled before", "Leave the record as it is; it counts no more."
    ),
}

# Declarations of days and months.
_DECLARATIONS = {
    "too_many_declarations": Code(
        413, "The body has more than 100 declarations", "Split it into several requests."
    ),
    "invalid_day": Code(
        422, "The day is not written correctly", "Write a day from 2000 to 2199 as 2026-09-20."
    ),
    "invalid_month": Code(
        422, "The month is not written correctly", "Write a month from 2000 to 2199 as 2026-09."
    ),
    "invalid_count": Code(
        422,
        "The number is out of range",
        "Send a whole number within 10^12 on either side of zero.",
    ),
    "invalid_version": Code(
        422,
        "The version is out of range",
        "Send 1 first, and one more with each correction, up to 99.",
    ),
    "invalid_basis": Code(422, "The basis is not known", "Use cash or settlement."),
    "invalid_reason": Code(
        422,
        "The reason cannot be stored",
        "Write 1 to 2,000 printable characters.",
    ),
    "unknown_gambling_type": Code(
        422,
        "You have no licence for this kind of gambling",
        "Use a kind of gambling that one of your licences is for (GET registry).",
    ),
    "period_not_over": Code(
        422,
        "The day or month is not over yet",
        "Declare it once it has ended in Kyiv.",
    ),
    "period_before_licence": Code(
        422, "The period lies before your first licence", "Declare from your first licence on."
    ),
    "reason_missing": Code(
        422, "A correction has no reason", "Say in reason why the declaration is corrected."
    ),
    "version_left_out": Code(
        409,
        "The version does not follow the newest one",
        "Read what is declared and send the version after the newest.",
    ),
    "declared_otherwise": Code(
        409,
        "This version was declared with other values",
        "Repeat a declaration unchanged, or send the next version with a reason.",
    ),
}

CODES: dict[str, Code] = {
    **_REQUEST,
    **_KEYS,
    **_ORDER,
    **_RECORDS,
    **_CANCELLING,
    **_DECLARATIONS,
}
