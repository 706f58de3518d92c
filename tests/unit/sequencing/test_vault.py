"""The signer signs one tree that grows, and nothing else, whatever it is shown."""

from __future__ import annotations

import json
import os
import random
import socket
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from portal.sequencing.link import SignerAway, SignerLink
from portal.sequencing.signer import Server, Signer
from portal.sequencing.vault import Refused, Vault
from portal.transparency import checkpoints, merkle, notes
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.notes import PublicKey
from tests.support.logs import signing

ORIGIN = "log.example/one"
LEAVES = [sha256(bytes([one])).digest() for one in range(40)]


def sign(vault: Vault, size: int, *, old: int | None = None, leaves: list[bytes] = LEAVES) -> str:
    """Ask for a signature as an honest sequencer would."""
    start = vault.state.size if old is None else old
    proof = merkle.consistency_proof(start, size, merkle.subtree_of(leaves))
    lines = vault.sign(ORIGIN, start, size, merkle.root(leaves[:size]), proof)
    return Checkpoint(ORIGIN, size, merkle.root(leaves[:size])).text() + "\n" + "".join(lines)


@pytest.fixture
def vault(tmp_path: Path):
    made = Vault(tmp_path / "signer")
    yield made
    made.close()


def keys_of(vault: Vault) -> list[PublicKey]:
    return [PublicKey.parse(one.vkey) for one in vault.public()]


def test_it_signs_what_extends_its_tree_with_both_kinds_of_keys(vault):
    rng = random.Random(3)
    for size in sorted(rng.sample(range(41), 12)):
        note = sign(vault, size)
        keys = keys_of(vault)
        assert {int(one.kind) for one in keys} == {0x01, 0x06}
        assert checkpoints.verify(note, keys, ORIGIN).by.keys() == set(keys)
        again = sign(vault, size)
        assert notes.read(again)[0] == notes.read(note)[0]


FORKED = [*LEAVES[:5], sha256(b"other").digest(), *LEAVES[6:]]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ((ORIGIN, 10, 9, merkle.root(LEAVES[:9]), []), "rollback"),
        ((ORIGIN, 0, 0, merkle.EMPTY_ROOT, []), "rollback"),
        ((ORIGIN, 10, 10, merkle.root(FORKED[:10]), []), "fork"),
        ((ORIGIN, 0, 20, merkle.root(LEAVES[:20]), []), "stale"),
        ((ORIGIN, 9, 20, merkle.root(LEAVES[:20]), []), "stale"),
        ((ORIGIN, 10, 20, merkle.root(LEAVES[:20]), []), "proof"),
        (
            (
                ORIGIN, 10, 20, merkle.root(FORKED[:20]),
                merkle.consistency_proof(10, 20, merkle.subtree_of(FORKED)),
            ),
            "proof",
        ),
        (
            (
                ORIGIN, 10, 20, merkle.root(FORKED[:20]),
                merkle.consistency_proof(10, 20, merkle.subtree_of(LEAVES)),
            ),
            "proof",
        ),
        (
            (
                ORIGIN, 10, 20, merkle.root(LEAVES[:20]),
                [*merkle.consistency_proof(10, 20, merkle.subtree_of(LEAVES)), bytes(32)],
            ),
            "proof",
        ),
        ((ORIGIN, 10, 20, b"short", []), "proof"),
        (("log.example/two", 10, 10, merkle.root(LEAVES[:10]), []), "origin"),
    ],
)  # fmt: skip
def test_it_refuses_everything_else_and_goes_on(vault, tmp_path, request_, code):
    sign(vault, 10)
    before = (tmp_path / "signer" / "state.json").read_bytes()
    with pytest.raises(Refused) as refused:
        vault.sign(*request_)
    assert refused.value.code == code
    assert (tmp_path / "signer" / "state.json").read_bytes() == before
    sign(vault, 20)


