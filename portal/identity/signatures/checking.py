"""The cryptography of one signature: form, content, attributes, algorithms; no trust yet.

The order is that of docs/signatures.md; the first check that fails decides.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, tsp, x509

from portal.identity.signatures import algorithms, asn1, certificates, cms, keys
from portal.identity.signatures.algorithms import AlgorithmRefused, Digest, Scheme
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.cms import SignedData, SignerInfo
from portal.identity.signatures.policy import Policy
from portal.identity.signatures.reasons import Refused


@dataclass(frozen=True)
class Checked:
    """A CMS signature whose cryptography holds: over what, by which certificate, with what."""

    data: SignedData
    info: SignerInfo
    content: bytes
    certificate: Certificate
    scheme: Scheme

    @property
    def signed_at(self) -> datetime | None:
        """The time of signing that the signer claims. Raises Refused."""
        value = _one(self.info, cms.SIGNING_TIME)
        if value is None:
            return None
        try:
            found: datetime = x509.Time.load(value, strict=True).native
            return found.astimezone(UTC)
        except asn1.UNREADABLE as problem:
            raise Refused("attributes_malformed", "the time of signing") from problem


def checked_signature(
    signature: bytes,
    content: bytes | None,
    rules: Policy,
    supplied: tuple[Certificate, ...] = (),
) -> Checked:
    """The cryptography of a file with one signature, without any trust. Raises Refused."""
    if len(signature) > rules.largest_signature:
        raise Refused("too_large", f"{len(signature)} bytes")
    data = cms.read(cms.decoded(signature))
    if not data.signers:
        raise Refused("signer_absent")
    if len(data.signers) != rules.signers:
        raise Refused("several_signers", f"{len(data.signers)} signatures")
    if data.content_type != cms.DATA:
        raise Refused("content_type_wrong", data.content_type)
    if data.content is None and content is None:
        raise Refused("content_absent")
    if data.content is not None and content is not None and data.content != content:
        raise Refused("content_differs")
    actual = data.content if data.content is not None else content
    return checked_signer(data, data.signers[0], actual or b"", rules, supplied)


def checked_signer(
    data: SignedData,
    info: SignerInfo,
    content: bytes,
    rules: Policy,
    supplied: tuple[Certificate, ...] = (),
) -> Checked:
    """One signature over ``content``: certificate, attributes, algorithms. Raises Refused."""
    inside = rules.signers_certificate_inside
    try:
        digest = algorithms.digest_of(info.digest)
        scheme = algorithms.scheme(info.algorithm, digest.oid)
        leaf = _certificate(data, info, () if inside else supplied)
        _key(leaf, scheme, rules)
        _attributes(data, info, content, digest, leaf, rules)
        if info.signed is None:
            raise Refused("attributes_absent")
        if not keys.verify(leaf.spki, scheme, info.signature, info.signed, wrapped=False):
            raise Refused("signature_wrong")
    except AlgorithmRefused as problem:
        raise Refused("algorithm_refused", str(problem)) from problem
    except Malformed as problem:
        raise Refused("malformed", str(problem)) from problem
    return Checked(data, info, content, leaf, scheme)


def _certificate(
    data: SignedData, info: SignerInfo, supplied: tuple[Certificate, ...]
) -> Certificate:
    """The signer's certificate: the only one that the signature's identifier fits."""
    try:
        held = [certificates.load(der) for der in data.certificates]
    except Malformed as problem:
        raise Refused("certificate_malformed", str(problem)) from problem
    fitting = {
        one
        for one in (*held, *supplied)
        if (
            one.issuer_der == info.issuer and one.serial == info.serial
            if info.key_identifier is None
            else one.key_identifier == info.key_identifier
        )
    }
    if not fitting:
        raise Refused("certificate_absent")
    if len(fitting) > 1:
        raise Refused("certificate_ambiguous")
    return fitting.pop()


def _key(leaf: Certificate, scheme: Scheme, rules: Policy) -> None:
    key = keys.load(leaf.spki)
    if key.kind != algorithms.KEY_OF[scheme.kind]:
        raise AlgorithmRefused(f"{scheme.name} with a key of {key.name}")
    if key.kind != "rsa" and key.name not in rules.curves:
        raise AlgorithmRefused(f"a signer's key of {key.name}")


def _attributes(  # noqa: PLR0917 - a signature is checked against all of these
    data: SignedData,
    info: SignerInfo,
    content: bytes,
    digest: Digest,
    leaf: Certificate,
    rules: Policy,
) -> None:
    """The signed attributes that make a signature one of CAdES, each against what it names."""
    if info.signed is None:
        # Without them the content itself would be signed, and it could be somebody's attributes.
        raise Refused("attributes_absent")
    told_type = _one(info, cms.CONTENT_TYPE)
    if told_type != asn1.identifier(data.content_type):
        raise Refused("content_type_mismatch")
    told_digest = _one(info, cms.MESSAGE_DIGEST)
    if told_digest is None:
        raise Refused("digest_absent")
    national = digest.oid not in {algorithms.SHA256, algorithms.SHA384, algorithms.SHA512}
    if len(content) > (rules.largest_content_national if national else rules.largest_content):
        raise Refused("content_too_large", f"{len(content)} bytes with {digest.name}")
    if not hmac.compare_digest(told_digest, asn1.octets(digest.of(content))):
        raise Refused("digest_mismatch")
    _algorithm_protection(info)
    _signing_certificate(info, leaf, needed=rules.signing_certificate_v2)


def _one(info: SignerInfo, oid: str) -> bytes | None:
    """The single value of a signed attribute; None where it is absent. Raises Refused."""
    values = info.attributes.get(oid)
    if values is None:
        return None
    if len(values) != 1:
        raise Refused("attributes_malformed", f"attribute {oid} with {len(values)} values")
    return values[0]


def _algorithm_protection(info: SignerInfo) -> None:
    """RFC 6211: if the algorithms were signed too, they are those that the message uses."""
    value = _one(info, cms.ALGORITHM_PROTECTION)
    if value is None:
        return
    try:
        told = core.SequenceOf.load(value, spec=core.Any, strict=True)
        parts = [one.dump() for one in told]
    except asn1.UNREADABLE as problem:
        raise Refused("attributes_malformed", "algorithm protection") from problem
    expected = asn1.algorithm(info.digest)[0], asn1.algorithm(info.algorithm)
    if len(parts) != 2 or parts[1][:1] != b"\xa1":
        raise Refused("algorithm_protection_mismatch")
    if (asn1.algorithm(parts[0])[0], asn1.algorithm(b"\x30" + parts[1][1:])) != expected:
        raise Refused("algorithm_protection_mismatch")


def _signing_certificate(info: SignerInfo, leaf: Certificate, *, needed: bool) -> None:
    """ESS signing-certificate-v2 (RFC 5035): its first entry is the signer's certificate."""
    value = _one(info, cms.SIGNING_CERTIFICATE_V2)
    if value is None:
        if needed:
            raise Refused("signing_certificate_absent")
        return
    try:
        first = tsp.SigningCertificateV2.load(value, strict=True)["certs"][0]
        digest = algorithms.digest_of(first["hash_algorithm"].dump())
        told = bytes(first["cert_hash"])
        named = first["issuer_serial"]
        serial = None if isinstance(named, core.Void) else named["serial_number"].native
        issuers = [] if serial is None else [_directory_name(one) for one in named["issuer"]]
    except asn1.UNREADABLE as problem:
        raise Refused("attributes_malformed", "signing-certificate-v2") from problem
    if not hmac.compare_digest(told, digest.of(leaf.der)):
        raise Refused("signing_certificate_mismatch")
    if serial is not None and (serial != leaf.serial or issuers != [leaf.issuer_der]):
        raise Refused("signing_certificate_mismatch", "issuer and serial number")


def _directory_name(told: Any) -> bytes:
    """The DER of a GeneralName that is a directory name; empty for others."""
    if told.name != "directory_name":
        return b""
    name: bytes = told.chosen.chosen.dump()  # without the tag of the choice around it
    return name
