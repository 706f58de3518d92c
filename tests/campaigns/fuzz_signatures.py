"""Altered signatures, certificates, CRLs and OCSP answers: none crashes, hangs, leaks or passes.

Each round alters something sound by a few changes of its bits, bytes or ASN.1 values, with pieces
of other messages among them, and has it judged. Whatever comes in, a verdict comes out within
seconds; where it is "valid", content, signed attributes, signature and certificate are those that
were signed. Altered evidence never makes a revoked certificate good. Memory stands still.
"""

from __future__ import annotations

import base64
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portal.identity.signatures import (
    algorithms,
    asn1,
    certificates,
    cms,
    crls,
    ocsp,
    signing,
    verifying,
)
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.reasons import REASONS, Refused, Verdict
from portal.identity.signatures.trust import Trust
from tests.campaigns.campaign import Campaign, say
from tests.campaigns.trend import trend
from tests.support import pki
from tests.support.pki import CONTENT, DAY, NOW

LONGEST_S = 5.0  # CPU for one input; sound ones take some 0.1 s
GROWTH_MB = 8.0
SAMPLES = 60
PAGE = 4096
TAGS = bytes((0, 1, 2, 3, 4, 5, 6, 10, 12, 19, 22, 23, 24, 0x30, 0x31, 0x80, 0xA0, 0xA1, 0xA2))
LENGTHS = (b"\x80", b"\x81\xff", b"\x82\xff\xff", b"\x84\x7f\xff\xff\xff", b"\x00", b"\xff")


@dataclass(frozen=True)
class Sound:
    """Something that is judged valid as it stands; ``revoked`` is who must never become good."""

    kind: str
    data: bytes


def _sound() -> list[Sound]:
    """Messages of every algorithm and form, and every kind of evidence."""
    made = pki.pki()
    people = [made.person(kind) for kind in ("ecdsa", "rsa", "dstu")]
    kupyna = made.person(key=pki.key("dstu").using(algorithms.KUPYNA256))
    pss = made.person(key=pki.key("rsa").using(algorithms.SHA256, pss=True))
    messages = [
        one.sign(detached=detached) for one in (*people, kupyna, pss) for detached in (False, True)
    ]
    messages.append(people[0].sign(others=(made.authority.certificate, made.root.certificate)))
    signed = asn1.tlv(0x31, *people[0].attributes())
    messages.append(signing.message(
        CONTENT, people[0].key, people[0].certificate, signed=signed,
        signature=people[0].key.sign(signed, wrapped=False), detached=False,
        unsigned=asn1.set_of(signing.attribute(cms.SIGNATURE_TIME_STAMP, people[1].sign())),
    ))  # fmt: skip
    return [Sound("message", one) for one in messages] + [
        Sound("base64", base64.encodebytes(messages[0])),
        *(Sound("certificate", one.certificate.der) for one in people),
    ]


def run(*, seed: int, rounds: int | None = None, seconds: float | None = None) -> dict[str, Any]:
    """So many rounds, or so long; what was seen. Raises AssertionError at a broken promise."""
    chance = random.Random(seed)
    sound = _sound()
    victim = pki.pki().person()
    evidence = _evidence(victim)
    seen: Counter[str] = Counter()
    slowest = 0.0
    memory: list[float] = []
    begun = time.monotonic()
    step = 0
    while (rounds is None or step < rounds) and (
        seconds is None or time.monotonic() - begun < seconds
    ):
        step += 1
        started = time.process_time()
        if chance.random() < 0.25:
            outcome = _alter_evidence(chance, victim, evidence)
        else:
            outcome = _alter_signature(chance, sound)
        slowest = max(slowest, time.process_time() - started)
        assert slowest < LONGEST_S, f"round {step} took {slowest:.1f} s"
        seen[outcome] += 1
        passed = time.monotonic() - begun
        share = step / rounds if rounds else passed / (seconds or 1)
        if share * SAMPLES > len(memory):
            memory.append(_memory_mb())
            if len(memory) % 10 == 0:
                say(f"{step} rounds, {memory[-1]:.0f} MB, slowest {slowest:.2f} s")
    grown = trend(memory, share=0.02, least=GROWTH_MB)
    assert not grown.grew, f"memory grew: {grown.told()}"
    return {
        "rounds": step,
        "outcomes": dict(seen.most_common()),
        "slowest_s": round(slowest, 3),
        "memory_mb": grown.told(),
    }


