"""Certificates, CRLs and OCSP answers that another library issued, judged the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as pyca_ocsp

from portal.identity.signatures import asn1, certificates, crls, ocsp, signing, software_keys
from portal.identity.signatures.reasons import Verdict
from portal.identity.signatures.trust import Trust
from tests.support.pki import CONTENT, DAY, NOW, judged

USAGE = {
    "digital_signature": False, "content_commitment": False, "key_encipherment": False,
    "data_encipherment": False, "key_agreement": False, "key_cert_sign": False, "crl_sign": False,
    "encipher_only": False, "decipher_only": False,
}  # fmt: skip


@dataclass
class Made:
    """A key and a certificate by cryptography's builders."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def own(self) -> certificates.Certificate:
        return certificates.load(self.certificate.public_bytes(Encoding.DER))

    def issue(
        self, name: str, *extensions: tuple[x509.ExtensionType, bool], serial: int | None = None
    ) -> Made:
        key = ec.generate_private_key(ec.SECP256R1())
        return Made(key, built(name, key, self.certificate.subject, self.key, extensions, serial))

    def crl(self, *serials: int, at: datetime = NOW - DAY / 2) -> crls.Crl:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at)
            .next_update(NOW + DAY)
        )
        for serial in serials:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(NOW - DAY)
                .build()
            )
        return crls.load(builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def answer(
        self,
        about: Made,
        status: pyca_ocsp.OCSPCertStatus,
        encoding: pyca_ocsp.OCSPResponderEncoding,
        hashed: hashes.HashAlgorithm,
        responder: Made | None = None,
    ) -> ocsp.OcspAnswer:
        revoked = status is pyca_ocsp.OCSPCertStatus.REVOKED
        by = responder or self
        builder = (
            pyca_ocsp.OCSPResponseBuilder()
            .add_response(
                about.certificate, self.certificate, hashed, status,
                NOW - DAY / 24, NOW + DAY, NOW - DAY if revoked else None,
                x509.ReasonFlags.key_compromise if revoked else None,
            )
            .responder_id(encoding, by.certificate)
        )  # fmt: skip
        if responder:
            builder = builder.certificates([responder.certificate])
        made = builder.sign(by.key, hashes.SHA256())
        return ocsp.load(made.public_bytes(Encoding.DER))


def built(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name | None,
    signer: ec.EllipticCurvePrivateKey,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...],
    serial: int | None = None,
) -> x509.Certificate:
    subject = x509.Name([
        x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
        x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, "TINUA-3123456789"),
        x509.NameAttribute(x509.NameOID.ORGANIZATION_IDENTIFIER, "NTRUA-40123456"),
    ])  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(NOW - 10 * DAY)
        .not_valid_after(NOW + 10 * DAY)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256())


def usage(*names: str) -> tuple[x509.ExtensionType, bool]:
    return x509.KeyUsage(**{**USAGE, **dict.fromkeys(names, True)}), True


AUTHORITY = (
    (x509.BasicConstraints(ca=True, path_length=None), True),
    usage("key_cert_sign", "crl_sign"),
)
QUALIFIED = asn1.sequence(*(
    asn1.sequence(asn1.identifier(oid))
    for oid in (certificates.QUALIFIED, certificates.SECURE_DEVICE)
))  # fmt: skip
STATEMENTS = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier(certificates.STATEMENTS), QUALIFIED),
    False,
)
PERSON = (usage("digital_signature", "content_commitment"), STATEMENTS)


@pytest.fixture(scope="module")
def root() -> Made:
    key = ec.generate_private_key(ec.SECP384R1())
    return Made(key, built("Root", key, None, key, AUTHORITY))


@pytest.fixture(scope="module")
def authority(root: Made) -> Made:
    return root.issue("Authority", *AUTHORITY)


@pytest.fixture(scope="module")
def person(authority: Made) -> Made:
    return authority.issue("Олена Шевченко", *PERSON)


