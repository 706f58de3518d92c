"""What is trusted: a folder with ``anchors``, ``intermediates``, ``crls`` and ``ocsp``.

Nothing outside of it is trusted or fetched. ``list.json`` beside them says what trusted list the
anchors were taken from and when its next update is due.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from portal.identity.signatures import certificates, crls, ocsp
from portal.identity.signatures.asn1 import Malformed
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.crls import Crl
from portal.identity.signatures.ocsp import OcspAnswer

ANCHORS, INTERMEDIATES, CRLS, OCSP, LIST = "anchors", "intermediates", "crls", "ocsp", "list.json"
LARGEST_FILE = crls.LARGEST
# An extension of the certificates of demo authorities: anchors with it and anchors without it are
# never trusted together. Its identifier is under the arc for UUIDs, which needs no registration.
DEMONSTRATION = "2.25.270482170294120437268163926483518270391"
T = TypeVar("T")


class TrustInvalid(Exception):
    """A folder that must not be relied upon; the message says why."""


@dataclass(frozen=True)
class Trust:
    """Anchors, further authorities, and evidence about revocation.

    ``next_update`` is when the trusted list behind the anchors is due, None where they were put
    there by hand. ``unusable`` names pieces of evidence that could not be read.
    """

    anchors: tuple[Certificate, ...]
    intermediates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp: tuple[OcspAnswer, ...] = ()
    next_update: datetime | None = None
    unusable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        marked = [DEMONSTRATION in one.extensions for one in self.anchors]
        if any(marked) and not all(marked):
            raise TrustInvalid(
                "a demo authority stands beside real anchors: remove one or the other"
            )

    @property
    def is_demonstration(self) -> bool:
        """Whether what is trusted is a demo authority."""
        return any(DEMONSTRATION in one.extensions for one in self.anchors)

    def is_stale(self, moment: datetime, grace: timedelta) -> bool:
        """Whether the trusted list was due, and its time of grace is over too."""
        return self.next_update is not None and moment > self.next_update + grace


class Reader:
    """Reads a folder again and again; a file that has not changed is parsed once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[object, ...], Any] = {}
        self._used: dict[tuple[object, ...], Any] = {}

    def read(self) -> Trust:
        """What the folder holds. Raises TrustInvalid.

        An anchor or intermediate that cannot be read is an error, as somebody relies on it;
        evidence that cannot be read counts as absent.
        """
        folder = self._folder
        if not folder.is_dir():
            raise TrustInvalid(f"{folder} is not a folder")
        self._used = {}
        unusable: list[str] = []
        made = Trust(
            anchors=tuple(self._certificates(folder / ANCHORS)),
            intermediates=tuple(self._certificates(folder / INTERMEDIATES)),
            crls=tuple(self._evidence(folder / CRLS, crls.load, unusable)),
            ocsp=tuple(self._evidence(folder / OCSP, ocsp.load, unusable)),
            next_update=_next_update(folder / LIST),
            unusable=tuple(unusable),
        )
        self._known = self._used
        return made

    def _certificates(self, folder: Path) -> Iterator[Certificate]:
        for path in _files(folder):
            found = self._parsed(path, certificates.load_all)
            if isinstance(found, Malformed):
                raise TrustInvalid(f"{path}: {found}") from found
            yield from found

    def _evidence(
        self, folder: Path, load: Callable[[bytes], T], unusable: list[str]
    ) -> Iterator[T]:
        for path in _files(folder):
            found = self._parsed(path, load)
            if isinstance(found, Malformed):
                unusable.append(f"{path.name}: {found}")
            else:
                yield found

    def _parsed(self, path: Path, load: Callable[[bytes], T]) -> T | Malformed:
        """What a file holds, or why it cannot be read."""
        try:
            key = (path, *_state(path))
            if key not in self._known:
                with path.open("rb") as file:
                    data = file.read(LARGEST_FILE + 1)
                try:
                    self._known[key] = load(data)
                except Malformed as problem:
                    self._known[key] = problem
        except FileNotFoundError:  # replaced or cleared away meanwhile: counts as absent
            return Malformed("gone")
        except OSError as problem:
            raise TrustInvalid(f"{path}: {problem.strerror}") from problem
        found: T | Malformed = self._known[key]
        self._used[key] = found
        return found


def read(folder: Path) -> Trust:
    """What a folder holds, see :meth:`Reader.read`. Raises TrustInvalid."""
    return Reader(folder).read()


def state(folder: Path) -> tuple[object, ...]:
    """What changes when something in a trust folder does: names, times and sizes."""
    found: list[object] = []
    for name in (ANCHORS, INTERMEDIATES, CRLS, OCSP):
        for path in _files(folder / name):
            try:
                found.append((path, *_state(path)))
            except OSError:
                found.append((path, "gone"))
    listed = folder / LIST
    return (*found, _state(listed) if listed.exists() else None)


def _state(path: Path) -> tuple[int, int, int]:
    told = path.stat()
    return told.st_mtime_ns, told.st_size, told.st_ino


def _files(folder: Path) -> list[Path]:
    """The files of a folder in their order, without those whose names begin with a dot."""
    try:
        return [
            path
            for path in (sorted(folder.iterdir()) if folder.exists() else ())
            if not path.name.startswith(".") and path.is_file()
        ]
    except OSError as problem:
        raise TrustInvalid(f"{folder}: {problem.strerror}") from problem


def _next_update(path: Path) -> datetime | None:
    if not path.exists():
        return None
    try:
        found = datetime.fromisoformat(json.loads(path.read_bytes())["next_update"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise TrustInvalid(f"{path} cannot be read") from problem
    if found.tzinfo is None:
        raise TrustInvalid(f"{path}: a time without its offset")
    return found
