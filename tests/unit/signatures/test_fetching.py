"""Evidence that is fetched: from whom, how much, and that it is judged like any other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp as pyca_ocsp

from portal.config import settings
from portal.identity.signatures import (
    asn1,
    certificates,
    demo_authority,
    fetching,
    issuing,
    standing,
    trust,
)
from portal.identity.signatures.crls import Revoked
from portal.identity.signatures.standing import Standing
from portal.identity.signatures.trust import TrustInvalid
from tests.support import pki
from tests.support.pki import CONTENT, DAY, NOW


@dataclass
class Web:
    """A server whose answers a test sets; what was asked of it."""

    address: str = ""
    answers: dict[str, Callable[[bytes], tuple[int, bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def web() -> Iterator[Web]:
    told = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told.asked.append(f"{self.command} {self.path}")
            status, data = told.answers.get(self.path, lambda _: (404, b""))(body)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/crl")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def person(web: Web, *, crl: str = "", ocsp: str = "") -> pki.Person:
    """Somebody whose certificate says where to ask."""
    extra = []
    if crl:
        name = asn1.tlv(0x86, f"http://{web.address}{crl}".encode())
        point = asn1.sequence(asn1.sequence(asn1.tlv(0xA0, asn1.tlv(0xA0, name))))
        extra.append(issuing.extension(certificates.CRL_POINTS, point))
    if ocsp:
        name = asn1.tlv(0x86, f"http://{web.address}{ocsp}".encode())
        access = asn1.sequence(asn1.sequence(asn1.identifier("1.3.6.1.5.5.7.48.1"), name))
        extra.append(issuing.extension(certificates.AUTHORITY_ACCESS, access))
    return pki.pki().person(extra=extra)


@pytest.fixture
def place(tmp_path: Path, web: Web) -> Standing:
    """A trust folder that knows nothing of the authority's certificates, and may ask the server."""
    folder = pki.write(tmp_path / "trust", pki.pki())
    (folder / "crls" / "1.crl").unlink()
    (folder / "hosts.txt").write_text(f"# who may be asked\n\n{web.address}\n")
    return Standing(folder)


def crl(*revoked: Revoked) -> Callable[[bytes], tuple[int, bytes]]:
    return lambda _: (200, pki.pki().with_list(*revoked).crls[1].der)


def test_a_list_is_fetched_once(web: Web, place: Standing) -> None:
    someone = person(web, crl="/crl")
    web.answers["/crl"] = crl()
    for _ in range(3):
        assert place.verify(someone.sign(), CONTENT).reason is None
    assert web.asked == ["GET /crl"]
    assert Standing(place.folder).verify(someone.sign(), CONTENT).reason is None
    assert len(web.asked) == 1


def test_an_answer_is_fetched(web: Web, place: Standing) -> None:
    someone = person(web, ocsp="/ocsp")

    def answer(body: bytes) -> tuple[int, bytes]:
        asked = pyca_ocsp.load_der_ocsp_request(body)
        assert asked.serial_number == someone.certificate.serial
        assert isinstance(asked.hash_algorithm, hashes.SHA1)
        return 200, pki.pki().answer(someone)

    web.answers["/ocsp"] = answer
    assert place.verify(someone.sign(), CONTENT).reason is None
    assert web.asked == ["POST /ocsp"]
    assert place.verify(someone.sign(), CONTENT).reason is None
    assert len(web.asked) == 1


def test_what_is_fetched_is_judged(web: Web, place: Standing) -> None:
    someone = person(web, crl="/crl")
    web.answers["/crl"] = crl(Revoked(someone.certificate.serial, NOW - DAY, 1))
    assert place.verify(someone.sign(), CONTENT).reason == "revoked"
    other = person(web, crl="/forged")
    forged = pki.pki(number=1).lists[1]
    web.answers["/forged"] = lambda _: (200, forged)
    (place.folder / "crls" / fetching.Wanted(f"http://{web.address}/crl").kept_as).unlink()
    assert place.verify(other.sign(), CONTENT).reason == "revocation_unknown"


@pytest.mark.parametrize(
    ("status", "data"),
    [(404, b""), (500, b"broken"), (302, b""), (200, b""), (200, b"<html>"), (200, b"\x30\x80")],
)
def test_bad_answers_are_not_kept(web: Web, place: Standing, status: int, data: bytes) -> None:
    someone = person(web, crl="/elsewhere", ocsp="/ocsp")
    web.answers["/crl"] = crl()  # where a redirection would lead
    web.answers["/elsewhere"] = web.answers["/ocsp"] = lambda _: (status, data)
    result = place.verify(someone.sign(), CONTENT)
    assert (result.verdict, result.reason) == ("indeterminate", "revocation_unknown")
    assert "GET /crl" not in web.asked
    assert not list((place.folder / "ocsp").iterdir())
    assert len(list((place.folder / "crls").iterdir())) == 1


