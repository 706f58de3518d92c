"""How fast signatures are verified: each curve of DSTU 4145, hashes, and whole signatures.

CPU time of this process alone, medians; "first" is with nothing remembered, "again" with the chain
and its lists remembered, as in a running portal.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from portal.identity.signatures import (
    algorithms,
    certificates,
    demo_authority,
    keys,
    signing,
    software_keys,
    trust,
    verifying,
)
from portal.identity.signatures.crypto import dstu4145, gost34311, kupyna
from portal.identity.signatures.crypto.curves import CURVES, Curve
from portal.identity.signatures.reasons import Verdict

HASHED = 64 * 1024
CONTENT = b"What a session is opened with.\n" * 20


def run(repeat: int) -> dict[str, dict[str, float]]:
    """All figures, each the median of ``repeat`` measurements."""
    return {
        "dstu4145_verify_ms": {f"m{curve.m}": _curve(curve, repeat) for curve in CURVES},
        "hash_kb_per_s": {
            "gost34311": _rate(gost34311.digest, repeat),
            "kupyna256": _rate(lambda data: kupyna.digest(data, 256), repeat),
            "kupyna512": _rate(lambda data: kupyna.digest(data, 512), repeat),
        },
        **_whole(repeat),
    }


def _ms(work: Callable[[], object], repeat: int) -> float:
    took = []
    for _ in range(repeat):
        begun = time.process_time_ns()
        work()
        took.append((time.process_time_ns() - begun) / 1e6)
    return round(statistics.median(took), 2)


def _curve(curve: Curve, repeat: int) -> float:
    private = dstu4145.new_private_key(curve)
    public = dstu4145.public_key(curve, private)
    digest = os.urandom(32)
    signature = dstu4145.sign(curve, private, digest)
    return _ms(lambda: dstu4145.verify(curve, public, digest, signature), repeat)


def _rate(of: Callable[[bytes], bytes], repeat: int) -> float:
    data = os.urandom(HASHED)
    return round(HASHED / 1024 / (_ms(lambda: of(data), min(repeat, 5)) / 1000))


def _whole(repeat: int) -> dict[str, dict[str, float]]:
    """A whole verification: message, chain of three, two lists."""
    first: dict[str, float] = {}
    again: dict[str, float] = {}
    holder = demo_authority.Holder("person", "Вимір Швидкості", demo_authority.rnokpp(300000001))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "authority"
        demo_authority.make(place, [holder], datetime.now(UTC))
        trusted = trust.read(place / "trust")
        for kind in software_keys.KINDS:
            own = place / "identities" / f"person-{kind}"
            key = software_keys.load(own.with_suffix(".pem").read_bytes())
            leaf = certificates.load_all(own.with_suffix(".cer").read_bytes())[0]
            named = {kind: key}
            if kind == "dstu":
                named["dstu_kupyna"] = key.using(algorithms.KUPYNA256)
            for name, using in named.items():
                messages = [signing.sign(CONTENT, using, leaf) for _ in range(2 * repeat)]
                first[name] = _ms(partial(_judge, messages, trusted, forget=True), repeat)
                again[name] = _ms(partial(_judge, messages, trusted), repeat)
    return {"whole_first_ms": first, "whole_again_ms": again}


def _judge(messages: list[bytes], trusted: trust.Trust, *, forget: bool = False) -> None:
    if forget:
        keys.forget()
    result = verifying.verify(messages.pop(), trusted, content=CONTENT)
    if result.verdict is not Verdict.VALID:
        raise AssertionError(result.reason)
