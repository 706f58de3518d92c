"""One message has one length: what two readers could read differently is no request."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest

from tests.support.proxy import Proxy, proxying

from .conftest import Place, until

SECOND = b"GET /help/glossary HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
ASKED = '"route":"/help/glossary"'
# Each pair of readers disagrees on at least one of these.
LENGTHS = {
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "a length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "two lengths": b"Content-Length: 5\r\nContent-Length: 0\r\n",
    "two lengths in one": b"Content-Length: 5, 0\r\n",
    "a length with a sign": b"Content-Length: +5\r\n",
    "a negative length": b"Content-Length: -5\r\n",
    "a length in hexadecimal": b"Content-Length: 0x5\r\n",
    "a length with a space within": b"Content-Length: 5 5\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n",
    "a tab before the colon": b"Transfer-Encoding\t: chunked\r\nContent-Length: 5\r\n",
    "another coding": b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
    "a coding after chunks": b"Transfer-Encoding: chunked, identity\r\nContent-Length: 5\r\n",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Length: 5\r\n",
    "a vertical tab": b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n",
    "a zero byte": b"Transfer-Encoding: chunked\0\r\nContent-Length: 5\r\n",
    "a folded line": b"X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "a coding folded": b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n",
    "a lone return": b"X: y\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n",
    "an underscore": b"Transfer_Encoding: chunked\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\n",
}
CHUNKS = {
    "a size with a sign": b"+0\r\n\r\n",
    "a size with 0x": b"0x0\r\n\r\n",
    "a negative size": b"-1\r\n\r\n",
    "no size": b"\r\n\r\n",
    "a chunk longer than its size": b"1\r\nAB\r\n0\r\n\r\n",
    "a size larger than any": b"f" * 40 + b"\r\nA\r\n0\r\n\r\n",
}


def message(length: bytes, body: bytes = b"0\r\n\r\n") -> bytes:
    head = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\n" + length
    return head + b"\r\n" + body + SECOND


def answers(line: socket.socket, sent: bytes) -> list[int]:
    """The status of every answer until the other side closes or says nothing more."""
    line.settimeout(3)
    line.sendall(sent)
    got = b""
    try:
        while part := line.recv(65_536):
            got += part
    except (TimeoutError, ConnectionError):
        pass
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3})", got)]


@pytest.fixture(scope="module")
def proxy(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxying(place.port, tmp_path_factory.mktemp("nginx")) as made:
        yield made


@pytest.mark.parametrize("kind", LENGTHS)
def test_what_has_two_lengths_is_one_request_at_most(place: Place, kind: str) -> None:
    with socket.create_connection(("127.0.0.1", place.port), timeout=30) as line:
        assert len(answers(line, message(LENGTHS[kind]))) <= 1
    assert ASKED not in place.server.log()


@pytest.mark.parametrize("kind", CHUNKS)
def test_damaged_chunks_end_the_connection(place: Place, kind: str) -> None:
    with socket.create_connection(("127.0.0.1", place.port), timeout=30) as line:
        sent = message(b"Transfer-Encoding: chunked\r\n", CHUNKS[kind])
        # The page may be refused before its body is looked at; what follows is never a request.
        assert answers(line, sent)[1:] in ([], [400])
    assert ASKED not in place.server.log()


@pytest.mark.parametrize("kind", LENGTHS)
def test_nothing_passes_nginx_as_a_second_request(place: Place, proxy: Proxy, kind: str) -> None:
    plain = socket.create_connection(("127.0.0.1", proxy.https), timeout=30)
    with proxy.tls.wrap_socket(plain, server_hostname="127.0.0.1") as line:
        assert len(answers(line, message(LENGTHS[kind]))) <= 1
    assert ASKED not in place.server.log()


def test_two_whole_requests_are_two(place: Place) -> None:
    """So that the tests above would see a second answer."""
    with socket.create_connection(("127.0.0.1", place.port), timeout=30) as line:
        assert len(answers(line, message(b"Content-Length: 5\r\n"))) == 2
    until(lambda: ASKED in place.server.log())
