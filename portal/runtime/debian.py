"""Debian packages, fetched and verified by apt-get beside the host's own package system.

apt-get keeps the host's way to the network (proxies, certificates, credentials in apt.conf.d) and
gets its own sources, state, cache and an empty package database, so that nothing on the host
changes, no root is needed, and the full dependency closure is resolved. Signatures are checked
against the Debian archive keyring.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from portal.config import settings
from portal.runtime.account import passable_folder
from portal.runtime.errors import RuntimeProblem

KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)
ETC_APT = Path("/etc/apt")
# Suites of Debian itself; Ubuntu and other derivatives name theirs otherwise.
SUITES = {"bookworm", "bullseye", "forky", "sid", "stable", "testing", "trixie", "unstable"}
OWN_DATABASE = (
    "Or set DOZIR_DATABASE_URL to a PostgreSQL 16 or 17 of your own with TimescaleDB 2.18 or newer."
)

APT_CONFIGURATION = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
#clear DPkg::Post-Invoke;
#clear APT::Default-Release;
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "0";
APT::Install-Suggests "0";
APT::Update::Error-Mode "any";
APT::Get::AllowUnauthenticated "0";
Acquire::AllowInsecureRepositories "0";
Acquire::AllowWeakRepositories "0";
Acquire::Languages "none";
Acquire::Retries "3";
"""


@dataclass(frozen=True)
class Package:
    """One package of the closure, as apt resolved it."""

    name: str
    version: str
    file: str


def require_tools() -> Path:
    """The archive keyring; RuntimeProblem when the host cannot fetch Debian packages."""
    absent = [tool for tool in ("apt-get", "dpkg-deb", "dpkg") if shutil.which(tool) is None]
    if absent:
        raise RuntimeProblem(
            "No PostgreSQL with TimescaleDB, hll and pgTAP is installed here, and the private one"
            f" cannot be fetched: {', '.join(absent)} is missing. Install apt and dpkg (for example"
            f" apt-get on Debian and Ubuntu).\n{OWN_DATABASE}"
        )
    for keyring in KEYRINGS:
        if keyring.exists():
            return keyring
    raise RuntimeProblem(
        "The Debian archive keyring is missing, so packages could not be verified."
        f" Install the package debian-archive-keyring.\n{OWN_DATABASE}"
    )


def architecture() -> str:
    """Debian's name of this machine's architecture, such as ``amd64``."""
    return _checked(["dpkg", "--print-architecture"]).strip()


def mirrors() -> list[str]:
    """Where to fetch from, in order: the host's own mirrors, or DOZIR_DEBIAN_MIRROR alone."""
    told = settings().debian_mirror
    if told:
        return [told]
    # A snapshot is one moment of the past and need not hold the release that is wanted.
    own = [uri for uri in host_mirrors() if "snapshot." not in uri]
    if not own:
        raise RuntimeProblem(
            "This machine's apt sources name no Debian mirror. Name one in DOZIR_DEBIAN_MIRROR.\n"
            + OWN_DATABASE
        )
    return own


def host_mirrors(etc: Path = ETC_APT) -> list[str]:
    """The Debian mirrors in the host's apt sources, in either notation."""
    parts = etc / "sources.list.d"
    found: list[str] = []
    for path in [*sorted(parts.glob("*.sources"))]:
        found += _deb822(path.read_text(errors="replace"))
    for path in [etc / "sources.list", *sorted(parts.glob("*.list"))]:
        if path.exists():
            found += _one_line(path.read_text(errors="replace"))
    return list(dict.fromkeys(found))


def _deb822(text: str) -> list[str]:
    """Mirror addresses in a ``.sources`` file."""
    found: list[str] = []
    for stanza in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", text)):
        fields = {
            name.lower(): re.sub(r"\n\s+", " ", value).split()
            for name, value in re.findall(r"(?m)^([\w-]+):((?:.*)(?:\n[ \t].*)*)", stanza)
        }
        if fields.get("enabled") == ["no"] or "deb" not in fields.get("types", []):
            continue
        if SUITES & set(fields.get("suites", [])) and "main" in fields.get("components", []):
            found += fields.get("uris", [])
    return found


def _one_line(text: str) -> list[str]:
    """Mirror addresses in a ``.list`` file."""
    found = []
    for line in text.splitlines():
        words = re.sub(r"\[[^]]*\]", " ", line.split("#")[0]).split()
        if len(words) >= 4 and words[0] == "deb" and words[2] in SUITES and "main" in words[3:]:
            found.append(words[1])
    return found


class Archive:
    """One Debian release behind a private apt; ``folder`` holds its lists and downloads."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder = folder
        self.release = release
        self.keyring = require_tools()

    def update(self) -> None:
        """Fetch and verify the package lists from the first mirror that answers."""
        problems = []
        for mirror in mirrors():
            self._configure(mirror)
            done = self._apt("update", "-q")
            if done.returncode == 0:
                return
            problems.append(f"{mirror}: {_last_words(done)}")
        raise RuntimeProblem(
            "The Debian package lists cannot be fetched. Check the network, or name a mirror in"
            f" DOZIR_DEBIAN_MIRROR.\n{OWN_DATABASE}\n" + "\n".join(problems)
        )

    def closure(self, names: Sequence[str]) -> list[Package]:
        """The packages ``names`` and all they depend on."""
        done = self._apt("install", "-qq", "--yes", "--print-uris", *names)
        if done.returncode:
            raise RuntimeProblem(
                f"Debian {self.release} does not offer {', '.join(names)} for {architecture()}:"
                f" {_last_words(done)}\n{OWN_DATABASE}"
            )
        files = re.findall(r"(?m)^'[^']+' (\S+\.deb) ", done.stdout)
        return [package_of(file) for file in files]

    def download(self, packages: Iterable[Package]) -> list[Path]:
        """The verified files of ``packages``; those already here are not fetched again."""
        wanted = list(packages)
        store = passable_folder(self.folder / "debs")
        with tempfile.TemporaryDirectory(dir=store) as fresh:
            Path(fresh).chmod(0o755)
            missing = [package for package in wanted if not (store / package.file).exists()]
            if missing:
                exact = [f"{package.name}={package.version}" for package in missing]
                done = self._apt("download", "-q", *exact, cwd=fresh)
                if done.returncode:
                    raise RuntimeProblem(f"Packages cannot be fetched: {_last_words(done)}")
            for package in missing:  # a name in the store means: whole and verified
                (Path(fresh) / package.file).rename(store / package.file)
        return [store / package.file for package in wanted]

    def _configure(self, mirror: str) -> None:
        for part in ("state/lists", "cache/archives"):
            # apt gives "partial" to its own download user and closes it: not to be passed through
            (passable_folder(self.folder / part) / "partial").mkdir(exist_ok=True)
        (self.folder / "status").write_text("")
        (self.folder / "sources.list").write_text(
            f"deb [signed-by={self.keyring}] {mirror} {self.release} main\n"
        )
        (self.folder / "apt.conf").write_text(
            APT_CONFIGURATION.format(folder=self.folder, architecture=architecture())
        )

    def _apt(self, *arguments: str, cwd: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own words and package names
            ["apt-get", "-c", str(self.folder / "apt.conf"), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd or self.folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
        )


def package_of(file: str) -> Package:
    """Name and version from a file name such as ``libattr1_1%3a2.5.2-3_amd64.deb``."""
    name, version, _ = file.removesuffix(".deb").split("_")
    return Package(name, unquote(version), file)


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    errors = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return " ".join(errors or done.stderr.splitlines()[-3:])


def _checked(arguments: list[str]) -> str:
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout  # noqa: S603
