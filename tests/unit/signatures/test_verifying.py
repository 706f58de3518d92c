"""What makes a signature valid, in all its forms; revocation, stamps, other implementations."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from portal.identity.signatures import (
    algorithms,
    asn1,
    certificates,
    crls,
    issuing,
    keys,
    signing,
    software_keys,
    verifying,
)
from portal.identity.signatures import cms as messages
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.reasons import Verdict
from tests.support import pki
from tests.support.authority import TestAuthority
from tests.support.pki import CONTENT, DAY, KINDS, NOW, PERSON, judged

HOUR = DAY / 24


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("detached", [False, True])
def test_what_is_signed_is_valid(kind: str, *, detached: bool) -> None:
    person = pki.pki().person(kind)
    result = judged(person.sign(detached=detached))
    assert result.verdict is Verdict.VALID, result
    assert result.reason is None
    assert result.signer is not None
    assert result.signer.common_name == "Шевченко Олена"
    assert result.signer.surname == "Шевченко"
    assert result.signer.rnokpp == PERSON.rnokpp
    assert result.signer.edrpou == "40123456"
    assert int(result.signer.serial, 16) == person.certificate.serial
    assert result.algorithm == person.key.scheme.name
    assert [one.fingerprint for one in result.chain] == [
        person.certificate.fingerprint,
        pki.pki().authority.certificate.fingerprint,
        pki.pki().root.certificate.fingerprint,
    ]


@pytest.mark.parametrize(
    ("kind", "digest", "pss"),
    [
        ("rsa", algorithms.SHA256, True),
        ("rsa", algorithms.SHA512, True),
        ("rsa", algorithms.SHA384, False),
        ("ecdsa", algorithms.SHA512, False),
        ("dstu", algorithms.KUPYNA256, False),
        ("dstu", algorithms.KUPYNA384, False),
        ("dstu", algorithms.KUPYNA512, False),
    ],
)
def test_other_digests(kind: str, digest: str, *, pss: bool) -> None:
    key = pki.key(kind).using(digest, pss=pss)
    result = judged(pki.pki().person(key=key).sign())
    assert result.verdict is Verdict.VALID, result
    assert result.algorithm == key.scheme.name


class PssKey(software_keys.SoftwareKey):
    """An RSA key that says of itself that it signs by PSS alone."""

    @property
    def spki(self) -> bytes:
        told = keys.key_bits(super().spki)
        return asn1.sequence(asn1.sequence(asn1.identifier(algorithms.RSA_PSS)), asn1.bits(told))


def test_a_key_for_pss_alone() -> None:
    plain = pki.key("rsa")
    pss = plain.using(algorithms.SHA256, pss=True)
    person = pki.pki().person(key=PssKey(pss.native, pss.scheme))
    assert judged(person.sign()).verdict is Verdict.VALID
    assert judged(person.message(using=plain)).reason == "algorithm_refused"


def test_a_chain_of_dstu_alone() -> None:
    made = pki.pki("dstu")
    person = made.person("dstu")
    assert judged(person.sign(), made.trust).verdict is Verdict.VALID
    revoked = made.with_list(Revoked(person.certificate.serial, NOW - HOUR, 1))
    assert judged(person.sign(), revoked).reason == "revoked"
    answer = made.answer(person, hash_oid=algorithms.GOST34311)
    assert judged(person.sign(), made.with_answer(answer)).verdict is Verdict.VALID
    unlike = pki.pki("dstu", 1).with_answer(answer)
    assert judged(person.sign(), replace(made.trust, ocsp=unlike.ocsp, crls=made.trust.crls[:1])
                  ).verdict is Verdict.VALID  # fmt: skip


def _parts(contents: bytes) -> list[bytes]:
    """The values that stand one after another."""
    found = []
    while contents:
        _, length, at = asn1._header(contents, 0, len(contents))
        assert length is not None
        found.append(contents[: at + length])
        contents = contents[at + length :]
    return found


def _indefinite(der: bytes, deepest: int) -> bytes:
    """The same value with indefinite lengths down to a depth, octets in pieces."""
    first, _, at = asn1._header(der, 0, len(der))
    contents = der[at:]
    if deepest and first & 0x20:
        # From the sets on it stays DER, as certificates and signed attributes have to.
        inner = (_indefinite(one, 0 if one[0] == 0x31 else deepest - 1) for one in _parts(contents))
        return bytes((first, 0x80)) + b"".join(inner) + b"\0\0"
    if deepest and first == 4:
        half = len(contents) // 2
        return b"\x24\x80" + asn1.octets(contents[:half]) + asn1.octets(contents[half:]) + b"\0\0"
    return der


def _forms(der: bytes) -> dict[str, bytes]:
    encoded = base64.b64encode(der)
    lines = base64.encodebytes(der)
    return {
        "ber": _indefinite(der, 5),
        "base64": encoded,
        "base64 in lines": lines,
        "base64 with crlf and bom": b"\xef\xbb\xbf" + lines.replace(b"\n", b"\r\n"),
        "pem": b"-----BEGIN CMS-----\n" + lines + b"-----END CMS-----\n",
        "pkcs7": b"\n-----BEGIN PKCS7-----\r\n" + lines + b"-----END PKCS7-----",
    }


@pytest.mark.parametrize("form", _forms(asn1.NULL))
def test_every_encoding_is_the_same_signature(form: str) -> None:
    person = pki.pki().person()
    made = _forms(person.sign())[form]
    assert judged(made).verdict is Verdict.VALID
    assert judged(made, content=None).verdict is Verdict.VALID
    assert judged(made, content=b"other").reason == "content_differs"


def test_attributes_in_their_own_order() -> None:
    """Some tools sign the attributes as they wrote them, not in DER's order."""
    person = pki.pki().person()
    for attributes in (person.attributes(), person.attributes()[::-1]):
        assert judged(person.message(attributes)).verdict is Verdict.VALID


