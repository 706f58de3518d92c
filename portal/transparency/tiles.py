"""The log's hashes on disk as C2SP tlog-tiles: written once, served as files.

Source: https://c2sp.org/tlog-tiles. A tile of level 0 holds up to 256 leaf hashes; one of level 1
the roots of full tiles of level 0, and so on. A bundle of entries holds the entries' data, here
their 32-byte hashes.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from portal.transparency import merkle
from portal.transparency.merkle import HASH_BYTES, Subtree

WIDTH = 256
_LEVEL_BITS = 8
_LENGTH = struct.Struct(">H")
ENTRIES = "entries"


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Where a tile or bundle is below the log's prefix; ``width`` below 256 names a partial one."""
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"


def width_of(level: int, index: int, size: int) -> int:
    """How many hashes a tile has in a tree of ``size`` leaves; 0 where there is none."""
    return max(0, min(WIDTH, (size >> _LEVEL_BITS * level) - index * WIDTH))


def bundle(entry_hashes: Sequence[bytes]) -> bytes:
    """A bundle of entries, each the 32 bytes of a hash."""
    return b"".join(_LENGTH.pack(len(one)) + one for one in entry_hashes)


class Tiles:
    """The tiles of one log in a folder. One process writes, any number reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, level: int, index: int, size: int) -> list[bytes]:
        """The hashes of a tile in a tree of ``size``. Raises FileNotFoundError, ValueError."""
        width = width_of(level, index, size)
        data = self._data(path(level, index, width), path(level, index))
        if len(data) < width * HASH_BYTES or len(data) % HASH_BYTES:
            raise ValueError(f"tile {level}/{index} is damaged")
        return [
            data[place : place + HASH_BYTES] for place in range(0, width * HASH_BYTES, HASH_BYTES)
        ]

    def entries(self, index: int, size: int) -> list[bytes]:
        """The entry hashes of a bundle in a tree of ``size``.

        Raises FileNotFoundError, ValueError.
        """
        width, step = width_of(0, index, size), _LENGTH.size + HASH_BYTES
        data = self._data(path(ENTRIES, index, width), path(ENTRIES, index))
        if len(data) < width * step or len(data) % step:
            raise ValueError(f"bundle {index} is damaged")
        return [data[place + _LENGTH.size : place + step] for place in range(0, width * step, step)]

    def _data(self, *paths: str) -> bytes:
        for one in paths[:-1]:
            try:
                return (self._folder / one).read_bytes()
            except FileNotFoundError:
                pass  # the full one has taken its place
        return (self._folder / paths[-1]).read_bytes()

    def append(self, size: int, entry_hashes: Sequence[bytes]) -> bytes:
        """Add entries to a tree of ``size``; the new root. All is on the disk when it returns.

        The same entries may be added again, as after a crash: the same files come out. Partial
        tiles go when their full one is there, as the specification allows.
        """
        new_size = size + len(entry_hashes)
        files = _Files(self._folder)
        self._add_bundles(files, size, entry_hashes)
        fresh, level, start = [merkle.hash_leaf(one) for one in entry_hashes], 0, size
        while fresh:
            above: list[bytes] = []
            index, inside = divmod(start, WIDTH)
            hashes = (self.read(level, index, size)[:inside] if inside else []) + fresh
            for place in range(0, len(hashes), WIDTH):
                part = hashes[place : place + WIDTH]
                number = index + place // WIDTH
                files.add(path(level, number, len(part)), b"".join(part))
                if len(part) == WIDTH:
                    above.append(merkle.root(part))
            fresh, level, start = above, level + 1, index
        files.settle()
        return self.root(new_size)

    def _add_bundles(self, files: _Files, size: int, entry_hashes: Sequence[bytes]) -> None:
        index, inside = divmod(size, WIDTH)
        hashes = (self.entries(index, size) if inside else []) + list(entry_hashes)
        for place in range(0, len(hashes), WIDTH):
            part = hashes[place : place + WIDTH]
            files.add(path(ENTRIES, index + place // WIDTH, len(part)), bundle(part))

    def root(self, size: int) -> bytes:
        """The root at a size that was published: a partial tile of its width is there."""
        return self.subtree(size)(0, size) if size else merkle.EMPTY_ROOT

    def subtree(self, size: int) -> Subtree:
        """The subtrees of the tree of ``size``, for proofs; tiles are read once each."""
        return subtree_of(lambda level, index: self.read(level, index, size))


def subtree_of(read: Callable[[int, int], Sequence[bytes]]) -> Subtree:
    """Subtrees from tiles, however they are fetched."""
    tile = lru_cache(maxsize=256)(lambda level, index: tuple(read(level, index)))

    def subtree(start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) or start % count:
            middle = start + merkle.split(count)
            return merkle.hash_children(subtree(start, middle), subtree(middle, end))
        level, bits = divmod(count.bit_length() - 1, _LEVEL_BITS)
        index, place = divmod(start >> _LEVEL_BITS * level, WIDTH)
        return merkle.root(tile(level, index)[place : place + (1 << bits)])

    return subtree


class _Files:
    """Files that appear together: each whole or not at all, on the disk after ``settle``.

    Syncing them one after the other, once all are written, costs little more than syncing one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[tuple[Path, Path, int]] = []

    def add(self, name: str, data: bytes) -> None:
        """Write a file beside its place."""
        target = self._folder / name
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        self._made.append((fresh, target, descriptor))
        if os.write(descriptor, data) != len(data):
            raise OSError(f"{name} was not written whole: is the disk full?")

    def settle(self) -> None:
        """Put all into their places."""
        for _, _, descriptor in self._made:
            os.fsync(descriptor)
        for fresh, target, descriptor in self._made:
            os.close(descriptor)
            fresh.replace(target)
        for folder in {target.parent for _, target, _ in self._made}:
            sync_folder(folder)
        for _, target, _ in self._made:
            if target.parent.suffix != ".p":
                shutil.rmtree(target.with_name(target.name + ".p"), ignore_errors=True)


def write_file(target: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file: whole or not at all, and on the disk when it returns."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)  # whatever the umask is
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
