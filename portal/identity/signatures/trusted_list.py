"""Trusted lists (ETSI TS 119 612): who is trusted to issue, by a state's word.

The list's own signature (XAdES) is checked by signxml against a certificate that the administrator
pinned, and only what that signature covers is read. Services are those of Ukraine's list
(czo.gov.ua) and of the European ones (uri.etsi.org). A list signed by DSTU 4145 cannot be checked
so: there the administrator pins the digest of the very file.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

from portal.identity.signatures import certificates
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.trust import ANCHORS, LIST

LARGEST = 32 * 1024 * 1024
NAMESPACE = "http://uri.etsi.org/02231/v2#"
_ADDITIONAL = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
FOR_SIGNATURES = f"{_ADDITIONAL}ForeSignatures"
ISSUING = frozenset((
    "http://uri.etsi.org/TrstSvc/Svctype/CA/QC",
    "http://czo.gov.ua/TrstSvc/Svctype/CA/QC",
    "http://czo.gov.ua/TrstSvc/Svctype/National-CA/QC",
))  # fmt: skip
GRANTED = frozenset((
    "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted",
    "http://czo.gov.ua/TrstSvc/TrustedList/Svcstatus/granted",
    "http://czo.gov.ua/TrstSvc/TrustedList/Svcstatus/recognisedatnationallevel",
))  # fmt: skip
_METHODS = frozenset(
    one
    for one in SignatureMethod
    if one.name.startswith(("RSA_SHA", "ECDSA_SHA", "SHA"))
    and any(bits in one.name for bits in ("256", "384", "512"))
    and "SHA3" not in one.name
)
_DIGESTS = frozenset((DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512))


class ListRefused(Exception):
    """A trusted list that must not be relied upon; the message says why."""


@dataclass(frozen=True)
class Service:
    """A trusted service: its kind, its certificates, and its states with the time each began."""

    kind: str
    name: str
    certificates: tuple[Certificate, ...]
    states: tuple[tuple[datetime, str], ...]
    information: frozenset[str]

    def state(self, moment: datetime) -> str | None:
        """The state at a moment; None before the first one."""
        begun = [one for one in self.states if one[0] <= moment]
        return max(begun)[1] if begun else None

    def issues_at(self, moment: datetime) -> bool:
        """Whether certificates for signatures by this service counted at a moment."""
        kinds = {one for one in self.information if one.startswith(f"{_ADDITIONAL}Fore")}
        for_signatures = not kinds or FOR_SIGNATURES in kinds
        return self.kind in ISSUING and self.state(moment) in GRANTED and for_signatures


@dataclass(frozen=True)
class TrustedList:
    """A list whose signature held. Times are UTC."""

    sequence: int
    issued_at: datetime
    next_update: datetime
    services: tuple[Service, ...]
    sha256: str

    def anchors(self, moment: datetime) -> list[Certificate]:
        """The authorities whose certificates counted at a moment, each once."""
        found = (
            one
            for service in self.services
            if service.issues_at(moment)
            for one in service.certificates
        )
        return list(dict.fromkeys(found))


def read(
    data: bytes, signers: Sequence[x509.Certificate], *, file_sha256: str | None = None
) -> TrustedList:
    """A list signed by one of ``signers``, or with exactly that digest. Raises ListRefused.

    ``file_sha256`` is hexadecimal; with it the signature is not looked at, as the digest says more.
    """
    if len(data) > LARGEST:
        raise ListRefused("the list is too large")
    digest = hashlib.sha256(data).hexdigest()
    root = _parsed(data)
    if file_sha256 is not None:
        if not secrets.compare_digest(digest, file_sha256.lower()):
            raise ListRefused("the file has another digest than the one that was pinned")
        signed = root
    else:
        signed = _signed(data, signers)
    try:
        return _read(signed, digest)
    except (ValueError, TypeError, AttributeError, binascii.Error) as problem:
        raise ListRefused(f"the list cannot be read: {problem}") from problem


def _parsed(data: bytes) -> etree._Element:
    """The root of a document that declares nothing and in which each identifier is unique."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise ListRefused("the list is not well-formed XML") from problem
    if root.getroottree().docinfo.doctype:
        raise ListRefused("the list declares a document type")
    seen = set()
    for name in ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"):
        for value in root.xpath("//@*[name() = $name]", name=name.split("}")[-1]):
            if value in seen:
                raise ListRefused("an identifier stands in the list twice")
            seen.add(value)
    if root.tag != f"{{{NAMESPACE}}}TrustServiceStatusList":
        raise ListRefused("the file is not a trusted list")
    return root


