"""Notes, keys and checkpoints: the examples of C2SP, round trips, and what has to be refused."""

from __future__ import annotations

import base64

import pytest

from portal.transparency import checkpoints, notes
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.notes import Kind, NoteInvalid, PublicKey

ORIGIN = "dozir.example/log"
TEXT = Checkpoint(ORIGIN, 5, bytes(range(32))).text()
# The example and its key of golang.org/x/mod/sumdb/note, whose format signed-note describes.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n"
)


def key(kind: Kind, name: str = ORIGIN) -> PrivateKey:
    return PrivateKey.from_seed(name, kind, bytes([kind]) * 32)


def test_a_note_of_another_implementation_is_read_and_its_signature_holds() -> None:
    text, signatures = notes.read(GO_NOTE)
    peter = PublicKey.parse(GO_KEY)
    assert peter.vkey() == GO_KEY
    signature = notes.find(signatures, peter)
    assert signature is not None
    assert checkpoints.verify_signature(text, signature, peter) == 0
    assert notes.write(text, signatures) == GO_NOTE
    with pytest.raises(NoteInvalid, match="does not hold"):
        checkpoints.verify_signature(text.replace("answer", "anwser"), signature, peter)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_signature_holds_for_its_checkpoint_alone(kind: Kind) -> None:
    private = key(kind)
    note = notes.write(TEXT, [private.sign(TEXT, at=1_700_000_000)])
    signed = checkpoints.verify(note, [private.public], ORIGIN)
    assert signed.checkpoint == Checkpoint(ORIGIN, 5, bytes(range(32)))
    assert signed.by == {private.public: 0 if kind is Kind.ED25519 else 1_700_000_000}
    assert PublicKey.parse(private.public.vkey()) == private.public
    for changed in (note.replace("\n5\n", "\n6\n"), note.replace("AAECAw", "AQECAw")):
        assert changed != note
        with pytest.raises(NoteInvalid):
            checkpoints.verify(changed, [private.public], ORIGIN)


def test_kinds_and_names_are_not_taken_for_each_other() -> None:
    plain, cosigner = (
        key(Kind.ED25519),
        PrivateKey.from_seed(ORIGIN, Kind.ED25519_COSIGNATURE, b"\1" * 32),
    )
    assert plain.public.material == cosigner.public.material
    note = notes.write(TEXT, [plain.sign(TEXT)])
    with pytest.raises(NoteInvalid, match="no signature"):
        checkpoints.verify(note, [cosigner.public], ORIGIN)
    with pytest.raises(NoteInvalid, match="another log"):
        checkpoints.verify(note, [plain.public], "dozir.example/other")


def test_two_signatures_of_one_key_are_refused() -> None:
    private = key(Kind.ED25519)
    note = notes.write(TEXT, [private.sign(TEXT)] * 2)
    with pytest.raises(NoteInvalid, match="two signatures"):
        checkpoints.verify(note, [private.public], ORIGIN)


def test_signatures_of_strangers_are_passed_over() -> None:
    own, other = key(Kind.ED25519), key(Kind.ML_DSA_44_COSIGNATURE, "w.example")
    note = notes.write(TEXT, [other.sign(TEXT, at=1), own.sign(TEXT)])
    assert list(checkpoints.verify(note, [own.public], ORIGIN).by) == [own.public]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no signature\n",
        "text\n\nno signature\n",
        GO_NOTE.removesuffix("\n"),
        GO_NOTE.replace("— ", "- "),
        GO_NOTE.replace("answer", "an\tswer"),
        GO_NOTE.replace("AM=\n", "AN=\n"),  # bits of the last character that no byte takes
        GO_NOTE.replace("PeterNeumann x", "Peter+Neumann x"),
        GO_NOTE.replace("PeterNeumann x08", "PeterNeumann  x08"),
        "text\n\n— name AAAA\n",
        "text\n\n" + "— name AAAAAAA=\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteInvalid):
        notes.read(note)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n5\n",
        "origin\n05\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n-5\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n5\n" + base64.b64encode(bytes(31)).decode() + "\n",
        "\n5\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "origin\n5\n" + base64.b64encode(bytes(32)).decode(),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteInvalid):
        checkpoints.parse(text)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "na me+00000000+AQ==",
        GO_KEY.replace("c74f", "c74e"),
        GO_KEY.replace("+ARp", "+Bxp"),
    ],
)
def test_what_is_no_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(NoteInvalid):
        PublicKey.parse(vkey)
