"""Whom we ask must be whom we meant: a server that nobody vouches for is not believed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from portal.asking import NoAnswer, ask
from tests.support.proxy import certificate_in


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Its address, and the certificate that it signed itself."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"told")

        def log_message(self, *_: object) -> None:
            pass

    certificate, key = certificate_in(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"https://127.0.0.1:{made.server_port}/", certificate
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_server_that_nobody_vouches_for_is_not_asked(
    server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, certificate = server
    limits = {"largest": 100, "connect_seconds": 10.0, "answer_seconds": 10.0}
    with pytest.raises(NoAnswer):
        ask(url, **limits)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ask(url, **limits) == b"told"
    with pytest.raises(NoAnswer):  # the certificate is another name's
        ask(url.replace("127.0.0.1", "localhost"), **limits)