def test_algorithm_protection() -> None:
    person = pki.pki().person()
    digest = asn1.sequence(asn1.identifier(algorithms.SHA256))

    def protecting(identifier: bytes) -> bytes:
        value = asn1.sequence(digest, asn1.tlv(0xA1, identifier[2:]))
        told = signing.attribute(messages.ALGORITHM_PROTECTION, value)
        return person.message([*person.attributes(), told])

    assert judged(protecting(person.key.identifier)).verdict is Verdict.VALID
    other = asn1.sequence(asn1.identifier("1.2.840.10045.4.3.3"))
    assert judged(protecting(other)).reason == "algorithm_protection_mismatch"


# --- revocation -----------------------------------------------------------------------------------


def test_nothing_known_is_not_valid() -> None:
    made = pki.pki()
    signature = made.person().sign()
    for trust in (
        replace(made.trust, crls=()),
        replace(made.trust, crls=made.trust.crls[:1]),  # the root's alone
        replace(made.trust, crls=made.trust.crls[1:]),
        made.with_list(next_update=NOW - HOUR),
        made.with_list(this_update=NOW + DAY, next_update=NOW + 2 * DAY),
        made.with_list(key=pki.key(number=9)),
        made.with_list(issuer=made.root.certificate.subject_der),
    ):
        result = judged(signature, trust)
        assert (result.verdict, result.reason) == (Verdict.INDETERMINATE, "revocation_unknown")


def _scope(*parts: bytes) -> bytes:
    return issuing.extension(crls.ISSUING_POINT, asn1.sequence(*parts), critical=True)


