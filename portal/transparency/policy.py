"""Trust policies: which logs and witnesses are known, and which of these must have signed.

Source: C2SP tlog-policy, https://c2sp.org/tlog-policy. Names are opaque octets there: here text in
UTF-8 with surrogate escapes, which maps every file of octets to one text and back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from portal.transparency import checkpoints, notes
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.notes import Kind, NoteInvalid, PublicKey

MAX_EACH = 32
MAX_BYTES = 1_000_000
NONE = "none"
LOG_KINDS = frozenset(Kind)
WITNESS_KINDS = frozenset({Kind.ED25519_COSIGNATURE, Kind.ML_DSA_44_COSIGNATURE})
KEY_BYTES = {
    Kind.ED25519: 32,
    Kind.ED25519_COSIGNATURE: 32,
    Kind.ML_DSA_44_COSIGNATURE: 1312,
}
_SPACES = re.compile(r"[ \t]+")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,2}")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class PolicyInvalid(ValueError):
    """A policy is malformed; the message names the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose checkpoints count; its key's name is its origin."""

    key: PublicKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by the name it has in this policy; the URL is its submission prefix."""

    name: str
    key: PublicKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses a checkpoint when at least ``threshold`` of its members do."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy file says; ``quorum`` names a witness or a group, or is ``none``."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    def is_met(self, cosigned: Collection[str]) -> bool:
        """Whether these witnesses, by their names in the policy, are enough."""
        if self.quorum == NONE:
            return True
        witnessed = {one.name for one in self.witnesses if one.name in cosigned}
        for group in self.groups:  # each names only what stands before it
            if sum(member in witnessed for member in group.members) >= group.threshold:
                witnessed.add(group.name)
        return self.quorum in witnessed

    def with_logs(self, keys: Collection[PublicKey]) -> Policy:
        """The same policy for the logs with these keys."""
        return replace(self, logs=tuple(Log(key) for key in keys))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A checkpoint under a policy: who cosigned it when (seconds since 1970); if that is enough."""

    checkpoint: Checkpoint
    cosigned: Mapping[str, int]
    met: bool


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    policy: Policy = field(default_factory=Policy)
    quorum: str | None = None
    defined: set[str] = field(default_factory=set)
    grouped: set[str] = field(default_factory=set)

    def line(self, keyword: str, words: list[str]) -> None:
        match keyword, words:
            case "log", [vkey, *url] if len(url) <= 1:
                self._log(vkey, *url)
            case "witness", [name, vkey, *url] if len(url) <= 1:
                self._witness(name, vkey, *url)
            case "group", [name, threshold, *members] if members:
                self._group(name, threshold, members)
            case "quorum", [name]:
                self._quorum(name)
            case (("log" | "witness" | "group" | "quorum"), _):
                raise PolicyInvalid(f"a line “{keyword}” of too few or too many words")
            case _:
                raise PolicyInvalid("a line of an unknown kind")

    def _log(self, vkey: str, url: str = "") -> None:
        key = read_key(vkey, LOG_KINDS)
        logs = self.policy.logs
        if key.material in (one.key.material for one in logs):
            raise PolicyInvalid("the same log twice")
        if len(logs) == MAX_EACH:
            raise PolicyInvalid(f"more than {MAX_EACH} logs")
        self.policy = replace(self.policy, logs=(*logs, Log(key, url)))

    def _witness(self, name: str, vkey: str, url: str = "") -> None:
        key = read_key(vkey, WITNESS_KINDS)
        witnesses = self.policy.witnesses
        if key.material in (one.key.material for one in witnesses):
            raise PolicyInvalid("the same witness twice")
        if len(witnesses) == MAX_EACH:
            raise PolicyInvalid(f"more than {MAX_EACH} witnesses")
        self._define(name)
        self.policy = replace(self.policy, witnesses=(*witnesses, Witness(name, key, url)))

    def _group(self, name: str, threshold: str, members: list[str]) -> None:
        if len(self.policy.groups) == MAX_EACH:
            raise PolicyInvalid(f"more than {MAX_EACH} groups")
        for member in members:
            if member not in self.defined:
                raise PolicyInvalid("a group of what no line before it defines")
            if member in self.grouped:
                raise PolicyInvalid("a member of two groups, or twice of one")
            self.grouped.add(member)
        match threshold:
            case "any":
                count = 1
            case "all":
                count = len(members)
            case _ if _THRESHOLD.fullmatch(threshold) and int(threshold) <= len(members):
                count = int(threshold)
            case _:
                raise PolicyInvalid(
                    "a threshold that is neither all, any nor from 1 to the members"
                )
        self._define(name)
        group = Group(name, count, tuple(members))
        self.policy = replace(self.policy, groups=(*self.policy.groups, group))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise PolicyInvalid("a second quorum")
        if name != NONE and name not in self.defined:
            raise PolicyInvalid("a quorum of what no line before it defines")
        self.quorum = name

    def _define(self, name: str) -> None:
        if name == NONE:
            raise PolicyInvalid("the name “none” has its own meaning")
        if name in self.defined:
            raise PolicyInvalid("a name defined twice")
        self.defined.add(name)


