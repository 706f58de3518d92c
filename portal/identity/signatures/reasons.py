"""Why a signature is not valid: every reason by its code, with its words and what it amounts to.

``indeterminate`` is what more evidence could decide: nothing is known against the signature, and it
still counts as little as an invalid one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.web.i18n import LazyString, lazy_gettext


class Verdict(StrEnum):
    """What a verification comes to."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True)
class Reason:
    """The verdict that a reason leads to, and a sentence for people."""

    verdict: Verdict
    text: LazyString


class Refused(Exception):
    """A signature that does not count: ``code`` is one of :data:`REASONS`, ``detail`` technical."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def verdict(self) -> Verdict:
        """What the reason amounts to."""
        return REASONS[self.code].verdict


def _invalid(text: LazyString) -> Reason:
    return Reason(Verdict.INVALID, text)


def _open(text: LazyString) -> Reason:
    return Reason(Verdict.INDETERMINATE, text)


# In the order of the checks. docs/signatures.md has each; a test compares.
REASONS: dict[str, Reason] = {
    "too_large": _invalid(lazy_gettext("The file is too large for a signature.")),
    "malformed": _invalid(
        lazy_gettext("The file is damaged or is not an electronic signature (CMS, CAdES).")
    ),
    "not_signed_data": _invalid(
        lazy_gettext("The file is a CMS message, but not a signature: it may be encrypted.")
    ),
    "signer_absent": _invalid(lazy_gettext("The file holds no signature.")),
    "several_signers": _invalid(
        lazy_gettext("The file holds several signatures; exactly one is expected.")
    ),
    "content_type_wrong": _invalid(
        lazy_gettext("What is signed is not declared as ordinary data.")
    ),
    "content_absent": _open(
        lazy_gettext("The signature is detached, and what was signed was not given.")
    ),
    "content_too_large": _invalid(
        lazy_gettext("What is signed is too large to be checked here.")
    ),
    "content_differs": _invalid(
        lazy_gettext("The signature holds other content than what was to be signed.")
    ),
    "algorithm_refused": _invalid(
        lazy_gettext("The signature uses an algorithm, or a mixture of them, that is not allowed.")
    ),
    "certificate_absent": _invalid(
        lazy_gettext("The signer's certificate is not in the signature.")
    ),
    "certificate_ambiguous": _invalid(
        lazy_gettext("The signature holds several certificates that could be the signer's.")
    ),
    "certificate_malformed": _invalid(
        lazy_gettext("A certificate in the signature cannot be read.")
    ),
    "attributes_absent": _invalid(lazy_gettext("The signature has no signed attributes.")),
    "attributes_malformed": _invalid(
        lazy_gettext("The signed attributes are damaged, repeated or not allowed.")
    ),
    "content_type_mismatch": _invalid(
        lazy_gettext("The signed attributes name another kind of content.")
    ),
    "digest_absent": _invalid(lazy_gettext("The signed attributes lack the content's digest.")),
    "digest_mismatch": _invalid(
        lazy_gettext("The content was changed after it was signed, or it is another one.")
    ),
    "signing_certificate_absent": _invalid(
        lazy_gettext("The signature does not name its certificate (signing-certificate-v2).")
    ),
    "signing_certificate_mismatch": _invalid(
        lazy_gettext("The signature was made with another certificate than the one it holds.")
    ),
    "algorithm_protection_mismatch": _invalid(
        lazy_gettext("The algorithms of the signature were exchanged.")
    ),
    "signature_wrong": _invalid(
        lazy_gettext("The signature does not match: it or what it covers was changed.")
    ),
    "time_stamp_wrong": _invalid(
        lazy_gettext("The time-stamp of the signature belongs to something else or is damaged.")
    ),
    "chain_untrusted": _invalid(
        lazy_gettext("The certificate does not come from an authority that is trusted here.")
    ),
    "chain_invalid": _invalid(
        lazy_gettext("The chain of certificates breaks the rules of its authorities.")
    ),
    "certificate_expired": _invalid(lazy_gettext("The certificate has expired.")),
    "certificate_not_yet_valid": _invalid(lazy_gettext("The certificate is not valid yet.")),
    "critical_extension_unknown": _invalid(
        lazy_gettext("The certificate has a condition that is not understood here.")
    ),
    "signing_time_wrong": _invalid(
        lazy_gettext("The time of signing stated in the signature cannot be true.")
    ),
    "key_usage_wrong": _invalid(
        lazy_gettext("The certificate is not meant for signatures: it may be for encryption.")
    ),
    "policy_wrong": _invalid(
        lazy_gettext("The certificate was issued under a policy that is not accepted here.")
    ),
    "not_qualified": _invalid(lazy_gettext("The certificate is not a qualified one.")),
    "device_not_stated": _invalid(
        lazy_gettext("The certificate does not state that its key is kept in a secure device.")
    ),
    "seal": _invalid(
        lazy_gettext("The certificate is for an electronic seal; a person signs with a signature.")
    ),
    "name_deceptive": _invalid(
        lazy_gettext("A name in the certificate has invisible or reversing characters.")
    ),
    "identity_conflict": _invalid(
        lazy_gettext("The certificate gives two different codes for one person or organisation.")
    ),
    "revoked": _invalid(lazy_gettext("The certificate has been revoked.")),
    "suspended": _invalid(lazy_gettext("The certificate is suspended.")),
    "revocation_unknown": _open(
        lazy_gettext("Whether the certificate has been revoked could not be found out.")
    ),
    "trust_stale": _open(
        lazy_gettext("The trusted list is out of date, so authorities cannot be relied upon.")
    ),
}  # fmt: skip
