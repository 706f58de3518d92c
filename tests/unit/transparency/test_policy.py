"""Policies as C2SP tlog-policy writes them: read, written, evaluated; what has to be refused."""

from __future__ import annotations

import itertools

import pytest

from portal.transparency import notes, policy
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.notes import Kind, NoteInvalid, PublicKey
from portal.transparency.policy import Policy, PolicyInvalid

ORIGIN = "dozir.example/log"
# A witness that runs in public.
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"


def key(number: int, kind: Kind = Kind.ED25519_COSIGNATURE, name: str = "") -> PrivateKey:
    return PrivateKey.from_seed(name or f"w{number}.example", kind, bytes([number]) * 32)


def vkey(number: int, kind: Kind = Kind.ED25519_COSIGNATURE, name: str = "") -> str:
    return key(number, kind, name).public.vkey()


LOG = key(100, Kind.ED25519, ORIGIN)
# The example of the specification, with keys, an address, a comment and every kind of white space.
EXAMPLE = f"""
log {LOG.public.vkey()}

witness X1 {vkey(1)} https://x1.example/witness
witness X2 {vkey(2)}
\twitness  X3\t{vkey(3, Kind.ML_DSA_44_COSIGNATURE)}  \t
group X-witnesses 2 X1 X2 X3
  # the other house
witness Y1 {vkey(4)}
witness Y2 {vkey(5)}
witness Y3 {REMORA}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
""".encode()


def test_the_example_is_read_written_and_evaluated() -> None:
    read = policy.parse(EXAMPLE)
    assert [one.name for one in read.witnesses] == ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    assert read.witnesses[0].url == "https://x1.example/witness"
    assert read.witnesses[5].key == PublicKey.parse(REMORA)
    assert policy.parse(policy.write(read)) == read
    for count in range(7):
        for chosen in itertools.combinations(("X1", "X2", "X3", "Y1", "Y2", "Y3"), count):
            houses = "".join(name[0] for name in chosen)
            assert read.is_met(chosen) == (houses.count("X") >= 2 and "Y" in houses)
    assert not read.is_met({"X-witnesses", "Y1"}), "a group's name is no witness"
    assert not read.is_met({"X-and-Y"})


def test_the_smallest_policy_asks_for_nobody() -> None:
    read = policy.parse(b"quorum none")
    assert read == Policy()
    assert read.is_met(())


def test_names_are_octets_and_not_text() -> None:
    written = b"witness \xe2\x84\xaa %b\nwitness K %b\nwitness \xff %b\nquorum \xff\n" % (
        vkey(1).encode(), vkey(2).encode(), vkey(3).encode(),
    )  # fmt: skip
    read = policy.parse(written)
    assert len({one.name for one in read.witnesses}) == 3
    assert policy.write(read) == written
    # A space of Unicode is no space here.
    assert (
        policy.parse(f"witness a\u00a0b {vkey(1)}\nquorum a\u00a0b\n".encode()).quorum == "a\u00a0b"
    )


ONE = f"witness A {vkey(1)}\n"
TWO = f"{ONE}witness B {vkey(2)}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no quorum"),
        (ONE, "no quorum"),
        ("quorum none\nquorum none\n", "line 2: a second quorum"),
        ("quorum A\n" + ONE, "line 1: a quorum of what no line before"),
        ("quorum\n", "too few or too many"),
        ("quorum none none\n", "too few or too many"),
        ("Quorum none\n", "unknown kind"),
        ("threshold 2\nquorum none\n", "unknown kind"),
        (ONE.replace("\n", "\r\n") + "quorum A\n", "line 1: a control"),
        ("quorum none\0\n", "control"),
        ("# \x7f\nquorum none\n", "control"),
        (ONE + f"witness B {vkey(1)}\nquorum A\n", "line 2: the same witness twice"),
        # The same key under another name and another kind is the same key.
        (ONE + f"witness B {vkey(1, name='other')}\nquorum A\n", "the same witness twice"),
        (f"log {vkey(1, Kind.ED25519)}\nlog {vkey(1, Kind.ED25519, 'b')}\nquorum none", "same log"),
        (ONE + f"witness A {vkey(2)}\nquorum A\n", "defined twice"),
        (TWO + "group A any B\nquorum A\n", "defined twice"),
        (f"witness none {vkey(1)}\nquorum none\n", "its own meaning"),
        (ONE + "group none any A\nquorum none\n", "its own meaning"),
        (f"witness A {vkey(1, Kind.ED25519)}\nquorum A\n", "another kind"),
        (ONE.replace("example+", "example+0", 1) + "quorum A\n", "id is not its own"),
        (f"witness A {REMORA[:-4]}\nquorum A\n", "id is not its own"),
        ("witness A\nquorum A\n", "too few or too many"),
        (ONE.strip() + " http://a http://b\nquorum A\n", "too few or too many"),
        (TWO + "group g any\nquorum A\n", "too few or too many"),
        (TWO + "group g 0 A B\nquorum g\n", "threshold"),
        (TWO + "group g 3 A B\nquorum g\n", "threshold"),
        (TWO + "group g 01 A B\nquorum g\n", "threshold"),
        (TWO + "group g -1 A B\nquorum g\n", "threshold"),
        (TWO + "group g \u0661 A B\nquorum g\n", "threshold"),
        (TWO + "group g most A B\nquorum g\n", "threshold"),
        (TWO + "group g 2 A A\nquorum g\n", "twice of one"),
        (TWO + "group g any A B\ngroup h any A\nquorum g\n", "two groups"),
        (TWO + "group g any A g\nquorum g\n", "no line before it"),
        (ONE + "group g any none\nquorum g\n", "no line before it"),
        (ONE + "group g any h\ngroup h any A\nquorum g\n", "no line before it"),
    ],
)  # fmt: skip
def test_what_is_malformed_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyInvalid, match=said):
        policy.parse(text.encode())


