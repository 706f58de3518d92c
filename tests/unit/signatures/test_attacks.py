"""Signatures that somebody altered, mixed or made up: each is refused, and for its own reason."""

from __future__ import annotations

import base64
import random
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from portal.identity.signatures import (
    algorithms,
    asn1,
    certificates,
    demo_authority,
    issuing,
    keys,
    signing,
    software_keys,
    verifying,
)
from portal.identity.signatures import cms as messages
from portal.identity.signatures.algorithms import AlgorithmRefused
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.crypto.curves import CURVES
from portal.identity.signatures.reasons import Verdict
from portal.identity.signatures.trust import DEMONSTRATION, Trust, TrustInvalid
from tests.support import pki
from tests.support.pki import CONTENT, DAY, NOW, PERSON, judged


def refused(signature: bytes, code: str, trust: Trust | None = None, **options: object) -> None:
    result = judged(signature, trust, **options)  # type: ignore[arg-type]
    assert (result.verdict, result.reason) == (Verdict.INVALID, code), result.detail


@pytest.mark.parametrize("kind", ["ecdsa", "rsa", "dstu"])
def test_no_flipped_bit_passes(kind: str) -> None:
    """In content, attributes, signature and everything around: 200 places of each message."""
    signature = pki.pki().person(kind).sign()
    assert judged(signature).verdict is Verdict.VALID
    original = messages.read(signature)
    chance = random.Random(7)
    for place in chance.sample(range(8 * len(signature)), 200):
        altered = bytearray(signature)
        altered[place // 8] ^= 1 << place % 8
        result = judged(bytes(altered))
        if result.verdict is Verdict.VALID:  # versions and the list of digests are not covered
            found = messages.read(bytes(altered))
            assert found.content == original.content
            assert found.signers == original.signers
            assert result.chain == judged(signature).chain


def test_other_content() -> None:
    person = pki.pki().person()
    refused(person.sign(detached=True), "digest_mismatch", content=CONTENT + b" ")
    refused(person.sign(), "content_differs", content=CONTENT.replace(b"\n", b"\r\n"))
    refused(person.sign(b"another"), "content_differs")
    absent = judged(person.sign(detached=True), content=None)
    assert (absent.verdict, absent.reason) == (Verdict.INDETERMINATE, "content_absent")


def signer_of(signature: bytes) -> bytes:
    """The SignerInfo of a message, as another library reads it."""
    told: bytes = cms.ContentInfo.load(signature)["content"]["signer_infos"][0].dump()
    return told


def message_of(person: pki.Person, *signers: bytes, content: bytes = CONTENT) -> bytes:
    """A message with these SignerInfos, whatever they say."""
    data = asn1.sequence(
        asn1.integer(1),
        asn1.set_of(asn1.sequence(asn1.identifier(algorithms.SHA256))),
        asn1.sequence(asn1.identifier(messages.DATA), asn1.explicit(0, asn1.octets(content))),
        asn1.explicit(0, person.certificate.der),
        asn1.set_of(*signers),
    )
    return asn1.sequence(asn1.identifier(messages.SIGNED_DATA), asn1.explicit(0, data))


@pytest.mark.parametrize("count", [0, 2, 3])
def test_not_exactly_one_signer(count: int) -> None:
    person = pki.pki().person()
    one = signer_of(person.sign())
    other = signer_of(pki.pki().person(key=pki.key(number=1)).sign())
    signers = [one, other, one][:count]
    refused(message_of(person, *signers), "several_signers" if count else "signer_absent")
    assert judged(message_of(person, one)).verdict is Verdict.VALID


def _without(name: str) -> Callable[[pki.Person], list[bytes]]:
    return lambda person: person.attributes(**{name: b""})


def _with(name: str, oid: str, *values: bytes) -> Callable[[pki.Person], list[bytes]]:
    return lambda person: person.attributes(**{name: signing.attribute(oid, *values)})


DIGEST = asn1.octets(algorithms.digest(algorithms.SHA256).of(CONTENT))
FOREIGN = asn1.octets(bytes(32))


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        (_without("digest"), "digest_absent"),
        (_with("digest", messages.MESSAGE_DIGEST, FOREIGN), "digest_mismatch"),
        (_with("digest", messages.MESSAGE_DIGEST, DIGEST, FOREIGN), "attributes_malformed"),
        (_with("digest", messages.MESSAGE_DIGEST), "attributes_malformed"),
        (
            lambda one: [
                *one.attributes(),
                signing.attribute(messages.MESSAGE_DIGEST, DIGEST),
            ],
            "attributes_malformed",
        ),
        (_without("content_type"), "content_type_mismatch"),
        (
            _with(
                "content_type", messages.CONTENT_TYPE, asn1.identifier(messages.SIGNED_DATA)
            ),
            "content_type_mismatch",
        ),
        (_without("certificate"), "signing_certificate_absent"),
        (
            _with("certificate", messages.SIGNING_CERTIFICATE_V2, asn1.sequence()),
            "attributes_malformed",
        ),
        (
            _with(
                "certificate",
                messages.SIGNING_CERTIFICATE_V2,
                asn1.sequence(asn1.sequence(asn1.sequence(asn1.octets(bytes(32))))),
            ),
            "signing_certificate_mismatch",
        ),
        (
            _with(
                "certificate",
                messages.SIGNING_CERTIFICATE_V2,
                asn1.sequence(asn1.sequence(asn1.sequence(
                    asn1.sequence(asn1.identifier("1.3.14.3.2.26")), asn1.octets(bytes(20))
                ))),
            ),
            "algorithm_refused",
        ),
        (_with("time", messages.SIGNING_TIME, asn1.octets(b"now")), "attributes_malformed"),
        (_with("time", messages.SIGNING_TIME, signing.time(NOW + DAY)), "signing_time_wrong"),
        (_with("time", messages.SIGNING_TIME, signing.time(NOW - 40 * DAY)), "signing_time_wrong"),
    ],
)  # fmt: skip
def test_attributes(attributes: Callable[[pki.Person], list[bytes]], code: str) -> None:
    """Each is signed as it stands: only what the attributes say is wrong."""
    person = pki.pki().person()
    refused(person.message(attributes(person)), code)


