#!/usr/bin/env python3
"""Verifies an exported ledger with public keys alone: docs/ledger.md says what each byte means.

    python dozir_verify.py DIR --policy FILE

It rests on Python's standard library and `cryptography`, on nothing of Dozir. What it reads from
DIR it believes only as far as signatures of the keys in FILE reach. Exit status: 0 all holds, 1
something does not, 2 the question was wrong.

From top to bottom: what is found and told; hashes and proofs; notes, keys and policies;
time-stamps; entries; binary COPY; rows against their entries; the log (``LogCheck``); receipts,
journal, tiles; ``verify``, which does all of it; the command line.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import calendar
import hashlib
import json
import multiprocessing
import os
import re
import struct
import sys
import time
import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    SubjectKeyIdentifier,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

FORMAT = "dozir-export/v1"
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
EMPTY_ROOT = sha256(b"").digest()
NO_HASH = bytes(32)
EPOCH_2000_US = 946_684_800_000_000
LATE_US = 60_000_000  # 10 seconds are promised; so long after its own time it is no accident
BACK_US = (
    120_000_000  # an operator's entries may be begun in another order than committed, a little
)
# From being noted until the next entry of events can have it: longer than any transaction of the
# portal may take.
NOTED_US = 600_000_000
KEPT = 10_000  # findings told in full; all are counted
COLUMNS = (
    ("occurred_at", 8), ("operator_id", 4), ("id", 16), ("batch_id", 8), ("row_no", 4), ("type", 2),
    ("amount_minor", 8), ("currency", 2), ("licence_id", 4), ("channel_id", 4),
    ("equipment_id", 4), ("game_id", 4), ("round_id", 16), ("player", 16), ("payment", 2),
    ("flags", 2), ("breach", 2), ("cancels", 16), ("cancel_reason", 2), ("exclusion_receipt", 16),
)  # fmt: skip
PLACE: dict[str, slice] = {}
WIDTH = 2
for _name, _width in COLUMNS:
    PLACE[_name] = slice(WIDTH + 4, WIDTH + 4 + _width)
    WIDTH += 4 + _width
_CODES = {
    "occurred_at": "q",
    "type": "h",
    "amount_minor": "q",
    "currency": "h",
    "cancel_reason": "h",
}
UNPACK = struct.Struct(">2x" + "".join("4x" + _CODES.get(n, f"{w}x") for n, w in COLUMNS))
COUNTED = ("currency", "type", "cancel_reason", "amount_minor")  # what an entry's totals tell of
TYPES = {1: "bet", 2: "win", 3: "refund", 4: "deposit", 5: "withdrawal"}


class Invalid(ValueError):
    """Bytes that are not what they are said to be; the message says why."""


@dataclass
class Finding:
    """One thing that does not hold, as exactly as it can be known; None where it cannot."""

    kind: str
    why: str
    operator: str | None = None
    batch: int | None = None
    row: int | None = None
    column: str | None = None
    entry: int | None = None
    leaf: int | None = None
    checkpoint: int | None = None
    event: int | None = None
    stored: Any = None
    expected: Any = None

    def sentence(self) -> str:
        """For people."""
        names = ("operator", "batch", "row", "column", "entry", "leaf", "checkpoint", "event")
        where = [f"{one} {getattr(self, one)}" for one in names if getattr(self, one) is not None]
        told = (
            f"{self.kind}: {', '.join(where)}: {self.why}" if where else f"{self.kind}: {self.why}"
        )
        if self.stored is not None or self.expected is not None:
            told += f" (stored {self.stored}, must be {self.expected})"
        return told


@dataclass
class Report:
    """What was found and how much was looked at."""

    findings: list[Finding] = field(default_factory=list)
    finding_count: int = 0
    notices: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def add(self, kind: str, why: str, **where: Any) -> None:
        """Note a finding; of very many the first are kept."""
        self.extend([Finding(kind, why, **where)])

    def extend(self, found: Sequence[Finding], count: int | None = None) -> None:
        self.finding_count += len(found) if count is None else count
        self.findings += found[: max(0, KEPT - len(self.findings))]


# Hashes and proofs: RFC 6962, section 2.1; RFC 9162, sections 2.1.3.2 and 2.1.4.2.


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def root_of(level: list[bytes]) -> bytes:
    """The root over leaf hashes: pairs are joined level by level, an odd last one goes up."""
    hashed, prefix = sha256, b"\1"
    while len(level) > 1:
        above = [
            hashed(prefix + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)
        ]
        level = above + level[-1:] if len(level) % 2 else above
    return level[0] if level else EMPTY_ROOT


class Tree:
    """A growing tree of which only the roots of its complete parts are kept."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []

    def append(self, hashed: bytes) -> None:
        size = self.size
        while size % 2:
            hashed, size = node_hash(self._parts.pop(), hashed), size // 2
        self._parts.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        found = self._parts[-1] if self._parts else EMPTY_ROOT
        for part in self._parts[-2::-1]:
            found = node_hash(part, found)
        return found


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises Invalid unless the proof leads from this leaf to the root."""
    if not 0 <= index < size or any(len(one) != 32 for one in (leaf, root, *proof)):
        raise Invalid("no such leaf, or a hash of another length")
    last, found = size - 1, leaf
    for part in proof:
        if last == 0:
            raise Invalid("the proof is too long")
        if index % 2 or index == last:
            found = node_hash(part, found)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, part)
        index, last = index >> 1, last >> 1
    if last or found != root:
        raise Invalid("the proof is too short" if last else "the proof leads to another root")


# Notes, checkpoints, policies: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy.


def unbase64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("not base 64") from None
    if base64.b64encode(raw).decode() != text:
        raise Invalid("base 64 in another than its canonical form")
    return raw


@dataclass(frozen=True)
class Key:
    """A verifier key: name, kind of signature (1, 4 or 6), raw public key."""

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    @classmethod
    def parse(cls, vkey: str) -> Key:
        """Raises Invalid."""
        name, told, material = [*vkey.strip().split("+", 2), "", ""][:3]
        raw = unbase64(material)
        if len(raw) < 2 or raw[0] not in (1, 4, 6) or not re.fullmatch(r"[^\s+]+", name):
            raise Invalid("a key of a kind that is not known")
        key = cls(name, raw[0], raw[1:])
        if key.id.hex() != told:
            raise Invalid("a key whose id is not its own")
        return key

    def verify(self, text: str, signature: bytes) -> int:
        """The time that a signature tells, in seconds since 1970, 0 for none. Raises Invalid."""
        at, raw, message = 0, signature, text.encode()
        if self.kind != 1:
            if len(raw) < 8 or (at := int.from_bytes(raw[:8])) >= 2**63:
                raise Invalid("a cosignature without a time")
            raw = raw[8:]
            message = f"cosignature/v1\ntime {at}\n{text}".encode()
        try:
            if self.kind == 6:
                origin, size, root = checkpoint_of(text)
                short = [bytes([len(one.encode())]) + one.encode() for one in (self.name, origin)]
                message = b"subtree/v1\n\0" + short[0] + struct.pack(">Q", at) + short[1]
                message += struct.pack(">QQ", 0, size) + root
                MLDSA44PublicKey.from_public_bytes(self.raw).verify(raw, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.raw).verify(raw, message)
        except (InvalidSignature, ValueError):
            raise Invalid(f"the signature of {self.name} does not hold") from None
        return at


def read_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """A note's text and its signatures: name, key id, bytes. Raises Invalid."""
    text, found, lines = note.rpartition("\n\n")
    if not found or not text or not lines.endswith("\n") or len(note) > 1_000_000:
        raise Invalid("not a signed note")
    if re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Invalid("a note with control characters")
    signatures = []
    for line in lines[:-1].split("\n"):
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        raw = unbase64(match[2]) if match else b""
        if match is None or len(raw) < 5:
            raise Invalid("a signature line that is none")
        signatures.append((match[1], raw[:4], raw[4:]))
    if len(signatures) > 100:
        raise Invalid("too many signatures")
    return text + "\n", signatures


def signed_by(note: str, keys: Iterable[Key]) -> tuple[str, dict[Key, int]]:
    """A note's text, and which keys signed it when. Raises Invalid for any that does not hold."""
    text, signatures = read_note(note)
    by = {}
    for key in keys:
        own = [raw for name, id_, raw in signatures if (name, id_) == (key.name, key.id)]
        if len(own) > 1:
            raise Invalid("two signatures of one key")
        if own:
            by[key] = key.verify(text, own[0])
    return text, by