@pytest.mark.parametrize(
    ("scope", "usable"),
    [
        ((asn1.tlv(0x81, b"\xff"),), True),  # only users' certificates
        ((asn1.tlv(0x82, b"\xff"),), False),  # only authorities'
        ((asn1.tlv(0x83, b"\x06\x40"),), False),  # only for some reasons
        ((asn1.tlv(0x84, b"\xff"),), False),  # indirect
        ((asn1.tlv(0x85, b"\xff"),), False),  # only attribute certificates
        ((asn1.tlv(0xA0, asn1.tlv(0xA0, asn1.tlv(0x86, b"http://a/crl"))),), False),
    ],
)
def test_lists_of_another_scope_do_not_count(scope: tuple[bytes, ...], *, usable: bool) -> None:
    trust = pki.pki().with_list(extensions=[_scope(*scope)])
    result = judged(pki.pki().person().sign(), trust)
    assert result.reason == (None if usable else "revocation_unknown")


def test_a_list_for_the_distribution_point_of_the_certificate() -> None:
    point = asn1.sequence(asn1.sequence(
        asn1.tlv(0xA0, asn1.tlv(0xA0, asn1.tlv(0x86, b"http://a/crl")))
    ))  # fmt: skip
    person = pki.pki().person(extra=[issuing.extension(certificates.CRL_POINTS, point)])
    for address, usable in ((b"http://a/crl", True), (b"http://b/crl", False)):
        inner = asn1.tlv(0xA0, asn1.tlv(0xA0, asn1.tlv(0x86, address)))
        trust = pki.pki().with_list(extensions=[_scope(inner)])
        assert (judged(person.sign(), trust).reason is None) is usable


def test_several_entries_of_one_serial() -> None:
    """Suspended and released, in any order of the list: the last one until the moment counts."""
    made = pki.pki()
    person = made.person()
    serial = person.certificate.serial
    held, released = Revoked(serial, NOW - 3 * HOUR, 6), Revoked(serial, NOW - 2 * HOUR, 8)
    signature = person.message(person.attributes(time=b""))
    for entries in ((held, released), (released, held)):
        trust = made.with_list(*entries)
        assert judged(signature, trust).verdict is Verdict.VALID
        earlier = judged(signature, trust, moment=NOW - 2.5 * HOUR)
        assert earlier.reason == "suspended"
        assert judged(signature, trust, moment=NOW - 4 * HOUR).verdict is Verdict.VALID
    again = made.with_list(held, released, Revoked(serial, NOW - HOUR, 6))
    assert judged(signature, again).reason == "suspended"


def test_a_revocation_is_not_lifted() -> None:
    made = pki.pki()
    person = made.person()
    serial = person.certificate.serial
    trust = made.with_list(Revoked(serial, NOW - 3 * HOUR, 1), Revoked(serial, NOW - HOUR, 8))
    signature = person.message(person.attributes(time=b""))
    assert judged(signature, trust).reason == "revoked"


def test_of_several_deltas_the_newest_counts() -> None:
    """Suspended and released since the list: the newest delta has nothing left to say of it."""
    made = pki.pki()
    person = made.person()
    held = Revoked(person.certificate.serial, NOW - 3 * HOUR, 6)
    full = made.with_list(number=10)

    def delta(number: int, *entries: Revoked) -> crls.Crl:
        return crls.load(issuing.crl(
            key=made.authority.key, issuer=made.authority.certificate.subject_der,
            this_update=NOW - HOUR, next_update=NOW + HOUR, number=number, base=10,
            revoked=entries,
        ))  # fmt: skip

    for order in ((delta(11, held), delta(12)), (delta(12), delta(11, held))):
        trust = replace(full, crls=(*full.crls, *order))
        assert judged(person.sign(), trust).verdict is Verdict.VALID
    trust = replace(full, crls=(*full.crls, delta(11), delta(12, held)))
    assert judged(person.sign(), trust).reason == "suspended"