def test_no_signed_attributes() -> None:
    """The signature is over the content itself, which here is somebody's signed attributes."""
    person = pki.pki().person()
    attributes = asn1.tlv(0x31, *person.attributes())
    signer = asn1.sequence(
        asn1.integer(1),
        asn1.sequence(person.certificate.issuer_der, asn1.integer(person.certificate.serial)),
        asn1.sequence(asn1.identifier(algorithms.SHA256)),
        person.key.identifier,
        asn1.octets(person.key.sign(attributes, wrapped=False)),
    )
    made = message_of(person, signer, content=attributes)
    refused(made, "attributes_absent", content=attributes)


def test_a_swapped_certificate_of_the_same_name_from_another_root() -> None:
    """Names, serial, even the key are the same: only who issued it differs."""
    person = pki.pki().person(serial=77)
    foreign = pki.pki(number=1)
    assert foreign.root.certificate.subject_der == pki.pki().root.certificate.subject_der
    forged = foreign.person(serial=77)
    everything = (foreign.root.certificate, foreign.authority.certificate)
    refused(forged.sign(others=everything), "chain_untrusted")
    # The signature names the certificate it was made with.
    exchanged = person.message(certificate=forged.certificate)
    refused(exchanged, "signing_certificate_mismatch")
    both = person.message(others=(forged.certificate,))
    refused(both, "certificate_ambiguous")


def test_forged_authorities_of_the_same_name_do_not_hide_the_true_ones() -> None:
    foreign = pki.pki(number=1)
    honest = pki.pki().person()
    others = (foreign.root.certificate, foreign.authority.certificate)
    assert judged(honest.sign(others=others)).verdict is Verdict.VALID


def test_who_is_no_authority_issues_nothing() -> None:
    person = pki.pki().person()
    between = demo_authority.Issuer(person.key, person.certificate)
    forged = pki.pki().person(issuer=between, key=pki.key(number=1))
    refused(forged.sign(others=(person.certificate,)), "chain_untrusted")


def test_a_path_longer_than_its_authority_allows() -> None:
    deeper = pki.pki().authority.authority("Надто глибоко", pki.key(number=3), NOW - 30 * DAY)
    person = pki.pki().person(issuer=deeper)
    refused(person.sign(others=(deeper.certificate,)), "chain_invalid")


def test_an_authority_does_not_sign_for_a_person() -> None:
    made = pki.pki()
    below = pki.Person(made.authority.key, made.authority.certificate)
    refused(below.sign(), "key_usage_wrong")
    anchor = pki.Person(made.root.key, made.root.certificate)
    refused(anchor.sign(), "chain_untrusted")