def checkpoint_of(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root. Raises Invalid."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Invalid("a checkpoint has three lines or more, none of them empty")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]) or len(root := unbase64(lines[2])) != 32:
        raise Invalid("a checkpoint's size or root is none")
    return lines[0], int(lines[1]), root


def claimed_size(note: str) -> int | None:
    """The size that a note tells which may be no checkpoint."""
    match = re.match(r"[^\n]+\n(0|[1-9][0-9]{0,18})\n", note)
    return int(match[1]) if match else None


@dataclass
class Policy:
    """Whom to believe: any of the log's keys, and a quorum of witnesses."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = "none"
    receipts: list[Key] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Read a policy file. Raises Invalid."""
        policy, quorums, used = cls(), 0, set[str]()
        for line in text.split("\n"):
            words = re.split(r"[ \t]+", line.strip(" \t"))
            if not words[0] or words[0].startswith("#"):
                continue
            known = policy.witnesses.keys() | policy.groups.keys()
            match words:
                case ["log", vkey] | ["log", vkey, _]:
                    policy.logs.append(Key.parse(vkey))
                case ["witness", name, vkey] | ["witness", name, vkey, _] if name not in known:
                    policy.witnesses[name] = Key.parse(vkey)
                case ["group", name, k, *members] if members and name not in known | {"none"}:
                    if not set(members) <= known - used or len(set(members)) < len(members):
                        raise Invalid("a group of unknown members, or of one counted twice")
                    many = {"any": "1", "all": str(len(members))}.get(k, k)
                    if not re.fullmatch(r"[1-9][0-9]?", many) or int(many) > len(members):
                        raise Invalid("a group that asks for more members than it has, or for none")
                    policy.groups[name] = int(many), members
                    used |= set(members)
                case ["quorum", name] if name in known | {"none"}:
                    policy.quorum, quorums = name, quorums + 1
                case _:
                    raise Invalid(f"a line of a policy that is none: {line[:80]}")
        keys = [*policy.logs, *policy.witnesses.values()]
        if quorums != 1 or len({one.raw for one in keys}) < len(keys):
            raise Invalid("a policy has one quorum, and no key twice")
        return policy

    def met(self, by: Iterable[Key], name: str | None = None) -> bool:
        """Whether enough witnesses are among those who signed."""
        name = self.quorum if name is None else name
        if name in self.groups:
            many, members = self.groups[name]
            return sum(self.met(by, one) for one in members) >= many
        return name == "none" or self.witnesses[name] in by


@dataclass
class Signed:
    """A checkpoint whose signatures hold: when it was signed at the earliest known, and by whom."""

    size: int
    root: bytes
    at_us: int
    by: set[Key]
    place: str


# Time-stamps: RFC 3161, and of CMS (RFC 5652) and X.509 (RFC 5280) what it takes.

OIDS = {
    "2a864886f70d010702": "signed data",
    "2a864886f70d0109100104": "time-stamp",
    "2a864886f70d010903": "content type",
    "2a864886f70d010904": "message digest",
    "2a864886f70d010910020c": "signing certificate",  # RFC 2634, by SHA-1
    "2a864886f70d010910022f": "signing certificate v2",  # RFC 5035
    "2a864886f70d01010a": "rsassa-pss",
    "608648016503040201": "sha256",
    "608648016503040202": "sha384",
    "608648016503040203": "sha512",
}
DIGESTS: dict[str, Any] = {"sha256": SHA256, "sha384": SHA384, "sha512": SHA512}
CHAIN_MOST = 8  # certificates from an authority's to a root
STAMPED_US = 3 * 3_600_000_000  # hourly is the rule; so long after it was signed it is missed


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority: its name in the ledger, and the roots that it must chain to."""

    name: str
    roots: list[Certificate]


def authorities_of(path: Path) -> list[Authority]:
    """The authorities of a TOML file, as docs/witness.md says. Raises Invalid."""
    try:
        tables = tomllib.loads(path.read_text())["authority"]
        return [
            Authority(
                one["name"].strip(),
                load_pem_x509_certificates((path.parent / one["roots"]).read_bytes()),
            )
            for one in tables
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Invalid(f"{path}: {problem}") from None


def der(raw: bytes) -> list[tuple[int, bytes, bytes]]:
    """DER values one after the other: tag, content, the whole. Raises Invalid."""
    found, place = [], 0
    while place < len(raw):
        start, tag = place, raw[place]
        length, place = int.from_bytes(raw[place + 1 : place + 2]), place + 2
        if length > 0x80:
            width = length & 0x7F
            length, place = int.from_bytes(raw[place : place + width]), place + width
        content = raw[place : place + length]
        place += length
        if tag & 0x1F == 0x1F or place > len(raw):
            raise Invalid("not the DER of a time-stamp")
        found.append((tag, content, raw[start:place]))
    return found


def oid(raw: bytes) -> str:
    """The name of an object identifier, or its bytes."""
    return OIDS.get(raw.hex(), raw.hex())


def digest_of(algorithm: bytes) -> str:
    """The digest that an AlgorithmIdentifier names. Raises Invalid."""
    name = oid(der(algorithm)[0][1])
    if name not in DIGESTS:
        raise Invalid("a digest other than SHA-2")
    return name


def verify_token(token: bytes, text: bytes, roots: list[Certificate]) -> int:
    """When an authority that chains to ``roots`` stamped these bytes. Raises Invalid."""
    try:
        return _verify_token(token, text, roots)
    except Invalid:
        raise
    except InvalidSignature:
        raise Invalid("its signature does not hold") from None
    except Exception as problem:  # whatever a parser makes of bytes that anyone may have put there
        raise Invalid(f"not a time-stamp token: {problem}") from None


def _verify_token(token: bytes, text: bytes, roots: list[Certificate]) -> int:
    [(_, content, _)] = der(token)
    kind, wrapped = der(content)
    (_, signed, _) = der(wrapped[1])[0]
    _, _, (_, inner, _), *optional, (_, signers, _) = der(signed)
    inner_kind, inner_wrapped = der(inner)
    if (oid(kind[1]), oid(inner_kind[1])) != ("signed data", "time-stamp"):
        raise Invalid("not a time-stamp token")
    stamped = der(inner_wrapped[1])[0][1]
    _, _, imprint, _, made, *_ = der(der(stamped)[0][1])
    algorithm, hashed = der(imprint[1])
    if hashlib.new(digest_of(algorithm[1]), text).digest() != hashed[1]:
        raise Invalid("it stamps something else")
    at = time_of(made[1])
    carried = [
        load_der_x509_certificate(whole)
        for tag, certificates, _ in optional
        if tag == 0xA0
        for _, _, whole in der(certificates)
    ]
    [(_, signer, _)] = der(signers)
    _, sid, digest, attributes, method, signature, *_ = der(signer)
    name = digest_of(digest[1])
    own = [one for one in carried + roots if _is_of(one, sid)]
    if not own or attributes[0] != 0xA0:
        raise Invalid("without the certificate of who signed it")
    signer_certificate = own[0]
    facts = {oid(der(one)[0][1]): der(der(one)[1][1]) for _, one, _ in der(attributes[1])}
    if (
        facts["content type"][0][1] != inner_kind[1]
        or facts["message digest"][0][1] != hashlib.new(name, stamped).digest()
        or not _names(facts, signer_certificate)
    ):
        raise Invalid("its signature is of something else")
    message = b"\x31" + attributes[2][1:]
    key, made_with = signer_certificate.public_key(), DIGESTS[name]()
    if isinstance(key, RSAPublicKey):
        pss = oid(der(method[1])[0][1]) == "rsassa-pss"
        padding = PSS(MGF1(made_with), PSS.AUTO) if pss else PKCS1v15()
        key.verify(signature[1], message, padding, made_with)
    elif isinstance(key, EllipticCurvePublicKey):
        key.verify(signature[1], message, ECDSA(made_with))
    else:
        raise Invalid("signed with a key of a kind that is not known")
    _chain(signer_certificate, carried, roots, at)
    return at


def time_of(raw: bytes) -> int:
    """A GeneralizedTime in microseconds since 1970. Raises Invalid."""
    match = re.fullmatch(r"(\d{14})(?:\.(\d{1,6})\d*)?Z", raw.decode())
    if not match:
        raise Invalid("a time that is none")
    seconds = calendar.timegm(time.strptime(match[1], "%Y%m%d%H%M%S"))
    return seconds * 1_000_000 + int((match[2] or "").ljust(6, "0"))


def _is_of(certificate: Certificate, sid: tuple[int, bytes, bytes]) -> bool:
    """Whether a signer's identifier means this certificate."""
    if sid[0] != 0x30:
        known = SubjectKeyIdentifier.from_public_key(certificate.public_key())
        return sid[1] == known.digest
    issuer, serial = der(sid[1])
    return (issuer[2], int.from_bytes(serial[1], signed=True)) == (
        certificate.issuer.public_bytes(),
        certificate.serial_number,
    )


def _names(facts: dict[str, list[tuple[int, bytes, bytes]]], certificate: Certificate) -> bool:
    """Whether the signed attributes name the certificate by its hash."""
    raw = certificate.public_bytes(Encoding.DER)
    for kind, digest in (("signing certificate v2", "sha256"), ("signing certificate", "sha1")):
        if kind in facts:
            [(_, names, _), *_] = der(facts[kind][0][1])
            first, *more = der(der(names)[0][1])
            if first[0] == 0x30:  # another digest than the usual one
                return more[0][1] == hashlib.new(digest_of(first[1]), raw).digest()
            return first[1] == hashlib.new(digest, raw).digest()
    return False


def _chain(
    certificate: Certificate, carried: list[Certificate], roots: list[Certificate], at: int
) -> None:
    """Raises Invalid unless the certificate stamps times and leads to a root, all valid then."""
    usage = certificate.extensions.get_extension_for_class(ExtendedKeyUsage)
    if list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING] or not usage.critical:
        raise Invalid("its certificate is not one for time-stamps alone")
    for depth in range(CHAIN_MOST):
        first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not first.timestamp() <= at / 1_000_000 <= last.timestamp():
            raise Invalid("a certificate that was not valid then")
        if certificate in roots:
            return
        for issuer in roots + carried:
            with suppress(InvalidSignature, ValueError, TypeError, ExtensionNotFound):
                certificate.verify_directly_issued_by(issuer)
                limits = issuer.extensions.get_extension_for_class(BasicConstraints).value
                if limits.ca and (limits.path_length is None or limits.path_length >= depth):
                    certificate = issuer
                    break
        else:
            break
    raise Invalid("its certificate does not lead to a root that is known")


