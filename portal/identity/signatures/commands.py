"""``dozir signature``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from cryptography import x509

from portal.identity.signatures import (
    algorithms,
    certificates,
    policy,
    signing,
    software_keys,
    trust,
    trusted_list,
    verifying,
)
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.policy import PolicyInvalid
from portal.identity.signatures.reasons import REASONS, Verdict
from portal.identity.signatures.software_keys import KeyUnusable
from portal.identity.signatures.trust import TrustInvalid
from portal.identity.signatures.trusted_list import ListRefused
from portal.identity.signatures.verifying import Result

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.INDETERMINATE: 3}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Unusable(click.ClickException):
    """What the command was given cannot be used: nothing was judged."""

    exit_code = 2


@click.group()
def signature() -> None:
    """Verify electronic signatures, and make them with a software key."""


def _moment(_ctx: click.Context, _param: click.Parameter, told: str | None) -> datetime | None:
    if told is None:
        return None
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        raise click.BadParameter("a time as in 2026-11-20T12:00:00Z") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


@signature.command()
@click.argument("file", type=_FILE)
@click.option("--content", type=_FILE, help="What was signed, for a detached signature.")
@click.option(
    "--trust",
    "folder",
    type=_FOLDER,
    required=True,
    help="Folder with anchors/, intermediates/, crls/ and ocsp/; nothing else is trusted.",
)
@click.option("--at", "moment", callback=_moment, help="Judge at this time (UTC) instead of now.")
@click.option(
    "--certificate", type=_FILE, help="The signer's, where the policy lets it be outside."
)
@click.option(
    "--policy", "policy_file", type=_FILE, help="Instead of DIR/policy.toml or Dozir's own."
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def verify(  # noqa: PLR0917 - one parameter for each option
    file: Path,
    content: Path | None,
    folder: Path,
    moment: datetime | None,
    certificate: Path | None,
    policy_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Judge the signature in FILE (CMS or CAdES; DER, BER, PEM or Base64).

    Exit status: 0 valid, 1 invalid, 3 indeterminate (evidence is missing), 2 nothing was judged as
    the options or the folder cannot be used. Nothing is fetched. See docs/signatures.md.
    """
    try:
        rules = policy.at(
            moment or datetime.now(UTC),
            policy.read(policy_file) if policy_file else policy.of(folder),
        )
        result = verifying.verify(
            _read(file, rules.largest_signature),
            trust.read(folder),
            content=_read(content, rules.largest_content) if content else None,
            moment=moment,
            policy=rules,
            supplied=tuple(_certificates(certificate)) if certificate else (),
        )
    except (TrustInvalid, PolicyInvalid) as problem:
        raise Unusable(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(report(result), ensure_ascii=False, indent=1))
    else:
        _tell(result)
    raise SystemExit(EXIT[result.verdict])


def _read(path: Path, largest: int) -> bytes:
    """The file, or just enough of one that is too large to be refused for that."""
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as problem:
        raise Unusable(f"{path}: {problem.strerror}") from problem


def _certificates(path: Path) -> list[certificates.Certificate]:
    try:
        return certificates.load_all(_read(path, certificates.LARGEST * 16))
    except Malformed as problem:
        raise Unusable(f"{path}: {problem}") from problem


def report(result: Result) -> dict[str, Any]:
    """A result as JSON has it; times in UTC, None where nothing is known."""
    leaf = result.certificate
    signer = None
    if result.signer:
        told = asdict(result.signer)
        names = ("common_name", "surname", "given_name", "title", "organisation")
        signer = {
            "names": {name: told.pop(name) for name in names},
            **told,
            "other_codes": [{"kind": kind, "code": code} for kind, code in told["other_codes"]],
        }
    return {
        "verdict": result.verdict,
        "reason": result.reason,
        "detail": result.detail or None,
        "signer": signer,
        "algorithm": result.algorithm,
        "key": result.key,
        "times": {
            "verified_at": _told(result.verified_at),
            "signed_at": _told(result.signed_at),
            "time_stamp": _told(result.stamped_at),
            "time_stamp_trusted": result.stamp_trusted,
            "certificate_from": _told(leaf.not_before) if leaf else None,
            "certificate_until": _told(leaf.not_after) if leaf else None,
        },
        "certificate_sha256": leaf.fingerprint if leaf else None,
        "chain_sha256": [one.fingerprint for one in result.chain],
        "revocation": [
            {
                "source": one.source,
                "as_of": _told(one.as_of),
                "sha256": [hashlib.sha256(piece).hexdigest() for piece in one.evidence],
            }
            for one in result.revocation
        ],
    }


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _tell(result: Result) -> None:
    click.echo(f"{result.verdict}{f': {result.reason}' if result.reason else ''}")
    if result.reason:
        click.echo(f"  {REASONS[result.reason].text}")
    if result.detail:
        click.echo(f"  {result.detail}")
    if result.signer:
        one = result.signer
        label = "signer" if result.verdict is Verdict.VALID else "signer, as the certificate claims"
        codes = [
            f"RNOKPP {one.rnokpp}" if one.rnokpp else "",
            f"EDRPOU {one.edrpou}" if one.edrpou else "",
        ]
        told = [one.common_name or "", one.organisation or "", *codes, f"certificate {one.serial}"]
        click.echo(f"  {label}: {', '.join(part for part in told if part)}")
        if one.mixed_scripts:
            click.echo("  a name mixes Latin and Cyrillic letters within a word")
    for name, value in (
        ("algorithm", result.algorithm),
        ("signed at, as the signer claims", _told(result.signed_at)),
        ("time-stamp", _told(result.stamped_at)),
        ("judged at", _told(result.verified_at)),
    ):
        if value:
            click.echo(f"  {name}: {value}")


