"""Authorities, people and signatures of tests, also such as nobody should issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from portal.identity.signatures import (
    asn1,
    certificates,
    crls,
    demo_authority,
    issuing,
    ocsp,
    signing,
    software_keys,
    verifying,
)
from portal.identity.signatures import cms as messages
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.demo_authority import Holder, Issuer
from portal.identity.signatures.software_keys import SoftwareKey
from portal.identity.signatures.trust import Trust
from portal.identity.signatures.verifying import Result

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
CONTENT = "Заявка № 17\n".encode()
PERSON = Holder(
    "signer", "Шевченко Олена", demo_authority.rnokpp(312345678), "ТОВ «Гра»", "40123456"
)
KINDS = ("ecdsa", "ecdsa-p384", "rsa", "dstu")


@cache
def key(kind: str = "ecdsa", number: int = 0) -> SoftwareKey:
    """A key of that kind; another number, another key. Kept, as RSA keys take long to make."""
    return software_keys.generate(kind)


@dataclass(frozen=True)
class Person:
    """A key and the certificate of it."""

    key: SoftwareKey
    certificate: Certificate

    def sign(self, content: bytes = CONTENT, **options: Any) -> bytes:
        return signing.sign(content, self.key, self.certificate, **options)

    def message(
        self,
        attributes: Sequence[bytes] | None = None,
        *,
        content: bytes = CONTENT,
        using: SoftwareKey | None = None,
        **options: Any,
    ) -> bytes:
        """A message whose signature holds over exactly these attributes, in this order."""
        using = using or self.key
        signed = (
            asn1.tlv(0x31, *self.attributes(content))
            if attributes is None
            else asn1.tlv(0x31, *attributes)
        )
        return signing.message(
            content,
            using,
            options.pop("certificate", self.certificate),
            signed=signed,
            signature=using.sign(signed, wrapped=False),
            detached=options.pop("detached", False),
            **options,
        )

    def attributes(self, content: bytes = CONTENT, **other: bytes) -> list[bytes]:
        """The usual signed attributes; by keyword another one instead, b"" to leave it out."""
        digest = self.key.digest
        named = asn1.sequence(asn1.identifier(digest.oid))
        certified = asn1.sequence(named, asn1.octets(digest.of(self.certificate.der)))
        found = {
            "content_type": signing.attribute(
                messages.CONTENT_TYPE, asn1.identifier(messages.DATA)
            ),
            "digest": signing.attribute(messages.MESSAGE_DIGEST, asn1.octets(digest.of(content))),
            "time": signing.attribute(messages.SIGNING_TIME, signing.time(NOW)),
            "certificate": signing.attribute(
                messages.SIGNING_CERTIFICATE_V2, asn1.sequence(asn1.sequence(certified))
            ),
        } | other
        return [one for one in found.values() if one]


@dataclass(frozen=True)
class Pki:
    """A root and an authority below it, whose lists say that nobody was revoked."""

    root: Issuer
    authority: Issuer
    lists: tuple[bytes, ...] = field(default=())

    @property
    def trust(self) -> Trust:
        return Trust(
            anchors=(self.root.certificate,),
            intermediates=(self.authority.certificate,),
            crls=tuple(crls.load(one) for one in self.lists),
        )

    def with_list(self, *revoked: Revoked, **options: Any) -> Trust:
        """What is trusted, with another list of the authority's."""
        told = {"this_update": NOW - DAY / 2, "next_update": NOW + DAY, "number": 7} | options
        made = issuing.crl(
            key=told.pop("key", self.authority.key),
            issuer=told.pop("issuer", self.authority.certificate.subject_der),
            revoked=revoked,
            **told,
        )
        return replace(self.trust, crls=(crls.load(self.lists[0]), crls.load(made)))

    def with_answer(self, *answers: bytes, lists: bool = False) -> Trust:
        """What is trusted, with OCSP answers and the root's list; ``lists``: all lists."""
        kept = self.trust.crls if lists else self.trust.crls[:1]
        return replace(self.trust, crls=kept, ocsp=tuple(ocsp.load(one) for one in answers))

    def person(self, kind: str = "ecdsa", holder: Holder = PERSON, **changes: Any) -> Person:
        """Somebody with a qualified certificate, or with what ``changes`` make of it.

        Changes: extensions (replace all), extra (added), without (identifiers of extensions),
        subject, not_before, not_after, serial, issuer (an Issuer), key.
        """
        own = changes.pop("key", None) or key(kind)
        issuer: Issuer = changes.pop("issuer", self.authority)
        extensions = changes.pop(
            "extensions", demo_authority.of_person(holder, own.spki, issuer.key)
        )
        without = changes.pop("without", ())
        extensions = [
            one for one in extensions if not any(asn1.identifier(oid) in one for oid in without)
        ]
        told = {
            "issuer": issuer.certificate.subject_der,
            "subject": demo_authority.person_name(holder),
            "serial": demo_authority.new_serial(),
            "not_before": NOW - 30 * DAY,
            "not_after": NOW + 300 * DAY,
        } | {name: value for name, value in changes.items() if name != "extra"}
        made = issuing.certificate(
            key=issuer.key,
            spki=own.spki,
            extensions=[*extensions, *changes.get("extra", ())],
            **told,
        )
        return Person(own, certificates.load(made))

    def answer(self, person: Person, **options: Any) -> bytes:
        """An OCSP answer of the authority itself."""
        told = {
            "key": self.authority.key,
            "responder": self.authority.certificate,
            "issuer": self.authority.certificate,
            "serial": person.certificate.serial,
            "this_update": NOW - DAY / 24,
            "next_update": NOW + DAY,
        } | options
        return issuing.ocsp_answer(**told)


@cache
def pki(kind: str = "ecdsa", number: int = 0) -> Pki:
    """Authorities with keys of that kind; another number, others of the same names."""
    begun = NOW - 365 * DAY
    root = demo_authority.root("Тестовий корінь", key(kind, 100 + number), begun)
    below = root.authority("Тестовий центр", key(kind, 200 + number), begun)
    return Pki(root, below, tuple(one.crl(NOW - DAY) for one in (root, below)))


def judged(
    signature: bytes, trust: Trust | None = None, *, content: bytes | None = CONTENT, **options: Any
) -> Result:
    """What comes out, by default against :func:`pki` and at its present."""
    told = {"moment": NOW} | options
    return verifying.verify(signature, trust or pki().trust, content=content, **told)


def write(trust_folder: Path, made: Pki, extra: Iterable[tuple[str, bytes]] = ()) -> Path:
    """The folder that ``dozir signature verify --trust`` takes."""
    for place in ("anchors", "intermediates", "crls", "ocsp"):
        (trust_folder / place).mkdir(parents=True)
    (trust_folder / "anchors" / "root.cer").write_bytes(made.root.certificate.der)
    (trust_folder / "intermediates" / "ca.cer").write_bytes(made.authority.certificate.der)
    for number, one in enumerate(made.lists):
        (trust_folder / "crls" / f"{number}.crl").write_bytes(one)
    for name, data in extra:
        (trust_folder / name).write_bytes(data)
    return trust_folder