def check_tokens(
    source: Any, question: Question, origin: str, signed: list[Signed], report: Report
) -> None:
    """Every time-stamp of the ledger; of each authority one that covers what was signed."""
    known = {one.name: one for one in question.authorities}
    by_size = {one.size: one for one in signed}
    covered: dict[str, int] = dict.fromkeys(known, 0)
    unknown = 0
    for size_raw, name_raw, stamped_at, token in source.table("timestamps"):
        size, name = number(size_raw) or 0, (name_raw or b"").decode(errors="replace")
        one = by_size.get(size)
        if name not in known:
            unknown += 1
            continue
        try:
            if one is None:
                raise Invalid("of a checkpoint that is not there, or does not hold")
            text = f"{origin}\n{size}\n{base64.b64encode(one.root).decode()}\n".encode()
            at = verify_token(token or b"", text, known[name].roots)
            if one.at_us > at + LATE_US:
                raise Invalid(f"stamped at {moment(at)}, before it is said to have been signed")
        except Invalid as problem:
            why = f"the time-stamp of {name}: {problem}"
            report.add("timestamp_invalid", why, checkpoint=size)
            continue
        covered[name] = max(covered[name], size)
        if abs(since_1970(stamped_at) - at) >= 1_000_000:
            told = {"stored": moment(since_1970(stamped_at)), "expected": moment(at)}
            why = f"the time-stamp of {name} is of another time"
            report.add("timestamp_invalid", why, checkpoint=size, column="stamped_at", **told)
    due = source.manifest["made_at"] - STAMPED_US
    for name, size in covered.items():
        late = [one.size for one in signed if one.size > size and 0 < one.at_us < due]
        if late:
            why = f"{name} has stamped neither this checkpoint nor a larger one, hours after it was"
            report.add("timestamp_missing", f"{why} signed", checkpoint=max(late))
    if unknown:
        report.notices.append(f"{unknown} time-stamps are of authorities that were not named")


# Entries.


class Reader:
    """Takes fields from the front. Raises Invalid where there is too little."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.place = raw, 0

    def take(self, count: int) -> bytes:
        part = self.raw[self.place : self.place + count]
        if len(part) != count:
            raise Invalid("it ends in the middle of a field")
        self.place += count
        return part

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), signed=True)

    def text(self) -> str:
        try:
            return self.take(self.take(1)[0]).decode()
        except UnicodeDecodeError:
            raise Invalid("a text that is not UTF-8") from None


def parse_entry(raw: bytes) -> dict[str, Any]:
    """An entry's fields, those of a batch included. Raises Invalid."""
    reader = Reader(raw)
    if reader.take(15) != b"dozir-entry/v1\n":
        raise Invalid("an entry of another version")
    entry: dict[str, Any] = {"kind": reader.take(1)[0], "origin": reader.text()}
    entry |= {
        "entered_at": reader.number(8),
        "operator": reader.text(),
        "previous": reader.take(32),
    }
    if entry["kind"] not in range(1, 8):
        raise Invalid("an entry of a kind that is not known")
    if entry["kind"] > 2:
        entry["body"] = raw[reader.place :]
        return entry
    n = reader.number
    entry |= {"schema_version": n(2), "batch_id": n(8), "operator_sequence": n(8)}
    entry |= {"operator_id": n(4), "stream": reader.text(), "stream_sequence": n(8)}
    entry |= {"idempotency_key": reader.take(16), "access_key_id": n(4)}
    entry |= {"body_sha256": reader.take(32), "row_count": n(4), "batch_root": reader.take(32)}
    entry |= {"occurred_from": n(8), "occurred_until": n(8), "received_at": n(8)}
    entry |= {"late_count": n(4), "totals": reader.take(n(2) * 28)}
    reader.take(n(2))
    if reader.place != len(raw):
        raise Invalid("bytes too many")
    return entry


def show(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def moment(us: int) -> str:
    """Microseconds since 1970 as receipts write them; of no year that there is, their number."""
    seconds, rest = divmod(us, 1_000_000)
    if not -62_135_596_800 <= seconds < 253_402_300_800:
        return f"{us} us"
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:06}Z"


# Binary COPY.

_INT2, _INT4 = struct.Struct(">h").unpack_from, struct.Struct(">i").unpack_from


def copied(parts: Iterable[bytes]) -> Iterator[list[bytes | None]]:
    """The fields of each tuple of a binary COPY stream that comes in parts. Raises Invalid."""
    source, buffer, place = iter(parts), b"", 0

    def more() -> None:
        nonlocal buffer, place
        part = next(source, None)
        if part is None:
            raise Invalid("a COPY stream that ends too early")
        buffer, place = buffer[place:] + part, 0

    while len(buffer) < len(COPY_HEADER):
        more()
    if not buffer.startswith(COPY_HEADER):
        raise Invalid("not a binary COPY stream")
    place = len(COPY_HEADER)
    while True:
        fields: list[bytes | None] = []
        try:
            (count,), at = _INT2(buffer, place), place + 2
            for _ in range(count):
                (length,), at = _INT4(buffer, at), at + 4
                if length < 0:
                    fields.append(None)
                else:
                    fields.append(buffer[at : at + length])
                    at += length
        except struct.error:
            at = len(buffer) + 1
        if at > len(buffer):  # its end is in a part that is to come
            more()
            continue
        place = at
        if count < 0:
            if count != -1 or len(buffer) != place or any(source):
                raise Invalid("a COPY stream that does not end where it ends")
            return
        yield fields


def packed(fields: list[bytes | None]) -> bytes:
    """A tuple as it stands in a stream."""
    parts = [struct.pack(">h", len(fields))]
    for one in fields:
        parts += [struct.pack(">i", -1 if one is None else len(one)), one or b""]
    return b"".join(parts)


def number(raw: bytes | None) -> int | None:
    return None if raw is None else int.from_bytes(raw, signed=True)


def since_1970(raw: bytes | None) -> int:
    return int.from_bytes(raw or b"", signed=True) + EPOCH_2000_US


# Rows against the entries of their batches.


@dataclass(frozen=True, slots=True)
class Known:
    """What rows of a batch must be: from its entry; the histogram from its record, if at hand."""

    operator: str
    operator_id: int
    row_count: int
    root: bytes
    totals: bytes
    occurred_from: int
    occurred_until: int
    received_at: int
    lags: bytes | None


Figures = tuple[bytes, int, int, bytes]  # totals, earliest, latest (since 1970), lag histogram
_LAG_STARTS = []
for _bucket in range(4 * 48):  # floor(4 * log2(lag)) without rounding
    _start = round(2 ** (_bucket / 4))
    while _start**4 < 2**_bucket:
        _start += 1
    while (_start - 1) ** 4 >= 2**_bucket:
        _start -= 1
    _LAG_STARTS.append(_start)