@signature.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, required=True, help="Private key: PKCS#8, PEM or DER.")
@click.option("--certificate", type=_FILE, required=True, help="The signer's, others after it.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Default: FILE.p7s")
@click.option("--detached", is_flag=True, help="Leave the content out of the signature.")
@click.option("--kupyna", is_flag=True, help="With a DSTU key: Kupyna-256, not GOST 34.311.")
@click.option("--pss", is_flag=True, help="With an RSA key: PSS, not PKCS#1 v1.5.")
@click.option("--password", is_flag=True, help="The key is encrypted: ask for its password.")
def sign(
    file: Path,
    key: Path,
    certificate: Path,
    out: Path | None,
    *,
    detached: bool,
    kupyna: bool,
    pss: bool,
    password: bool,
) -> None:
    """Sign FILE (CAdES-BES, DER) with a software key, for tests and operators' scripts.

    A qualified signature is made by a token or a service, never by a key in a file.
    """
    target = out or file.with_name(file.name + ".p7s")
    asked = click.prompt("Password of the key", hide_input=True).encode() if password else None
    try:
        own = software_keys.load(_read(key, 64 * 1024), asked)
        chosen = own.scheme.kind
        if (kupyna and chosen != "dstu4145") or (pss and chosen != "rsa"):
            raise click.UsageError("--kupyna goes with a DSTU key, --pss with an RSA key")
        if kupyna:
            own = own.using(algorithms.KUPYNA256)
        elif pss:
            own = own.using(own.digest.oid, pss=True)
        first, *others = _certificates(certificate)
        largest = policy.at(datetime.now(UTC), policy.default()).largest_content
        content = _read(file, largest)
        if len(content) > largest:
            raise Unusable(f"{file}: more than the {largest} bytes that can be verified")
        made = signing.sign(content, own, first, detached=detached, others=tuple(others))
        target.write_bytes(made)
    except (KeyUnusable, ValueError) as problem:
        raise Unusable(f"{key}: {problem}") from problem
    except OSError as problem:
        raise Unusable(f"{target}: {problem.strerror}") from problem
    click.echo(str(target))


@signature.command("refresh-trust")
@click.argument("file", type=_FILE)
@click.option(
    "--trust",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder whose anchors the list replaces; made where it is absent.",
)
@click.option("--signer", type=_FILE, help="Certificate of whoever signs the list; PEM or DER.")
@click.option("--sha256", help="Digest of the file instead, for a list signed by DSTU 4145.")
def refresh_trust(file: Path, folder: Path, signer: Path | None, sha256: str | None) -> None:
    """Make the authorities of a trusted list (ETSI TS 119 612, XML) the anchors of a folder.

    Fetch the list first and compare its digest by another way; nothing is fetched here.
    """
    if (signer is None) == (sha256 is None):
        raise click.UsageError("say either --signer or --sha256: what vouches for the list")
    try:
        pinned = (
            [x509.load_der_x509_certificate(one.der) for one in _certificates(signer)]
            if (signer)
            else []
        )
        found = trusted_list.read(_read(file, trusted_list.LARGEST), pinned, file_sha256=sha256)
        anchors = trusted_list.refresh(folder, found, datetime.now(UTC))
        trust.read(folder)
    except (ListRefused, TrustInvalid, ValueError, OSError) as problem:
        raise Unusable(str(problem)) from problem
    click.echo(f"list {found.sequence}, next update by {_told(found.next_update)}:")
    for one in anchors:
        click.echo(f"  {one.fingerprint}  {one.parsed.subject.human_friendly}")
