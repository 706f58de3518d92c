"""A leaf journal on another host: who knows the secret appends and reads, over TCP.

Both ends make a fresh X25519 key; what those agree on and the shared secret give two keys (HKDF),
one for each direction. Every message is one frame: its length (4 bytes), and the message sealed
with ChaCha20-Poly1305 under a counter. The first one of each end is a greeting: so each knows
that the other one knows the secret, and nobody between them reads a message, changes one, plays one
again, or leaves one out. A stranger has 5 seconds and is heard for a few bytes.

A message to the journal is one byte and a body: ``a`` append, ``e`` ensure (both: documents, each
with its length of 4 bytes), ``r`` read (first day). It answers ``+``, ``-`` with a sentence, or for
``r`` any number of ``d`` with documents before the ``+``.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.transparency.journal import MAX_ENTRY_BYTES, Journal

VERSION = b"dozir-journal/v1\n"
KEY_BYTES = 32
FRAME_BYTES_MAX = 16 << 20
PART_BYTES = 1 << 20
GREETING_SECONDS = 5.0
GREETING_BYTES_MAX = 64
HELLO = b"hello"
ANSWER_SECONDS = 20.0
IDLE_SECONDS = 600.0
CONNECTIONS_MAX = 64
_LENGTH = struct.Struct(">I")
_NONCE = struct.Struct(">IQ")

log = structlog.get_logger(__name__)


class Sealed:
    """A connection whose both ends have shown that they know the secret."""

    def __init__(self, connection: socket.socket, secret: bytes, *, calls: bool) -> None:
        """Greet. Raises OSError, also where the other end does not know the secret."""
        self._connection = connection
        self._until: float | None = time.monotonic() + GREETING_SECONDS
        own = X25519PrivateKey.generate()
        connection.sendall(VERSION + own.public_key().public_bytes_raw())
        greeting = self._exactly(len(VERSION) + KEY_BYTES)
        if not greeting.startswith(VERSION):
            raise ConnectionError("the other end is no journal")
        theirs = greeting[len(VERSION) :]
        mine = own.public_key().public_bytes_raw()
        first, second = (mine, theirs) if calls else (theirs, mine)
        try:
            shared = own.exchange(X25519PublicKey.from_public_bytes(theirs))
        except ValueError:
            raise ConnectionError("the other end sent no key") from None
        derived = HKDF(SHA256(), 2 * KEY_BYTES, secret, VERSION + first + second).derive(shared)
        ciphers = [ChaCha20Poly1305(derived[:KEY_BYTES]), ChaCha20Poly1305(derived[KEY_BYTES:])]
        self._out, self._in = ciphers if calls else ciphers[::-1]
        self._sent = self._received = 0
        if calls:
            self.send(HELLO)
        if self.receive(GREETING_BYTES_MAX) != HELLO:
            raise ConnectionError("the other end is no journal")
        if not calls:
            self.send(HELLO)
        self._until = None

    def send(self, message: bytes) -> None:
        """Send a message."""
        sealed = self._out.encrypt(_NONCE.pack(0, self._sent), message, None)
        self._sent += 1
        self._connection.sendall(_LENGTH.pack(len(sealed)) + sealed)

    def receive(self, most: int = FRAME_BYTES_MAX) -> bytes:
        """The next message. Raises OSError, also where its sender does not know the secret."""
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if length > most:
            raise ConnectionError("a message too long")
        try:
            message = self._in.decrypt(_NONCE.pack(0, self._received), self._exactly(length), None)
        except InvalidTag:
            raise ConnectionError("the other end does not know the secret") from None
        self._received += 1
        return message

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            if self._until is not None:
                self._connection.settimeout(max(0.001, self._until - time.monotonic()))
            part = self._connection.recv(min(count - len(data), 1 << 18))
            if not part:
                raise ConnectionError("the other end went away")
            data += part
        return bytes(data)


def pack(documents: Sequence[bytes]) -> bytes:
    """Documents as they stand in a message."""
    return b"".join(_LENGTH.pack(len(one)) + one for one in documents)


def unpack(body: bytes) -> list[bytes]:
    """Documents of a message. Raises ValueError on half a one, and on one that is too long."""
    found, place = [], 0
    while place < len(body):
        if place + _LENGTH.size > len(body):
            raise ValueError("half a document")
        (length,) = _LENGTH.unpack_from(body, place)
        place += _LENGTH.size
        if length > MAX_ENTRY_BYTES or place + length > len(body):
            raise ValueError("half a document")
        found.append(body[place : place + length])
        place += length
    return found


class JournalLink:
    """The journal at an address, through a connection that is made anew after a failure."""

    blocks = False  # its sockets are gevent's where a loop runs

    def __init__(self, host: str, port: int, secret: bytes) -> None:
        self._address, self._secret = (host, port), secret
        self._connection: socket.socket | None = None
        self._sealed: Sealed | None = None

    def append(self, documents: Sequence[bytes]) -> None:
        """Write documents and return when they are on the disk there. Raises OSError."""
        self._tell(b"a", documents)

    def ensure(self, entries: Sequence[bytes]) -> None:
        """Write those that it has not seen of late. Raises OSError."""
        self._tell(b"e", entries)

    def _tell(self, word: bytes, documents: Sequence[bytes]) -> None:
        part: list[bytes] = []
        size = 0
        for one in documents:
            if part and size + len(one) > FRAME_BYTES_MAX // 2:
                self._ask(word + pack(part))
                part, size = [], 0
            part.append(one)
            size += len(one)
        if part:
            self._ask(word + pack(part))

    def _ask(self, message: bytes) -> None:
        """Send and wait for the ``+``; once more where the connection had gone meanwhile."""
        was_open = self._sealed is not None
        try:
            self._once(message)
        except ConnectionError:
            if not was_open:
                raise
            self._once(message)  # a record may occur twice

    def _once(self, message: bytes) -> None:
        try:
            sealed = self._sealed or self._connect()
            sealed.send(message)
            answer = sealed.receive()
        except OSError:
            self.close()
            raise
        if answer != b"+":
            raise OSError(f"the journal refuses: {answer[1:].decode(errors='replace')}")

    def read(self, first_day: str = "") -> Iterator[bytes]:
        """Every document that holds, from its files of that day on. Raises OSError."""
        sealed = self._sealed or self._connect()
        try:
            sealed.send(b"r" + first_day.encode())
            while (answer := sealed.receive())[:1] == b"d":
                yield from unpack(answer[1:])
        except BaseException:
            self.close()
            raise
        if answer != b"+":
            raise OSError(f"the journal refuses: {answer[1:].decode(errors='replace')}")

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._sealed = None

    def _connect(self) -> Sealed:
        connection = socket.create_connection(self._address, GREETING_SECONDS)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sealed = Sealed(connection, self._secret, calls=True)
            connection.settimeout(ANSWER_SECONDS)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return self._sealed


class _Handler(socketserver.BaseRequestHandler):
    server: JournalServer

    def handle(self) -> None:
        """Take messages until the other end goes away or is found not to know the secret."""
        if not self.server.room.acquire(blocking=False):
            return
        try:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sealed = Sealed(self.request, self.server.secret, calls=False)
            self.request.settimeout(IDLE_SECONDS)
            while True:
                self._answer(sealed, sealed.receive())
        except OSError as problem:
            if "secret" in str(problem):
                log.warning("refused: a client does not know the secret")
        finally:
            self.server.room.release()

    def _answer(self, sealed: Sealed, message: bytes) -> None:
        word, body = message[:1], message[1:]
        try:
            if word == b"a":
                self.server.append(unpack(body))
            elif word == b"e":
                self.server.ensure(unpack(body))
            elif word == b"r":
                self._read(sealed, body.decode("ascii"))
            else:
                raise ValueError("a message that is none")
        except (OSError, ValueError) as problem:
            log.error("refused", why=str(problem))
            sealed.send(b"-" + str(problem).encode())
        else:
            sealed.send(b"+")

    def _read(self, sealed: Sealed, first_day: str) -> None:
        part: list[bytes] = []
        size = 0
        for one in Journal(self.server.folder).read(first_day):
            part.append(one)
            size += len(one)
            if size > PART_BYTES:
                sealed.send(b"d" + pack(part))
                part, size = [], 0
        sealed.send(b"d" + pack(part))


class JournalServer(socketserver.ThreadingTCPServer):
    """Keeps a journal for others; what is acknowledged is on its disk."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, folder: Path, secret: bytes) -> None:
        self.folder, self.secret = folder, secret
        self.room = threading.BoundedSemaphore(CONNECTIONS_MAX)
        self._journal, self._lock = Journal(folder), threading.Lock()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    def append(self, documents: list[bytes]) -> None:
        """Write and sync. Raises OSError."""
        with self._lock:
            self._journal.append(documents)

    def ensure(self, entries: list[bytes]) -> None:
        """Write what is missing and sync. Raises OSError."""
        with self._lock:
            self._journal.ensure(entries)
