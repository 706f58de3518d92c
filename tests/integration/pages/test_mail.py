"""Mail goes to a real mail server: over TLS, with a login, again and again, and no further."""

from __future__ import annotations

import datetime
import ipaddress
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal import config, db
from portal.mail import doctor, gateway
from portal.mail.sending import Sender
from portal.mail.server import mail_server
from tests.support.databases import rows, value
from tests.support.mail import LOGIN, postbox


@pytest.fixture(autouse=True)
def clean(database, scene):
    with database.connect() as conn:
        conn.execute("delete from identity.mail")


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """A certificate of 127.0.0.1 that nobody but itself vouches for, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, True, True, False, False), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@contextmanager
def told(monkeypatch, **settings):
    """Settings of mail; forgotten in the end."""
    names = {
        "DOZIR_MAIL_FROM": "Дозір <dozir@dozir.example>",
        "DOZIR_PUBLIC_URL": "https://dozir.example",
        **settings,
    }
    for name, text in names.items():
        monkeypatch.setenv(name, str(text))
    config.settings.cache_clear()
    yield
    for name in names:
        monkeypatch.delenv(name)
    config.settings.cache_clear()


def queued(scene, recipient="person@example.org"):
    with db.portal() as conn:
        return gateway.queue_mail(
            conn,
            scene.person("regulator"),
            "notice",
            recipient,
            subject="Ліцензія\r\nBcc: other@example.org",
            body="Строк спливає.\n",
            stop_address="https://dozir.example/notices/stop?token=x",
        )


def states(database):
    with database.connect() as conn:
        return rows(conn, "select state, attempt, body from identity.mail")


def due_again(database):
    with database.connect() as conn:
        conn.execute("update identity.mail set next_at = now()")


def test_over_tls_with_a_login_to_one_recipient_and_its_text_is_forgotten(
    monkeypatch, database, scene, identity, tmp_path
):
    password = tmp_path / "password"
    password.write_text(f"{LOGIN[1]}\n")
    password.chmod(0o600)
    queued(scene)
    with (
        postbox(*identity) as box,
        told(
            monkeypatch,
            DOZIR_SMTP=f"smtp://127.0.0.1:{box.port}",
            DOZIR_SMTP_USER=LOGIN[0],
            DOZIR_SMTP_PASSWORD_FILE=password,
            DOZIR_SMTP_CA=identity[0],
        ),
    ):
        sender = Sender(mail_server())
        assert sender.one()
        assert not sender.one()
        found = list(doctor.check_mail())
        assert [(one.state, "starttls" in one.found) for one in found] == [("ok", True)]
        password.write_text("wrong")
        assert [one.state for one in doctor.check_mail()] == ["broken"]
    ((recipients, message),) = box.received
    assert recipients == ["person@example.org"]
    assert message["Bcc"] is None
    assert message["Subject"] == "Ліцензія Bcc: other@example.org"
    assert message.get_content().splitlines() == ["Строк спливає."]
    assert states(database) == [("sent", 1, "")]


def test_to_a_server_that_nobody_vouches_for_nothing_is_said(
    monkeypatch, database, scene, identity
):
    queued(scene)
    with (
        postbox(*identity) as box,
        told(monkeypatch, DOZIR_SMTP=f"smtp://127.0.0.1:{box.port}"),
    ):
        assert Sender(mail_server()).one()
        assert [one.state for one in doctor.check_mail()] == ["broken"]
    assert box.received == []
    assert states(database)[0][:2] == ("waiting", 1)


def test_a_server_without_tls_gets_nothing_unless_it_is_said_so(monkeypatch, database, scene):
    queued(scene)
    with postbox() as box:
        with told(monkeypatch, DOZIR_SMTP=f"smtp://127.0.0.1:{box.port}"):
            assert Sender(mail_server()).one()
        assert box.received == []
        due_again(database)
        with told(monkeypatch, DOZIR_SMTP=f"smtp://127.0.0.1:{box.port}?tls=none"):
            assert Sender(mail_server()).one()
        assert len(box.received) == 1
    with database.connect() as conn:
        log = "select outcome, reply_code from identity.mail_attempt order by attempt"
        assert rows(conn, log) == [("insecure", None), ("sent", None)]


def test_not_now_is_tried_again_for_good_is_not(monkeypatch, database, scene):
    with (
        postbox() as box,
        told(monkeypatch, DOZIR_SMTP=f"smtp://127.0.0.1:{box.port}?tls=none"),
    ):
        sender = Sender(mail_server())
        queued(scene)
        box.answers = ["451 later", "550 nobody here"]
        assert sender.one()
        assert states(database)[0][:2] == ("waiting", 1)
        assert not sender.one()  # not before its time
        due_again(database)
        assert sender.one()
        assert states(database) == [("refused", 2, "")]
        due_again(database)
        assert not sender.one()
    assert box.received == []


def test_what_cannot_be_reached_is_given_up_in_the_end(monkeypatch, database, scene):
    queued(scene)
    with postbox() as box:
        port = box.port
    with told(monkeypatch, DOZIR_SMTP=f"smtp://127.0.0.1:{port}?tls=none"):
        sender = Sender(mail_server())
        for _ in range(8):
            due_again(database)
            assert sender.one()
        due_again(database)
        assert not sender.one()
    assert states(database) == [("gave_up", 8, "")]


def test_whoever_left_office_meanwhile_is_sent_nothing(monkeypatch, database, scene):
    queued(scene)
    person = scene.person("regulator")
    with (
        postbox() as box,
        told(monkeypatch, DOZIR_SMTP=f"smtp://127.0.0.1:{box.port}?tls=none"),
        database.connect() as conn,
    ):
        conn.execute("update identity.person set active_until = now() where id = %s", (person,))
        conn.commit()
        try:
            assert not Sender(mail_server()).one()
        finally:
            conn.execute(
                "update identity.person set active_until = 'infinity' where id = %s", (person,)
            )
    assert box.received == []
    with database.connect() as conn:
        assert value(conn, "select state from identity.mail") == "dropped"