def _signed(data: bytes, signers: Sequence[x509.Certificate]) -> etree._Element:
    """What the signature covers, if it is the whole list."""
    configuration = XAdESSignatureConfiguration(
        location="./",
        expect_references=True,
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        ignore_ambiguous_key_info=True,
    )
    problem: Exception | None = None
    for signer in signers:
        try:
            found = XAdESVerifier().verify(data, x509_cert=signer, expect_config=configuration)
        except (SignXMLException, ValueError, TypeError, KeyError, etree.LxmlError) as refused:
            problem = refused
            continue
        for one in found:
            signed = one.signed_xml
            if signed is not None and signed.tag == f"{{{NAMESPACE}}}TrustServiceStatusList":
                return signed
        problem = ListRefused("the signature does not cover the list")
    raise ListRefused(f"the signature of the list does not hold: {problem}") from problem


def _read(root: etree._Element, digest: str) -> TrustedList:
    scheme = _one(root, "SchemeInformation")
    return TrustedList(
        sequence=int(_text(scheme, "TSLSequenceNumber")),
        issued_at=_moment(_text(scheme, "ListIssueDateTime")),
        next_update=_moment(_text(_one(scheme, "NextUpdate"), "dateTime")),
        services=tuple(_services(root)),
        sha256=digest,
    )


def _services(root: etree._Element) -> Iterator[Service]:
    for service in root.iter(f"{{{NAMESPACE}}}TSPService"):
        told = _one(service, "ServiceInformation")
        history = service.iter(f"{{{NAMESPACE}}}ServiceHistoryInstance")
        yield Service(
            kind=_text(told, "ServiceTypeIdentifier"),
            name=" ".join("".join(_one(told, "ServiceName").itertext()).split()),
            certificates=tuple(_certificates(_one(told, "ServiceDigitalIdentity"))),
            states=tuple(
                (_moment(_text(one, "StatusStartingTime")), _text(one, "ServiceStatus"))
                for one in (told, *history)
            ),
            information=frozenset(
                (one.text or "").strip()
                for one in told.iterfind(f".//{{{NAMESPACE}}}AdditionalServiceInformation/*")
            ),
        )


def _certificates(identity: etree._Element) -> Iterator[Certificate]:
    for one in identity.iter(f"{{{NAMESPACE}}}X509Certificate"):
        encoded = "".join((one.text or "").split())
        try:
            yield certificates.load(base64.b64decode(encoded, validate=True))
        except Malformed as problem:
            raise ListRefused(f"a certificate of the list cannot be read: {problem}") from problem


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"{{{NAMESPACE}}}{name}")
    if found is None:
        raise ListRefused(f"the list lacks {name}")
    return found


def _text(parent: etree._Element, name: str) -> str:
    return (_one(parent, name).text or "").strip()


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without its offset")
    return found.astimezone(UTC)


def refresh(folder: Path, fresh: TrustedList, moment: datetime) -> list[Certificate]:
    """Make the list's authorities the anchors of a trust folder; returns them.

    Raises ListRefused, and leaves the folder as it is, for a list that is overdue, older than the
    one before, or without any authority.
    """
    if moment > fresh.next_update:
        raise ListRefused(
            f"the list was due to be renewed by {fresh.next_update:%Y-%m-%d %H:%M} UTC"
        )
    if fresh.issued_at > moment:
        raise ListRefused("the list comes from the future")
    before = _before(folder)
    if before and fresh.sequence < before["sequence"]:
        raise ListRefused(f"list {before['sequence']} was there already, this is {fresh.sequence}")
    anchors = fresh.anchors(moment)
    if not anchors:
        raise ListRefused("the list grants no authority for signatures")
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f".{ANCHORS}-{secrets.token_hex(4)}"
    made.mkdir()
    for one in anchors:
        (made / f"{one.fingerprint}.cer").write_bytes(one.der)
    noted = made.with_suffix(".json")
    told = {
        "sequence": fresh.sequence,
        "issued_at": fresh.issued_at.isoformat(),
        "next_update": fresh.next_update.isoformat(),
        "sha256": fresh.sha256,
    }
    noted.write_text(json.dumps(told))
    _put(made, folder / ANCHORS)
    noted.rename(folder / LIST)
    return anchors


def _before(folder: Path) -> dict[str, Any] | None:
    path = folder / LIST
    if not path.exists():
        return None
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        told["sequence"] = int(told["sequence"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise ListRefused(f"{path} cannot be read") from problem
    return told


def _put(made: Path, place: Path) -> None:
    """One folder for another; whoever reads in between finds no anchors, and trusts nobody."""
    old = made.with_suffix(".old")
    if place.exists():
        place.rename(old)
    made.rename(place)
    shutil.rmtree(old, ignore_errors=True)