def test_a_large_or_slow_answer(web: Web, place: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = person(web, crl="/crl")
    monkeypatch.setattr(fetching.crls, "LARGEST", 1000)
    web.answers["/crl"] = lambda _: (200, bytes(2_000_000))
    assert place.verify(someone.sign(), CONTENT).reason == "revocation_unknown"
    monkeypatch.setattr(fetching, "CONNECT_SECONDS", 0.2)

    def slow(_: bytes) -> tuple[int, bytes]:
        time.sleep(0.5)
        return 200, b""

    web.answers["/crl"] = slow
    begun = time.monotonic()
    assert place.verify(someone.sign(), CONTENT).reason == "revocation_unknown"
    assert time.monotonic() - begun < 5


def test_only_named_hosts_are_asked(web: Web, place: Standing) -> None:
    someone = person(web, crl="/crl")
    web.answers["/crl"] = crl()
    for hosts in ("", "localhost\n", "127.0.0.1\n", f"#{web.address}\n"):
        (place.folder / "hosts.txt").write_text(hosts)
        assert place.verify(someone.sign(), CONTENT).reason == "revocation_unknown"
    (place.folder / "hosts.txt").unlink()
    assert place.verify(someone.sign(), CONTENT).reason == "revocation_unknown"
    assert web.asked == []


def test_what_was_fetched_long_ago_is_cleared_away(web: Web, place: Standing) -> None:
    someone = person(web, crl="/crl")
    web.answers["/crl"] = crl()
    assert place.verify(someone.sign(), CONTENT).reason is None
    [kept] = place.folder.glob("crls/fetched-*")
    own = place.folder / "crls" / "0.crl"
    for path in (kept, own):
        os.utime(path, (0, 0))
    other = person(web, crl="/another")
    place.verify(other.sign(), CONTENT)
    web.answers.clear()
    fetching.fetch((other.certificate, pki.pki().authority.certificate), place.folder)
    assert not kept.exists()
    assert own.exists(), "what the administrator put there stays"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "http://user@{}/crl", "x", ""])
def test_other_addresses_are_not_asked(web: Web, place: Standing, url: str) -> None:
    wanted = fetching.Wanted(url.format(web.address))
    with pytest.raises(fetching.NotFetched):
        fetching._fetch(wanted, place.folder, fetching.hosts(place.folder))
    assert web.asked == []


def test_nobody_untrusted_makes_the_server_ask(web: Web, place: Standing) -> None:
    """Addresses out of a chain that does not hold, or for a moment in the past."""
    made = person(web, crl="/crl")
    foreign = pki.pki(number=1).person(extra=[])
    assert place.verify(foreign.sign(), CONTENT).reason == "chain_untrusted"
    assert place.verify(made.sign(), b"other").reason == "content_differs"
    assert place.verify(made.sign(), CONTENT, NOW).reason == "revocation_unknown"
    assert web.asked == []


def test_the_folder_is_read_again_when_it_changes(place: Standing) -> None:
    someone = pki.pki().person()
    assert place.verify(someone.sign(), CONTENT).reason == "revocation_unknown"
    assert place.trust() is place.trust()
    (place.folder / "crls" / "1.crl").write_bytes(pki.pki().lists[1])
    assert place.verify(someone.sign(), CONTENT).reason is None
    (place.folder / "anchors" / "root.cer").unlink()
    assert place.verify(someone.sign(), CONTENT).reason == "chain_untrusted"
    (place.folder / "anchors" / "broken.cer").write_bytes(b"?")
    with pytest.raises(TrustInvalid):
        place.verify(someone.sign(), CONTENT)


def test_a_demonstration_trusts_its_own_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOZIR_HOME", str(tmp_path))
    monkeypatch.setenv("DOZIR_DEMO", "1")
    settings.cache_clear()
    folder = settings().demo_authority_dir
    long_ago = NOW - 20 * DAY
    demo_authority.make(folder, [pki.PERSON], long_ago)
    found = standing.current()
    assert found.folder == folder / "trust"
    assert found.trust().is_demonstration
    assert {one.this_update > NOW - DAY for one in found.trust().crls} == {True}, "renewed"
    own = certificates.load_all((folder / "identities" / "signer-dstu.cer").read_bytes())[0]
    demo_authority.revoke(folder, own, 6)
    told = [one for one in found.trust().crls if one.entries(own.serial)]
    assert len(told) == 1
    monkeypatch.setenv("DOZIR_DEMO", "")
    settings.cache_clear()
    assert settings().trust_dir == settings().instance_dir / "trust"
    monkeypatch.setenv("DOZIR_TRUST", str(tmp_path / "own"))
    settings.cache_clear()
    assert standing.current().folder == tmp_path / "own"
    with pytest.raises(TrustInvalid):
        standing.current().trust()
    with pytest.raises(LookupError):
        demo_authority.revoke(folder, pki.pki().root.certificate, 1)
    assert trust.read(folder / "trust").unusable == ()