def test_a_self_signed_signer() -> None:
    own = pki.key(number=4)
    name = demo_authority.person_name(PERSON)
    made = issuing.certificate(
        key=own, issuer=name, subject=name, spki=own.spki, serial=5,
        not_before=NOW - DAY, not_after=NOW + DAY,
        extensions=demo_authority.of_person(PERSON, own.spki, own),
    )  # fmt: skip
    refused(pki.Person(own, certificates.load(made)).sign(), "chain_untrusted")


def test_many_certificates_that_sign_each_other_cost_little() -> None:
    """Twelve of one name and key: every order of them would be a path."""
    own = pki.key(number=5)
    name = pki.pki().root.certificate.subject_der
    crowd = tuple(
        certificates.load(issuing.certificate(
            key=own, issuer=name, subject=name, spki=own.spki, serial=number + 1,
            not_before=NOW - DAY, not_after=NOW + DAY, extensions=[issuing.authority()],
        ))
        for number in range(11)
    )  # fmt: skip
    issuer = demo_authority.Issuer(own, crowd[0])
    signature = pki.pki().person(issuer=issuer).sign(others=crowd)
    begun = time.process_time()
    refused(signature, "chain_untrusted")
    assert time.process_time() - begun < 2
    refused(pki.pki().person(issuer=issuer).sign(others=(*crowd, issuer.certificate,
            pki.pki().authority.certificate)), "malformed")  # fmt: skip


def test_time() -> None:
    made = pki.pki()
    late = made.person(not_before=NOW - 9 * DAY, not_after=NOW - DAY)
    signed = late.message(late.attributes(
        time=signing.attribute(messages.SIGNING_TIME, signing.time(NOW - 2 * DAY))
    ))  # fmt: skip
    refused(signed, "certificate_expired")
    early = made.person(not_before=NOW + DAY)
    refused(early.message(early.attributes(time=b"")), "certificate_not_yet_valid")


@pytest.mark.parametrize(
    ("reason", "code"),
    [(None, "revoked"), (1, "revoked"), (4, "revoked"), (6, "suspended")],
)
def test_revoked_and_suspended(reason: int | None, code: str) -> None:
    person = pki.pki().person()
    entry = Revoked(person.certificate.serial, NOW - DAY, reason)
    refused(person.sign(), code, pki.pki().with_list(entry))


def test_an_authority_that_was_revoked() -> None:
    made = pki.pki()
    entry = Revoked(made.authority.certificate.serial, NOW - DAY, 5)
    trust = replace(made.trust, crls=(
        pki.crls.load(made.root.crl(NOW - DAY / 2, [entry])), pki.crls.load(made.lists[1])
    ))  # fmt: skip
    refused(made.person().sign(), "revoked", trust)


STATEMENTS = (certificates.STATEMENTS,)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"without": STATEMENTS}, "not_qualified"),
        (
            {"without": STATEMENTS, "extra": [issuing.statements(certificates.SECURE_DEVICE)]},
            "not_qualified",
        ),
        (
            {"without": STATEMENTS, "extra": [issuing.statements(certificates.QUALIFIED)]},
            "device_not_stated",
        ),
        (
            {
                "without": STATEMENTS,
                "extra": [
                    issuing.statements(
                        certificates.QUALIFIED,
                        certificates.SECURE_DEVICE,
                        kind=certificates.TYPE_SEAL,
                    )
                ],
            },
            "seal",
        ),
        ({"extra": [issuing.purposes(certificates.SEAL_USAGE)]}, "seal"),
        (
            {
                "without": (certificates.KEY_USAGE,),
                "extra": [issuing.usage("key_agreement")],
            },
            "key_usage_wrong",
        ),
        (
            {
                "without": (certificates.KEY_USAGE,),
                "extra": [issuing.usage("digital_signature")],
            },
            "key_usage_wrong",
        ),
        ({"without": (certificates.KEY_USAGE,)}, "key_usage_wrong"),
        (
            {"extra": [issuing.extension("1.2.3.4", asn1.NULL, critical=True)]},
            "critical_extension_unknown",
        ),
    ],
)
def test_certificates_of_another_kind(changes: dict[str, object], code: str) -> None:
    refused(pki.pki().person(**changes).sign(), code)


def test_a_certificate_that_cannot_be_read() -> None:
    twice = [issuing.policies("1.2.3"), issuing.policies("1.2.4")]
    with pytest.raises(Malformed, match="twice"):
        pki.pki().person(extra=twice)
    person = pki.pki().person()
    damaged = asn1.sequence(asn1.integer(1))
    broken = certificates.Certificate(**{**vars(person.certificate), "der": damaged})
    refused(person.message(certificate=broken), "certificate_malformed")