def _alter_signature(chance: random.Random, sound: list[Sound]) -> str:
    one = chance.choice(sound)
    data = altered(chance, one.data, [other.data for other in sound])
    if one.kind == "certificate":
        return _load(certificates.load, data)
    result = verifying.verify(data, pki.pki().trust, content=CONTENT, moment=NOW)
    assert result.reason is None or result.reason in REASONS
    assert not result.detail.startswith(verifying.UNEXPECTED), f"{result.detail}: {data.hex()}"
    if result.verdict is Verdict.VALID:
        _is_somebodys(data, sound)
    return f"{result.verdict} {result.reason or ''}".strip()


def _is_somebodys(data: bytes, sound: list[Sound]) -> None:
    """What is valid is what one of the sound messages said: only what nobody signs differs."""
    found = cms.read(cms.decoded(data))
    told = found.signers[0]
    told_digest = algorithms.digest_of(told.digest).oid
    assert found.content in {None, CONTENT}
    originals = [cms.read(cms.decoded(o.data)) for o in sound if o.kind in {"message", "base64"}]
    assert any(
        told.signed == one.signers[0].signed
        and told.signature == one.signers[0].signature
        and algorithms.scheme(told.algorithm, told_digest)
        == algorithms.scheme(
            one.signers[0].algorithm, algorithms.digest_of(one.signers[0].digest).oid
        )
        and set(one.certificates) & set(found.certificates)
        for one in originals
    ), f"a forged signature passed: {data.hex()}"


def _evidence(victim: pki.Person) -> list[tuple[str, bytes]]:
    """Evidence that a certificate is revoked, and some that tells of others."""
    made = pki.pki()
    entry = Revoked(victim.certificate.serial, NOW - DAY, 1)
    other = made.person()
    return [
        ("crl", made.with_list(entry).crls[1].der),
        ("crl", made.with_list(entry, Revoked(5, NOW - DAY, 6)).crls[1].der),
        ("ocsp", made.answer(victim, revoked=entry)),
        ("ocsp", made.answer(other)),
        ("crl", pki.pki(number=1).with_list().crls[1].der),
    ]


def _alter_evidence(
    chance: random.Random, victim: pki.Person, evidence: list[tuple[str, bytes]]
) -> str:
    kind, data = chance.choice(evidence)
    data = altered(chance, data, [one for _, one in evidence])
    trust: Trust = replace(pki.pki().trust, crls=pki.pki().trust.crls[:1])
    try:
        if kind == "crl":
            trust = replace(trust, crls=(*trust.crls, crls.load(data)))
        else:
            trust = replace(trust, ocsp=(ocsp.load(data),))
    except Malformed:
        return f"{kind} malformed"
    result = verifying.verify(victim_signature(victim), trust, content=CONTENT, moment=NOW)
    assert not result.detail.startswith(verifying.UNEXPECTED), f"{result.detail}: {data.hex()}"
    assert result.verdict is not Verdict.VALID, f"altered evidence made it good: {data.hex()}"
    return f"{kind} {result.reason}"


_signatures: dict[bytes, bytes] = {}


def victim_signature(victim: pki.Person) -> bytes:
    """The signature of the revoked one, made once."""
    return _signatures.setdefault(victim.certificate.der, victim.sign())


def _load(load: Callable[[bytes], Any], data: bytes) -> str:
    try:
        made = load(data)
        for name in ("usage", "purposes", "statements", "policies", "directory_attributes"):
            getattr(made, name)
        verifying.persons.read(made)
    except Malformed:
        return "certificate malformed"
    except Refused as refused:
        return f"certificate {refused.code}"
    return "certificate read"


