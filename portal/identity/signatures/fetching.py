"""Fetching evidence about revocation: CRLs and OCSP answers, into a trust folder.

Addresses come out of certificates whose chain was validated, and only hosts are asked that the
administrator named in the folder's ``hosts.txt``; without that file nothing is fetched. What comes
is kept under a name made of its address, so that it is found again while it holds, and it is judged
like any other evidence: who answers needs not be trusted.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from asn1crypto import x509

from portal.asking import NoAnswer, ask
from portal.identity.signatures import algorithms, asn1, certificates, crls, keys, ocsp
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.trust import CRLS, OCSP

HOSTS = "hosts.txt"
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
PREFIX = "fetched-"
KEPT_SECONDS = 40 * 86_400  # providers' full lists hold for a month at most
_SHA1 = "1.3.14.3.2.26"
_OCSP_ACCESS = "1.3.6.1.5.5.7.48.1"


class NotFetched(Exception):
    """Nothing usable came from an address; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """A piece of evidence to be had somewhere: ``request`` is an OCSP request, or empty."""

    url: str
    request: bytes = b""

    @property
    def kept_as(self) -> str:
        """The name it is kept under."""
        digest = hashlib.sha256(self.url.encode() + b"\0" + self.request).hexdigest()
        return f"{PREFIX}{digest[:32]}"


def wanted(chain: Sequence[Certificate]) -> list[Wanted]:
    """What the certificates of a validated chain say of where to ask; each once."""
    found = []
    for certificate, issuer in pairwise(chain):
        try:
            found += [Wanted(url, request(certificate, issuer)) for url in _responders(certificate)]
            found += [Wanted(url) for url in sorted(crls.points(certificate))]
        except Malformed:
            continue
    return list(dict.fromkeys(found))


def fetch(chain: Sequence[Certificate], folder: Path) -> list[str]:
    """Fetch what a chain needs into a trust folder; what could not be had is told in sentences."""
    problems = []
    allowed = hosts(folder)
    _clear(folder)
    for one in wanted(chain):
        try:
            _fetch(one, folder, allowed)
        except NotFetched as problem:
            problems.append(f"{one.url}: {problem}")
    return problems


def hosts(folder: Path) -> frozenset[str]:
    """The hosts that may be asked: a name a line, with its port where that is not the usual one."""
    try:
        lines = (folder / HOSTS).read_text().splitlines()
    except OSError:
        return frozenset()
    return frozenset(
        line.strip().lower() for line in lines if line.strip() and not line.startswith("#")
    )


def request(certificate: Certificate, issuer: Certificate) -> bytes:
    """An OCSP request in DER; the same for the same certificate, so that its answer can be kept.

    The identifier is by SHA-1 as responders expect (it proves nothing), for national keys by GOST.
    """
    if keys.load(issuer.spki).kind == "dstu4145":
        oid, of = algorithms.GOST34311, algorithms.digest(algorithms.GOST34311).of
    else:
        oid, of = _SHA1, _sha1
    identifier = asn1.sequence(
        asn1.sequence(asn1.identifier(oid), asn1.NULL if oid == _SHA1 else b""),
        asn1.octets(of(certificate.issuer_der)),
        asn1.octets(of(keys.key_bits(issuer.spki))),
        asn1.integer(certificate.serial),
    )
    return asn1.sequence(asn1.sequence(asn1.sequence(asn1.sequence(identifier))))


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _responders(certificate: Certificate) -> Iterator[str]:
    """OCSP addresses of the authority information access. Raises Malformed."""
    der = certificate.extension(certificates.AUTHORITY_ACCESS)
    if der is None:
        return
    with asn1.reading("authority information access"):
        asn1.check(der)
        for one in x509.AuthorityInfoAccessSyntax.load(der, strict=True):
            place = one["access_location"]
            if one["access_method"].dotted == _OCSP_ACCESS and place.name == (
                "uniform_resource_identifier"
            ):
                yield place.chosen.native


def _fetch(one: Wanted, folder: Path, allowed: frozenset[str]) -> None:
    parts = urllib.parse.urlsplit(one.url)
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        raise NotFetched("not an address of the web")
    if parts.netloc.lower() not in allowed:
        raise NotFetched(f"the host is not in {HOSTS}")
    largest = ocsp.LARGEST if one.request else crls.LARGEST
    try:
        data = ask(
            one.url,
            one.request,
            "application/ocsp-request" if one.request else "",
            largest=largest,
            connect_seconds=CONNECT_SECONDS,
            answer_seconds=ANSWER_SECONDS,
        )
        (ocsp.load if one.request else crls.load)(data)
    except (NoAnswer, Malformed) as problem:
        raise NotFetched(str(problem)) from problem
    _keep(folder / (OCSP if one.request else CRLS), one.kept_as, data)


def _keep(place: Path, name: str, data: bytes) -> None:
    """Put a file in its place at once: who reads sees the old one or the new one."""
    place.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=place, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(fresh).chmod(0o644)
    Path(fresh).rename(place / name)


def _clear(folder: Path) -> None:
    """Remove what was fetched long ago: nothing of it is in force any more."""
    for place in (folder / CRLS, folder / OCSP):
        for path in place.glob(f"{PREFIX}*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                    path.unlink()
