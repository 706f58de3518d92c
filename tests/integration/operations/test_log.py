"""`dozir serve` with its signer and sequencer: what is acknowledged is soon proved by /log/."""

from __future__ import annotations

import base64
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from portal import config
from portal.runtime.instance import free_port
from portal.sequencing.signer import USER
from portal.transparency import checkpoints, keys, merkle, promises, tiles
from portal.transparency.journal import read
from portal.transparency.notes import PublicKey
from tests.support.api import Client, Inspector
from tests.support.databases import Cluster, Database, rows, value
from tests.support.market import alpha, register
from tests.support.servers import Server, serving

from .conftest import Answer, ask, figures, until


@dataclass
class JournalHost:
    """`dozir journal serve`, as on another host."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [Path(sys.executable).with_name("dozir"), "journal", "serve"]
        options = ["--port", str(self.port), "--folder", str(self.folder)]
        self.process = subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL)
        until(self.answers)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            assert self.process.wait(10) == 0
            self.process = None


@dataclass(frozen=True)
class Place:
    database: Database
    server: Server
    client: Client
    folder: Path
    journal: JournalHost
    settings: dict[str, str]

    def get(self, name: str, **headers: str) -> Answer:
        return ask(self.server.port, f"/log/{name}", headers)

    def tile(self, level: int, index: int, size: int) -> list[bytes]:
        """A tile over HTTP."""
        path = tiles.path(level, index, tiles.width_of(level, index, size))
        _, data = raw(self.server.port, f"/log/{path}")
        return [data[place : place + 32] for place in range(0, len(data), 32)]

    def checkpoint(self) -> checkpoints.Checkpoint:
        """The published one; every key of the policy must have signed it."""
        lines = self.get("policy").text.splitlines()
        keys = [PublicKey.parse(one.removeprefix("log ")) for one in lines if one[:4] == "log "]
        signed = checkpoints.verify(self.get("checkpoint").text, keys, keys[0].name)
        assert signed.by.keys() == set(keys)
        return signed.checkpoint

    def newest(self) -> checkpoints.Checkpoint:
        """The one that covers all that is entered by now."""
        with self.database.connect() as conn:
            count = value(conn, "select count(*) from ledger.entry")
        found = until(lambda: (told := self.checkpoint()).size >= count and told)
        assert isinstance(found, checkpoints.Checkpoint)
        return found


def raw(port: int, path: str) -> tuple[bytes, bytes]:
    """The head and the body of an answer to a path that no client has put in order."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        data = b""
        while part := connection.recv(1 << 16):
            data += part
    head, _, body = data.partition(b"\r\n\r\n")
    return head, body