def test_a_delta_adds_to_its_list_and_to_no_other() -> None:
    made = pki.pki()
    person = made.person()
    signature = person.sign()
    entry = Revoked(person.certificate.serial, NOW - HOUR, 6)

    def with_delta(base: int, number: int, *entries: Revoked) -> str | None:
        delta = issuing.crl(
            key=made.authority.key, issuer=made.authority.certificate.subject_der,
            this_update=NOW - HOUR, next_update=NOW + HOUR, number=number, base=base,
            revoked=entries,
        )  # fmt: skip
        full = made.with_list(number=10)
        trust = replace(full, crls=(*full.crls, crls.load(delta)))
        return judged(signature, trust).reason

    assert with_delta(10, 11) is None
    assert with_delta(10, 11, entry) == "suspended"
    assert with_delta(11, 12, entry) is None  # a delta to a later list
    assert with_delta(5, 9, entry) is None  # older than the list itself
    delta_alone = issuing.crl(
        key=made.authority.key, issuer=made.authority.certificate.subject_der,
        this_update=NOW - HOUR, next_update=NOW + HOUR, number=11, base=10,
    )  # fmt: skip
    trust = replace(made.trust, crls=(made.trust.crls[0], crls.load(delta_alone)))
    assert judged(signature, trust).reason == "revocation_unknown"


def test_a_revocation_after_the_moment_does_not_reach_back() -> None:
    made = pki.pki()
    person = made.person()
    trust = made.with_list(Revoked(person.certificate.serial, NOW - 2 * HOUR, 1))
    signature = person.message(person.attributes(time=b""))
    assert judged(signature, trust, moment=NOW - 3 * HOUR).verdict is Verdict.VALID
    assert judged(signature, trust).reason == "revoked"


def test_ocsp() -> None:
    made = pki.pki()
    person = made.person()
    signature = person.sign()
    serial = person.certificate.serial

    def reason(*answers: bytes, lists: bool = False) -> str | None:
        return judged(signature, made.with_answer(*answers, lists=lists)).reason

    assert reason(made.answer(person)) is None
    answer = made.answer(person)
    kept = judged(signature, made.with_answer(answer)).revocation
    assert [one.evidence for one in kept] == [(answer,), (made.lists[0],)]
    for oid in (algorithms.SHA384, algorithms.GOST34311, algorithms.KUPYNA256):
        assert reason(made.answer(person, hash_oid=oid)) is None
    revoked = made.answer(person, revoked=Revoked(serial, NOW - HOUR, 1))
    assert reason(revoked) == "revoked"
    assert reason(made.answer(person, revoked=Revoked(serial, NOW - HOUR, 6))) == "suspended"
    assert reason(made.answer(person, revoked=Revoked(serial, NOW + HOUR, 1))) is None
    for useless in (
        made.answer(person, unknown=True),
        made.answer(person, serial=serial + 1),
        made.answer(person, this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY),
        made.answer(person, this_update=NOW - 3 * DAY, next_update=None),
        made.answer(person, this_update=NOW + DAY, next_update=NOW + 2 * DAY),
        made.answer(person, key=pki.key(number=9)),
        made.answer(person, issuer=made.root.certificate),
    ):
        assert reason(useless) == "revocation_unknown"
    # A revocation is final, whatever else is known; a suspension is not.
    assert reason(revoked, made.answer(person), lists=True) == "revoked"
    held = made.answer(person, revoked=Revoked(serial, NOW - 2 * DAY, 6), this_update=NOW - 2 * DAY)
    assert reason(held, made.answer(person)) is None