def parse(data: bytes) -> Policy:
    """Read a policy file. Raises PolicyInvalid."""
    if len(data) > MAX_BYTES:
        raise PolicyInvalid("a policy too long")
    reading = _Reading()
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            if _FORBIDDEN.search(line):
                raise PolicyInvalid("a control character")
            text = line.decode("utf-8", "surrogateescape").strip(" \t")
            if text and not text.startswith("#"):
                keyword, *words = _SPACES.split(text)
                reading.line(keyword, words)
        except PolicyInvalid as problem:
            raise PolicyInvalid(f"line {number}: {problem}") from None
    if reading.quorum is None:
        raise PolicyInvalid("no quorum")
    return replace(reading.policy, quorum=reading.quorum)


def read_key(vkey: str, kinds: Collection[Kind]) -> PublicKey:
    """A verifier key of one of these kinds. Raises PolicyInvalid."""
    try:
        key = PublicKey.parse(vkey)
    except (NoteInvalid, UnicodeEncodeError) as problem:
        said = problem if isinstance(problem, NoteInvalid) else "a key's name is not in UTF-8"
        raise PolicyInvalid(str(said)) from None
    if key.kind not in kinds:
        raise PolicyInvalid("a key whose signatures are of another kind than are wanted here")
    if len(key.material) != KEY_BYTES[key.kind]:
        raise PolicyInvalid("a public key of a wrong length")
    return key


def write(policy: Policy) -> bytes:
    """The policy file; read again it gives the same policy."""
    lines = [f"log {one.key.vkey()} {one.url}" for one in policy.logs]
    lines += [f"witness {one.name} {one.key.vkey()} {one.url}" for one in policy.witnesses]
    lines += [f"group {one.name} {one.threshold} {' '.join(one.members)}" for one in policy.groups]
    lines.append(f"quorum {policy.quorum}")
    text = "".join(line.rstrip(" ") + "\n" for line in lines)
    return text.encode("utf-8", "surrogateescape")


def judge(policy: Policy, note: str, origin: str) -> Verdict:
    """Verify a checkpoint of the log ``origin`` by a policy that lists its keys.

    Raises NoteInvalid when none of these signed it, and when a signature by one of its keys or by a
    witness of the policy does not hold.
    """
    keys = [one.key for one in policy.logs if one.key.name == origin]
    checkpoint = checkpoints.verify(note, keys, origin).checkpoint
    text, signatures = notes.read(note)
    cosigned = {}
    for witness in policy.witnesses:
        if signature := notes.find(signatures, witness.key):
            cosigned[witness.name] = checkpoints.verify_signature(text, signature, witness.key)
    return Verdict(checkpoint, cosigned, policy.is_met(cosigned))


def is_submission_url(url: str) -> bool:
    """Whether a witness can be asked at this URL: http or https, a host, no query and no login."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and port != 0
        and "@" not in parts.netloc
        and not parts.query
        and not parts.fragment
    )