def test_policy_can_do_without_a_device_or_take_a_seal() -> None:
    rules = verifying.policies.default()[-1]
    weaker = pki.pki().person(
        without=STATEMENTS, extra=[issuing.statements(certificates.NATIONAL_QUALIFIED)]
    )
    refused(weaker.sign(), "device_not_stated")
    assert judged(weaker.sign(), policy=replace(rules, secure_device=False)).reason is None
    seal = pki.pki().person(extra=[issuing.purposes(certificates.SEAL_USAGE)])
    assert judged(seal.sign(), policy=replace(rules, seals=True)).reason is None
    accepted = replace(rules, certificate_policies=frozenset(("1.2.3.4.5",)))
    refused(pki.pki().person().sign(), "policy_wrong", policy=accepted)


def _relabelled(person: pki.Person, identifier: bytes, digest: str | None = None) -> bytes:
    """The same message with another signature algorithm, and another digest if told."""
    message = person.message()
    made = message.replace(person.key.identifier, identifier)
    if digest:
        old = asn1.sequence(asn1.identifier(person.key.digest.oid))
        assert old in made
        made = made.replace(old, asn1.sequence(asn1.identifier(digest)))
    return _refitted(made, message, identifier, person.key.identifier)


def _refitted(made: bytes, message: bytes, new: bytes, old: bytes) -> bytes:
    assert len(new) == len(old), "lengths around it would no longer fit"
    return made


def test_algorithms_that_do_not_go_together() -> None:
    """Same lengths, another meaning: the digest, the algorithm or the key of somebody else."""
    ecdsa = pki.pki().person()
    for identifier in ("1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.2.840.10045.4.3.1"):
        refused(_relabelled(ecdsa, asn1.sequence(asn1.identifier(identifier))), "algorithm_refused")
    refused(_relabelled(ecdsa, ecdsa.key.identifier, algorithms.SHA384), "algorithm_refused")
    rsa = pki.pki().person("rsa")
    for last in (4, 5, 12, 14):  # MD5, SHA-1, SHA-384 beside SHA-256, SHA-224
        identifier = asn1.sequence(asn1.identifier(f"1.2.840.113549.1.1.{last}"), asn1.NULL)
        refused(_relabelled(rsa, identifier), "algorithm_refused")


@pytest.mark.parametrize(
    ("own", "claimed"), [("ecdsa", "rsa"), ("rsa", "ecdsa"), ("ecdsa", "dstu"), ("dstu", "rsa")]
)
def test_an_algorithm_of_another_kind_of_key(own: str, claimed: str) -> None:
    person = pki.pki().person(own)
    signature = person.message(using=pki.key(claimed))
    refused(signature, "algorithm_refused" if own != claimed else "signature_wrong")


def test_digests_that_never_count() -> None:
    for oid in (
        "1.2.840.113549.2.5",
        "1.3.14.3.2.26",
        "2.16.840.1.101.3.4.2.4",
        "1.2.643.7.1.1.2.2",
    ):
        with pytest.raises(AlgorithmRefused):
            algorithms.digest_of(asn1.sequence(asn1.identifier(oid)))
    with pytest.raises(AlgorithmRefused):
        algorithms.scheme(asn1.sequence(asn1.identifier(algorithms.RSA_PSS)))
    with pytest.raises(AlgorithmRefused):  # the digest has to be named somewhere
        algorithms.scheme(asn1.sequence(asn1.identifier(algorithms.RSA), asn1.NULL))
    with pytest.raises(AlgorithmRefused):  # RSA with a national digest
        algorithms.scheme(
            asn1.sequence(asn1.identifier(algorithms.RSA), asn1.NULL), algorithms.GOST34311
        )


def test_a_pss_signature_with_another_mask() -> None:
    hashed, other = (
        asn1.sequence(asn1.identifier(oid)) for oid in (algorithms.SHA256, algorithms.SHA512)
    )
    masked = asn1.sequence(asn1.identifier("1.2.840.113549.1.1.8"), other)
    parameters = asn1.sequence(asn1.explicit(0, hashed), asn1.explicit(1, masked))
    with pytest.raises(AlgorithmRefused):
        algorithms.scheme(asn1.sequence(asn1.identifier(algorithms.RSA_PSS), parameters))


