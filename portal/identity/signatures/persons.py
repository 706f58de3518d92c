"""Who a certificate says its holder is: names and Ukraine's codes.

People are found by codes, never by names: a look-alike name gets nobody in. Codes are ASCII digits;
names with characters that hide or reverse text are refused, and those that mix Latin and Cyrillic
within a word are marked, as old certificates have them by mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from portal.identity.signatures import certificates
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.reasons import Refused

# ETSI EN 319 412-1: tax number, and number in the demographic register, as subject serial number;
# the national trade register's number as organisation identifier.
_RNOKPP = re.compile(r"[0-9]{10}")
_EDRPOU = re.compile(r"[0-9]{8}")
_PREFIXES = {"TINUA": "TIN", "PNOUA": "UNZR", "PASUA": "passport"}
_HIDING = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
_WORD = re.compile(r"[^\W\d_]+")
LONGEST_NAME = 300


@dataclass(frozen=True)
class Signer:
    """What the certificate says; proven only where the signature is valid.

    ``rnokpp`` is the taxpayer's number (10 digits), ``edrpou`` the organisation's (8 digits); other
    codes stand in ``other_codes`` as kind and value. ``serial`` is hexadecimal.
    """

    common_name: str | None
    surname: str | None
    given_name: str | None
    title: str | None
    organisation: str | None
    edrpou: str | None
    rnokpp: str | None
    other_codes: tuple[tuple[str, str], ...]
    serial: str
    mixed_scripts: bool


def read(certificate: Certificate) -> Signer:
    """The holder. Raises Refused (name_deceptive, identity_conflict), Malformed."""
    names = {
        label: _only(certificate, oid)
        for label, oid in (
            ("common_name", certificates.COMMON_NAME),
            ("surname", certificates.SURNAME),
            ("given_name", certificates.GIVEN_NAME),
            ("title", certificates.TITLE),
            ("organisation", certificates.ORGANISATION),
        )
    }
    person, organisation, others = _codes(certificate)
    digits = f"{certificate.serial:X}"
    return Signer(
        **names,
        edrpou=_single("EDRPOU", organisation),
        rnokpp=_single("RNOKPP", person),
        other_codes=tuple(sorted(others)),
        serial=digits.zfill(len(digits) + len(digits) % 2),
        mixed_scripts=any(_mixes(name) for name in names.values() if name),
    )


def _only(certificate: Certificate, oid: str) -> str | None:
    """The name of that kind, in normal form; several are joined, hiding characters refused."""
    texts = certificate.subject.get(oid, ())
    for text in texts:
        if len(text) > LONGEST_NAME:
            raise Refused("name_deceptive", "a name too long")
        if any(unicodedata.category(character) in _HIDING for character in text):
            raise Refused("name_deceptive", f"attribute {oid}")
    return unicodedata.normalize("NFC", "; ".join(texts)) or None


def _codes(certificate: Certificate) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """RNOKPPs, EDRPOUs, and all other codes with their kind."""
    person: set[str] = set()
    organisation: set[str] = set()
    others: set[tuple[str, str]] = set()
    for text in certificate.subject.get(certificates.SERIAL_NUMBER, ()):
        kind, dash, code = text.partition("-")
        if kind == "TINUA" and _RNOKPP.fullmatch(code):
            person.add(code)
        else:
            others.add((_PREFIXES[kind], code) if dash and kind in _PREFIXES else ("serial", text))
    for text in certificate.subject.get(certificates.ORGANISATION_IDENTIFIER, ()):
        kind, _, code = text.partition("-")
        if kind == "NTRUA" and _EDRPOU.fullmatch(code):
            organisation.add(code)
        else:
            others.add(("organisation", text))
    told = certificate.directory_attributes
    for code in told.get(certificates.PERSON_CODE, ()):
        if _RNOKPP.fullmatch(code):
            person.add(code)
        else:
            others.add(("DRFO", code))
    for code in told.get(certificates.ORGANISATION_CODE, ()):
        if _EDRPOU.fullmatch(code):
            organisation.add(code)
        else:
            others.add(("EDRPOU", code))
    others |= {("UNZR", code) for code in told.get(certificates.DEMOGRAPHIC_NUMBER, ())}
    return person, organisation, others


def _single(kind: str, codes: Iterable[str]) -> str | None:
    found = sorted(codes)
    if len(found) > 1:
        raise Refused("identity_conflict", f"two different codes {kind}")
    return found[0] if found else None


def _mixes(text: str) -> bool:
    """Whether a word has letters of more than one of Latin, Cyrillic and Greek."""
    for word in _WORD.findall(text):
        scripts = {
            script
            for letter in word
            for script in ("LATIN", "CYRILLIC", "GREEK")
            if unicodedata.name(letter, "").startswith(script)
        }
        if len(scripts) > 1:
            return True
    return False
