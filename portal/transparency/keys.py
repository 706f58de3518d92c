"""The keys of this instance that sign receipts; the log's own keys are the signer's alone.

The first one's seed is the secret ``receipt-key``. Once a key was rotated in, ``receipt-keys.json``
beside it lists all that there were, with their public halves: what they signed stays verifiable.
Processes that run notice a rotation with the next receipt.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from portal.config import secret, settings
from portal.transparency.checkpoints import PrivateKey
from portal.transparency.notes import Kind, PublicKey
from portal.transparency.promises import KEY_NAME
from portal.transparency.tiles import sync_folder, write_file

RECEIPT_KEY = "receipt-key"
LIST = "receipt-keys.json"
# A key signs what is received from so long after its rotation on, so that no worker has answered
# such a receipt without it.
LEAD = timedelta(minutes=1)
ALWAYS, FOR_EVER = "", "9999-12-31T23:59:59.999999Z"


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """A generation: which receipts it signs, by their ``received_at``, and its public half.

    The moments are written as receipts write them, so that they compare as text.
    """

    number: int
    valid_from: str
    valid_until: str
    material: str  # base 64

    def public(self, origin: str) -> PublicKey:
        """As it signs the receipts of a log."""
        name = KEY_NAME.format(origin=origin)
        return PublicKey(name, Kind.ED25519, base64.b64decode(self.material))

    def signs(self, received_at: str) -> bool:
        """Whether a receipt of this moment is signed by it."""
        return self.valid_from <= received_at < self.valid_until

    @property
    def seed_file(self) -> Path:
        """Where its seed is, until it is destroyed."""
        name = RECEIPT_KEY if self.number == 1 else f"{RECEIPT_KEY}.{self.number}"
        return settings().secrets_dir / name


def receipt_keys() -> Sequence[ReceiptKey]:
    """All that there were, the newest first; those whose time is over can sign no more."""
    path = settings().secrets_dir / LIST
    try:
        found = path.stat()
    except FileNotFoundError:
        return [_first(path)]
    known = _listed(path, found.st_mtime_ns, found.st_ino)
    now = _text(datetime.now(UTC))
    for one in known:
        if one.valid_until <= now and one.seed_file.exists():
            one.seed_file.unlink(missing_ok=True)  # what is not there cannot be stolen
            sync_folder(path.parent)
            _private.cache_clear()
    return known


def signing_keys(origin: str, received_at: str) -> Sequence[PrivateKey]:
    """Who signs a receipt: the keys of its time, or the newest where these were destroyed."""
    if not _is_rotated():
        return [receipt_key(origin)]
    known = receipt_keys()
    own = [one for one in known if one.signs(received_at) and one.seed_file.exists()]
    return [_private(origin, one.seed_file) for one in own or known[:1]]


def receipt_key(origin: str) -> PrivateKey:
    """The key that was made last; made when first asked for."""
    newest = receipt_keys()[0] if _is_rotated() else None
    return _private(origin, newest.seed_file if newest else settings().secrets_dir / RECEIPT_KEY)


def verifying_keys(origin: str, received_at: str = "") -> list[PublicKey]:
    """The public keys that may have signed a receipt of this moment, the newest first.

    One that was destroyed before signs nothing any more; a newer one may have signed it again.
    """
    return [one.public(origin) for one in receipt_keys() if received_at < one.valid_until]


def rotate_receipt_key(overlap: timedelta) -> Sequence[ReceiptKey]:
    """Make the next key; the present ones sign beside it what is received within ``overlap``, then
    their seeds are destroyed.
    """
    folder = settings().secrets_dir
    path = folder / LIST
    secret(RECEIPT_KEY)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begins = datetime.now(UTC) + LEAD
        ends = _text(begins + overlap)
        older = [replace(one, valid_until=min(one.valid_until, ends)) for one in receipt_keys()]
        seed = secrets.token_urlsafe(32)
        fresh = ReceiptKey(older[0].number + 1, _text(begins), FOR_EVER, _material(seed))
        listed = [fresh, *older]
        _keep(fresh.seed_file, seed)
        _keep(path, json.dumps([asdict(one) for one in listed], indent=1))
    finally:
        os.close(lock)
    return listed


def _keep(path: Path, text: str) -> None:
    """Write a secret for whoever owns the others: it may be root who rotates."""
    write_file(path, text.encode(), 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _is_rotated() -> bool:
    return (settings().secrets_dir / LIST).exists()


@cache
def _first(_path: Path) -> ReceiptKey:
    return ReceiptKey(1, ALWAYS, FOR_EVER, _material(secret(RECEIPT_KEY)))


@cache
def _listed(path: Path, _changed_ns: int, _inode: int) -> Sequence[ReceiptKey]:
    return [ReceiptKey(**one) for one in json.loads(path.read_bytes())]


@cache
def _private(origin: str, file: Path) -> PrivateKey:
    text = secret(RECEIPT_KEY) if file.name == RECEIPT_KEY else file.read_text().strip()
    name = KEY_NAME.format(origin=origin)
    return PrivateKey.from_seed(name, Kind.ED25519, _seed(text))


def _seed(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")


def _material(seed: str) -> str:
    key = PrivateKey.from_seed("receipts", Kind.ED25519, _seed(seed))
    return base64.b64encode(key.public.material).decode()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
