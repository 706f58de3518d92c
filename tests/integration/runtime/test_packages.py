"""Where the programs come from: verified, whole, and independent of the host."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from portal.runtime import packages, unpack
from portal.runtime.errors import RuntimeProblem

from .conftest import Installation


@pytest.fixture(scope="module")
def private() -> packages.Binaries:
    found = packages.available() or packages.fetch()
    if not found.private:
        pytest.skip("this machine has a PostgreSQL of its own that fits")
    return found


def test_unsigned_mirror_is_refused(fresh: Installation) -> None:
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    lists = fresh.home / "mirror/dists/trixie"
    (lists / f"main/binary-{architecture}").mkdir(parents=True)
    (lists / f"main/binary-{architecture}/Packages").write_text("")
    (lists / "Release").write_text("Origin: Debian\nSuite: trixie\nCodename: trixie\n")
    fresh.extra = {
        "DOZIR_CACHE": str(fresh.home / "cache"),
        "DOZIR_DEBIAN_MIRROR": f"file:{fresh.home}/mirror",
    }
    for _ in range(2):  # what a failed fetch left is no obstacle to the next
        assert "not signed" in fresh.dozir("db", "start", code=1).stderr
    assert not list((fresh.home / "cache/runtime").glob("postgresql-*"))


def test_every_library_comes_from_the_tree(private: packages.Binaries) -> None:
    """So the host's C library, older or newer, does not matter."""
    root = private.root
    assert root is not None
    loader = next(root.glob("usr/lib/*/ld-linux*.so*"))
    programs = ("postgres", "initdb", "pg_ctl", "psql", "pg_dump", "pg_restore", "pg_basebackup")
    for name in programs:
        listed = subprocess.check_output([loader, "--list", private.program(name)], text=True)
        for line in listed.splitlines():
            library = line.split("=>")[-1].strip()
            assert "not found" not in library
            assert library.startswith((str(root), "linux-vdso")), f"{name}: {line}"


def test_failed_unpacking_leaves_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.deb"
    broken.write_bytes(b"no archive")
    with pytest.raises(RuntimeProblem, match="dpkg-deb failed"):
        unpack.build([broken], tmp_path / "runtime", {})
    assert [path.name for path in tmp_path.iterdir()] == ["broken.deb"]


def test_tree_without_manifest_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "usr").mkdir()
    assert unpack.manifest(tmp_path) is None


def test_moved_tree_is_patched_again(fresh: Installation, private: packages.Binaries) -> None:
    """A copied cache is used where it is now: nothing is fetched, nothing points back."""
    root = private.root
    assert root is not None
    cache = fresh.home / "cache"
    (cache / "runtime").mkdir(parents=True)
    subprocess.run(["cp", "-a", root, cache / "runtime"], check=True)
    nowhere = "file:/nonexistent"  # a fetch would fail
    extra = {"DOZIR_CACHE": str(cache), "DOZIR_DEBIAN_MIRROR": nowhere}
    fresh.extra = extra
    said = fresh.dozir("db", "start").stderr
    assert "patching it again" in said
    pid = (fresh.folder / "data/postmaster.pid").read_text().split()[0]
    mapped = Path(f"/proc/{pid}/maps").read_text()
    assert str(cache) in mapped
    assert str(root) not in mapped
    assert fresh.one("SELECT 1") == 1
