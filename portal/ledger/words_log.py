"""What a check of a receipt found, and how a receipt stands to the log, in words."""

from __future__ import annotations

from dataclasses import dataclass

from portal.ingest.checking import Outcome, Step
from portal.ingest.vouching import Standing
from portal.web.i18n import LazyString, lazy_gettext


@dataclass(frozen=True)
class Said:
    """A result: how it is marked, in a few words, and what follows from it."""

    tone: str
    sign: str
    title: LazyString
    text: LazyString


OUTCOMES = {
    Outcome.LOGGED: Said(
        "ok",
        "check",
        lazy_gettext("Genuine, and in the log"),
        lazy_gettext(
            "This receipt was given by this system, it says what the log says, and its batch stands"
            " in the log. Nobody can alter or remove the batch without that being seen."
        ),
    ),
    Outcome.PROMISED: Said(
        "ok",
        "clock",
        lazy_gettext("Genuine; not in the log yet"),
        lazy_gettext(
            "This receipt was given by this system a moment ago. Its batch has to be in the log"
            " within ten seconds: check it again then."
        ),
    ),
    Outcome.OVERDUE: Said(
        "bad",
        "alert",
        lazy_gettext("Genuine, but missing from the log"),
        lazy_gettext(
            "This receipt was given by this system, and its batch is not in the log although it had"
            " to be by now. Keep the receipt: it proves the promise. Tell the regulator and the"
            " auditor, unless the log below is standing still for a known reason."
        ),
    ),
    Outcome.PROVEN: Said(
        "ok",
        "check",
        lazy_gettext("The transaction is in the log as it is here"),
        lazy_gettext(
            "Every detail below was part of the batch when it was accepted, and has not been"
            " altered since."
        ),
    ),
    Outcome.SEALED: Said(
        "ok",
        "check",
        lazy_gettext("The proof holds; the player is withheld"),
        lazy_gettext(
            "A transaction with this hash stands in the log. The hash covers the player, who is"
            " left out here, so that these details are confirmed in full once the organiser or the"
            " regulator names the pseudonym to whoever checks."
        ),
    ),
    Outcome.NOTED: Said(
        "ok",
        "check",
        lazy_gettext("The event is in the log as it is here"),
        lazy_gettext(
            "The audit trail had this event when its minute was entered, and nothing of it has been"
            " altered since."
        ),
    ),
    Outcome.KEPT: Said(
        "ok",
        "check",
        lazy_gettext("This log has only grown since that checkpoint"),
        lazy_gettext(
            "The checkpoint was signed by this log, and everything it stands for is still there"
            " as it was. Keep it: as long as somebody has one, nothing before it can be changed"
            " unseen."
        ),
    ),
    Outcome.UNSIGNED: Said(
        "quiet",
        "info",
        lazy_gettext("A receipt from before the log"),
        lazy_gettext(
            "Receipts of version 0 are not signed: nothing in it can be checked. Download it again:"
            " it comes with its entry and a proof that can be."
        ),
    ),
    Outcome.FALSE: Said(
        "bad",
        "alert",
        lazy_gettext("Not genuine"),
        lazy_gettext(
            "The document was altered, or was never given by this system. The step that did not"
            " hold is marked below."
        ),
    ),
    Outcome.FORKED: Said(
        "bad",
        "alert",
        lazy_gettext("Signed by the log, but not part of it"),
        lazy_gettext(
            "The log's key signed a history that is not the one published here. That must never"
            " happen. Keep the document and tell the regulator and the auditor."
        ),
    ),
    Outcome.OTHER_LOG: Said(
        "quiet",
        "info",
        lazy_gettext("A document of another log"),
        lazy_gettext("It names another log than the one of this system: check it there."),
    ),
    Outcome.UNREADABLE: Said(
        "attention",
        "info",
        lazy_gettext("This cannot be checked"),
        lazy_gettext(
            "It is neither a receipt nor the proof of a transaction nor a checkpoint, or it is"
            " larger than 256 KiB. Paste the whole document, from its first sign to its last."
        ),
    ),
    Outcome.UNAVAILABLE: Said(
        "attention",
        "clock",
        lazy_gettext("The log cannot be read at the moment"),
        lazy_gettext("Nothing follows from this for the document. Try again in a minute."),
    ),
}

