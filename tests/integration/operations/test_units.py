"""The systemd units: systemd itself reads them, they are closed tightly, their commands exist."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from portal.cli import COMMANDS
from portal.config import ROOT
from portal.server import gunicorn_conf
from portal.server.companions import STOP_S

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
# systemd's own measure, from 0 (closed) to 10 (open).
EXPOSURE_MOST = 20  # tenths


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with the paths of this checkout: systemd looks whether programs exist."""
    made = tmp_path_factory.mktemp("units")
    for path in UNITS.iterdir():
        text = path.read_text().replace("/opt/dozir", str(ROOT))
        (made / path.name).write_text(text)
    return made


def analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_systemd_finds_nothing_to_say(folder: Path) -> None:
    units = [str(path) for path in folder.iterdir() if path.suffix != ".env"]
    assert len(units) >= 6
    done = analyze(folder, "verify", "--man=no", *units)
    said = [line for line in done.stderr.splitlines() if str(folder) in line or "dozir" in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_tightly(folder: Path, name: str) -> None:
    done = analyze(
        folder, "security", "--offline=true", f"--threshold={EXPOSURE_MOST}", str(folder / name)
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_its_command_is_one_of_ours(name: str) -> None:
    words = re.findall(
        r"^Exec(?:Start|Stop)=/opt/dozir/\.venv/bin/dozir (\w+)",
        (UNITS / name).read_text(),
        re.MULTILINE,
    )
    assert words
    assert set(words) <= COMMANDS.keys()


def test_the_callers_settings_go_before_the_file(tmp_path: Path) -> None:
    (tmp_path / ".venv/bin").mkdir(parents=True)
    program = tmp_path / ".venv/bin/dozir"
    program.write_text('#!/bin/sh\necho "$DOZIR_INSTANCE|$DOZIR_LOG_FORMAT|$1|$2"\n')
    program.chmod(0o755)
    (tmp_path / "dozir.env").write_text((UNITS / "dozir.env").read_text())
    text = (ROOT / "deploy/dozir").read_text()
    text = text.replace("/opt/dozir", str(tmp_path)).replace("/etc/dozir", str(tmp_path))
    text = text.replace("runuser -u dozir -- ", "")

    def run(**caller: str) -> str:
        done = subprocess.run(
            ["sh", "-c", text, "dozir", "two words", "it's"],
            env={"PATH": os.environ["PATH"], **caller},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    assert run() == "main|json|two words|it's"
    assert run(DOZIR_INSTANCE="a b'c") == "a b'c|json|two words|it's"


def test_systemd_waits_longer_than_gunicorn_and_the_companions() -> None:
    text = (UNITS / "dozir.service").read_text()
    seconds = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert seconds
    assert int(seconds[1]) > gunicorn_conf.graceful_timeout + STOP_S
