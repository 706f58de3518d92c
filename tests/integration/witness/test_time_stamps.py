"""Time-stamps by an authority that is none of ours, and answers that must not pass for one."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from rfc3161_client import decode_timestamp_response

from portal.attest import authorities
from portal.attest.authorities import Authority, ConfigurationInvalid, NotStamped
from portal.transparency import publishing, timestamps
from portal.transparency.timestamps import TimestampInvalid
from portal.verifier import dozir_verify
from tests.integration.witness.conftest import DOZIR
from tests.support.authority import TestAuthority, answering
from tests.support.databases import Database, rows
from tests.support.small_log import SmallLog

LOG = SmallLog("dozir.example/stamped")
TEXT = LOG.checkpoint(8).text()
REPLY = {"Content-Type": "application/timestamp-reply"}
Serve = Callable[..., Authority]


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("tsa") / "honest")


@pytest.fixture
def serve(tsa: TestAuthority) -> Iterator[Serve]:
    """An authority at whose address ``answers`` answers, and whose root is the honest one's."""
    opened = []

    def start(answers, roots: tuple[x509.Certificate, ...] | None = None) -> Authority:
        server = answering(answers)
        opened.append(server)
        return Authority("test", server.__enter__().url, roots or (tsa.root,))

    yield start
    for server in opened:
        server.__exit__(None, None, None)


def test_a_time_stamp_is_asked_for_verified_and_holds_for_others_too(
    tsa: TestAuthority, serve: Serve
) -> None:
    asked = []

    def honest(query: bytes):
        asked.append(query)
        return 200, REPLY, tsa.reply(query)

    stamped = authorities.stamp(serve(honest), TEXT)
    assert abs((datetime.now(UTC) - stamped.at).total_seconds()) < 60
    assert tsa.accepts(stamped.token, TEXT.encode())
    assert not tsa.accepts(stamped.token, LOG.checkpoint(9).text().encode())
    # Kept alone, the token is verified again without the request.
    assert timestamps.verify(stamped.token, TEXT, [tsa.root]) == stamped.at
    with pytest.raises(TimestampInvalid):
        timestamps.verify(stamped.token, LOG.checkpoint(9).text(), [tsa.root])
    place = len(stamped.token) - 8  # within the signature, which comes last
    for damaged in (
        b"", stamped.token[:-1], stamped.token + b"\0",
        stamped.token[:place] + bytes([stamped.token[place] ^ 1]) + stamped.token[place + 1 :],
    ):  # fmt: skip
        with pytest.raises(TimestampInvalid):
            timestamps.verify(damaged, TEXT, [tsa.root])


def test_what_is_no_fresh_stamp_by_who_is_trusted_is_refused(
    tsa: TestAuthority, serve: Serve, tmp_path: Path
) -> None:
    other = TestAuthority(tmp_path / "other")
    serving = TestAuthority(tmp_path / "serving", usage=x509.ExtendedKeyUsageOID.SERVER_AUTH)
    old = tsa.reply(timestamps.request(TEXT).body)
    elsewhere = timestamps.request(LOG.checkpoint(9).text())
    rejected = bytes.fromhex("30053003020102")  # PKIStatus rejection
    for answers, said in (
        (lambda query: (200, REPLY, other.reply(query)), "does not hold"),
        (lambda _: (200, REPLY, old), "Nonce"),
        (lambda _: (200, REPLY, tsa.reply(elsewhere.body)), "does not hold"),
        (lambda _: (200, REPLY, rejected), "refuses"),
        (lambda _: (200, REPLY, b""), "no time-stamp answer"),
        (lambda _: (200, REPLY, b"<html>" * 100), "no time-stamp answer"),
        (lambda _: (200, REPLY, bytes(timestamps.MAX_ANSWER_BYTES + 1)), "too long"),
        (lambda _: (500, {}, b"no"), "status 500"),
        (lambda _: (302, {"Location": "file:///etc/passwd"}, b""), "status 302"),
    ):
        with pytest.raises(NotStamped, match=said):
            authorities.stamp(serve(answers), TEXT)
    # openssl does not stamp with a certificate for web servers: nor is there anything to accept.
    with pytest.raises(subprocess.CalledProcessError):
        serving.reply(timestamps.request(TEXT).body)
    with pytest.raises(NotStamped, match="no answer"):
        authorities.stamp(Authority("gone", "http://127.0.0.1:9/", (tsa.root,)), TEXT)