class WeakKey(software_keys.SoftwareKey):
    """Signs certificates with SHA-1, and says so."""

    @property
    def identifier(self) -> bytes:
        return asn1.sequence(asn1.identifier("1.2.840.10045.4.1"))

    def sign(self, data: bytes, *, wrapped: bool) -> bytes:
        signed: bytes = self.native.sign(data, ec.ECDSA(hashes.SHA1()))
        return signed


def test_certificates_and_lists_signed_with_sha1() -> None:
    made = pki.pki()
    weak = WeakKey(made.authority.key.native, made.authority.key.scheme)
    authority = replace(made.authority, key=weak)
    leaf = made.person(issuer=authority)
    assert leaf.certificate.issuer_der == made.authority.certificate.subject_der
    refused(leaf.sign(), "algorithm_refused")
    listed = judged(made.person().sign(), made.with_list(key=weak))
    assert (listed.verdict, listed.reason) == (Verdict.INDETERMINATE, "revocation_unknown")
    root = WeakKey(made.root.key.native, made.root.key.scheme)
    below = replace(made.root, key=root).authority("Слабкий центр", pki.key(number=7), NOW - DAY)
    person = made.person(issuer=below)
    refused(person.sign(others=(below.certificate,)), "chain_untrusted")


def test_a_certificate_that_names_two_algorithms() -> None:
    """Outside another one than inside, where it is signed (RFC 5280, 4.1.1.2)."""
    person = pki.pki().person()
    other = asn1.sequence(asn1.identifier("1.2.840.10045.4.3.3"))
    parts = [person.certificate.tbs, other, asn1.bits(person.certificate.signature)]
    told = certificates.load(asn1.sequence(*parts))
    refused(pki.Person(person.key, told).sign(), "algorithm_refused")


def test_keys_that_are_too_weak_or_odd() -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    for native in (
        rsa.generate_private_key(65537, 1024),
        ec.generate_private_key(ec.SECP192R1()),
        ec.generate_private_key(ec.SECP256K1()),
    ):
        with pytest.raises(AlgorithmRefused):
            keys.load(software_keys._of(native).spki)
    refused(pki.pki().person(key=pki_key_p521()).sign(), "algorithm_refused")


def pki_key_p521() -> software_keys.SoftwareKey:
    """A sound key that the default policy does not name."""
    return software_keys._of(ec.generate_private_key(ec.SECP521R1()))


def test_a_dstu_key_on_a_curve_that_only_resembles_the_standards() -> None:
    """Another generator that makes a trusted point one's own (as in CVE-2020-0601)."""
    curve = next(one for one in CURVES if one.m == 257)
    octets = curve.field.octets

    def parameters(base: int, b: int = curve.b, order: int = curve.order, k: int = 12) -> bytes:
        field = asn1.sequence(asn1.integer(257), asn1.integer(k))
        return asn1.sequence(asn1.sequence(
            field, asn1.integer(curve.a), asn1.octets(b.to_bytes(octets, "little")),
            asn1.integer(order), asn1.octets(base.to_bytes(octets, "little")),
        ))  # fmt: skip

    def spki(told: bytes, point: int) -> bytes:
        identifier = asn1.sequence(asn1.identifier(algorithms.DSTU4145_GOST), told)
        key = asn1.octets(point.to_bytes(octets, "little"))
        return asn1.sequence(identifier, asn1.bits(key))

    trusted = curve.compress(keys.load(pki.key("dstu").spki).native[1])
    assert keys.load(spki(parameters(curve.compressed_base), trusted)).kind == "dstu4145"
    for told in (
        parameters(trusted), parameters(curve.compressed_base, b=curve.b ^ 1),
        parameters(curve.compressed_base, order=curve.order + 2),
        parameters(curve.compressed_base, k=13),
    ):  # fmt: skip
        with pytest.raises(AlgorithmRefused):
            keys.load(spki(told, trusted))
    outside = curve.add(curve.base, (0, curve.field.square_root(curve.b)))
    assert outside is not None
    refused_points = [0, 1]
    for point in refused_points:
        with pytest.raises(Malformed):
            keys.load(spki(parameters(curve.compressed_base), point))
    sbox = asn1.octets(bytes(64))
    named = asn1.identifier(f"{algorithms.DSTU4145_GOST}.2.6")
    with pytest.raises(AlgorithmRefused):
        keys.load(spki(asn1.sequence(named, sbox), trusted))