@pytest.fixture(scope="module")
def place(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = config.settings().home / "logged"  # the signer's account can pass through
    folder.mkdir(mode=0o755)
    journal = JournalHost(tmp_path_factory.mktemp("journal"))
    journal.start()
    try:
        with cluster.fresh() as database:
            with database.connect() as conn:
                operator = register(conn, alpha())
            settings = {
                "DOZIR_DATABASE_URL": database.url(),
                "DOZIR_SIGNER": str(folder / "signer"),
                "DOZIR_TILES": str(folder / "tiles"),
                "DOZIR_JOURNAL": f"tcp://127.0.0.1:{journal.port}",
            }
            with serving(database, log=True, **settings) as server:
                inspector = Inspector(database)
                client = Client(server.port, operator, inspector)
                yield Place(database, server, client, folder, journal, settings)
                inspector.close()
    finally:
        journal.stop()


def test_a_receipts_entry_is_soon_in_a_signed_checkpoint(place: Place) -> None:
    receipt = place.client.accepted().document
    entry = base64.b64decode(receipt["entry"])
    assert entry in list(read(place.journal.folder))
    checkpoint = place.newest()
    size = checkpoint.size
    bundle = tiles.path("entries", 0, size)
    _, data = raw(place.server.port, f"/log/{bundle}")
    index = [data[at + 2 : at + 34] for at in range(0, len(data), 34)].index(
        bytes.fromhex(receipt["entry_hash"])
    )
    subtree = tiles.subtree_of(lambda level, number: place.tile(level, number, size))
    proof = merkle.inclusion_proof(index, size, subtree)
    leaf = merkle.hash_leaf(bytes.fromhex(receipt["entry_hash"]))
    merkle.verify_inclusion(leaf, index, size, proof, checkpoint.root)


def test_caches_keep_tiles_for_ever_and_ask_for_the_checkpoint(place: Place) -> None:
    size = place.checkpoint().size
    head, _ = raw(place.server.port, f"/log/{tiles.path(0, 0, size)}")
    assert b"Content-Type: application/octet-stream\r\n" in head
    assert b"Cache-Control: public, max-age=31536000, immutable\r\n" in head
    answer = place.get("checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    again = {"If-None-Match": answer.headers["ETag"]}
    assert ask(place.server.port, "/log/checkpoint", again).status == 304


@pytest.mark.parametrize(
    "name",
    [
        "../signer/state.json",
        "..%2fsigner%2fstate.json",
        "%2e%2e/signer/state.json",
        "tile/../../signer/keys.json",
        "tile/0/000/../../../../signer/keys.json",
        "tile/0/%2e%2e/%2e%2e/checkpoint",
        "tile//0/000",
        "//etc/passwd",
        "/etc/passwd",
        "tile/0/000%00",
        "tile/0/000%0a",
        "checkpoint%0a",
        "checkpoint/",
        "tile/0",
        "tile/0/000.p",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/64/000",
        "tile/00/000",
        "tile/0/x000/" * 20 + "000",
        "tile/0/.000.1",
        "tile/-1/000",
        "tile/0/٠٠٠",
        "..\\signer\\state.json",
    ],
)
def test_no_name_leads_out_of_the_log(place: Place, name: str) -> None:
    head, body = raw(place.server.port, f"/log/{name}")
    assert head.split(b" ", 2)[1] in {b"400", b"404", b"308"}
    for word in (b'"size"', b"valid_until", b"root:", b"\xe2\x80\x94 "):
        assert word not in body


def test_without_its_journal_nothing_is_acknowledged(place: Place) -> None:
    batch = place.client.records(1)
    counted = 'dozir_ingest_batches_total{{outcome="{}"}}'.format
    before = figures(place.server.port)
    place.journal.stop()
    request = {"idempotency_key": uuid4(), "sequence": 900}
    refused = place.client.post(batch, **request)
    assert (refused.status, refused.code) == (503, "service_unavailable")
    place.journal.start()
    answer = place.client.post(batch, **request)
    assert answer.status == 200
    after = figures(place.server.port)
    for outcome in ("new", "repeated"):  # it was stored once, and its receipt came with the second
        assert after[counted(outcome)] - before.get(counted(outcome), 0) == 1
    assert base64.b64decode(answer.document["entry"]) in list(read(place.journal.folder))
    place.newest()


@pytest.fixture
def put_back() -> Iterator[None]:
    """Other tests of this process have one key of receipts, and the same one after this."""
    secrets = config.settings().secrets_dir
    first = secrets / keys.RECEIPT_KEY
    kept = first.read_bytes()
    yield
    for path in secrets.glob("receipt-key*"):
        path.unlink()
    first.write_bytes(kept)
    first.chmod(0o600)
    keys._private.cache_clear()


@pytest.mark.usefixtures("put_back")
def test_a_key_of_receipts_is_rotated_while_the_portal_runs(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered keeps its bytes; new receipts are signed by both; all stay genuine."""
    monkeypatch.setattr(keys, "LEAD", timedelta(0))
    batch, request = place.client.records(1), {"idempotency_key": uuid4(), "sequence": 901}
    first = place.client.post(batch, **request)
    [only] = place.get("receipt-key").text.splitlines()
    keys.rotate_receipt_key(timedelta(seconds=3))
    begun = time.monotonic()
    fresh, *older = place.get("receipt-key").text.splitlines()
    assert older == [only]
    assert place.client.post(batch, **request).body == first.body
    second = place.client.accepted()
    for vkey in (only, fresh):
        promises.verify(promises.read(second.body), PublicKey.parse(vkey))
    time.sleep(max(0, 3.1 - (time.monotonic() - begun)))
    third = place.client.accepted()
    promises.verify(promises.read(third.body), PublicKey.parse(fresh))
    assert third.document["promise"].count("\n— ") == 1
    place.newest()
    json_type = {"Content-Type": "application/json"}
    for receipt in (first, second, third):
        told = place.client.request("POST", "/check", receipt.body, json_type).document
        assert told["outcome"] == "logged", told


@pytest.mark.usefixtures("put_back")
def test_the_command_makes_the_next_key_of_receipts_and_notes_it(place: Place) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("dozir"), "log", "rotate-receipt-key"],
        env=os.environ | place.settings,
        capture_output=True,
        text=True,
        check=True,
    )
    fresh, old = done.stdout.splitlines()
    assert " until " in old
    assert PublicKey.parse(fresh).name == place.checkpoint().origin + "/receipts"
    with place.database.connect() as conn:
        known = dict(
            rows(
                conn,
                "select vkey, valid_until = 'infinity' from ledger.log_key"
                " where purpose = 'receipts'",
            )
        )
    assert known[fresh]
    assert not known[old.split()[0]]


def test_doctor_and_metrics_tell_how_the_log_is(place: Place) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("dozir"), "doctor", "--json"],
        env=os.environ | place.settings,
        capture_output=True,
        check=False,
    )
    found = json.loads(done.stdout)["checks"]
    told = {one["name"]: one for one in found if one["name"] in {"signer", "log"}}
    assert {one["state"] for one in told.values()} == {"ok"}, told
    size = place.checkpoint().size
    assert f"{size} leaves" in told["log"]["found"]
    [account] = [one for one in found if one["name"] == "signer account"]
    assert account["state"] == "warning"  # the portal of the tests is root's, or has no other
    told_figures = figures(place.server.port)
    assert told_figures["dozir_log_refused"] == 0
    assert told_figures["dozir_log_signed_timestamp_seconds"] > 0


def test_a_signer_of_its_own_account_comes_back_after_a_kill(place: Place) -> None:
    master = place.server.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    [pid] = [
        int(one)
        for one in children
        if Path(f"/proc/{one}/cmdline").read_bytes().endswith(b"portal.cli\0sign\0")
    ]
    if os.geteuid() == 0:
        assert pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name == USER
        assert pwd.getpwuid((place.folder / "signer" / "keys.json").stat().st_uid).pw_name == USER
    before = place.checkpoint().size
    os.kill(pid, signal.SIGKILL)
    place.client.accepted()
    until(lambda: place.checkpoint().size > before)
