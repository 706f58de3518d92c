"""A seeded sample of ``scripts/campaign fuzz-signatures``."""

from __future__ import annotations

from tests.campaigns import fuzz_signatures


def test_altered_signatures() -> None:
    seen = fuzz_signatures.run(seed=1, rounds=6_000)
    outcomes = seen["outcomes"]
    # The changes reach what lies behind the form: every stage refuses some.
    assert {
        "invalid malformed", "invalid signature_wrong", "invalid digest_mismatch",
        "invalid certificate_absent", "certificate malformed", "crl revocation_unknown",
    } <= outcomes.keys()  # fmt: skip
    assert outcomes["valid"] > 0  # what no signature covers may differ