def test_look_alikes() -> None:
    """Names find nobody: codes do, and only ASCII digits are codes."""
    made = pki.pki()
    for text in ("Шевченко\u202eанелО", "Шев\u200bченко Олена", "Шевченко\x00", "Шевченко\u00ad"):
        person = made.person(holder=replace(PERSON, common_name=text))
        refused(person.sign(), "name_deceptive")
    mixed = made.person(holder=replace(PERSON, common_name="Шевчeнко Олена"))  # a Latin e
    result = judged(mixed.sign())
    assert result.verdict is Verdict.VALID
    assert result.signer is not None
    assert result.signer.mixed_scripts
    plain = judged(made.person().sign()).signer
    assert plain is not None
    assert not plain.mixed_scripts


def test_codes_that_are_none() -> None:
    made = pki.pki()
    subject = issuing.name(
        (certificates.COMMON_NAME, "Шевченко Олена"),
        (certificates.ORGANISATION_IDENTIFIER, "NTRUA-４０１２３４５６"),
    )
    signer = judged(
        made.person(subject=subject, without=(certificates.DIRECTORY_ATTRIBUTES,)).sign()
    ).signer
    assert signer is not None
    assert signer.edrpou is None
    assert signer.rnokpp is None
    assert ("organisation", "NTRUA-４０１２３４５６") in signer.other_codes


def test_two_codes_for_one_person() -> None:
    other = issuing.directory_attributes(
        (certificates.PERSON_CODE, demo_authority.rnokpp(312345679))
    )
    person = pki.pki().person(without=(certificates.DIRECTORY_ATTRIBUTES,), extra=[other])
    refused(person.sign(), "identity_conflict")


def test_a_demo_authority_is_never_trusted_beside_a_real_one() -> None:
    made = pki.pki()
    assert DEMONSTRATION in made.root.certificate.extensions
    name = demo_authority.authority_name("Справжній корінь")
    real = certificates.load(issuing.certificate(
        key=pki.key(number=6), issuer=name, subject=name, spki=pki.key(number=6).spki, serial=1,
        not_before=NOW - DAY, not_after=NOW + DAY, extensions=[issuing.authority()],
    ))  # fmt: skip
    with pytest.raises(TrustInvalid):
        Trust(anchors=(made.root.certificate, real))
    assert Trust(anchors=(made.root.certificate,)).is_demonstration
    assert not Trust(anchors=(real,)).is_demonstration


def _bombs() -> dict[str, bytes]:
    deep = b"\x30\x80" * 200_000
    closed = b""
    for _ in range(300):
        closed = asn1.sequence(closed)
    wide = asn1.sequence(b"\x05\0" * 1_000_000)
    return {
        "deep and open": deep,
        "deep and closed": closed,
        "deep octets": b"\x24\x80" * 100_000,
        "wide": wide,
        "huge length": b"\x30\x84\x7f\xff\xff\xff" + bytes(100),
        "absurd length": b"\x30\xff" + b"\xff" * 127,
        "long tag": b"\x3f" + b"\xff" * 1000,
        "empty": b"",
        "one byte": b"\x30",
        "pdf": b"%PDF-1.7\n" + bytes(1000),
        "base64 of nothing": b"====",
        "pem of nothing": b"-----BEGIN CMS-----\n-----END CMS-----",
        "pem without end": b"-----BEGIN CMS-----\n" + b"A" * 100_000,
        "many dashes": b"-----BEGIN CMS-----" * 5_000,
    }


@pytest.mark.parametrize("name", _bombs())
def test_bombs_cost_little(name: str) -> None:
    begun = time.process_time()
    refused(_bombs()[name], "malformed")
    assert time.process_time() - begun < 2


def test_100_mb_cost_neither_time_nor_memory() -> None:
    large = memoryview(bytearray(100 * 1024 * 1024))
    large[0] = 0x30
    whole = bytes(large)
    tracemalloc.start()
    begun = time.process_time()
    refused(whole, "too_large")
    refused(base64.b64encode(whole[:5_000_000]), "too_large")
    assert time.process_time() - begun < 2
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


def test_what_is_no_signature() -> None:
    enveloped = asn1.sequence(
        asn1.identifier("1.2.840.113549.1.7.3"), asn1.explicit(0, asn1.sequence(asn1.integer(0)))
    )
    refused(enveloped, "not_signed_data")
    signature = pki.pki().person().sign()
    refused(signature + b"\0", "malformed")
    refused(signature[:-1], "malformed")
    other_type = pki.pki().person().message(content_type=messages.TIME_STAMP_INFO)
    refused(other_type, "content_type_wrong")


def test_trust_without_anchors_trusts_nobody() -> None:
    refused(pki.pki().person().sign(), "chain_untrusted", Trust(anchors=()))