def test_a_key_of_a_wrong_length_or_in_no_utf_8_is_refused() -> None:
    short = PublicKey("w.example", Kind.ED25519_COSIGNATURE, b"\1" * 31).vkey()
    with pytest.raises(PolicyInvalid, match="length"):
        policy.parse(f"witness A {short}\nquorum A\n".encode())
    with pytest.raises(PolicyInvalid, match="UTF-8"):
        policy.parse(b"witness A \xff" + vkey(1).encode() + b"\nquorum A\n")


def test_it_takes_32_of_each_and_no_more() -> None:
    logs = [f"log {vkey(n, Kind.ED25519)}\n" for n in range(1, 34)]
    witnesses = [f"witness w{n} {vkey(n)}\n" for n in range(1, 34)]
    groups = [f"group g{n} any w{n}\n" for n in range(1, 33)]
    full = logs[:32] + witnesses[:32] + groups
    read = policy.parse("".join([*full, "quorum g32\n"]).encode())
    assert (len(read.logs), len(read.witnesses), len(read.groups)) == (32, 32, 32)
    assert read.is_met({"w32"})
    assert not read.is_met({"w1"})
    for more in (logs[32], witnesses[32], "group g33 any g1\n"):
        with pytest.raises(PolicyInvalid, match="more than 32"):
            policy.parse("".join([*full, more, "quorum none\n"]).encode())


def test_a_checkpoint_is_judged_by_the_signatures_that_it_carries() -> None:
    read = policy.parse(EXAMPLE)
    text = Checkpoint(ORIGIN, 7, b"\7" * 32).text()
    signers = [LOG, key(1), key(3, Kind.ML_DSA_44_COSIGNATURE), key(5), key(9)]
    lines = [one.sign(text, 1_700_000_000 + at) for at, one in enumerate(signers)]
    verdict = policy.judge(read, notes.write(text, lines), ORIGIN)
    assert verdict.met
    assert verdict.checkpoint.size == 7
    assert verdict.cosigned == {"X1": 1_700_000_001, "X3": 1_700_000_002, "Y2": 1_700_000_003}
    assert not policy.judge(read, notes.write(text, lines[:3]), ORIGIN).met
    # Witnesses alone are not enough; nor is the log itself when it is another one.
    with pytest.raises(NoteInvalid, match="no signature"):
        policy.judge(read, notes.write(text, lines[1:]), ORIGIN)
    with pytest.raises(NoteInvalid, match="another log"):
        policy.judge(read, notes.write(text, lines), "dozir.example/other")
    # A witness' signature of another checkpoint.
    other = key(1).sign(Checkpoint(ORIGIN, 8, b"\7" * 32).text(), 1)
    with pytest.raises(NoteInvalid, match="does not hold"):
        policy.judge(read, notes.write(text, [lines[0], other]), ORIGIN)


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://w.example", True),
        ("http://127.0.0.1:8007/prefix", True),
        ("", False),
        ("w.example", False),
        ("file:///etc/passwd", False),
        ("ftp://w.example", False),
        ("https://user:secret@w.example", False),
        ("https://w.example/?x=1", False),
        ("https://w.example:99999", False),
        ("https://[::1", False),
    ],
)
def test_only_web_addresses_are_asked(url: str, *, usable: bool) -> None:
    assert policy.is_submission_url(url) is usable