@pytest.mark.parametrize(
    ("extensions", "usable"),
    [
        ([issuing.purposes(certificates.OCSP_SIGNING),
          issuing.extension(certificates.NO_CHECK, asn1.NULL)], True),
        ([issuing.purposes(certificates.OCSP_SIGNING)], None),  # by the list
        ([], False),
        ([issuing.purposes(certificates.TIME_STAMPING)], False),
    ],
)  # fmt: skip
def test_delegated_responders(extensions: list[bytes], *, usable: bool | None) -> None:
    made = pki.pki()
    person = made.person()
    own = pki.key(number=11)
    delegate = made.person(key=own, extensions=extensions, subject=issuing.name(
        (certificates.COMMON_NAME, "Відповідач")
    ))  # fmt: skip
    answer = made.answer(
        person, key=own, responder=delegate.certificate, held=[delegate.certificate]
    )
    trust = made.with_answer(answer)
    if usable is None:
        assert judged(person.sign(), trust).reason == "revocation_unknown"
        # With the authority's list, which here must decide nothing about the person.
        other = made.with_list(Revoked(person.certificate.serial, NOW - 2 * DAY, 6))
        entered = replace(other, ocsp=trust.ocsp)
        assert judged(person.sign(), entered).reason is None
        revoked = made.with_list(
            Revoked(person.certificate.serial, NOW - 2 * DAY, 6),
            Revoked(delegate.certificate.serial, NOW - 2 * DAY, 1),
        )
        assert judged(person.sign(), replace(revoked, ocsp=trust.ocsp)).reason == "suspended"
    else:
        reason = judged(person.sign(), trust).reason
        assert reason == (None if usable else "revocation_unknown")


def test_a_foreign_responder() -> None:
    made, other = pki.pki(), pki.pki(number=1)
    person = made.person()
    own = pki.key(number=12)
    forged = other.person(key=own, extensions=[
        issuing.purposes(certificates.OCSP_SIGNING),
        issuing.extension(certificates.NO_CHECK, asn1.NULL),
    ])  # fmt: skip
    answer = made.answer(person, key=own, responder=forged.certificate, held=[forged.certificate])
    assert judged(person.sign(), made.with_answer(answer)).reason == "revocation_unknown"


def test_evidence_after_the_certificates_end_says_nothing() -> None:
    """Lists leave expired certificates out."""
    made = pki.pki()
    person = made.person(not_after=NOW - 2 * DAY)
    signature = person.message(person.attributes(time=b""))
    moment = NOW - 3 * DAY
    assert judged(signature, moment=moment).reason == "revocation_unknown"
    covered = made.with_list(this_update=NOW - 4 * DAY)
    root = crls.load(made.root.crl(NOW - 4 * DAY))
    assert judged(
        signature, replace(covered, crls=(root, covered.crls[1])), moment=moment
    ).verdict is Verdict.VALID  # fmt: skip


def test_a_stale_trusted_list() -> None:
    signature = pki.pki().person().sign()
    fresh = replace(pki.pki().trust, next_update=NOW - DAY)
    assert judged(signature, fresh).verdict is Verdict.VALID  # within its time of grace
    stale = judged(signature, replace(fresh, next_update=NOW - 4 * DAY))
    assert (stale.verdict, stale.reason) == (Verdict.INDETERMINATE, "trust_stale")


def test_a_list_with_an_entry_that_cannot_be_read() -> None:
    """Signed by the authority as it stands: it counts as absent, and nothing breaks."""
    made = pki.pki()
    person = made.person()
    reason = issuing.extension("2.5.29.21", asn1.tlv(10, b"\x01"))
    for extensions in ((reason, reason), (issuing.extension("1.2.3", asn1.NULL, critical=True),)):
        entry = asn1.sequence(asn1.integer(9), signing.time(NOW), asn1.sequence(*extensions))
        body = asn1.sequence(
            asn1.integer(1), made.authority.key.identifier,
            made.authority.certificate.subject_der, signing.time(NOW - HOUR),
            signing.time(NOW + HOUR), asn1.sequence(entry),
        )  # fmt: skip
        signed = asn1.bits(made.authority.key.sign(body, wrapped=True))
        odd = crls.load(asn1.sequence(body, made.authority.key.identifier, signed))
        trust = replace(made.trust, crls=(made.trust.crls[0], odd))
        assert judged(person.sign(), trust).reason == "revocation_unknown"


