"""What an operator gets of the log: proofs to check elsewhere, and nothing that was rewritten."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, LiteralString
from uuid import uuid4

import pytest

from portal.config import settings
from portal.ingest import checking, vouching
from portal.ingest.currencies import currencies
from portal.transparency import keys, merkle, promises, proofs
from portal.transparency.entries import Entry
from portal.transparency.notes import PublicKey
from portal.transparency.proofs import LogProof
from portal.transparency.published import Published
from tests.support.api import Answer, Client, encoded
from tests.support.databases import Database
from tests.support.servers import await_logged

KEYLESS: dict[str, str] = {}


@pytest.fixture(scope="module")
def logged(api: Client, database: Database) -> Answer:
    """A batch of twenty records that stands in the log."""
    stored = api.accepted(api.records(20))
    await_logged(database)
    return stored


def log_keys() -> Sequence[PublicKey]:
    return Published(settings().tiles_dir).keys()


def check(api: Client, document: bytes) -> dict[str, Any]:
    answer = api.request("POST", "/check", document, {"Content-Type": "application/json"})
    assert answer.status == 200
    found: dict[str, Any] = answer.document
    return found


def test_a_receipt_gets_its_proof_after_what_was_answered(api: Client, logged: Answer) -> None:
    read = api.get(f"/batches/{logged.batch_id}")
    assert read.body.startswith(logged.body.removesuffix(b"}"))
    assert read.document.keys() - logged.document.keys() == {"proof"}
    receipt = promises.read(read.body)
    promises.verify(receipt, keys.receipt_key(receipt.origin).public)
    proof = LogProof.parse(read.document["proof"])
    promised = bytes.fromhex(receipt.entry_hash)
    assert proof.verify(promised, log_keys(), receipt.origin).checkpoint.size > proof.index


def test_long_after_its_time_a_logged_receipt_has_the_same_bytes(
    api: Client, logged: Answer
) -> None:
    stored = stored_receipt(api, logged.batch_id)
    an_hour_later = time.time() + 3_600
    asked = [(logged.batch_id, stored)]
    assert vouching.all_answered(asked, an_hour_later) == [logged.body]
    assert vouching.all_answered(asked, an_hour_later) == [logged.body], "now it is remembered"


def test_before_its_time_is_over_a_receipt_needs_no_log(api: Client) -> None:
    api.accepted()
    assert api.get("/batches?limit=1000").status == 200


HOUR = 3_600_000_000
FORGERIES: dict[str, Callable[[Entry], Entry | dict[str, Any]]] = {
    "other words than its entry": lambda entry: {"rows": 2},
    "another sum in words": lambda entry: {"totals": []},
    "other rows, an hour ago": lambda entry: of(entry, received=-HOUR, batch_root=bytes(32)),
    "another moment": lambda entry: of(entry, received=-24 * HOUR),
    "a moment to come, for ever fresh": lambda entry: of(entry, received=HOUR),
    "another log": lambda entry: replace(of(entry, received=-HOUR), origin="another.test/log"),
    "no entry at all": lambda entry: {"entry": ""},
    "of no type": lambda entry: {"rows": "many"},
    "beyond all time": lambda entry: of(entry, received=2**62),
}


def of(entry: Entry, *, received: int, **changes: Any) -> Entry:
    """The same entry but for its moment and some of its batch."""
    body = entry.batch()
    moved = replace(body, received_at_us=body.received_at_us + received, **changes)
    return replace(entry, entered_at_us=moved.received_at_us, body=moved.pack())


@pytest.mark.parametrize("how", FORGERIES)
def test_a_rewritten_receipt_is_never_signed(api: Client, how: str) -> None:
    """The attack: a database administrator rewrites what was accepted, and asks for its promise."""
    body, key = encoded(api.records(1)), uuid4()
    first = api.accepted(body=body, idempotency_key=key)
    forgery = FORGERIES[how](Entry.unpack(promises.read(first.body).entry_bytes))
    if isinstance(forgery, Entry):
        raw = forgery.pack()
        facts: dict[str, Any] = {}
        with suppress(OverflowError):
            facts = promises.facts_of(raw, currencies())
        forgery = facts | {"entry": base64.b64encode(raw).decode()}
    before = stored_receipt(api, first.batch_id)
    forged = json.dumps(json.loads(before) | forgery).encode()
    after = first.document["operator_sequence"] - 1
    with rewritten(api, first.batch_id, forged):
        for answer in (
            api.get(f"/batches/{first.batch_id}"),
            api.get(f"/batches?after={after}&limit=1"),
            api.post(body=body, idempotency_key=key, sequence=first.document["stream_sequence"]),
        ):
            assert (answer.status, answer.code) == (503, "log_unconfirmed")
            assert answer.headers["retry-after"]
    assert api.get(f"/batches/{first.batch_id}").status == 200


def test_a_receipt_from_before_the_log_gets_its_entry_and_its_proof(
    api: Client, logged: Answer
) -> None:
    facts = json.loads(stored_receipt(api, logged.batch_id))
    for name in (*promises.OF_THE_LOG, "entry"):
        del facts[name]
    facts["receipt_version"] = 0
    with rewritten(api, logged.batch_id, json.dumps(facts).encode()):
        read = api.get(f"/batches/{logged.batch_id}")
        assert read.document.keys() - facts.keys() == {"entry", "proof"}
        assert check(api, read.body)["outcome"] == "logged"
        for change in ({"rows": 2}, {"entry": "AAAA"}, {"proof": "x"}):
            assert check(api, json.dumps(read.document | change).encode())["outcome"] == "false"
    with rewritten(api, logged.batch_id, json.dumps(facts | {"rows": 2}).encode()):
        assert api.get(f"/batches/{logged.batch_id}").code == "log_unconfirmed"


def test_a_receipt_in_another_batchs_place_is_not_given_out(api: Client, logged: Answer) -> None:
    victim = api.accepted()
    with rewritten(api, victim.batch_id, stored_receipt(api, logged.batch_id)):
        answer = api.get(f"/batches/{victim.batch_id}")
        assert (answer.status, answer.code) == (503, "log_unconfirmed")


def test_an_altered_row_gets_no_proof(api: Client, database: Database) -> None:
    stored = api.accepted(api.records(3))
    await_logged(database)
    path = f"/batches/{stored.batch_id}/transactions"
    sql = "update ledger.transaction set amount_minor = amount_minor + %s where batch_id = %s"
    sql += " and row_no = 2 and occurred_at > now() - interval '1 hour'"
    muted(api, sql, 1, stored.batch_id)
    try:
        for row in (1, 2, 3):
            answer = api.get(f"{path}/{row}/proof")
            assert (answer.status, answer.code) == (503, "log_unconfirmed")
    finally:
        muted(api, sql, -1, stored.batch_id)
    assert api.get(f"{path}/2/proof").status == 200


@pytest.mark.parametrize("row_no", [1, 13, 20])
def test_each_record_is_proven(api: Client, logged: Answer, row_no: int) -> None:
    answer = api.get(f"/batches/{logged.batch_id}/transactions/{row_no}/proof")
    assert answer.status == 200
    proven = proofs.verify_row(answer.body, log_keys(), logged.document["origin"])
    assert (proven.batch.batch_id, proven.row.row_no) == (logged.batch_id, row_no)
    assert not proven.sealed
    assert proven.row.player != bytes(16)
    assert check(api, answer.body)["outcome"] == "proven"


def test_what_is_not_ones_own_has_no_proof(api: Client, other: Client, logged: Answer) -> None:
    for batch, row in ((logged.batch_id, 1), (999_999_999, 1)):
        answer = other.get(f"/batches/{batch}/transactions/{row}/proof")
        assert (answer.status, answer.code) == (404, "not_found")
    for row in (0, 21, 10_001):
        assert api.get(f"/batches/{logged.batch_id}/transactions/{row}/proof").status == 404


def test_any_two_sizes_are_proven_consistent(api: Client, logged: Answer) -> None:
    newest = api.request("GET", "/log/consistency", None, KEYLESS).document
    size = newest["to"]["size"]
    for old in (0, 1, size // 2, size):
        found = api.request("GET", f"/log/consistency?from={old}&to={size}", None, KEYLESS).document
        roots = [base64.b64decode(found[end]["root"]) for end in ("from", "to")]
        hashes = [base64.b64decode(one) for one in found["proof"]]
        merkle.verify_consistency(old, roots[0], size, roots[1], hashes)
    for query in ("from=1&to=0", f"to={10**15}", "from=-1", "from=x"):
        answer = api.request("GET", f"/log/consistency?{query}", None, KEYLESS)
        assert (answer.status, answer.code) == (400, "invalid_parameter")


def test_receipts_are_checked_for_whoever_holds_them(api: Client, logged: Answer) -> None:
    for document in (logged.body, api.get(f"/batches/{logged.batch_id}").body):
        found = check(api, document)
        assert found["outcome"] == "logged"
        assert all(step["holds"] for step in found["steps"])
    pretty = json.dumps(logged.document, indent=1, ensure_ascii=True).encode()
    assert check(api, b"\xef\xbb\xbf" + pretty)["outcome"] == "logged"


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"rows": 21}, "false"),
        ({"operator": "SOMEBODY"}, "false"),
        ({"totals": []}, "false"),
        ({"body_sha256": "00" * 32}, "false"),
        ({"entry": ""}, "false"),
        ({"entry": 5}, "unreadable"),
        ({"promise": ""}, "false"),
        ({"promise": "x\n\n— y z\n"}, "false"),
        ({"proof": "no proof"}, "false"),
        ({"origin": "another.test/log"}, "other_log"),
        ({"receipt_version": 0}, "unsigned"),
        ({"receipt_version": 7}, "false"),
        ({"merge_by": "2020-01-01T00:00:00.000000Z"}, "false"),
    ],
)
def test_a_receipt_that_was_altered_is_found_false(
    api: Client, logged: Answer, change: dict[str, Any], outcome: str
) -> None:
    assert check(api, json.dumps(logged.document | change).encode())["outcome"] == outcome


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b"[" * 200_000,
        b'{"a":' * 30_000,
        b"\x00\xff",
        b'{"a": "\xff"}',
        b'{"format": "\xff"}',
        b" " * 300_000,
    ],
)
def test_whatever_is_sent_has_an_outcome(api: Client, document: bytes) -> None:
    assert check(api, document)["outcome"] == "unreadable"


def test_a_checkpoint_that_the_log_signed_for_others_is_told(api: Client, logged: Answer) -> None:
    """A split view: genuinely signed, and not of the log that everybody sees."""
    proof = api.get(f"/batches/{logged.batch_id}").document["proof"]
    log = Published(settings().tiles_dir)
    verdict = checking.Verdict()
    checkpoint = log.newest().signed
    forked = type(checkpoint)(
        type(checkpoint.checkpoint)(
            checkpoint.checkpoint.origin, checkpoint.checkpoint.size, bytes(32)
        ),
        checkpoint.by,
    )
    with pytest.raises(checking._Ended):
        checking._check_same_log(verdict, forked)
    assert verdict.outcome == "forked"
    assert proof


def test_one_address_may_not_ask_without_end() -> None:
    turnstile = checking.Turnstile(per_second=0.001, at_once=5)
    assert [turnstile.admits("203.0.113.9") for _ in range(6)] == [True] * 5 + [False]
    assert turnstile.admits("203.0.113.10")
    assert [turnstile.admits(f"2001:db8::{n}") for n in range(6)] == [True] * 5 + [False]
    assert not turnstile.admits("::ffff:203.0.113.9")


def stored_receipt(api: Client, batch_id: int) -> bytes:
    return bytes(api.inspector.value("select receipt from ledger.batch where id = %s", batch_id))


def muted(api: Client, sql: LiteralString, *parameters: Any) -> None:
    """What a superuser can do: triggers do not bind him."""
    with api.inspector.database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute(sql, parameters)


@contextmanager
def rewritten(api: Client, batch_id: int, receipt: bytes) -> Iterator[None]:
    before = stored_receipt(api, batch_id)
    sql: LiteralString = "update ledger.batch set receipt = %s where id = %s"
    muted(api, sql, receipt, batch_id)
    try:
        yield
    finally:
        muted(api, sql, before, batch_id)
