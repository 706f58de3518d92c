"""What the host's apt sources say, and what belongs into the private runtime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal import config
from portal.runtime import RuntimeProblem, debian, unpack
from portal.runtime.debian import Package

DEB822 = """\
# a comment
Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main

Types: deb-src
URIs: http://source.example/debian
Suites: trixie
Components: main

Types: deb
URIs:
 http://second.example/debian
Suites: trixie
Components: main contrib
"""
ONE_LINE = """\
# deb http://commented.example/debian trixie main
deb [arch=amd64 signed-by=/x.gpg] https://line.example/debian trixie main contrib # why
deb-src https://source.example/debian trixie main
deb https://packages.example/tool stable other
deb https://security.example/debian-security trixie-security main
deb http://archive.ubuntu.example/ubuntu noble main
"""


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / "debian.sources").write_text(DEB822)
    (tmp_path / "sources.list").write_text(ONE_LINE)
    return tmp_path


def test_mirrors_are_found_in_either_notation(etc: Path) -> None:
    assert debian.host_mirrors(etc) == [
        "http://mirror.example/debian",
        "http://second.example/debian",
        "https://line.example/debian",
    ]


def test_host_without_sources_has_no_mirror(tmp_path: Path) -> None:
    assert debian.host_mirrors(tmp_path) == []


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """What DOZIR_DEBIAN_MIRROR says."""

    def tell(mirror: str | None) -> None:
        changed = replace(config.settings(), debian_mirror=mirror)
        monkeypatch.setattr(debian, "settings", lambda: changed)

    return tell


def test_named_mirror_is_the_only_one(told: Callable[[str | None], None]) -> None:
    told("http://own.example/debian")
    assert debian.mirrors() == ["http://own.example/debian"]


def test_a_snapshot_is_no_mirror(
    told: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(None)
    addresses = ["http://snapshot.example/x", "http://a", "http://b"]
    monkeypatch.setattr(debian, "host_mirrors", lambda: addresses)
    assert debian.mirrors() == ["http://a", "http://b"]


def test_a_host_without_mirror_is_told_what_to_do(
    told: Callable[[str | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(None)
    monkeypatch.setattr(debian, "host_mirrors", list)
    with pytest.raises(RuntimeProblem, match="DOZIR_DEBIAN_MIRROR"):
        debian.mirrors()


def test_file_name_tells_name_and_version() -> None:
    file = "libattr1_1%3a2.5.2-3_amd64.deb"
    assert debian.package_of(file) == Package("libattr1", "1:2.5.2-3", file)


@pytest.mark.parametrize(
    "name", ["perl-base", "libllvm19", "libz3-4", "debconf", "login.defs", "locales", "ssl-cert"]
)
def test_tools_of_maintainer_scripts_are_left_out(name: str) -> None:
    assert not unpack.is_needed(name)


@pytest.mark.parametrize(
    "name", ["postgresql-17", "postgresql-17-timescaledb", "libc6", "libpam0g", "libreadline8t64"]
)
def test_what_the_server_loads_is_kept(name: str) -> None:
    assert unpack.is_needed(name)