@pytest.mark.parametrize("load", [crls.load, pki.ocsp.load, certificates.load])
@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x80\0\0", asn1.sequence(asn1.NULL), b"x"])
def test_what_is_no_evidence(load: object, data: bytes) -> None:
    with pytest.raises(Malformed):
        load(data)  # type: ignore[operator]


# --- time-stamps ----------------------------------------------------------------------------------


def _stamped(person: pki.Person, token: bytes) -> bytes:
    signed = asn1.tlv(0x31, *person.attributes())
    return signing.message(
        CONTENT, person.key, person.certificate, signed=signed,
        signature=person.key.sign(signed, wrapped=False), detached=False,
        unsigned=asn1.set_of(signing.attribute(messages.SIGNATURE_TIME_STAMP, token)),
    )  # fmt: skip


def _own_stamp(authority: pki.Person, stamped: bytes, **told: bytes) -> bytes:
    """A time-stamp by an authority with any key, as RFC 3161 has it."""
    digest = authority.key.digest
    info = asn1.sequence(
        asn1.integer(1), asn1.identifier("1.2.3.4"),
        asn1.sequence(asn1.sequence(asn1.identifier(digest.oid)), asn1.octets(digest.of(stamped))),
        asn1.integer(5), core.GeneralizedTime(NOW).dump(),
    )  # fmt: skip
    attributes = authority.attributes(info, content_type=signing.attribute(
        messages.CONTENT_TYPE, asn1.identifier(messages.TIME_STAMP_INFO)
    ), **told)  # fmt: skip
    return authority.message(attributes, content=info, content_type=messages.TIME_STAMP_INFO)


@pytest.mark.parametrize("kind", ["ecdsa", "dstu"])
def test_a_stamp_of_a_trusted_authority(kind: str) -> None:
    made = pki.pki()
    key = pki.key(kind, 20)
    authority = made.person(key=key, extensions=[
        issuing.purposes(certificates.TIME_STAMPING, critical=True)
    ])  # fmt: skip
    person = made.person("dstu")
    signed = asn1.tlv(0x31, *person.attributes())
    signature = person.key.sign(signed, wrapped=False)

    def with_token(token: bytes) -> bytes:
        return signing.message(
            CONTENT, person.key, person.certificate, signed=signed, signature=signature,
            detached=False,
            unsigned=asn1.set_of(signing.attribute(messages.SIGNATURE_TIME_STAMP, token)),
        )  # fmt: skip

    result = judged(with_token(_own_stamp(authority, signature)))
    assert (result.verdict, result.stamped_at, result.stamp_trusted) == (Verdict.VALID, NOW, True)
    for token in (
        _own_stamp(authority, b"another signature"),
        _own_stamp(authority, signature, digest=signing.attribute(
            messages.MESSAGE_DIGEST, asn1.octets(bytes(32)))),
        asn1.sequence(asn1.NULL),
        authority.sign(signature),
    ):  # fmt: skip
        assert judged(with_token(token)).reason == "time_stamp_wrong"
    other = pki.pki(number=1).person(key=key, extensions=[
        issuing.purposes(certificates.TIME_STAMPING, critical=True)
    ])  # fmt: skip
    foreign = judged(with_token(_own_stamp(other, signature)))
    assert (foreign.verdict, foreign.stamp_trusted) == (Verdict.VALID, False)


def test_a_stamp_by_openssl(tmp_path: Path) -> None:
    authority = TestAuthority(tmp_path / "tsa")
    person = pki.pki().person()
    signed = asn1.tlv(0x31, *person.attributes())
    signature = person.key.sign(signed, wrapped=False)
    (tmp_path / "signature").write_bytes(signature)
    query = subprocess.run(
        ["openssl", "ts", "-query", "-data", "signature", "-sha256", "-cert"],
        cwd=tmp_path, capture_output=True, check=True,
    ).stdout  # fmt: skip
    answer = authority.reply(query)
    token = core.SequenceOf.load(answer, spec=core.Any)[1].dump()
    message = signing.message(
        CONTENT, person.key, person.certificate, signed=signed, signature=signature,
        detached=False,
        unsigned=asn1.set_of(signing.attribute(messages.SIGNATURE_TIME_STAMP, token)),
    )  # fmt: skip
    result = judged(message)
    assert (result.verdict, result.stamp_trusted) == (Verdict.VALID, False), result
    assert result.stamped_at is not None
    known = certificates.load_all(authority.root_file.read_bytes())
    real = replace(pki.pki().trust, anchors=known)
    assert judged(message, real).reason == "chain_untrusted"