def figures_of(rows: bytes, received_at: int) -> Figures:
    """What a batch's tuples, all of the usual form, add up to."""
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    received = received_at - EPOCH_2000_US
    lags = [0] * len(_LAG_STARTS)
    moments = []
    for at, type_, amount, currency, reason in UNPACK.iter_unpack(rows):
        total = sums[currency, type_]
        place = 2 if reason else 0
        total[place] += 1
        total[place + 1] += amount
        moments.append(at)
        lags[bisect_right(_LAG_STARTS, max((received - at) // 1000, 1)) - 1] += 1
    while lags[-1] == 0:
        lags.pop()
    totals = b"".join(
        struct.pack(">hhiqiq", *key, n, _limited(total), taken, _limited(taken_total))
        for key, (n, total, taken, taken_total) in sorted(sums.items())
    )
    early, late = min(moments) + EPOCH_2000_US, max(moments) + EPOCH_2000_US
    return totals, early, late, struct.pack(f">{len(lags)}i", *lags)


def _limited(total: int) -> int:
    """A sum as 8 bytes hold it: of altered amounts it may be more, accepted ones stay far below."""
    return max(-(2**63), min(total, 2**63 - 1))


def batches_of(rows: bytes, known: dict[int, Known]) -> Iterator[tuple[int, bytes]]:
    """Each batch's tuples in one piece, from tuples that are ordered by batch."""
    count, rest = divmod(len(rows), WIDTH)
    if rest or rows[::WIDTH] != bytes(count) or rows[1::WIDTH] != bytes([len(COLUMNS)]) * count:
        groups: dict[int, bytes] = defaultdict(bytes)  # some tuple has another form than all have
        for fields in copied([COPY_HEADER + rows + b"\xff\xff"]):
            groups[(number(fields[3]) if len(fields) > 3 else 0) or 0] += packed(fields)
        yield from groups.items()
        return
    at, place = PLACE["batch_id"], 0
    while place < len(rows):
        mark = rows[place + at.start : place + at.stop]
        batch = int.from_bytes(mark, signed=True)
        end = place + WIDTH * (known[batch].row_count if batch in known else 1)
        last, following = end - WIDTH + at.start, end + at.start
        if rows[last : last + 8] != mark or rows[following : following + 8] == mark:
            end = place
            while rows[end + at.start : end + at.stop] == mark:
                end += WIDTH
        yield batch, rows[place:end]
        place = end


Locate = Callable[[int, Known, list[bytes]], list[Finding]]


@dataclass(frozen=True)
class Elsewhere:
    """Rows of batches that stand where they do not belong, and leaf hashes, by row, of those that
    retention took.
    """

    strays: dict[int, list[bytes]]
    dropped: dict[int, dict[int, bytes]]

    def has_all(self, batch: int, known: Known, rows: bytes) -> bool:
        """Whether these tuples, in the order of their numbers, give the batch's root."""
        dropped = self.dropped.get(batch, {})
        if batch in self.strays or len(rows) != (known.row_count - len(dropped)) * WIDTH:
            return False
        places = range(0, len(rows), WIDTH)
        hashes = [sha256(b"\0" + rows[place : place + WIDTH]).digest() for place in places]
        if dropped:
            leaves = dropped | dict(zip(map(row_no, split(rows)), hashes, strict=True))
            hashes = [leaves.get(no, b"") for no in range(1, known.row_count + 1)]
        return root_of(hashes) == known.root


def check_rows(
    rows: bytes,
    known: dict[int, Known],
    elsewhere: Elsewhere,
    figures: Callable[[bytes, int], Figures],
    locate: Locate,
) -> tuple[list[Finding], int, list[int]]:
    """Hold tuples, ordered by batch and row, to their batches: findings, rows, batches seen.

    ``locate`` says what is wrong with a batch.
    """
    found: list[Finding] = []
    seen: list[int] = []
    count = 0
    for batch, piece in batches_of(rows, known):
        seen.append(batch)
        one = known.get(batch)
        if one and elsewhere.has_all(batch, one, piece):
            count += len(piece) // WIDTH
            if batch not in elsewhere.dropped:
                found += _check_figures(batch, one, figures(piece, one.received_at))
            continue
        own = split(piece)
        count += len(own)
        if one:
            found += locate(batch, one, own + elsewhere.strays.get(batch, []))
        else:
            why = f"one of {len(own)} rows of a batch that is not in the log"
            found += [Finding("row_invented", why, batch=batch, row=row_no(t)) for t in own[:20]]
    return found, count, seen


def _check_figures(batch: int, known: Known, found: Figures) -> Iterator[Finding]:
    """The rows are those of the entry: does it tell the truth of them, and the record too?"""
    told = known.totals, known.occurred_from, known.occurred_until, known.lags
    for name, mine, must in zip(
        ("totals", "occurred_from", "occurred_until", "lag_histogram"), told, found, strict=True
    ):
        if mine is not None and mine != must:
            why = "not what the rows add up to"
            where = {"batch": batch, "column": name, "stored": show(mine), "expected": show(must)}
            yield Finding("batch_altered", why, known.operator, **where)


def split(rows: bytes) -> list[bytes]:
    """Tuples one by one, whatever their form."""
    return [packed(one) for one in copied([COPY_HEADER + rows + b"\xff\xff"])]


def values(row: bytes) -> dict[str, bytes | None]:
    """A tuple's columns, as far as it has any."""
    (fields,) = copied([COPY_HEADER + row + b"\xff\xff"])
    return dict(zip([name for name, _ in COLUMNS], fields, strict=False))


def misshapen(row: bytes) -> list[tuple[str, int]]:
    """Columns of another width than they have, and their widths; 0 where there is none."""
    if len(row) == WIDTH:
        return []
    found = values(row)
    return [
        (name, len(found.get(name) or b""))
        for name, width in COLUMNS
        if len(found.get(name) or b"") != width
    ] or [("fields", row[1])]


def row_no(row: bytes) -> int | None:
    return number(values(row).get("row_no"))


def readable(column: str, raw: bytes | None) -> Any:
    """A value as people know it."""
    if raw is None or len(raw) == 16:
        return show(raw)
    return moment(since_1970(raw)) if column == "occurred_at" else number(raw)


def column_sums(totals: bytes) -> dict[tuple[int, int], tuple[int, ...]]:
    """Totals by currency and type: count and sum, of cancelling rows count and sum."""
    return {one[:2]: one[2:] for one in struct.iter_unpack(">hhiqiq", totals)}


def altered_columns(known: Known, own: list[bytes]) -> list[str]:
    """Columns that were altered for certain, since counts, the sum or the first and last moment
    differ; tuples of the usual form.
    """
    totals, early, late, _ = figures_of(b"".join(own), known.received_at)
    counted = []
    for sums in (column_sums(totals), column_sums(known.totals)):
        counts: dict[str, dict[int, int]] = {name: defaultdict(int) for name in COUNTED}
        for (currency, type_), (n, amount, taken, taken_amount) in sums.items():
            counts["currency"][currency] += n + taken
            counts["type"][type_] += n + taken
            counts["cancel_reason"][0] += n
            counts["amount_minor"][0] += amount + taken_amount
        counted.append(counts)
    found = [name for name in COUNTED if counted[0][name] != counted[1][name]]
    moved = (early, late) != (known.occurred_from, known.occurred_until)
    return ["occurred_at", *found] if moved else found


def explain(batch: int, known: Known, own: list[bytes]) -> list[Finding]:
    """What is wrong with a batch's rows, as exactly as their numbers tell."""
    found: list[Finding] = []

    def add(kind: str, why: str, **where: Any) -> None:
        found.append(Finding(kind, why, known.operator, batch, **where))

    by_no: dict[int | None, list[bytes]] = defaultdict(list)
    for one in own:
        by_no[row_no(one)].append(one)
    for no, rows in by_no.items():
        if no is None or not 1 <= no <= known.row_count:
            add("row_invented", f"the batch has rows 1 to {known.row_count}", row=no)
        elif len(rows) > 1:
            add("row_duplicated", f"{len(rows)} rows of one number", row=no)
        for one in rows:
            if (theirs := number(values(one).get("operator_id"))) != known.operator_id:
                told = {"stored": theirs, "expected": known.operator_id}
                add("row_altered", "not its operator", row=no, column="operator_id", **told)
            for name, width in misshapen(one):
                add("row_altered", f"{width} bytes in a column of other width", row=no, column=name)
    missing = (no for no in range(1, known.row_count + 1) if no not in by_no)
    for no in islice(missing, KEPT):
        add("row_missing", "the row was taken out, or renumbered", row=no)
    if next(missing, None):  # an altered entry may tell of two billion
        why = (
            f"more than {KEPT:,} of {known.row_count:,} rows that its entry tells of are not there"
        )
        add("row_missing", why)
    if own and not found:
        columns = ", ".join(altered_columns(known, own)) or None
        if known.row_count == 1:
            add("row_altered", "its only row is not what was accepted", row=1, column=columns)
            return found
        sums = figures_of(b"".join(own), known.received_at)[0] == known.totals
        why = f"one or more of its {known.row_count} rows are not what was accepted; the sums "
        add("rows_altered", why + ("hold" if sums else "do not hold either"), column=columns)
    return found


# The log.

ENDLESS = 2**63
EVENT_PROOF = b'"dozir-event-proof/v1"'


@dataclass
class Question:
    """What to verify with: trust, and evidence from elsewhere."""

    policy: Policy
    checkpoints: list[tuple[str, str]] = field(default_factory=list)  # where from, the note
    # Receipts, and proofs of events of the trail: where from, the JSON.
    receipts: list[tuple[str, bytes]] = field(default_factory=list)
    journal: dict[bytes, int | None] = field(default_factory=dict)  # entry hashes: batch
    tiles: Path | None = None
    authorities: list[Authority] = field(default_factory=list)
    locate: Locate = explain
    jobs: int = 1
    say: Callable[[str], None] = lambda _: None


FIELDS = {
    "entries": 8, "batches": 22, "heads": 3, "checkpoints": 4, "cosignatures": 4, "timestamps": 4,
    "dropped": 3, "events": 14,
}  # fmt: skip


class Archive:
    """An exported ledger in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        except (OSError, ValueError) as problem:
            raise Invalid(f"{folder} is no export: {problem}") from None
        if self.manifest.get("format") != FORMAT:
            raise Invalid(f"{folder} is no export of the form {FORMAT}")

    def table(self, name: str) -> Iterator[list[bytes | None]]:
        """The tuples of one file. Raises Invalid."""
        if name in ("timestamps", "events") and not (self.folder / f"{name}.copy").exists():
            return  # an export from before there were any
        for fields in copied(blocks(self.folder / f"{name}.copy")):
            if len(fields) != FIELDS.get(name, len(fields)):
                raise Invalid(f"{name}.copy has a tuple of {len(fields)} fields")
            yield fields

    def parts(self, _known: dict[int, Known]) -> list[Path]:
        """Files of rows, each with whole batches."""
        return sorted((self.folder / "rows").glob("[0-9]*.copy"))

    def rows(self, part: Path) -> bytes:
        """The tuples of one of them."""
        data = part.read_bytes()
        if data[:19] != COPY_HEADER or data[-2:] != b"\xff\xff":
            raise Invalid(f"{part} is cut off")
        return data[19:-2]

    def dropped(self) -> dict[int, dict[int, bytes]]:
        """Leaf hashes of rows that retention took of batches that have others, by batch and row."""
        return dropped_of(self.table("dropped"))

    def strays(self, _known: dict[int, Known]) -> dict[int, list[bytes]]:
        """Rows that stood where none of their batch belongs."""
        found: dict[int, list[bytes]] = defaultdict(list)
        for fields in self.table("strays"):
            found[number(fields[3]) or 0 if len(fields) > 3 else 0].append(packed(fields))
        return found


def dropped_of(table: Iterable[list[bytes | None]]) -> dict[int, dict[int, bytes]]:
    """Batch, row and leaf hash of each tuple."""
    found: dict[int, dict[int, bytes]] = defaultdict(dict)
    for batch, no, leaf in table:
        found[number(batch) or 0][number(no) or 0] = leaf or b""
    return found


def blocks(path: Path) -> Iterator[bytes]:
    """A file in parts. Raises Invalid where there is none."""
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                yield block
    except FileNotFoundError:
        raise Invalid(f"{path.name} is not there") from None


def checkpoints_of(source: Any, question: Question, origin: str, report: Report) -> list[Signed]:
    """Every checkpoint that is signed as it must be, by size; others are findings."""
    policy = question.policy
    lines: dict[int, list[str]] = defaultdict(list)
    for size, _witness, _at, line in source.table("cosignatures"):
        lines[number(size) or 0].append((line or b"").decode())
    claimed: list[tuple[str, str, list[bytes | None]]] = []
    claimed += [(place, note, []) for place, note in question.checkpoints]
    for fields in source.table("checkpoints"):
        claimed.append(("checkpoints", (fields[3] or b"").decode(errors="replace"), fields))
    found: list[Signed] = []
    for place, note, columns in claimed:
        size = number(columns[0]) if columns else None
        try:
            text, by = signed_by(note, [*policy.logs, *policy.witnesses.values()])
            name, told, root = checkpoint_of(text)
            if name != origin:
                raise Invalid(f"a checkpoint of the log {name}")
            if policy.logs and not by.keys() & set(policy.logs):
                raise Invalid("not signed by a key of the log")
            for line in lines[told] if columns else ():
                by |= signed_by(f"{text}\n{line.rstrip()}\n", policy.witnesses.values())[1]
        except Invalid as problem:
            size = size if columns else claimed_size(note)
            report.add("checkpoint_invalid", f"{place}: {problem}", checkpoint=size)
            continue
        times = [at * 1_000_000 for at in by.values() if at]
        at_us = min(times, default=since_1970(columns[2]) if columns else 0)
        if columns and (size, columns[1]) != (told, root):
            report.add("checkpoint_altered", "columns and note differ", checkpoint=size)
        if columns and abs(since_1970(columns[2]) - at_us) > LATE_US:
            report.add("checkpoint_altered", "not when it was signed", checkpoint=size)
        found.append(Signed(told, root, at_us, set(by), place))
    roots: dict[int, Signed] = {}
    for one in found:
        if roots.setdefault(one.size, one).root != one.root:
            why = f"the log signed two roots of one size ({roots[one.size].place}, {one.place})"
            report.add("split_view", why, checkpoint=one.size)
    if found and not any(policy.met(one.by) for one in found):
        report.add("quorum_missing", "no checkpoint is cosigned as the policy asks")
    return sorted(found, key=lambda one: one.size)


@dataclass(frozen=True, slots=True)
class Seal:
    """An entry of events of the audit trail: its hash, when it was entered, whether it left none
    that waited, and the leaf hash of each event by its number.
    """

    hash: str
    at: int
    complete: bool
    leaves: dict[int, bytes]


def vouched_for(log: LogCheck, report: Report) -> tuple[dict[int, tuple[bytes, int]], int]:
    """By event its leaf hash and what it is no older than; since when events may wait."""
    told: dict[int, tuple[bytes, int]] = {}
    floor = -ENDLESS
    for seal in log.seals:
        if seal.hash in log.lost:
            continue
        for id_, leaf in seal.leaves.items():
            if told.setdefault(id_, (leaf, floor))[0] != leaf:
                report.add("event_altered", "two entries of the log have it otherwise", event=id_)
        if seal.complete:
            floor = max(floor, seal.at - NOTED_US)
    return told, floor


def check_events(source: Any, log: LogCheck, report: Report) -> None:
    """Hold the audit trail to the entries that vouch for it."""
    told, floor = vouched_for(log, report)
    seen, waiting = set[int](), 0
    for fields in source.table("events"):
        id_, at = number(fields[0]) or 0, since_1970(fields[1])
        leaf, oldest = told.get(id_, (None, 0))
        if id_ in seen:
            report.add("event_invented", "two events of one number", event=id_)
        elif leaf is None and floor <= at <= log.now + LATE_US:
            waiting += 1
        elif leaf is None:
            why = f"of {moment(at)}: no entry has it, and those of later events are there"
            report.add("event_invented", why, event=id_)
        elif leaf != leaf_hash(packed(fields)):
            report.add("event_altered", "not what the log has of it", event=id_)
        elif at < oldest:
            why = f"of {moment(at)}, and entries from long after that have it not"
            report.add("event_back_dated", why, event=id_)
        seen.add(id_)
    for id_ in sorted(told.keys() - seen):
        report.add("event_missing", "the log has it, and it was taken out", event=id_)
    report.figures["events"] = len(seen)
    if waiting:
        report.notices.append(
            f"{waiting} events of the audit trail wait for their entry in the log"
        )


RECORD_FIELDS = (
    "leaf_index", "entry_id", "id", "schema_version", "shard", "operator_id", "operator_sequence",
    "access_key_id", "idempotency_key", "stream", "stream_sequence", "row_count", "totals",
    "occurred_from", "occurred_until", "received_at", "late_count", "lag_histogram", "body_sha256",
    "receipt_version", "receipt", "batch_root",
)  # fmt: skip
_KNOWN = {"batch_root": "root"}
MOMENTS = ("occurred_from", "occurred_until", "received_at")


@dataclass
class Chain:
    """How far the entries of one operator's batches have been followed."""

    hash: bytes = NO_HASH
    operator: str | None = None
    first: int = 0  # sequences of kind 1; 0 before any
    last: int = 0
    earlier: set[int] = field(default_factory=set)  # sequences of kind 2
    at: int = 0

    @property
    def count(self) -> int:
        return max(self.last, *self.earlier, 0)

    @property
    def earlier_whole(self) -> bool:
        """Whether every sequence from 1 to the first of kind 1 is of kind 2 (an altered entry may
        tell of any number: none is counted up to).
        """
        until, found = self.first or self.count + 1, self.earlier | {0}
        return (min(found), max(found), len(found)) == (0, until - 1, until)


class LogCheck:
    """Goes through the entries in the order of leaves and holds them to each other."""

    def __init__(self, source: Any, question: Question, report: Report) -> None:
        self.source, self.question, self.report = source, question, report
        self.origin: str = source.manifest["origin"]
        self.now: int = source.manifest["made_at"]
        self.known: dict[int, Known] = {}
        self.tree = Tree()
        self.wanted, notes = self._wanted()
        question = replace(question, checkpoints=[*question.checkpoints, *notes])
        self.signed = checkpoints_of(source, question, self.origin, report)
        check_tokens(source, question, self.origin, self.signed, report)
        self.overdue = Overdue(self.signed, self.now)
        self.chains: dict[int, Chain] = defaultdict(Chain)
        self.earlier: dict[int, tuple[dict[str, Any], int | None, bytes]] = {}
        self.gone: list[tuple[dict[str, Any], int | None, bytes]] = []  # batches without record
        self.lost: set[str] = set()  # hashes of entries that restorations name
        self.seals: list[Seal] = []
        self.retained_until = -ENDLESS  # rows before this were dropped, as the log says
        self.differing: list[int] = []  # leaves that the published tiles have otherwise
        self.waiting = 0  # entries of a log that has no leaf and no checkpoint at all

    def _wanted(self) -> tuple[dict[bytes, tuple[str, str, int | None]], list[tuple[str, str]]]:
        """Hashes of entries that must be in the log: the finding, who says so, which batch; and
        the checkpoints in proofs of events, to be judged with all others.
        """
        wanted: dict[bytes, tuple[str, str, int | None]] = {}
        notes: list[tuple[str, str]] = []
        for hashed, batch in self.question.journal.items():
            wanted[hashed] = "entry_lost", "the journal has it", batch
        for place, raw in self.question.receipts:
            try:
                if EVENT_PROOF in raw:
                    hashed, note = proven_event(raw, self.question.policy.logs)
                    wanted[hashed] = "entry_lost", f"{place} proves an event of it", None
                    notes.append((place, note))
                    continue
                hashed, batch, merge_by = promised(raw, self.question.policy.receipts, self.origin)
            except (Invalid, ValueError, LookupError, TypeError, AttributeError) as problem:
                self.report.add("receipt_invalid", f"{place}: {problem}")
                continue
            if merge_by < moment(self.now - LATE_US):
                why = f"{place} promises it for {merge_by}, under signature"
                wanted[hashed] = "promise_broken", why, batch
        return wanted, notes

    def run(self) -> None:
        """Everything but rows."""
        records = self.source.table("batches")
        record = next(records, None)
        pending = list(self.signed)
        self._compare(pending)
        for leaf, id_, raw, entry in self._entries():
            hashed = sha256(raw).digest() if raw is not None else NO_HASH
            self.wanted.pop(hashed, None)
            if leaf is not None:
                self.tree.append(leaf_hash(hashed))
                self._compare(pending)
            key = ENDLESS if leaf is None else leaf, id_
            while record is not None and _key(record) < key:
                self._invented(record)
                record = next(records, None)
            matched = False
            while record is not None and _key(record) == key:
                if entry is None or matched or entry["kind"] > 2:
                    self._invented(record)
                else:
                    self._record(entry, raw or b"", record)
                matched = True
                record = next(records, None)
            if entry is not None:
                if self.tree.size or self.signed:
                    self.overdue.check(self.report, entry, leaf, id_)
                else:
                    self.waiting += 1
                self._follow(entry, hashed, id_, matched)
        while record is not None:
            own = self.earlier.pop(number(record[2]) or 0, None) if record[1] is None else None
            if own:
                self._record(own[0], b"", record)
            else:
                self._invented(record)
            record = next(records, None)
        self.gone += self.earlier.values()
        self._missing()
        self._end(pending)

    def _compare(self, pending: list[Signed]) -> None:
        """Hold the root to every checkpoint of the size that is reached."""
        while pending and pending[0].size == self.tree.size:
            one = pending.pop(0)
            if self.tree.root() != one.root:
                good = max((x.size for x in self.signed if x.size < one.size), default=0)
                why = f"{one.place}: the leaves give another root: one of leaves {good} to "
                why += f"{one.size - 1}, or one before, is not what was signed"
                self.report.add("root_differs", why, checkpoint=one.size)

    def _entries(self) -> Iterator[tuple[int | None, int, bytes | None, dict[str, Any] | None]]:
        """Leaf, id, bytes and fields of each entry, its columns held to its bytes."""
        tiles = entry_tiles(self.question.tiles)
        ids = set[int]()
        for leaf_raw, leaf_entry, id_raw, *columns, raw in self.source.table("entries"):
            leaf = number(leaf_raw)
            id_ = number(id_raw if leaf is None else leaf_entry) or 0
            where: dict[str, Any] = {"entry": id_, "leaf": leaf}
            if leaf is not None and (leaf != self.tree.size or id_ in ids):
                why = f"leaf {self.tree.size} was to come, of an entry that has none yet"
                self.report.add("leaf_order", why, **where)
            ids.add(id_)
            published = tiles(leaf) if leaf is not None else None
            if published and published != (raw and sha256(raw).digest()):
                self.differing.append(leaf or 0)
            entry = None
            try:
                if raw is None:
                    self.report.add("entry_missing", "the leaf's entry was taken out", **where)
                else:
                    entry = parse_entry(raw)
            except Invalid as problem:
                self.report.add("entry_altered", str(problem), **where)
            if entry is not None:
                self._columns(entry, raw or b"", columns, where)
            yield leaf, id_, raw, entry

    def _columns(
        self,
        entry: dict[str, Any],
        raw: bytes,
        columns: Sequence[bytes | None],
        where: dict[str, Any],
    ) -> None:
        kind, operator_id, entered_at, hashed = columns
        where |= {"operator": entry["operator"] or None, "batch": entry.get("batch_id")}
        own = entry.get("operator_id", number(operator_id))
        held = [
            ("hash", hashed, sha256(raw).digest()),
            ("kind", number(kind), entry["kind"]),
            ("entered_at", since_1970(entered_at), entry["entered_at"]),
            ("operator_id", number(operator_id), own),
            ("origin", entry["origin"], self.origin),
        ]
        if entry["kind"] == 1:
            held.append(("received_at", entry["received_at"], entry["entered_at"]))
        for name, stored, must in held:
            if stored != must:
                told = {"column": name, "stored": show(stored), "expected": show(must)}
                self.report.add("entry_altered", "not what the entry's bytes say", **where, **told)

    def _follow(self, entry: dict[str, Any], hashed: bytes, id_: int, matched: bool) -> None:
        """Chain, sequence and time of an operator's batches; what other kinds tell."""
        if entry["kind"] > 2:
            self._act(entry, hashed)
            if entry["previous"] != NO_HASH:
                self.report.add("chain_broken", "an entry of no batch in a chain", entry=id_)
            return
        sequence, chain = entry["operator_sequence"], self.chains[entry["operator_id"]]
        where = {"operator": entry["operator"], "batch": entry["batch_id"], "entry": id_}
        if entry["previous"] != chain.hash:
            why = "it does not follow the operator's entry before it: that one was altered, taken "
            self.report.add("chain_broken", why + "out or put in, or the order changed", **where)
        if entry["entered_at"] < chain.at - BACK_US:
            why = f"entered behind one of {moment(chain.at)}"
            self.report.add("back_dated", why, **where, stored=moment(entry["entered_at"]))
        chain.operator = entry["operator"]
        chain.hash, chain.at = hashed, max(chain.at, entry["entered_at"])
        if entry["kind"] == 2:
            chain.earlier.add(sequence)
            if not matched:
                self.earlier[entry["batch_id"]] = entry, id_, hashed
            return
        if chain.last and sequence != chain.last + 1:
            why = f"sequence {sequence} follows {chain.last}"
            self.report.add("sequence_broken", why, **where)
        chain.first, chain.last = chain.first or sequence, max(chain.last, sequence)
        if not matched:
            self.gone.append((entry, id_, hashed))

    def _act(self, entry: dict[str, Any], hashed: bytes) -> None:
        """What restorations and acts of retention say is no longer there; events of the trail."""
        try:
            told = json.loads(entry["body"])
            if entry["kind"] == 7:
                self.lost |= {str(one.get("entry_hash")) for one in told.get("entries", ())}
            elif entry["kind"] == 6 and told.get("act") == "retention":
                day = calendar.timegm(time.strptime(told["day"], "%Y-%m-%d"))
                self.retained_until = max(self.retained_until, (day + 86_400) * 1_000_000)
            elif entry["kind"] == 5 and told.get("act") == "events":
                leaves = {int(id_): bytes.fromhex(leaf) for id_, leaf in told["events"]}
                complete = told["complete"] is True
                self.seals.append(Seal(hashed.hex(), entry["entered_at"], complete, leaves))
        except (ValueError, KeyError, TypeError, AttributeError):
            self.report.notices.append("an act in the log that cannot be read")

    def _missing(self) -> None:
        """Entries of batches that the database does not have."""
        for entry, id_, hashed in self.gone:
            if hashed.hex() in self.lost:
                continue
            why = f"it is in the log (sequence {entry['operator_sequence']}) and was taken out"
            where = {"operator": entry["operator"], "batch": entry["batch_id"], "entry": id_}
            self.report.add("batch_missing", why, **where)
            self.known.setdefault(entry["batch_id"], known_of(entry, None))
        if self.lost:
            why = (
                f"{len(self.lost)} entries came back from the journal in a restoration, as the log "
            )
            self.report.notices.append(why + "says; of those that are of batches the rows are gone")

    def _invented(self, record: list[bytes | None]) -> None:
        why = "no entry of the log is of this batch"
        where = {"batch": number(record[2]), "entry": number(record[1]), "leaf": number(record[0])}
        self.report.add("batch_invented", why, **where)

    def _record(self, entry: dict[str, Any], raw: bytes, record: list[bytes | None]) -> None:
        """A batch's record, column by column, and its receipt, against its entry."""
        stored = dict(zip(RECORD_FIELDS, record, strict=True))
        must = {name: entry[name] for name in RECORD_FIELDS if name in entry}
        must |= {"id": entry["batch_id"], "receipt_version": 1 if raw else 0}
        must |= {"shard": self.source.manifest["shard"]}
        if not raw and stored["batch_root"] is None:
            del must["batch_root"]  # from before the log: its entry alone has it
        where = {"operator": entry["operator"], "batch": entry["batch_id"]}
        where["entry"] = number(stored["entry_id"])
        for name, value in must.items():
            found: Any = stored[name]
            if name in MOMENTS:
                found = since_1970(found)
            elif isinstance(value, str):
                found = found.decode()
            elif isinstance(value, int):
                found = number(found) or 0
            if found != value:
                told = {"column": name, "stored": show(found), "expected": show(value)}
                self.report.add("batch_altered", "not what its entry says", **where, **told)
        if stored["receipt"] != receipt_of(entry, raw, self.source.manifest["currencies"]):
            why = "not the receipt that its entry gives"
            self.report.add("batch_altered", why, **where, column="receipt")
        self.known[entry["batch_id"]] = known_of(entry, stored["lag_histogram"] or b"")

    def _end(self, pending: list[Signed]) -> None:
        """What can be said only when everything was seen."""
        for one in pending:
            why = f"signed ({one.place}), and only {self.tree.size} leaves are there: the end was "
            why += "cut off, or an older state restored"
            self.report.add("truncated", why, checkpoint=one.size)
        for kind, why, batch in self.wanted.values():
            self.report.add(kind, why + "; the log has not", batch=batch)
        good = [one for one in self.signed if one.size <= self.tree.size]
        if not good and self.question.policy.logs and (self.tree.size or self.waiting):
            self.report.add("no_checkpoint", "no signed checkpoint covers anything of the log")
        elif self.waiting:
            why = f"the log was never sequenced: {self.waiting} entries wait for their leaves"
            self.report.notices.append(why)
        sound = good and not any(one.kind == "root_differs" for one in self.report.findings)
        for leaf in self.differing:
            if sound and leaf < good[-1].size:
                self.report.add("tile_differs", "published otherwise than signed", leaf=leaf)
            else:
                self.report.add("leaf_altered", "published with another entry", leaf=leaf)
        heads = {number(one[0]): one[1:] for one in self.source.table("heads")}
        for operator in heads.keys() | self.chains.keys():
            chain = self.chains[operator or 0]
            stored_last, stored_hash = heads.get(operator, (None, None))
            if not chain.earlier_whole:
                why = f"operator id {operator}: sequences before {chain.first} have gaps"
                self.report.add("sequence_broken", why)
            if number(stored_last) != chain.count or (stored_hash or NO_HASH) != chain.hash:
                why = f"operator id {operator}: its head does not name the end of its chain"
                told = {"stored": number(stored_last), "expected": chain.count}
                self.report.add("head_altered", why, operator=chain.operator, **told)
        last = good[-1] if good else None
        self.report.figures |= {
            "origin": self.origin,
            "leaves": self.tree.size,
            "batches": len(self.known),
            "checkpoints": len(self.signed),
            "signed_size": last.size if last else 0,
            "signed_at": moment(last.at_us) if last and last.at_us else None,
        }


def _key(record: list[bytes | None]) -> tuple[int, int]:
    """Where a batch's record stands among the entries; both are in this order."""
    leaf, entry = number(record[0]), number(record[1])
    return ENDLESS if leaf is None else leaf, ENDLESS if entry is None else entry


class Overdue:
    """Which entries came later into the log than was promised, or pretend to be older."""

    def __init__(self, signed: list[Signed], now: int) -> None:
        self.times = [(one.size, one.at_us) for one in signed if one.at_us]
        self.covered, self.now, self.place, self.without = (
            max((one.size for one in signed), default=0),
            now,
            0,
            0,
        )

    def check(self, report: Report, entry: dict[str, Any], leaf: int | None, id_: int) -> None:
        """One entry, in the order of leaves."""
        where = {"operator": entry["operator"] or None, "batch": entry.get("batch_id")}
        where |= {"entry": id_, "leaf": leaf}
        due = entry["entered_at"] + LATE_US
        while (
            leaf is not None and self.place < len(self.times) and self.times[self.place][0] <= leaf
        ):
            self.without = max(self.without, self.times[self.place][1])
            self.place += 1
        if leaf is not None and leaf < self.covered:
            if due < self.without:
                why = f"back-dated or merged late: none of {moment(self.without)} has it"
                report.add("back_dated", why, **where, stored=moment(entry["entered_at"]))
        elif due < self.now:
            what = "has no leaf" if leaf is None else "no signed checkpoint covers its leaf"
            report.add("not_merged", f"of {moment(entry['entered_at'])}: {what}", **where)


def known_of(entry: dict[str, Any], lags: bytes | None) -> Known:
    """What a batch's rows must be, by its entry."""
    names = ("operator", "operator_id", "row_count", "batch_root", "totals", *MOMENTS)
    return Known(**{_KNOWN.get(name, name): entry[name] for name in names}, lags=lags)


_RECEIPT = json.JSONEncoder(separators=(", ", " : "), ensure_ascii=False)


def receipt_of(entry: dict[str, Any], raw: bytes, currencies: dict[str, list[Any]]) -> bytes:
    """The stored bytes of the receipt that an entry gives; ``raw`` empty for version 0."""

    def money(minor: int, digits: int) -> str:
        whole, rest = divmod(minor, 10**digits)
        return f"{whole}.{rest:0{digits}}" if digits else str(whole)

    key = entry["idempotency_key"].hex()
    totals = []
    for currency, type_, count, total, taken, taken_sum in struct.iter_unpack(
        ">hhiqiq", entry["totals"]
    ):
        code, digits = currencies.get(str(currency), ["?", 0])
        one = {
            "type": TYPES.get(type_),
            "currency": code,
            "count": count,
            "sum": money(total, digits),
        }
        totals.append(one | {"cancelled_count": taken, "cancelled_sum": money(taken_sum, digits)})
    told = {
        "receipt_version": 1 if raw else 0,
        "batch_id": entry["batch_id"],
        "operator": entry["operator"],
        "operator_sequence": entry["operator_sequence"],
        "stream": entry["stream"],
        "stream_sequence": entry["stream_sequence"] or None,
        "idempotency_key": f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}",
        "rows": entry["row_count"],
        "totals": totals,
        "occurred_from": moment(entry["occurred_from"]),
        "occurred_until": moment(entry["occurred_until"]),
        "received_at": moment(entry["received_at"]),
        "body_sha256": entry["body_sha256"].hex(),
    }
    if raw:
        told |= {"origin": entry["origin"], "batch_root": entry["batch_root"].hex()}
        told |= {"entry_hash": sha256(raw).hexdigest(), "entry": base64.b64encode(raw).decode()}
        told["merge_by"] = moment(entry["received_at"] + 10_000_000)
    return _RECEIPT.encode(told).encode()


def promised(raw: bytes, keys: list[Key], origin: str) -> tuple[bytes, int, str]:
    """Entry hash, batch and moment that a receipt promises under signature. Raises Invalid."""
    receipt = json.loads(raw)
    text, by = signed_by(receipt["promise"], keys)
    if not by:
        raise Invalid("its promise is not signed by a key that is known")
    names = ("operator_sequence", "rows", "batch_root", "received_at", "merge_by")
    sequence, rows, root, received_at, merge_by = (receipt[name] for name in names)
    hashed = sha256(base64.b64decode(receipt["entry"])).digest()
    entry_line, root_line = (
        base64.b64encode(one).decode() for one in (hashed, bytes.fromhex(root))
    )
    lines = ["dozir-receipt/v1", origin, entry_line, sequence, rows, root_line]
    lines += [received_at, merge_by]
    if text != "".join(f"{line}\n" for line in lines):
        raise Invalid("its promise is of another batch or another log")
    return hashed, receipt["batch_id"], merge_by


def proven_event(raw: bytes, keys: list[Key]) -> tuple[bytes, str]:
    """The hash of the entry that has an event, and the checkpoint of the log that covers it.
    Raises Invalid.
    """
    proof = json.loads(raw)
    own, entry = base64.b64decode(proof["tuple"]), base64.b64decode(proof["entry"])
    told = json.loads(parse_entry(entry)["body"])
    if told["act"] != "events" or leaf_hash(own).hex() not in {leaf for _, leaf in told["events"]}:
        raise Invalid("its entry has the event otherwise, or not")
    head, _, note = proof["proof"].partition("\n\n")
    lines = [line for line in head.split("\n")[1:] if not line.startswith("extra ")]
    text, by = signed_by(note, keys)
    if not by:
        raise Invalid("its checkpoint is not signed by a key of the log")
    _, size, root = checkpoint_of(text)
    hashed = sha256(entry).digest()
    path = [unbase64(one) for one in lines[1:]]
    verify_inclusion(leaf_hash(hashed), int(lines[0].removeprefix("index ")), size, path, root)
    return hashed, note


def entries_of(documents: Iterable[bytes]) -> dict[bytes, int | None]:
    """The entries among a journal's documents: their hashes, and of which batch each is."""
    found: dict[bytes, int | None] = {}
    for raw in documents:
        try:
            found[sha256(raw).digest()] = parse_entry(raw).get("batch_id")
        except Invalid:  # the places of entries in the log are noted there too
            continue
    return found


def journal_of(folder: Path) -> Iterator[bytes]:
    """The whole records of a journal; over damaged ones it goes on at the next."""
    for path in sorted(folder.glob("*.entries")):
        data, place = path.read_bytes(), 0
        while place + 4 <= len(data):
            start = place + 4
            end = start + int.from_bytes(data[place:start])
            if end + 4 <= len(data) and data[end : end + 4] == sha256(data[start:end]).digest()[:4]:
                yield data[start:end]
                place = end + 4
            elif (place := data.find(b"dozir-", start + 1) - 4) < 0:
                break


def entry_tiles(folder: Path | None) -> Callable[[int], bytes | None]:
    """The entry hash that the published bundles have for a leaf, if they have any."""
    bundles: dict[int, bytes] = {}

    def bundle(index: int) -> bytes:
        parts = [f"{index % 1000:03}"]
        rest = index // 1000
        while rest:
            parts.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        whole = (folder or Path()) / "tile" / "entries" / "/".join(parts)
        for _ in range(3):  # partial ones go while the log grows
            widths = [int(one.name) for one in whole.with_name(whole.name + ".p").glob("[0-9]*")]
            best = whole.with_name(whole.name + ".p") / str(max(widths, default=0))
            try:
                return (whole if whole.is_file() or not widths else best).read_bytes()
            except FileNotFoundError:
                continue
        return b""

    def published(leaf: int) -> bytes | None:
        index, inside = divmod(leaf, 256)
        if folder is not None and index not in bundles:
            bundles.clear()
            bundles[index] = bundle(index)
        return bundles.get(index, b"")[inside * 34 + 2 : inside * 34 + 34] or None

    return published


# All of it.

_at_work: tuple[Any, ...] = ()


def _part(part: Any) -> tuple[list[Finding], int, list[int]]:
    source, *rest = _at_work
    return check_rows(source.rows(part), *rest)


@contextmanager
def _mapping(jobs: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """``map``, in so many processes."""
    if jobs < 2:
        yield map
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        yield pool.map


def verify(source: Any, question: Question) -> Report:
    """Everything that can be verified of an archive, or of a database that looks like one."""
    global _at_work  # noqa: PLW0603 - inherited by the processes that are forked below
    report = Report()
    log = LogCheck(source, question, report)
    question.say("the log: entries, chains, checkpoints, batches")
    log.run()
    question.say("the audit trail")
    check_events(source, log, report)
    known, count, seen = log.known, 0, set[int]()
    strays = source.strays(known)
    parts = source.parts(known)
    figures = getattr(source, "figures", figures_of)
    _at_work = source, known, Elsewhere(strays, source.dropped()), figures, question.locate
    with _mapping(question.jobs) as mapped:
        for done, (found, rows, batches) in enumerate(mapped(_part, parts), 1):
            report.extend(found)
            count += rows
            for batch in batches:
                if batch in seen:
                    report.add("row_duplicated", "the batch has rows in two places", batch=batch)
                seen.add(batch)
            question.say(f"rows: {done} of {len(parts)} parts, {count:,} rows")
    gone = known.keys() - seen
    archived = [one for one in gone if known[one].occurred_until < log.retained_until]
    left = {batch: one for batch, one in strays.items() if batch not in seen}
    for batch in left.keys() | gone - set(archived):
        if batch in known:
            report.extend(question.locate(batch, known[batch], left.get(batch, [])))
        else:
            for one in left[batch][:20]:
                why = "a row of a batch that is not in the log"
                report.add("row_invented", why, batch=batch, row=row_no(one))
    if archived:
        why = (
            f"retention took the rows of {len(archived)} batches, as the log says: see its archives"
        )
        report.notices.append(why)
    if not question.policy.logs:
        report.notices.append("no public key of the log: only that all fits together was verified")
    report.figures |= {"rows": count, "batches_archived": len(archived)}
    return report


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("dozir_verify.py", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("folder", type=Path, help="an export of the ledger; its part log/ is what was published")
    for name, told in (
        ("--policy", "public keys of log and witnesses (C2SP tlog-policy)"),
        ("--receipts", "a folder of receipts and proofs of events that people were given, *.json"),
        ("--journal", "a folder of the leaf journal"),
        ("--tiles", "a folder with what the log publishes under /log/"),
        ("--authorities", "time-stamping authorities and their roots (TOML)"),
    ):
        add(name, type=Path, help=told)
    for name, kind, told in (
        ("--log-key", str, "a public key of the log, instead of a policy"),
        ("--receipt-key", str, "a public key of receipts"),
        ("--checkpoint", Path, "one that you have from elsewhere"),
    ):
        add(name, type=kind, action="append", default=[], help=told)
    add("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    add("--json", action="store_true", help="print one JSON document")
    return parser.parse_args()


def main() -> int:
    """The exit status."""
    told = _arguments()
    try:
        policy = Policy.parse(told.policy.read_text()) if told.policy else Policy()
        policy.logs += map(Key.parse, told.log_key)
        policy.receipts += map(Key.parse, told.receipt_key)
        if not policy.logs:
            raise Invalid(
                "name the log's public key: --policy or --log-key, from elsewhere than here"
            )
        published = told.folder / "log"
        if (published / "checkpoint").is_file():
            told.checkpoint.append(published / "checkpoint")
        question = Question(
            policy,
            [(str(path), path.read_text()) for path in told.checkpoint],
            [(str(path), path.read_bytes()) for path in sorted(told.receipts.glob("*.json"))]
            if told.receipts
            else [],
            entries_of(journal_of(told.journal)) if told.journal else {},
            told.tiles or (published if published.is_dir() else None),
            authorities_of(told.authorities) if told.authorities else [],
            jobs=told.jobs,
            say=lambda text: print(text, file=sys.stderr, flush=True),  # noqa: T201
        )
        report = verify(Archive(told.folder), question)
    except (Invalid, OSError) as problem:
        print(f"cannot verify: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    write(report, as_json=told.json)
    return 1 if report.finding_count else 0


def write(report: Report, *, as_json: bool) -> None:
    """The result on standard output."""
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))  # noqa: T201
        return
    for one in report.findings[:100]:
        print(one.sentence())  # noqa: T201
    for notice in report.notices[:100]:
        print(f"note: {notice}")  # noqa: T201
    figures = ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in report.figures.items()
    )
    print(figures)  # noqa: T201
    print(f"{report.finding_count} findings" if report.finding_count else "everything holds")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