def test_a_name_that_would_add_lines_is_refused(vault):
    with pytest.raises(Refused):
        vault.sign("log.example\n5\nAAAA", 0, 1, merkle.root(LEAVES[:1]), [])
    assert vault.state.origin == ""


def test_it_remembers_over_a_restart_before_a_signature_is_out(vault, tmp_path, monkeypatch):
    sign(vault, 10)
    keys = keys_of(vault)

    def crash(_self, _key):
        raise KeyboardInterrupt

    monkeypatch.setattr(Vault, "_keys_of", crash)
    with pytest.raises(KeyboardInterrupt):
        sign(vault, 12)
    monkeypatch.undo()
    vault.close()
    again = Vault(tmp_path / "signer")
    try:
        assert (again.state.size, keys_of(again)) == (12, keys)
        with pytest.raises(Refused, match="another root of 12"):
            again.sign(ORIGIN, 12, 12, merkle.root(FORKED[:12]), [])
    finally:
        again.close()


def test_two_signers_never_share_a_state(vault, tmp_path):
    with pytest.raises(Refused, match="another signer"):
        Vault(tmp_path / "signer")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("state.json", None),
        ("state.json", ""),
        ("state.json", '{"origin": "x", "size": -1, "root": ""}'),
        ("keys.json", None),
        ("keys.json", "[1]"),
    ],
)
def test_who_forgot_what_he_signed_does_not_sign(vault, tmp_path, name, text):
    sign(vault, 10)
    vault.close()
    path = tmp_path / "signer" / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(Refused):
        Vault(tmp_path / "signer")


def test_keys_and_state_are_closed_and_public_keys_are_not(vault, tmp_path):
    sign(vault, 1)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "signer").iterdir()}
    assert modes.pop("public-keys") == 0o644
    assert set(modes) == {"lock", "keys.json", "state.json", "1.ed25519", "1.ml-dsa-44"}
    assert set(modes.values()) == {0o600}


def test_only_those_accounts_are_answered_and_garbage_is_refused(tmp_path):
    with signing(tmp_path / "signer") as link:
        assert link.state().size == 0
        raw = socket.socket(socket.AF_UNIX)
        raw.connect(str(tmp_path / "signer" / "socket"))
        with raw, raw.makefile("rwb") as file:
            for line in (
                b"{}", b"[]", b"nonsense", b"\xff", b'{"op":"sign"}', b'{"op":"x"}',
                b'{"op":"sign","origin":"a","old":0,"size":1e400,"root":"","proof":[]}',
                b'{"op":"sign","origin":"a","old":0,"size":1,"root":"*","proof":[]}',
                b'{"op":"rotate","overlap_s":-1}', b'{"op":"rotate","overlap_s":1e300}',
            ):  # fmt: skip
                file.write(line + b"\n")
                file.flush()
                assert "refused" in json.loads(file.readline()), line
        assert link.state().size == 0


def test_a_stranger_gets_no_answer(tmp_path):
    vault = Vault(tmp_path / "signer")
    with Server(tmp_path / "socket", Signer(vault), {os.geteuid() + 1}) as server:
        link = SignerLink(tmp_path / "socket", tmp_path)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(tmp_path / "socket"))
            client.sendall(b'{"op":"state"}\n')
            server.handle_request()
            answer = b""
            with suppress(ConnectionResetError):  # what it did not read is thrown away
                answer = client.recv(100)
            assert answer == b""
        link.close()
    vault.close()


def test_only_root_and_the_signer_rotate_keys(vault):
    answer = Signer(vault).answer(b'{"op":"rotate","overlap_s":1}', master=False)
    assert answer["refused"] == "account"


def test_who_took_the_sockets_place_is_not_believed(tmp_path, monkeypatch):
    with signing(tmp_path / "signer") as link:
        monkeypatch.setattr("portal.sequencing.link.peer_uid", lambda _: 12345)
        with pytest.raises(SignerAway, match="not the signer"):
            link.state()