# --- other implementations ------------------------------------------------------------------------


def _files(folder: Path, person: pki.Person) -> None:
    (folder / "key.pem").write_bytes(person.key.pem())
    loaded = x509.load_der_x509_certificate(person.certificate.der)
    (folder / "own.pem").write_bytes(loaded.public_bytes(Encoding.PEM))
    (folder / "content").write_bytes(CONTENT)


@pytest.mark.parametrize("kind", ["ecdsa", "ecdsa-p384", "rsa"])
@pytest.mark.parametrize(
    "options",
    [(), ("-nodetach",), ("-nodetach", "-stream"), ("-keyid",), ("-outform", "PEM")],
    ids=lambda options: " ".join(options) or "detached",
)
def test_signatures_by_openssl(tmp_path: Path, kind: str, options: tuple[str, ...]) -> None:
    person = pki.pki().person(kind)
    _files(tmp_path, person)
    form = () if "-outform" in options else ("-outform", "DER")
    signature = subprocess.run(
        ["openssl", "cms", "-sign", "-cades", "-binary", "-md", "sha256", "-in", "content",
         "-signer", "own.pem", "-inkey", "key.pem", *form, *options],
        cwd=tmp_path, capture_output=True, check=True,
    ).stdout  # fmt: skip
    result = judged(signature, moment=None)
    assert result.verdict is Verdict.VALID, result


def test_pss_by_openssl(tmp_path: Path) -> None:
    _files(tmp_path, pki.pki().person("rsa"))
    signature = subprocess.run(
        ["openssl", "cms", "-sign", "-cades", "-binary", "-md", "sha256", "-in", "content",
         "-signer", "own.pem", "-inkey", "key.pem", "-outform", "DER",
         "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:32"],
        cwd=tmp_path, capture_output=True, check=True,
    ).stdout  # fmt: skip
    result = judged(signature, moment=None)
    assert result.verdict is Verdict.VALID, result
    assert result.algorithm == "RSA-PSS with SHA-256"


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_openssl_accepts_ours(tmp_path: Path, kind: str) -> None:
    person = pki.pki().person(kind)
    _files(tmp_path, person)
    (tmp_path / "signature").write_bytes(person.sign(detached=True))
    anchors = b"".join(
        x509.load_der_x509_certificate(one.certificate.der).public_bytes(Encoding.PEM)
        for one in (pki.pki().root, pki.pki().authority)
    )
    (tmp_path / "anchors.pem").write_bytes(anchors)
    subprocess.run(
        ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "signature",
         "-content", "content", "-CAfile", "anchors.pem", "-purpose", "any", "-out", "/dev/null"],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip


def test_a_signature_without_the_attribute_of_cades() -> None:
    person = pki.pki().person()
    signature = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(CONTENT)
        .add_signer(
            x509.load_der_x509_certificate(person.certificate.der),
            person.key.native,
            pki.software_keys._HASHES[algorithms.SHA256],
        )
        .sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    assert judged(signature, moment=None).reason == "signing_certificate_absent"
    rules = replace(verifying.policies.default()[-1], signing_certificate_v2=False)
    assert judged(signature, moment=None, policy=rules).verdict is Verdict.VALID


def test_another_library_reads_ours() -> None:
    signature = pki.pki().person("dstu").sign()
    told = cms.ContentInfo.load(signature, strict=True)["content"]
    assert told["encap_content_info"]["content"].native == CONTENT