# Kinds of findings (docs/ledger.md).
FINDINGS = {
    "row_altered": lazy_gettext("A transaction was altered"),
    "rows_altered": lazy_gettext("Transactions of a batch were altered"),
    "row_missing": lazy_gettext("A transaction was removed"),
    "row_invented": lazy_gettext("A transaction was put in"),
    "row_duplicated": lazy_gettext("A transaction stands there twice"),
    "batch_altered": lazy_gettext("The record of a batch was altered"),
    "batch_missing": lazy_gettext("A batch was removed"),
    "batch_invented": lazy_gettext("A batch was put in"),
    "entry_altered": lazy_gettext("An entry of the log was altered"),
    "entry_missing": lazy_gettext("An entry of the log was removed"),
    "entry_lost": lazy_gettext("The journal has an entry that the log has not"),
    "leaf_order": lazy_gettext("The order of the log was changed"),
    "leaf_altered": lazy_gettext("An entry is not the one that was published"),
    "tile_differs": lazy_gettext("What is published is not what was signed"),
    "chain_broken": lazy_gettext("A batch does not follow its organiser's batch before"),
    "sequence_broken": lazy_gettext("Batches of an organiser are not numbered without a gap"),
    "head_altered": lazy_gettext("The end of an organiser's batches was altered"),
    "back_dated": lazy_gettext("An entry was back-dated, or entered too late"),
    "not_merged": lazy_gettext("An entry is not in the log although it had to be"),
    "root_differs": lazy_gettext("A signed checkpoint contradicts the log"),
    "truncated": lazy_gettext("The end of the log was cut off"),
    "split_view": lazy_gettext("The log signed two histories"),
    "checkpoint_invalid": lazy_gettext("A checkpoint is not genuine"),
    "checkpoint_altered": lazy_gettext("The record of a checkpoint was altered"),
    "quorum_missing": lazy_gettext("Too few witnesses cosigned"),
    "no_checkpoint": lazy_gettext("No signed checkpoint covers the log"),
    "promise_broken": lazy_gettext("A signed promise was broken"),
    "receipt_invalid": lazy_gettext("A receipt is not genuine"),
    "timestamp_invalid": lazy_gettext("A time-stamp does not hold"),
    "timestamp_missing": lazy_gettext("An authority has stamped nothing for hours"),
    "event_altered": lazy_gettext("An event of the audit trail was altered"),
    "event_missing": lazy_gettext("An event of the audit trail was removed"),
    "event_invented": lazy_gettext("An event of the audit trail was put in"),
    "event_back_dated": lazy_gettext("An event of the audit trail was back-dated"),
    "difference": lazy_gettext("A figure is not what the transactions add up to"),
}

STEPS = {
    Step.SIGNATURE: lazy_gettext("It is signed by this system's key"),
    Step.ENTRY: lazy_gettext("The entry is the one that was promised"),
    Step.WORDS: lazy_gettext("The receipt says what the entry says"),
    Step.ROW: lazy_gettext("The transaction, its batch and its entry belong together"),
    Step.EVENT: lazy_gettext("The event and the entry of its minute belong together"),
    Step.INCLUSION: lazy_gettext("The entry is in the log"),
    Step.SAME_LOG: lazy_gettext("It is the log that is published here"),
}

STANDINGS = {
    Standing.LOGGED: Said(
        "ok",
        "check",
        lazy_gettext("In the log"),
        lazy_gettext(
            "The batch stands in the log, which everyone can read: it cannot be altered or removed"
            " without that being seen."
        ),
    ),
    Standing.PROMISED: Said(
        "info",
        "clock",
        lazy_gettext("Promised"),
        lazy_gettext("The batch will be in the log within ten seconds of its receipt."),
    ),
    Standing.BEFORE: Said(
        "quiet",
        "info",
        lazy_gettext("From before the log"),
        lazy_gettext(
            "The batch was accepted before there was a log, so its receipt is not signed. It was"
            " entered when the log began."
        ),
    ),
    Standing.UNCONFIRMED: Said(
        "bad",
        "alert",
        lazy_gettext("Not confirmed by the log"),
        lazy_gettext(
            "What the database holds of this batch is not found in the published log, or the log"
            " cannot be read at the moment. Until that is clear the receipt is not given out."
        ),
    ),
}
