"""A time-stamping authority for tests: keys of its own, openssl's `ts`, a real HTTP server."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CONFIGURATION = """
[ts]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
crypto_device = builtin
accuracy = secs:1
ess_cert_id_alg = sha256
"""


PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
# What is answered to the body of a request: status, headers, body.
Answers = Callable[[bytes], tuple[int, dict[str, str], bytes]]


class TestAuthority:
    """Answers requests with ``reply``; ``root`` is what to trust."""

    __test__ = False

    def __init__(
        self,
        folder: Path,
        *,
        usage: x509.ObjectIdentifier | None = None,
        rsa_keys: bool = False,
        intermediate: bool = False,
        valid_days: tuple[int, int] = (-1, 1),
        intermediate_signs: bool = True,
    ) -> None:
        """``valid_days``: of its own certificate, from now; ``intermediate_signs``: is a CA's."""
        folder.mkdir(parents=True)
        self._folder = folder
        now = datetime.now(UTC)

        def make() -> PrivateKey:
            if rsa_keys:
                return rsa.generate_private_key(65537, 2048)
            return ec.generate_private_key(ec.SECP256R1())

        def certify(
            subject: str,
            key: PrivateKey,
            issuer: str,
            by: PrivateKey,
            extension: x509.ExtensionType,
            days: tuple[int, int] = (-2, 2),
        ) -> x509.Certificate:
            subject_name, issuer_name = (
                x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)])
                for one in (subject, issuer)
            )
            return (
                x509.CertificateBuilder()
                .subject_name(subject_name)
                .issuer_name(issuer_name)
                .public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(now + timedelta(days=days[0]))
                .not_valid_after(now + timedelta(days=days[1]))
                .add_extension(extension, critical=True)
                .sign(by, hashes.SHA256())
            )

        # Long, so that the certificate which it issues is the longer one where a token has two: DER
        # wants the shorter one first, which is how openssl writes them.
        issuer, issuer_key = f"Test root {'of certificates ' * 3}", make()
        authority = x509.BasicConstraints(ca=True, path_length=None)
        self.root = certify(issuer, issuer_key, issuer, issuer_key, authority)
        chain = []
        if intermediate:
            between, key = "Between", make()
            limits = authority
            if not intermediate_signs:
                limits = x509.BasicConstraints(ca=False, path_length=None)
            chain.append(certify(between, key, issuer, issuer_key, limits))
            issuer, issuer_key = between, key
        key = make()
        usages = x509.ExtendedKeyUsage([usage or x509.ExtendedKeyUsageOID.TIME_STAMPING])
        own = certify("Test authority", key, issuer, issuer_key, usages, valid_days)
        pem = serialization.Encoding.PEM
        (folder / "root.pem").write_bytes(self.root.public_bytes(pem))
        (folder / "tsa.pem").write_bytes(own.public_bytes(pem))
        (folder / "chain.pem").write_bytes(b"".join(one.public_bytes(pem) for one in chain))
        (folder / "tsa.key").write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        (folder / "serial").write_text("01\n")
        configuration = CONFIGURATION + ("certs = {folder}/chain.pem\n" if chain else "")
        (folder / "ts.conf").write_text(configuration.format(folder=folder))

    @property
    def root_file(self) -> Path:
        return self._folder / "root.pem"

    def reply(self, query: bytes) -> bytes:
        """The answer to a request, both DER."""
        (self._folder / "query").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-config", "ts.conf", "-section", "ts", "-queryfile", "query",
            "-out", "answer",
        )  # fmt: skip
        return (self._folder / "answer").read_bytes()

    def accepts(self, token: bytes, data: bytes) -> bool:
        """Whether openssl holds a token for a time-stamp of ``data``."""
        (self._folder / "token").write_bytes(token)
        (self._folder / "data").write_bytes(data)
        done = self._openssl(
            "ts", "-verify", "-data", "data", "-in", "token", "-token_in", "-CAfile", "root.pem",
            check=False,
        )  # fmt: skip
        return done.returncode == 0

    def _openssl(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["openssl", *words], cwd=self._folder, capture_output=True, check=check, timeout=30
        )


class Answering(HTTPServer):
    """Answers each POST with what ``answers`` gives: status, headers, body."""

    def __init__(self, answers: Answers) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, body = answers(asked)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def answering(answers: Answers) -> Iterator[Answering]:
    """A server in a thread of its own."""
    server = Answering(answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