def altered(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Something else than ``data``, by one to four changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(CHANGES)(chance, data, others)
    return data


def _flip(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    if not data:
        return data
    made = bytearray(data)
    place = chance.randrange(8 * len(made))
    made[place // 8] ^= 1 << place % 8
    return bytes(made)


def _overwrite(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    start = chance.randrange(len(data) + 1)
    new = chance.randbytes(chance.randint(1, 8))
    return data[:start] + new + data[start + len(new) :]


def _cut(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(1, 40) :]


def _truncate(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _insert(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    start = chance.randrange(len(data) + 1)
    source = chance.choice(others)
    place = chance.randrange(len(source))
    return data[:start] + source[place : place + chance.randint(1, 60)] + data[start:]


def _relabel(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    found = list(_values(data))
    if not found:
        return data
    start, _, _ = chance.choice(found)
    return data[:start] + bytes((chance.choice(TAGS),)) + data[start + 1 :]


def _relength(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    found = list(_values(data))
    if not found:
        return data
    start, at, _ = chance.choice(found)
    return data[: start + 1] + chance.choice(LENGTHS) + data[at:]


def _exchange(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """One value for another, of this or another message; lengths around it are made to fit."""
    source = chance.choice([data, *others])
    mine, theirs = list(_values(data)), list(_values(source))
    if not mine or not theirs:
        return data
    start, _, end = chance.choice(mine)
    first, _, last = chance.choice(theirs)
    new = source[first:last]
    chosen = chance.choice((new, b"", data[start:end] * 2, asn1.tlv(0x30, data[start:end])))
    return _refitted(data, start, end, chosen)


def _repeat(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    found = list(_values(data))
    if not found:
        return data
    start, _, end = chance.choice(found)
    return _refitted(data, start, end, data[start:end] * chance.choice((2, 3, 60)))


def _deepen(chance: random.Random, data: bytes, _others: list[bytes]) -> bytes:
    found = list(_values(data))
    if not found:
        return data
    start, _, end = chance.choice(found)
    inner = data[start:end]
    for _ in range(chance.choice((1, 20, 100))):
        inner = asn1.tlv(chance.choice((0x30, 0x31, 0xA0, 0x24)), inner)
    return _refitted(data, start, end, inner)


CHANGES: tuple[Callable[[random.Random, bytes, list[bytes]], bytes], ...] = (
    _flip, _flip, _overwrite, _cut, _truncate, _insert, _relabel, _relength, _exchange, _exchange,
    _repeat, _deepen,
)  # fmt: skip


def _values(data: bytes, base: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Start, start of the contents, and end of each value that can be found, the outer first."""
    at = base
    end = len(data) if end is None else end
    while at < end:
        try:
            first, length, inner = asn1._header(data, at, end)
        except Malformed:
            return
        if length is None or inner + length > end:
            return
        yield at, inner, inner + length
        if first & 0x20:
            yield from _values(data, inner, inner + length)
        at = inner + length


def _refitted(data: bytes, start: int, end: int, new: bytes) -> bytes:
    """``data`` with one of its values replaced, and the lengths of all around it corrected."""
    around = [one for one in _values(data) if one[0] < start and one[2] >= end]
    if not around:
        return data[:start] + new + data[end:]
    first, inner, last = around[-1]
    made = asn1.tlv(data[first], data[inner:start] + new + data[end:last])
    return _refitted(data, first, last, made)


def _memory_mb() -> float:
    resident = int(Path("/proc/self/statm").read_text().split()[1])
    return resident * PAGE / 1024 / 1024


CAMPAIGN = Campaign(
    name="fuzz_signatures",
    proves="altered signatures, certificates and evidence are refused within seconds, none passes,"
    " and memory stands still",
    run=lambda task: run(seed=task.seed, seconds=60 * task.length),
    length=60,
    unit="minutes",
)
