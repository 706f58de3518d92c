"""``dozir sign``: the signer's process, which listens on a socket and holds the log's keys.

A request is one line of JSON, its answer another. Only the sequencer's account, the signer's own
and root may ask, which the kernel vouches for; only the last two may rotate keys.
"""

from __future__ import annotations

import base64
import json
import os
import pwd
import socket
import socketserver
import struct
import threading
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from portal.config import settings
from portal.runtime import RuntimeProblem
from portal.runtime.account import make_system_user
from portal.sequencing.vault import Refused, Vault
from portal.transparency.checkpoints import PrivateKey
from portal.transparency.notes import Kind

USER = "dozir-signer"
LINE_BYTES_MAX = 1 << 16
IDLE_SECONDS = 300.0
CONNECTIONS_MAX = 8
OVERLAP_MOST = timedelta(days=3660)
_PEER = struct.Struct("3i")  # pid, uid, gid

log = structlog.get_logger(__name__)


def peer_uid(connection: socket.socket) -> int:
    """The account at the other end of a Unix socket, from the kernel."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    _, uid, _ = _PEER.unpack(raw)
    return int(uid)


class Signer:
    """Answers requests, one at a time."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._lock = threading.Lock()

    def answer(self, line: bytes, *, master: bool) -> dict[str, Any]:
        """The answer to a request; ``master``: from root or the signer's own account."""
        try:
            request = json.loads(line)
            with self._lock:
                return self._answer(request, master)
        except Refused as refused:
            if refused.code != "stale":
                log.error("the signer refuses", code=refused.code, why=str(refused))
            return {"refused": refused.code, "why": str(refused)}
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            return {"refused": "request", "why": "a request that is none"}

    def _answer(self, request: dict[str, Any], master: bool) -> dict[str, Any]:
        match request["op"]:
            case "state":
                return self._state()
            case "sign":
                lines = self._vault.sign(
                    str(request["origin"]),
                    int(request["old"]),
                    int(request["size"]),
                    base64.b64decode(request["root"], validate=True),
                    [base64.b64decode(one, validate=True) for one in request["proof"]],
                )
                return {"signatures": list(lines)}
            case "rotate" if master:
                overlap = timedelta(seconds=float(request["overlap_s"]))
                if not timedelta(0) <= overlap <= OVERLAP_MOST:
                    raise Refused("overlap", "an overlap takes 0 days to 10 years")
                self._vault.rotate(overlap)
                return self._state()
            case "rotate":
                raise Refused("account", "only root and the signer's own account rotate keys")
            case _:
                raise ValueError

    def _state(self) -> dict[str, Any]:
        state = self._vault.state
        return {
            "origin": state.origin,
            "size": state.size,
            "root": base64.b64encode(state.root).decode(),
            "keys": [asdict(one) for one in self._vault.public()],
            "account": pwd.getpwuid(os.geteuid()).pw_name,
        }


class _Handler(socketserver.StreamRequestHandler):
    timeout = IDLE_SECONDS
    server: Server

    def handle(self) -> None:
        """Answer lines until the other end goes away."""
        uid = peer_uid(self.connection)
        if uid not in self.server.clients or not self.server.room.acquire(blocking=False):
            return
        try:
            with suppress(OSError):  # it went away, or was silent for too long
                while line := self.rfile.readline(LINE_BYTES_MAX):
                    master = uid in {0, os.geteuid()}
                    answer = self.server.signer.answer(line, master=master)
                    self.wfile.write(json.dumps(answer).encode() + b"\n")
        finally:
            self.server.room.release()


class Server(socketserver.ThreadingUnixStreamServer):
    """The socket; ``clients`` are the accounts that may ask."""

    daemon_threads = True

    def __init__(self, address: Path, signer: Signer, clients: set[int]) -> None:
        self.signer = signer
        self.clients = clients
        self.room = threading.BoundedSemaphore(CONNECTIONS_MAX)
        address.unlink(missing_ok=True)  # of a signer that is gone: the vault's lock is ours
        super().__init__(str(address), _Handler)
        address.chmod(0o666)  # whoever may ask is told by his account, in each request


def prepare(folder: Path, address: Path) -> int:
    """Make the signer's folder and give up root for its own account; whose requests it takes.

    Started by root, the signer works as the system user ``dozir-signer``, which is made when it is
    missing. Raises RuntimeProblem.
    """
    client = _client()
    _load_all()
    if os.geteuid() != 0:
        return client
    try:
        account = pwd.getpwnam(USER)
    except KeyError:
        make_system_user(USER)
        account = pwd.getpwnam(USER)
    if account.pw_uid == 0:
        raise RuntimeProblem(f"The user {USER} has uid 0: it would keep the keys from nobody.")
    for place in {folder, address.parent}:
        if place == folder or not place.exists():
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
            place.chmod(0o755)
            for one in (place, *(place.iterdir() if place == folder else ())):
                os.chown(one, account.pw_uid, account.pw_gid, follow_symlinks=False)
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    return client


def _client() -> int:
    """The sequencer's account: that of the settings, else the owner of the instance's folder."""
    if name := settings().signer_client:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            raise RuntimeProblem(f"DOZIR_SIGNER_CLIENT: there is no user {name}.") from None
    here = settings().instance_dir
    return here.stat().st_uid if here.exists() else os.geteuid()


def _load_all() -> None:
    """Sign once before root is given up: the code may lie where the signer may not read."""
    for kind in (Kind.ED25519, Kind.ML_DSA_44_COSIGNATURE):
        PrivateKey.from_seed("warm-up", kind, bytes(32)).sign(_TEXT)


_TEXT = "warm-up\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
