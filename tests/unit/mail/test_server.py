"""What the environment may say of mail."""

from __future__ import annotations

import pytest

from portal import config
from portal.mail.server import Misconfigured, configured, mail_server

GOOD = {
    "DOZIR_SMTP": "smtp://mail.example",
    "DOZIR_MAIL_FROM": "Дозір <dozir@dozir.example>",
    "DOZIR_PUBLIC_URL": "https://dozir.example/",
}


@pytest.fixture
def told(monkeypatch):
    """Say some settings, with what else is needed."""

    def tell(**settings):
        for name, text in {**GOOD, **settings}.items():
            monkeypatch.setenv(name, text)
        config.settings.cache_clear()

    return tell


@pytest.mark.parametrize(
    ("address", "port", "tls"),
    [
        ("smtp://mail.example", 587, "starttls"),
        ("smtp://mail.example:25", 25, "starttls"),
        ("smtps://mail.example", 465, "implicit"),
        ("smtp://127.0.0.1:2525?tls=none", 2525, "none"),
    ],
)
def test_a_server_is_spoken_with_over_tls(told, address, port, tls):
    told(DOZIR_SMTP=address)
    server = mail_server()
    assert (server.port, server.tls) == (port, tls)
    assert str(server.sender) == "Дозір <dozir@dozir.example>"


@pytest.mark.parametrize(
    "wrong",
    [
        {"DOZIR_SMTP": "smtp://mail.example?tls=none"},
        {"DOZIR_SMTP": "smtp://person:secret@mail.example"},
        {"DOZIR_SMTP": "http://mail.example"},
        {"DOZIR_SMTP": "mail.example"},
        {"DOZIR_SMTP": "smtp://mail.example:99999"},
        {"DOZIR_MAIL_FROM": "nobody"},
        {"DOZIR_MAIL_FROM": "a@dozir.example\nBcc: b@dozir.example"},
        {"DOZIR_PUBLIC_URL": "http://dozir.example"},
        {"DOZIR_PUBLIC_URL": "dozir.example"},
        {"DOZIR_PUBLIC_URL": "https://dozir.example/?x=1"},
        {"DOZIR_SMTP_USER": "dozir"},
        {
            "DOZIR_SMTP": "smtp://127.0.0.1?tls=none",
            "DOZIR_SMTP_USER": "dozir",
            "DOZIR_SMTP_PASSWORD_FILE": "/x",
        },
    ],
)
def test_what_cannot_be_meant_is_refused_and_no_secret_told(told, wrong):
    told(**wrong)
    with pytest.raises(Misconfigured) as problem:
        mail_server()
    assert next(iter(wrong)).rpartition("_")[0] in str(problem.value)
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_without_one_of_them_no_mail_is_sent(told, monkeypatch, name):
    told()
    assert configured()
    monkeypatch.delenv(name)
    config.settings.cache_clear()
    assert not configured()
    with pytest.raises(Misconfigured, match=name):
        mail_server()