def signed(person: Made) -> bytes:
    return signing.sign(CONTENT, software_keys._of(person.key), person.own)


def trust(root: Made, authority: Made, *lists: crls.Crl, answers: tuple[ocsp.OcspAnswer, ...] = ()
          ) -> Trust:  # fmt: skip
    return Trust((root.own,), (authority.own,), (root.crl(), *lists), answers)


def test_certificates_and_lists(root: Made, authority: Made, person: Made) -> None:
    result = judged(signed(person), trust(root, authority, authority.crl()), moment=None)
    assert result.verdict is Verdict.VALID, result
    assert result.signer is not None
    assert (result.signer.rnokpp, result.signer.edrpou) == ("3123456789", "40123456")
    revoked = authority.crl(5, person.certificate.serial_number)
    assert judged(signed(person), trust(root, authority, revoked)).reason == "revoked"


@pytest.mark.parametrize("encoding", list(pyca_ocsp.OCSPResponderEncoding))
@pytest.mark.parametrize("hashed", [hashes.SHA1(), hashes.SHA256()], ids=lambda one: one.name)
def test_answers(
    root: Made,
    authority: Made,
    person: Made,
    encoding: pyca_ocsp.OCSPResponderEncoding,
    hashed: hashes.HashAlgorithm,
) -> None:
    responder = authority.issue(
        "Responder",
        (x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.OCSP_SIGNING]), False),
        (x509.OCSPNoCheck(), False),
    )
    for status, reason in (
        (pyca_ocsp.OCSPCertStatus.GOOD, None),
        (pyca_ocsp.OCSPCertStatus.REVOKED, "revoked"),
        (pyca_ocsp.OCSPCertStatus.UNKNOWN, "revocation_unknown"),
    ):
        for by in (None, responder):
            answer = authority.answer(person, status, encoding, hashed, by)
            found = judged(signed(person), trust(root, authority, answers=(answer,)))
            assert found.reason == reason


def test_authorities_without_the_right(root: Made, person: Made) -> None:
    """No key usage for certificates, or none for lists; a name outside of what it may certify."""
    weak = root.issue("Authority", AUTHORITY[0], usage("digital_signature", "crl_sign"))
    leaf = weak.issue("Хтось", *PERSON)
    assert judged(signed(leaf), trust(root, weak, weak.crl())).reason == "chain_invalid"
    silent = root.issue("Authority", AUTHORITY[0], usage("key_cert_sign"))
    leaf = silent.issue("Хтось", *PERSON)
    found = judged(signed(leaf), trust(root, silent, silent.crl()))
    assert found.reason == "revocation_unknown"
    allowed = x509.DirectoryName(x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "UA")]))
    narrow = root.issue("Authority", *AUTHORITY, (x509.NameConstraints([allowed], None), True))
    leaf = narrow.issue("Хтось", *PERSON)
    assert judged(signed(leaf), trust(root, narrow, narrow.crl())).reason == "chain_invalid"


def test_two_certificates_of_one_authority(root: Made, authority: Made) -> None:
    """A new certificate for an authority that keeps its name and key: either chain will do."""
    renewed = Made(authority.key, built(
        "Authority", authority.key, root.certificate.subject, root.key, AUTHORITY
    ))  # fmt: skip
    person = authority.issue("Олена Шевченко", *PERSON)
    both = replace(
        trust(root, authority, authority.crl()), intermediates=(renewed.own, authority.own)
    )
    assert judged(signed(person), both).verdict is Verdict.VALID
    for serial in (authority.certificate.serial_number, renewed.certificate.serial_number):
        revoked = replace(both, crls=(root.crl(serial), authority.crl()))
        assert judged(signed(person), revoked).verdict is Verdict.VALID
    serials = (authority.certificate.serial_number, renewed.certificate.serial_number)
    revoked = replace(both, crls=(root.crl(*serials), authority.crl()))
    assert judged(signed(person), revoked).reason == "revoked"