@pytest.mark.parametrize(
    ("made", "holds"),
    [
        ({}, True),
        ({"rsa_keys": True}, True),
        ({"intermediate": True}, True),
        ({"rsa_keys": True, "intermediate": True}, True),
        ({"intermediate": True, "intermediate_signs": False}, False),
        ({"valid_days": (-9, -3)}, False),
        ({"valid_days": (1, 9)}, False),
    ],
    ids=str,
)
def test_the_verifier_of_its_own_judges_tokens_as_others_do(
    tmp_path: Path, made: dict[str, Any], holds: bool
) -> None:
    """``dozir_verify`` rests on ``cryptography`` alone; openssl and rfc3161-client are not ours."""
    authority = TestAuthority(tmp_path / "tsa", **made)
    asked = timestamps.request(TEXT)
    response = decode_timestamp_response(authority.reply(asked.body))
    token, at = response.time_stamp_token(), response.tst_info.gen_time
    assert authority.accepts(token, TEXT.encode()) == holds

    def others(token: bytes, text: str, roots: list[x509.Certificate]) -> bool:
        try:
            return timestamps.verify(token, text, roots) == at
        except TimestampInvalid:
            return False

    def ours(token: bytes, text: str, roots: list[x509.Certificate]) -> bool:
        try:
            us = dozir_verify.verify_token(token, text.encode(), roots)
        except dozir_verify.Invalid:
            return False
        return us == round(at.timestamp() * 1_000_000)

    assert ours(token, TEXT, [authority.root]) == others(token, TEXT, [authority.root]) == holds
    for text, roots in (
        (LOG.checkpoint(9).text(), [authority.root]),
        (TEXT, []),
        (TEXT, [TestAuthority(tmp_path / "other").root]),
    ):
        assert not ours(token, text, roots)
        assert not others(token, text, roots)
    if not holds:
        return
    # No flipped bit makes it a token of another moment or another text; those of parts that nobody
    # signs may stay unseen, here as there.
    chance = random.Random(str(made))
    for _ in range(300):
        place = chance.randrange(len(token))
        flipped = (
            token[:place] + bytes([token[place] ^ 1 << chance.randrange(8)]) + token[place + 1 :]
        )
        with contextlib.suppress(dozir_verify.Invalid):
            assert dozir_verify.verify_token(flipped, TEXT.encode(), [authority.root]) == round(
                at.timestamp() * 1_000_000
            )
    for cut in (b"", token[:-1], token + b"\0", token[: len(token) // 2], b"\x30\x80"):
        assert not ours(cut, TEXT, [authority.root])


def test_a_certificate_for_other_ends_stamps_nothing(tmp_path: Path, tsa: TestAuthority) -> None:
    """The authority's own root, and a server's certificate: no chain is enough without the use."""
    token = decode_timestamp_response(tsa.reply(timestamps.request(TEXT).body)).time_stamp_token()
    usages = x509.ExtendedKeyUsageOID
    for usage in ([usages.SERVER_AUTH], [usages.TIME_STAMPING, usages.SERVER_AUTH]):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "other ends")])
        now = datetime.now(UTC)
        other = (
            x509.CertificateBuilder()
            .subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(7).not_valid_before(now).not_valid_after(now)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=True)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        with pytest.raises(dozir_verify.Invalid, match="not one for time-stamps alone"):
            dozir_verify._chain(other, [], [other], 0)
    assert dozir_verify.verify_token(token, TEXT.encode(), [tsa.root])


def test_authorities_are_read_from_a_file(tsa: TestAuthority, tmp_path: Path) -> None:
    file = tmp_path / "tsa.toml"
    one = '[[authority]]\nname = "a"\nurl = "https://tsa.example/tsr"\nroots = "root.pem"\n'
    (tmp_path / "root.pem").write_bytes(tsa.root_file.read_bytes())
    file.write_text(one)
    assert authorities.read(file) == [Authority("a", "https://tsa.example/tsr", [tsa.root])]
    assert dozir_verify.authorities_of(file) == [dozir_verify.Authority("a", [tsa.root])]
    for wrong in (
        "", "[[authority]]\n", one + one, one.replace("https://", "file://"),
        one.replace("root.pem", "absent.pem"), one.replace("root.pem", "tsa.toml"),
        one.replace('"a"', '""'), "authority = 3\n", "authority = [3]\n",
    ):  # fmt: skip
        file.write_text(wrong)
        with pytest.raises(ConfigurationInvalid):
            authorities.read(file)
    with pytest.raises(ConfigurationInvalid):
        authorities.read(tmp_path / "none.toml")


def test_a_checkpoint_is_stamped_on_demand_and_kept(
    tsa: TestAuthority, serve: Serve, fresh_database: Database, tmp_path: Path
) -> None:
    publishing.publish(tmp_path, LOG.note(8))
    honest = serve(lambda query: (200, REPLY, tsa.reply(query)))
    (tmp_path / "tsa.toml").write_text(
        f'[[authority]]\nname = "honest"\nurl = "{honest.url}"\nroots = "{tsa.root_file}"\n'
        f'[[authority]]\nname = "gone"\nurl = "http://127.0.0.1:9"\nroots = "{tsa.root_file}"\n'
    )
    environment = {"DOZIR_TSA": str(tmp_path / "tsa.toml"), "DOZIR_TILES": str(tmp_path)}
    with fresh_database.as_settings():
        done = subprocess.run(
            [DOZIR, "attest", "stamp"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout.startswith("honest: 8 leaves at ")
    assert done.stderr.startswith("gone: no answer")
    with fresh_database.acting_as("auditor") as conn:
        stored = rows(
            conn,
            "select t.authority, c.size, t.token, c.timestamps -> 0 ->> 'authority'"
            " from api.timestamp_token as t join api.checkpoints() as c using (size)",
        )
    assert [row[:2] for row in stored] == [("honest", 8)]
    assert tsa.accepts(stored[0][2], TEXT.encode())
    assert stored[0][3] == "honest"
