"""``dozir signature`` as a script meets it: files in, JSON and an exit status out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from asn1crypto import pem
from click.testing import CliRunner, Result

from portal.identity.signatures.commands import signature
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.policy import DEFAULT
from portal.identity.signatures.standing import Standing
from tests.support import pki
from tests.support.pki import CONTENT, DAY, NOW, PERSON


def run(*words: object) -> Result:
    return CliRunner().invoke(signature, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with what is trusted, a content, and a person's key and certificate."""
    pki.write(tmp_path / "trust", pki.pki())
    person = pki.pki().person()
    (tmp_path / "key.pem").write_bytes(person.key.pem())
    (tmp_path / "own.pem").write_bytes(pem.armor("CERTIFICATE", person.certificate.der))
    (tmp_path / "content.txt").write_bytes(CONTENT)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "options", "algorithm"),
    [
        ("ecdsa", (), "ECDSA with SHA-256"),
        ("rsa", ("--pss",), "RSA-PSS with SHA-256"),
        ("rsa", ("--detached",), "RSA PKCS#1 v1.5 with SHA-256"),
        ("dstu", ("--detached",), "DSTU 4145 with GOST 34.311"),
        ("dstu", ("--kupyna",), "DSTU 4145 with Kupyna-256"),
    ],
)
def test_sign_and_verify(place: Path, kind: str, options: tuple[str, ...], algorithm: str) -> None:
    person = pki.pki().person(kind)
    (place / "key.pem").write_bytes(person.key.pem())
    (place / "own.pem").write_bytes(pem.armor("CERTIFICATE", person.certificate.der))
    file = place / "content.txt"
    made = run(
        "sign", file, "--key", place / "key.pem", "--certificate", place / "own.pem", *options
    )
    assert made.exit_code == 0, made.output
    signed = place / "content.txt.p7s"
    assert made.stdout.strip() == str(signed)
    done = run("verify", signed, "--content", file, "--trust", place / "trust", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["verdict"] == "valid"
    assert told["reason"] is None
    assert told["algorithm"] == algorithm
    assert told["signer"]["names"]["common_name"] == "Шевченко Олена"
    assert told["signer"]["edrpou"] == "40123456"
    assert told["signer"]["rnokpp"] == PERSON.rnokpp
    assert int(told["signer"]["serial"], 16) == person.certificate.serial
    assert set(told["times"]) >= {"verified_at", "signed_at", "time_stamp"}
    assert len(told["chain_sha256"]) == 3
    plain = run("verify", signed, "--content", file, "--trust", place / "trust")
    assert plain.exit_code == 0
    assert "valid" in plain.stdout
    assert "Шевченко Олена" in plain.stdout


def test_exit_statuses(place: Path) -> None:
    person = pki.pki().person()
    signed = place / "signed.p7s"
    signed.write_bytes(person.sign(detached=True))
    trust = place / "trust"
    other = place / "other.txt"
    other.write_bytes(b"another content")
    invalid = run("verify", signed, "--content", other, "--trust", trust, "--json")
    assert invalid.exit_code == 1
    assert json.loads(invalid.stdout)["reason"] == "digest_mismatch"
    absent = run("verify", signed, "--trust", trust, "--json")
    assert absent.exit_code == 3
    assert json.loads(absent.stdout)["verdict"] == "indeterminate"
    for one in (trust / "crls").iterdir():
        one.unlink()
    unknown = run("verify", signed, "--content", place / "content.txt", "--trust", trust)
    assert unknown.exit_code == 3
    assert "revocation_unknown" in unknown.stdout
    (trust / "anchors" / "broken.cer").write_bytes(b"broken")
    unusable = run("verify", signed, "--content", other, "--trust", trust)
    assert unusable.exit_code == 2
    assert "broken.cer" in unusable.stderr
    assert run("verify", place / "nothing.p7s", "--trust", trust).exit_code == 2
    assert run("verify", signed, "--trust", trust, "--at", "yesterday").exit_code == 2


def test_at_another_time(place: Path) -> None:
    person = pki.pki().person()
    file = place / "signed.p7s"
    file.write_bytes(person.message(person.attributes(time=b"")))
    made = pki.pki().with_list(Revoked(person.certificate.serial, NOW - DAY, 1))
    (place / "trust" / "crls" / "1.crl").write_bytes(made.crls[1].der)
    trust = place / "trust"
    for moment, verdict in (
        (NOW, "invalid"), (NOW - 2 * DAY, "valid"), (NOW + 999 * DAY, "invalid"),
        (NOW - 60 * DAY, "invalid"),
    ):  # fmt: skip
        told = run("verify", file, "--trust", trust, "--at", moment.isoformat(), "--json")
        assert json.loads(told.stdout)["verdict"] == verdict, moment
    without_offset = f"{NOW - 2 * DAY:%Y-%m-%dT%H:%M:%S}"
    told = run("verify", file, "--trust", trust, "--at", without_offset, "--json")
    assert told.exit_code == 0


def test_nothing_outside_of_the_folder_is_trusted(place: Path) -> None:
    foreign = pki.pki(number=1)
    signed = place / "signed.p7s"
    signed.write_bytes(foreign.person().sign(
        others=(foreign.root.certificate, foreign.authority.certificate)
    ))  # fmt: skip
    done = run("verify", signed, "--trust", place / "trust", "--json")
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "chain_untrusted")
    empty = place / "empty"
    empty.mkdir()
    signed.write_bytes(pki.pki().person().sign())
    done = run("verify", signed, "--trust", empty, "--json")
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "chain_untrusted")


