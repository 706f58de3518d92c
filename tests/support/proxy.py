"""Debian's nginx in front of a server, with the configuration of deploy/nginx and its own TLS."""

from __future__ import annotations

import datetime
import ipaddress
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.config import ROOT
from portal.runtime.instance import free_port

EXAMPLE = ROOT / "deploy" / "nginx" / "dozir.conf"
FRAME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/dozir.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """nginx on free ports; ``tls`` trusts its certificate."""

    http: int
    https: int
    tls: ssl.SSLContext
    folder: Path

    def errors(self) -> str:
        return (self.folder / "error.log").read_text()


@contextmanager
def proxying(port: int, folder: Path, *, replace: dict[str, str] | None = None) -> Iterator[Proxy]:
    """The example in front of ``port``; ``replace`` shortens what would take too long to test."""
    http, https = free_port(), free_port()
    certificate, key = certificate_in(folder)
    text = EXAMPLE.read_text()
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{https} ssl http2;",
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "server_name dozir.example": "server_name 127.0.0.1",
        "/etc/dozir/tls/fullchain.pem": str(certificate),
        "/etc/dozir/tls/privkey.pem": str(key),
        **(replace or {}),
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
    (folder / "dozir.conf").write_text(text)
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder))
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
    assert program, "nginx is not installed: scripts/setup test"
    process = subprocess.Popen(
        [program, "-p", folder, "-c", folder / "nginx.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(process, https, folder)
        yield Proxy(http, https, ssl.create_default_context(cafile=str(certificate)), folder)
    finally:
        process.terminate()
        process.wait(30)


def _await(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, (folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not listen")


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dozir.example")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "fullchain.pem", folder / "privkey.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
