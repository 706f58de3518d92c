"""An authority for demonstrations and tests, whose certificates look like qualified ones.

One root and one issuing authority for each of ECDSA, RSA and DSTU 4145, with CRLs, so that signing
in by a demo identity takes the very path that a real signature takes. Its anchors are marked, and
marked anchors are never trusted together with real ones (:class:`trust.Trust`).

A folder: ``trust/`` as :mod:`trust` reads it, ``authority/`` with the authorities' keys, and
``identities/`` with a key and a certificate for each holder and algorithm.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import pem

from portal.identity.signatures import asn1, certificates, crls, issuing, software_keys
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.software_keys import KINDS, SoftwareKey
from portal.identity.signatures.trust import ANCHORS, CRLS, DEMONSTRATION, INTERMEDIATES, OCSP

AUTHORITY_TERM = timedelta(days=10 * 365)
HOLDER_TERM = timedelta(days=2 * 365)
LIST_TERM = timedelta(days=30)
BEGINS_BEFORE = timedelta(days=1)
TITLE = "Dozir demonstration"


@dataclass(frozen=True)
class Holder:
    """For whom certificates are issued; ``label`` names the files."""

    label: str
    common_name: str
    rnokpp: str
    organisation: str = ""
    edrpou: str = ""


@dataclass(frozen=True)
class Issuer:
    """An authority: its key and its certificate."""

    key: SoftwareKey
    certificate: Certificate

    def authority(self, title: str, key: SoftwareKey, now: datetime) -> Issuer:
        """An authority below this one."""
        name = authority_name(title)
        extensions = (*_of_authority(0), *issuing.key_identifiers(key.spki, self.key.spki))
        return Issuer(key, self.issue(name, key.spki, extensions, now, AUTHORITY_TERM))

    def issue(
        self,
        subject: bytes,
        spki: bytes,
        extensions: Iterable[bytes],
        now: datetime,
        term: timedelta = HOLDER_TERM,
    ) -> Certificate:
        """A certificate for a key; ``subject`` is DER."""
        return certificates.load(
            issuing.certificate(
                key=self.key,
                issuer=self.certificate.subject_der,
                subject=subject,
                spki=spki,
                serial=new_serial(),
                not_before=now - BEGINS_BEFORE,
                not_after=now + term,
                extensions=extensions,
            )
        )

    def crl(self, now: datetime, revoked: Iterable[Revoked] = ()) -> bytes:
        """A full list, good for :data:`LIST_TERM`."""
        return issuing.crl(
            key=self.key,
            issuer=self.certificate.subject_der,
            this_update=now,
            next_update=now + LIST_TERM,
            number=int(now.timestamp()),
            revoked=revoked,
        )


def root(title: str, key: SoftwareKey, now: datetime) -> Issuer:
    """A root, marked as a demonstration's."""
    name = authority_name(title)
    made = issuing.certificate(
        key=key,
        issuer=name,
        subject=name,
        spki=key.spki,
        serial=new_serial(),
        not_before=now - BEGINS_BEFORE,
        not_after=now + AUTHORITY_TERM,
        extensions=(*_of_authority(None), *issuing.key_identifiers(key.spki, key.spki)),
    )
    return Issuer(key, certificates.load(made))


def authority_name(title: str) -> bytes:
    """The name of a demo authority."""
    return issuing.name(
        (issuing.COUNTRY, "UA"),
        (certificates.ORGANISATION, TITLE),
        (certificates.COMMON_NAME, title),
    )


def _of_authority(path_length: int | None) -> tuple[bytes, ...]:
    return (
        issuing.authority(path_length),
        issuing.usage("key_cert_sign", "crl_sign"),
        issuing.extension(DEMONSTRATION, asn1.NULL),
    )


def person_name(holder: Holder) -> bytes:
    """The subject of a person's certificate, as providers write it now."""
    surname, _, given = holder.common_name.partition(" ")
    pairs = [
        (issuing.COUNTRY, "UA"),
        (certificates.SERIAL_NUMBER, f"TINUA-{holder.rnokpp}"),
        (certificates.SURNAME, surname),
        (certificates.GIVEN_NAME, given or surname),
        (certificates.COMMON_NAME, holder.common_name),
    ]
    if holder.organisation:
        pairs.append((certificates.ORGANISATION, holder.organisation))
    if holder.edrpou:
        pairs.append((certificates.ORGANISATION_IDENTIFIER, f"NTRUA-{holder.edrpou}"))
    return issuing.name(*pairs)


