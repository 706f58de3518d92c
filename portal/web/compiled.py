"""Compiled templates, kept from one start to the next: each process takes seconds to compile them.

Whoever may write what lies here has its code run by us. So it is a folder of this instance that
belongs to us and that nobody else may write to; without such a one each process compiles its own.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from portal.config import ROOT, settings

FOLDER = "templates"
DIGEST_BYTES = hashlib.sha256().digest_size


class Kept(BytecodeCache):
    """Compiled templates in the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled, if it is whole: a power cut may leave half of it."""
        with suppress(OSError):
            kept = (self._folder / bucket.key).read_bytes()
            digest, code = kept[:DIGEST_BYTES], kept[DIGEST_BYTES:]
            if hashlib.sha256(code).digest() == digest:
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it; a full disk is no reason not to show the page."""
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            descriptor, fresh = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(hashlib.sha256(code).digest() + code)
                Path(fresh).replace(self._folder / bucket.key)
            except OSError:
                Path(fresh).unlink()
                raise


@cache
def version() -> str:
    """Of all that the compiled form rests on beside a template's text: filters of ours run on
    constants as they are compiled.
    """
    said = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    for path in sorted((ROOT / "portal").rglob("*.py")):
        said.update(bytes(path) + b"\0" + path.read_bytes())
    return said.hexdigest()[:16]


def folder() -> Path | None:
    """Where this version's are kept; earlier versions go. None if no place is safe."""
    parent = settings().instance_dir / FOLDER
    own = parent / version()
    try:
        parent.parent.mkdir(parents=True, exist_ok=True)
        for each in (parent, own):
            each.mkdir(mode=0o700, exist_ok=True)
            if not _ours_alone(each):
                return None
        for other in parent.iterdir():
            if other != own:
                shutil.rmtree(other, ignore_errors=True)
    except OSError:
        return None
    return own


def _ours_alone(path: Path) -> bool:
    """Whether it is a folder, no link to one, that belongs to us and that only we write to."""
    found = path.lstat()
    others_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not others_write


def init_app(app: Flask) -> None:
    """Keep what ``app`` compiles, unless it was told of another way to."""
    if app.jinja_env.bytecode_cache is None and (found := folder()):
        app.jinja_env.bytecode_cache = Kept(found)
