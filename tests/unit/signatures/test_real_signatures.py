"""Signatures, certificates and CRLs that others made, with keys of the national standard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.identity.signatures import certificates, checking, crls, keys, policy, verifying
from portal.identity.signatures import cms as messages
from portal.identity.signatures.checking import Checked
from portal.identity.signatures.policy import Policy
from portal.identity.signatures.reasons import Refused, Verdict
from portal.identity.signatures.trust import Trust
from tests.support.vectors import real

STRICT = policy.default()[-1]
LENIENT = replace(STRICT, signers_certificate_inside=False, signing_certificate_v2=False)
ROOTS = (
    "czo-2007-root-m431-named.cer",
    "czo-2012-root-m431.cer",
    "czo-2020-root-m431.cer",
    "3da-root-dstu.cer",
)


def check(name: str, *, content: bytes | None, rules: Policy = LENIENT) -> Checked:
    signer = certificates.load(real("3da-ee-dstu-serpen.cer"))
    return checking.checked_signature(real(name), content, rules, (signer,))


def test_attributes_out_of_order_verify_as_they_were_sent() -> None:
    content = real("123.bin")
    attached = check("jkurwa-attached.p7s", content=None)
    assert attached.content == content
    assert attached.scheme.name == "DSTU 4145 with GOST 34.311"
    detached = check("jkurwa-detached.p7s", content=content)
    assert detached.signed_at is not None


@pytest.mark.parametrize("name", ["jkurwa-attached.p7s", "jkurwa-detached.p7s"])
def test_each_altered_byte_is_found(name: str) -> None:
    content = real("123.bin")
    message = real(name)
    for place in range(0, len(message), 7):
        altered = bytearray(message)
        altered[place] ^= 1
        try:
            checked = checking.checked_signature(bytes(altered), content, STRICT)
        except Refused:
            continue
        # What remains true is what no signature covers: versions, the list of digests,
        # bytes of the certificate that its own chain has to vouch for.
        assert checked.content == content
        original = messages.read(messages.decoded(message)).signers[0]
        assert checked.info.signed == original.signed
        assert checked.info.signature == original.signature


def test_a_signer_by_key_identifier_needs_the_certificate() -> None:
    checked = check("iit-attached-ski-nocert.p7s", content=None)
    assert checked.certificate.subject[certificates.COMMON_NAME]
    with pytest.raises(Refused, match="certificate_absent"):
        check("iit-attached-ski-nocert.p7s", content=None, rules=STRICT)
    inside_elsewhere = replace(STRICT, signers_certificate_inside=False)
    with pytest.raises(Refused, match="signing_certificate_absent"):
        check("iit-attached-ski-nocert.p7s", content=None, rules=inside_elsewhere)


def test_a_signature_over_kupyna() -> None:
    """Its content is not public: the attributes are what the signature covers."""
    info = messages.read(real("iit-kupyna-detached-nocert.p7s")).signers[0]
    signer = certificates.load(real("3da-ee-dstu-serpen.cer"))
    scheme = checking.algorithms.scheme(info.algorithm, checking.algorithms.KUPYNA256)
    assert scheme.name == "DSTU 4145 with Kupyna-256"
    assert info.signed is not None
    assert keys.verify(signer.spki, scheme, info.signature, info.signed, wrapped=False)
    assert not keys.verify(signer.spki, scheme, info.signature, info.signed[:-1], wrapped=False)
    with pytest.raises(Refused, match="digest_mismatch"):
        check("iit-kupyna-detached-nocert.p7s", content=b"something else")


@pytest.mark.parametrize("name", ROOTS)
def test_roots_signed_themselves(name: str) -> None:
    root = certificates.load(real(name))
    assert root.is_self_issued
    assert root.is_authority
    assert root.is_signed_by(root.spki)
    assert keys.load(root.spki).kind == "dstu4145"


def test_a_chain_and_its_lists() -> None:
    root = certificates.load(real("3da-root-dstu.cer"))
    signer = certificates.load(real("3da-ee-dstu-serpen.cer"))
    assert signer.issuer_der == root.subject_der
    assert signer.is_signed_by(root.spki)
    full, delta = crls.load(real("3da-full.crl")), crls.load(real("3da-delta.crl"))
    assert full.is_signed_by(root)
    assert delta.is_signed_by(root)
    assert delta.base_number is not None
    assert full.base_number is None


def test_a_serial_that_was_suspended_and_released_is_listed_twice() -> None:
    full = crls.load(real("3da-full.crl"))
    several = {serial: told for serial, told in full._entries.items() if len(told) > 1}
    assert several
    assert any([reason for _, reason in told][-2:] == [6, 8] for told in several.values())


def test_another_authoritys_certificate_parses() -> None:
    found = certificates.load(real("ca-justice-2015.cer"))
    assert found.is_authority
    assert keys.load(found.spki).kind == "dstu4145"


def test_self_signed_signers_are_not_trusted() -> None:
    result = verifying.verify(
        real("jkurwa-detached.p7s"),
        Trust(anchors=(certificates.load(real("3da-root-dstu.cer")),)),
        content=real("123.bin"),
        moment=datetime(2026, 11, 20, tzinfo=UTC),
        policy=replace(STRICT, signing_certificate_v2=False),
    )
    assert result.verdict is Verdict.INVALID
    assert result.reason == "chain_untrusted"