def of_person(holder: Holder, spki: bytes, issuer: SoftwareKey) -> tuple[bytes, ...]:
    """The extensions of a person's certificate: those of a qualified signature."""
    codes = [(certificates.PERSON_CODE, holder.rnokpp)]
    if holder.edrpou:
        codes.append((certificates.ORGANISATION_CODE, holder.edrpou))
    return (
        issuing.usage("digital_signature", "non_repudiation"),
        issuing.policies(certificates.NATIONAL_POLICY),
        issuing.statements(
            certificates.QUALIFIED,
            certificates.SECURE_DEVICE,
            kind=certificates.TYPE_SIGNATURE,
        ),
        issuing.directory_attributes(*codes),
        *issuing.key_identifiers(spki, issuer.spki),
        issuing.extension(DEMONSTRATION, asn1.NULL),
    )


def make(folder: Path, holders: Sequence[Holder], now: datetime | None = None) -> bool:
    """Make the authority with an identity of each algorithm for each holder; False: it was there.

    The folder appears whole or not at all; it is readable by its owner alone.
    """
    if folder.exists():
        renew(folder, now)
        return False
    now = now or datetime.now(UTC)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for part in (ANCHORS, INTERMEDIATES, CRLS, OCSP):
            (fresh / "trust" / part).mkdir(parents=True)
        for part in ("authority", "identities"):
            (fresh / part).mkdir()
        for kind in KINDS:
            _make_kind(fresh, kind, holders, now)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return True


def _make_kind(folder: Path, kind: str, holders: Sequence[Holder], now: datetime) -> None:
    first = root(f"{TITLE}: root, {kind}", software_keys.generate(_STRONGER[kind]), now)
    below = first.authority(f"{TITLE}: {kind}", software_keys.generate(kind), now)
    for place, name, issuer in (
        (ANCHORS, f"{kind}-root", first),
        (INTERMEDIATES, kind, below),
    ):
        (folder / "trust" / place / f"{name}.cer").write_bytes(issuer.certificate.der)
        _write_private(folder / "authority" / f"{name}.pem", issuer.key.pem())
        (folder / "trust" / CRLS / f"{name}.crl").write_bytes(issuer.crl(now))
    for holder in holders:
        key = software_keys.generate(kind)
        made = below.issue(
            person_name(holder), key.spki, of_person(holder, key.spki, below.key), now
        )
        own = folder / "identities" / f"{holder.label}-{kind}"
        _write_private(own.with_suffix(".pem"), key.pem())
        own.with_suffix(".cer").write_bytes(pem.armor("CERTIFICATE", made.der))


_STRONGER = {"ecdsa": "ecdsa-p384", "rsa": "rsa", "dstu": "dstu-m431"}


def renew(folder: Path, now: datetime | None = None) -> list[str]:
    """Issue anew each list that is past half of its time; the names of those issued."""
    now = now or datetime.now(UTC)
    renewed = []
    for place, suffix in ((ANCHORS, "-root"), (INTERMEDIATES, "")):
        for kind in KINDS:
            name = f"{kind}{suffix}"
            path = folder / "trust" / CRLS / f"{name}.crl"
            try:
                old = crls.load(path.read_bytes())
                if now < old.this_update + LIST_TERM / 2:
                    continue
                revoked = old.revoked
            except (OSError, Malformed):
                revoked = []
            key = software_keys.load((folder / "authority" / f"{name}.pem").read_bytes())
            made = certificates.load((folder / "trust" / place / f"{name}.cer").read_bytes())
            _replace(path, Issuer(key, made).crl(now, revoked))
            renewed.append(path.name)
    return renewed


def revoke(
    folder: Path, certificate: Certificate, reason: int, now: datetime | None = None
) -> None:
    """Enter a certificate into its authority's list; reasons by RFC 5280, 6 suspends, 8 lifts that.

    Raises LookupError where this authority did not issue it.
    """
    now = now or datetime.now(UTC)
    for kind in KINDS:
        made = certificates.load((folder / "trust" / INTERMEDIATES / f"{kind}.cer").read_bytes())
        if made.subject_der != certificate.issuer_der:
            continue
        path = folder / "trust" / CRLS / f"{kind}.crl"
        key = software_keys.load((folder / "authority" / f"{kind}.pem").read_bytes())
        entries = [*crls.load(path.read_bytes()).revoked, Revoked(certificate.serial, now, reason)]
        _replace(path, Issuer(key, made).crl(now, entries))
        return
    raise LookupError("not a certificate of this authority")


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    fresh.write_bytes(data)
    fresh.rename(path)


def _write_private(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)


def new_serial() -> int:
    """A random serial number of 20 octets, positive (RFC 5280, 4.1.2.2)."""
    return secrets.randbits(158) | 1 << 158


def rnokpp(number: int) -> str:
    """An invented taxpayer's number with its check digit, from one below 10^9."""
    digits = f"{number:09d}"
    weights = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
    check = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return f"{digits}{check % 11 % 10}"
