"""The log's pages, open to everyone, and the proofs that pages give out."""

from __future__ import annotations

import io
import json

import pytest

from portal.config import settings
from portal.ingest.checking import MAX_BYTES
from portal.transparency import notes, proofs
from portal.transparency.merkle import ProofInvalid
from portal.transparency.published import Published
from tests.support.databases import column, value


@pytest.fixture(scope="module")
def log():
    return Published(settings().tiles_dir)


@pytest.fixture
def stranger(app):
    """Somebody who has not signed in, in English."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    return client


def proof_of(visitor, role, scene, row=3):
    own = scene.receipts[0]["batch_id"]
    operator = scene.first if role == "operator" else None
    return visitor(role, operator).get(f"/ledger/batches/{own}/transactions/{row}/proof")


def check(client, document, **more):
    return client.post("/log/check", data={"document": document, **more})


def test_everyone_sees_how_the_log_stands(stranger, log, database):
    page = stranger.get("/log/").text
    newest = log.newest().checkpoint
    assert newest.origin in page
    with database.connect() as conn:
        entered = value(conn, "select count(*) from ledger.entry")
        operators = column(conn, "select code from registry.operator")
    assert newest.size <= entered
    assert not [code for code in operators if f">{code}<" in page]


def test_the_last_verification_is_told_to_all_and_its_findings_to_officials(
    stranger, visitor, scene, database
):
    assert "none yet" in stranger.get("/log/").text
    with database.connect() as conn:
        conn.execute(
            "insert into ledger.verification (began_at, ended_at, log_size, batch_count, row_count,"
            " finding_count, findings) values (now(), now(), 5, 4, 300, 2, %s)",
            (
                json.dumps(
                    [
                        {
                            "kind": "row_altered",
                            "operator": "PAGES-FIRST",
                            "row": 17,
                            "batch": scene.receipts[0]["batch_id"],
                            "column": "player",
                            "why": "another value was accepted",
                            "stored": "deadbeef",
                        },
                        {"kind": "difference", "object": "rollup.day", "key": {"day": "2026"}},
                    ]
                ),
            ),
        )
    try:
        for client in (
            stranger,
            visitor("operator", scene.first, "en"),
            visitor("tax_service", None, "en"),
        ):
            page = client.get("/log/").text
            assert "2 findings" in page
            assert 'id="findings"' not in page
            assert "A transaction was altered" not in page
        assert "PAGES-FIRST" not in stranger.get("/log/").text
        batch = scene.receipts[0]["batch_id"]
        for role in ("regulator", "auditor"):
            client = visitor(role, None, "en")
            page = client.get("/log/").text
            assert "A transaction was altered" in page
            assert "<code>player</code>" in page
            assert f'href="/ledger/batches/{batch}"' in page
            assert "A figure is not what the transactions add up to" in page
            assert "rollup.day" in page
            assert "deadbeef" not in page, "a pseudonym is not for the auditor"
            client.set_cookie("lang", "uk")
            assert "Транзакцію змінено" in client.get("/log/").text
    finally:
        with database.connect() as conn:
            conn.execute("set session_replication_role = replica")
            conn.execute("delete from ledger.verification")


def test_whoever_kept_a_checkpoint_sees_that_the_log_only_grew(stranger, log):
    note = log.newest().note
    page = check(stranger, note.replace("\n", "\r\n"))
    assert "only grown since that checkpoint" in page.text
    size = str(log.newest().checkpoint.size)
    assert "Not genuine" in check(stranger, note.replace(f"\n{size}\n", "\n1\n")).text
    other = note.replace(log.newest().checkpoint.origin, "another.test/log")
    assert "A document of another log" in check(stranger, other).text
    proof = stranger.get(f"/log/consistency?from=1&to={size}", follow_redirects=True)
    assert proof.json["from"]["size"] == 1


def test_the_public_key_of_receipts_is_a_verifier_key(stranger, log):
    key = notes.PublicKey.parse(stranger.get("/log/receipt-key").text)
    assert key.name == f"{log.newest().checkpoint.origin}/receipts"


@pytest.mark.parametrize("kind", ["receipt", "proof"])
def test_a_receipt_is_checked_for_whoever_holds_it(visitor, scene, stranger, kind):
    own = scene.receipts[1]["batch_id"]
    document = visitor("operator", scene.first).get(f"/ledger/batches/{own}/{kind}").data
    assert "Genuine, and in the log" in check(stranger, document.decode()).text
    file = (io.BytesIO(document), "receipt.json")
    assert "Genuine, and in the log" in check(stranger, "", file=file).text
    altered = json.loads(document) | {"operator": "X"}
    page = check(stranger, json.dumps(altered)).text
    assert "Not genuine" in page
    assert "<code>operator</code>" in page


@pytest.mark.parametrize("role", ["operator", "regulator", "tax_service", "auditor"])
def test_a_transactions_proof_shows_the_player_to_whom_may_see_one(
    visitor, scene, stranger, log, database, role
):
    answer = proof_of(visitor, role, scene)
    assert answer.status_code == 200
    origin = log.newest().checkpoint.origin
    proven = proofs.verify_row(answer.data, log.keys(), origin)
    own = scene.receipts[0]["batch_id"]
    assert (proven.batch.batch_id, proven.row.row_no) == (own, 3)
    with database.connect() as conn:
        [(player,)] = conn.execute(
            "select uuid_send(player) from ledger.transaction where batch_id = %s and row_no = 3",
            (own,),
        )
    sealed = role in {"tax_service", "auditor"}
    assert proven.sealed == sealed
    assert (proven.row.player == bytes(player)) != sealed
    said = "the player is withheld" if sealed else "in the log as it is here"
    assert said in check(stranger, answer.data.decode()).text
    if sealed:
        opened = proofs.verify_row(answer.data, log.keys(), origin, player=bytes(player))
        assert not opened.sealed
        with pytest.raises(ProofInvalid):
            proofs.verify_row(answer.data, log.keys(), origin, player=bytes(16))


def test_pages_say_how_a_batch_stands_to_the_log(visitor, scene):
    own = scene.receipts[0]["batch_id"]
    for path in ("", "/transactions/1"):
        page = visitor("regulator", language="en").get(f"/ledger/batches/{own}{path}").text
        assert "In the log" in page
        assert f"/ledger/batches/{own}/proof" in page


def test_a_rewritten_batch_is_said_to_be_unconfirmed_and_not_given_out(visitor, scene, database):
    own = scene.receipts[2]["batch_id"]
    client = visitor("regulator", language="en")
    sql = "update ledger.batch set receipt = %s where id = %s"
    with database.connect() as conn:
        before = value(conn, "select receipt from ledger.batch where id = %s", (own,))
        conn.execute("set session_replication_role = replica")
        conn.execute(sql, (bytes(before).replace(b'"rows" : ', b'"rows" : 9'), own))
    try:
        page = client.get(f"/ledger/batches/{own}").text
        assert "Not confirmed by the log" in page
        assert f"/ledger/batches/{own}/receipt" not in page
        for path in ("receipt", "proof"):
            answer = client.get(f"/ledger/batches/{own}/{path}")
            assert answer.status_code == 503
            assert "may have been altered" in answer.text
    finally:
        with database.connect() as conn:
            conn.execute("set session_replication_role = replica")
            conn.execute(sql, (before, own))


def test_nothing_sent_breaks_the_check(stranger):
    assert check(stranger, "").status_code == 422
    for document in ("x", "{}", "[" * 9_999, '{"a": ' * 9_999, "\x00", '{"format": 1}', "1e999"):
        answer = check(stranger, document)
        assert answer.status_code == 200
        assert "This cannot be checked" in answer.text
    shown = check(stranger, "</textarea><script>alert(1)</script>").text
    assert "<script>alert" not in shown


def test_what_is_too_large_is_not_read(stranger):
    assert check(stranger, "x" * (MAX_BYTES + 99_999)).status_code == 413
    file = (io.BytesIO(b"x" * (MAX_BYTES + 99_999)), "x.json")
    assert check(stranger, "", file=file).status_code == 413


def test_one_address_may_not_check_without_end(app):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.5"
    assert 429 in {check(client, "x").status_code for _ in range(40)}
