"""The sequencer's end of the signer's socket."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal.sequencing.signer import peer_uid
from portal.sequencing.vault import KeyFacts, Refused
from portal.transparency.notes import Signature, signature_lines

ANSWER_SECONDS = 30.0
ANSWER_BYTES_MAX = 1 << 20


class SignerAway(Exception):
    """The signer does not answer; the message says why."""


@dataclass(frozen=True, slots=True)
class SignerState:
    """What the signer says of itself; its keys are known once it knows the log's name."""

    origin: str
    size: int
    root: bytes
    keys: tuple[KeyFacts, ...]
    account: str


class SignerLink:
    """A connection that is made when needed, and anew after a failure."""

    def __init__(self, address: Path, owner_of: Path) -> None:
        """``owner_of``: the signer's folder, whose owner must be who listens on the socket."""
        self._address, self._owner_of = address, owner_of
        self._connection: socket.socket | None = None

    def state(self) -> SignerState:
        """What it has signed. Raises SignerAway, Refused."""
        return self._state_of(self._ask({"op": "state"}))

    def sign(
        self, origin: str, old: int, size: int, root: bytes, proof: Sequence[bytes]
    ) -> list[Signature]:
        """The signatures of a checkpoint. Raises SignerAway, Refused."""
        answer = self._ask(
            {
                "op": "sign",
                "origin": origin,
                "old": old,
                "size": size,
                "root": base64.b64encode(root).decode(),
                "proof": [base64.b64encode(one).decode() for one in proof],
            }
        )
        return signature_lines("".join(answer["signatures"]))

    def rotate(self, overlap: timedelta) -> SignerState:
        """Make the next key. Raises SignerAway, Refused."""
        request = {"op": "rotate", "overlap_s": overlap.total_seconds()}
        return self._state_of(self._ask(request))

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @staticmethod
    def _state_of(answer: dict[str, Any]) -> SignerState:
        return SignerState(
            answer["origin"],
            answer["size"],
            base64.b64decode(answer["root"]),
            tuple(KeyFacts(**one) for one in answer["keys"]),
            answer["account"],
        )

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            connection = self._connection or self._connect()
            connection.sendall(json.dumps(request).encode() + b"\n")
            line = self._line(connection)
        except OSError as problem:
            self.close()
            raise SignerAway(f"the signer does not answer on {self._address}") from problem
        answer: dict[str, Any] = json.loads(line)
        if "refused" in answer:
            raise Refused(answer["refused"], answer["why"])
        return answer

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(ANSWER_SECONDS)
            connection.connect(str(self._address))
            if peer_uid(connection) not in {0, self._owner_of.stat().st_uid}:
                raise SignerAway(f"who listens on {self._address} is not the signer")
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    @staticmethod
    def _line(connection: socket.socket) -> bytes:
        data = b""
        while not data.endswith(b"\n"):
            part = connection.recv(1 << 16)
            if not part or len(data) > ANSWER_BYTES_MAX:
                raise ConnectionError("the signer went away")
            data += part
        return data