def test_intermediates_may_come_in_the_signature_or_in_pem(place: Path) -> None:
    authority = pki.pki().authority.certificate
    (place / "trust" / "intermediates" / "ca.cer").unlink()
    (place / "trust" / "anchors" / "root.cer").write_bytes(
        pem.armor("CERTIFICATE", pki.pki().root.certificate.der)
    )
    crl = place / "trust" / "crls" / "1.crl"
    crl.write_bytes(pem.armor("X509 CRL", crl.read_bytes()))
    signed = place / "signed.p7s"
    signed.write_bytes(pki.pki().person().sign(others=(authority,)))
    assert run("verify", signed, "--trust", place / "trust").exit_code == 0
    signed.write_bytes(pki.pki().person().sign())
    assert run("verify", signed, "--trust", place / "trust").exit_code == 1


def test_an_ocsp_answer_in_the_folder(place: Path) -> None:
    person = pki.pki().person()
    (place / "trust" / "crls" / "1.crl").unlink()
    signed = place / "signed.p7s"
    signed.write_bytes(person.sign())
    assert run("verify", signed, "--trust", place / "trust").exit_code == 3
    (place / "trust" / "ocsp" / "answer.der").write_bytes(pki.pki().answer(person))
    assert run("verify", signed, "--trust", place / "trust").exit_code == 0


def test_a_file_of_100_mb_is_not_read(place: Path) -> None:
    large = place / "large.p7s"
    with large.open("wb") as file:
        file.write(b"\x30\x84")
        os.truncate(file.fileno(), 100 * 1024 * 1024)
    done = run("verify", large, "--trust", place / "trust", "--json")
    assert (done.exit_code, json.loads(done.stdout)["reason"]) == (1, "too_large")


def test_another_policy(place: Path) -> None:
    signed = place / "signed.p7s"
    signed.write_bytes(pki.pki().person().sign())
    own = place / "policy.toml"
    text = DEFAULT.read_text()
    own.write_text(
        text.replace('key_usage = ["non_repudiation"]', 'key_usage = ["digital_signature"]')
    )
    assert run("verify", signed, "--trust", place / "trust", "--policy", own).exit_code == 0
    own.write_text(text.replace("certificate_policies = []", 'certificate_policies = ["1.2.3"]'))
    assert run("verify", signed, "--trust", place / "trust", "--policy", own).exit_code == 1
    for broken in (
        "", "[[policy]]", text.replace("signers = 1", "signers = 2"),
        text.replace("secure_device = true", 'secure_device = "no"'),
        text.replace("clock_seconds = 300", "clock_seconds = -1"), text + "more = 1\n",
        text.replace('["non_repudiation"]', '["crl_sign"]'),
        text + text.replace("from = 2000", "from = 1999"),
    ):  # fmt: skip
        own.write_text(broken)
        done = run("verify", signed, "--trust", place / "trust", "--policy", own)
        assert done.exit_code == 2, broken


def test_the_policy_of_the_folder(place: Path) -> None:
    signed = place / "signed.p7s"
    signed.write_bytes(pki.pki().person().sign())
    own = place / "trust" / "policy.toml"
    own.write_text(
        DEFAULT.read_text().replace("certificate_policies = []", 'certificate_policies = ["1.2.3"]')
    )
    assert run("verify", signed, "--trust", place / "trust").exit_code == 1
    assert Standing(place / "trust").verify(signed.read_bytes()).reason == "policy_wrong"
    words = ("verify", signed, "--trust", place / "trust", "--policy", DEFAULT)
    assert run(*words).exit_code == 0
    own.write_text("broken")
    assert run("verify", signed, "--trust", place / "trust").exit_code == 2


def test_the_policy_of_the_moment_counts(place: Path) -> None:
    text = DEFAULT.read_text()
    later = text.replace("from = 2000-01-01", f"from = {NOW - DAY / 2:%Y-%m-%d}").replace(
        "certificate_policies = []", 'certificate_policies = ["1.2.3"]'
    )
    own = place / "policy.toml"
    own.write_text(text + later)
    person = pki.pki().person()
    signed = place / "signed.p7s"
    signed.write_bytes(person.message(person.attributes(time=b"")))
    words = ("verify", signed, "--trust", place / "trust", "--policy", own)
    assert run(*words).exit_code == 1
    assert run(*words, "--at", (NOW - 2 * DAY).isoformat()).exit_code == 0


def test_signing_refuses_what_cannot_be_right(place: Path) -> None:
    file, key, own = place / "content.txt", place / "key.pem", place / "own.pem"
    other = place / "other.pem"
    other.write_bytes(pki.key("dstu").pem())
    for words in (
        ("--key", other, "--certificate", own),
        ("--key", own, "--certificate", own),
        ("--key", key, "--certificate", key),
        ("--key", key, "--certificate", own, "--kupyna"),
        ("--key", key, "--certificate", own, "--pss"),
    ):
        done = run("sign", file, *words)
        assert done.exit_code == 2, words
        assert not (place / "content.txt.p7s").exists()
        assert "Traceback" not in done.output
