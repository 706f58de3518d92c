"""The instance's secrets in one encrypted file, to be kept apart from the backups.

A backup holds the access keys' keyed hashes but not the pepper, and the passwords' verifiers but
not the passwords: whoever takes the backup disk cannot use either. A restored instance needs them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from portal.runtime import RuntimeProblem

MAGIC = b"dozir-secrets-1\n"
SALT, NONCE = 16, 12
PASSPHRASE_LEAST = 12


def seal(folder: Path, passphrase: str) -> bytes:
    """All secrets of a folder, readable only with the passphrase."""
    if len(passphrase) < PASSPHRASE_LEAST:
        raise RuntimeProblem(f"The passphrase needs at least {PASSPHRASE_LEAST} characters.")
    secrets = {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    sealed = _cipher(passphrase, salt).encrypt(nonce, json.dumps(secrets).encode(), MAGIC)
    return MAGIC + salt + nonce + sealed


def unseal(sealed: bytes, passphrase: str) -> dict[str, str]:
    """The secrets by name; RuntimeProblem for another passphrase and for a damaged file."""
    start = len(MAGIC)
    if not sealed.startswith(MAGIC):
        raise RuntimeProblem("This is no file of dozir backup secrets.")
    salt, nonce = sealed[start : start + SALT], sealed[start + SALT : start + SALT + NONCE]
    try:
        plain = _cipher(passphrase, salt).decrypt(nonce, sealed[start + SALT + NONCE :], MAGIC)
    except (InvalidTag, ValueError) as error:
        raise RuntimeProblem("The passphrase is another one, or the file is damaged.") from error
    secrets: dict[str, str] = json.loads(plain)
    return secrets


def put(secrets: dict[str, str], folder: Path) -> None:
    """Write secrets into an instance's folder of secrets."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in secrets.items():
        if Path(name).name != name:
            raise RuntimeProblem("The file of secrets names a path.")
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    key = Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())
    return ChaCha20Poly1305(key)
