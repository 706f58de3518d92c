"""Find the PostgreSQL programs: installed here, or a private runtime from the cache or Debian."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from portal.config import settings, versions
from portal.runtime import unpack
from portal.runtime.account import check_passable, passable_folder
from portal.runtime.debian import Archive, architecture, require_tools
from portal.runtime.errors import RuntimeProblem
from portal.runtime.locks import exclusive
from portal.runtime.progress import say

EXTENSIONS = (
    "timescaledb",
    "hll",
    "pgtap",
    "pg_stat_statements",
    "pg_trgm",
    "btree_gin",
    "btree_gist",
)
SUPPORTED = (17, 16)  # best first
TIMESCALEDB_LEAST = (2, 18)
LAYOUT = 1  # change it when trees made by older code must not be used any more


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL: where its programs are and how they are to be called."""

    major: int
    bin: Path
    private: bool
    root: Path | None = None

    def program(self, name: str) -> Path:
        """The path of a program such as ``psql``."""
        return self.bin / name

    def environment(self) -> dict[str, str]:
        """All that the server may know of its caller's environment.

        No PG variable redirects it, no preloaded library enters it, and no secret of the caller
        stays readable in its environment.
        """
        env = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}
        if self.root is not None:  # the tree's own locale data fits the tree's own C library
            env["LOCPATH"] = str(self.root / "usr/lib/locale")
        return env


def binaries() -> Binaries:
    """The programs to use; fetches the private runtime when there are none.

    Raises RuntimeProblem when there are none and none can be fetched.
    """
    return installed() or cached() or fetch()


def available() -> Binaries | None:
    """The programs that are here already; never fetches."""
    return installed() or cached()


def installed() -> Binaries | None:
    """A PostgreSQL of this machine that has all extensions we need."""
    for major in SUPPORTED:
        for folder in (f"/usr/lib/postgresql/{major}/bin", f"/usr/pgsql-{major}/bin"):
            found = Binaries(major, Path(folder), private=False)
            shared = (f"/usr/share/postgresql/{major}", f"/usr/pgsql-{major}/share")
            if found.program("postgres").exists() and any(
                _has_extensions(Path(share) / "extension") for share in shared
            ):
                return found
    return None


def _has_extensions(folder: Path) -> bool:
    """Whether a folder of control files offers all of EXTENSIONS, TimescaleDB new enough."""
    if not all((folder / f"{name}.control").exists() for name in EXTENSIONS):
        return False
    control = (folder / "timescaledb.control").read_text(errors="replace")
    version = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control)
    return version is not None and (int(version[1]), int(version[2])) >= TIMESCALEDB_LEAST


def place() -> Path:
    """Where the private runtime is or will be; its name says what it was made from."""
    wanted = versions()["postgresql"]
    source = repr((LAYOUT, sorted(wanted.items()), os.uname().machine))
    name = f"postgresql-{wanted['major']}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
    return settings().cache / "runtime" / name


def cached() -> Binaries | None:
    """The private runtime, when it is whole and where it was made for."""
    root = place()
    facts = unpack.manifest(root)
    if facts is None or facts["place"] != str(root):
        return None
    check_passable(root)
    major = versions()["postgresql"]["major"]
    return Binaries(major, root / f"usr/lib/postgresql/{major}/bin", private=True, root=root)


def fetch() -> Binaries:
    """Fetch, verify and unpack the private runtime; a second caller waits and uses the first's."""
    root = place()
    if unpack.manifest(root) is None:
        require_tools()
    passable_folder(root.parent)
    with exclusive(root.parent / "lock"):
        if unpack.manifest(root) is None:
            _fetch_into(root)
        elif cached() is None:
            say(f"the runtime was moved to {root}: patching it again")
            unpack.rebuild_moved(root)
    made = cached()
    if made is None:
        raise RuntimeProblem(f"The runtime in {root} is not usable. Remove it and start again.")
    return made


def _fetch_into(root: Path) -> None:
    for left in root.parent.glob(f".{root.name}-*"):  # of a caller that was killed
        shutil.rmtree(left)
    wanted = versions()["postgresql"]
    archive = Archive(passable_folder(settings().cache / "apt"), wanted["debian_release"])
    say(f"fetching PostgreSQL {wanted['major']} with TimescaleDB (Debian packages, once)")
    archive.update()
    packages = [p for p in archive.closure(wanted["debian_packages"]) if unpack.is_needed(p.name)]
    debs = archive.download(packages)
    say(f"unpacking {len(debs)} packages into {root}")
    facts: dict[str, object] = {
        "architecture": architecture(),
        "packages": {package.name: package.version for package in packages},
    }
    unpack.build(debs, root, facts)
