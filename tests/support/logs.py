"""A log of a test's own: signer, sequencer, tiles and journal around a database."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from portal.sequencing.link import SignerLink
from portal.sequencing.publishing import Publisher
from portal.sequencing.sequencer import Connection, Parts, Sequencer
from portal.sequencing.signer import Server, Signer
from portal.sequencing.vault import Vault
from portal.transparency import checkpoints, merkle
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.journal import Journal, Place
from portal.transparency.notes import PublicKey
from tests.support.databases import Database, column, value


@contextmanager
def signing(folder: Path) -> Iterator[SignerLink]:
    """A signer that listens, and a connection to it."""
    vault = Vault(folder)
    server = Server(folder / "socket", Signer(vault), {os.geteuid()})
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    link = SignerLink(folder / "socket", folder)
    try:
        yield link
    finally:
        link.close()
        server.shutdown()
        thread.join()
        server.server_close()
        vault.close()


@dataclass(frozen=True)
class Log:
    """What a sequencer works with, and the database it works on."""

    database: Database
    folder: Path
    signer: SignerLink
    journal: Place

    @property
    def tiles(self) -> Path:
        return self.folder / "tiles"

    def on(self, database: Database) -> Log:
        """The same on another database."""
        return replace(self, database=database)

    @contextmanager
    def connected(self) -> Iterator[tuple[Sequencer, Connection]]:
        """A sequencer that has not begun, and its connection."""
        publisher = Publisher(self.tiles)
        made = Sequencer(Parts(publisher, self.signer, self.journal))
        try:
            with self.database.connect("dozir_sequencer", autocommit=True) as conn:
                yield made, conn
        finally:
            publisher.close()

    def sequence(self) -> Checkpoint:
        """Begin, sequence and sign all that waits; the checkpoint that is published."""
        with self.connected() as (made, conn):
            made.begin(conn)
            while made.tick(conn):
                pass
        return self.published()

    def published(self) -> Checkpoint:
        """The published checkpoint, both of whose signatures hold."""
        keys = [PublicKey.parse(one.vkey) for one in self.signer.state().keys]
        origin = value_of(self.database, "select origin from ledger.log")
        note = (self.tiles / "checkpoint").read_text()
        signed = checkpoints.verify(note, keys, origin)
        assert signed.by.keys() == set(keys)
        return signed.checkpoint

    def root(self, size: int | None = None) -> bytes:
        """The root over the leaves that the database has, computed here."""
        with self.database.connect() as conn:
            found = column(
                conn,
                "select e.hash from ledger.leaf as x join ledger.entry as e on e.id = x.entry_id"
                " order by x.leaf_index",
            )
        return merkle.root([merkle.hash_leaf(one) for one in found[:size]])


def value_of(database: Database, query: str) -> str:
    """The first value that a query gives the superuser."""
    with database.connect() as conn:
        return str(value(conn, query))


def enter(database: Database, count: int) -> None:
    """Enter documents, all in one transaction."""
    with database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute(
            "select ledger.append_document(3::smallint, null, jsonb_build_object('n', n))"
            " from generate_series(1, %s) as n",
            (count,),
        )


@contextmanager
def logged(database: Database, folder: Path) -> Iterator[Log]:
    """A log around a database, in a folder."""
    journal = Journal(folder / "journal")
    with signing(folder / "signer") as link:
        yield Log(database, folder, link, journal)
    journal.close()
