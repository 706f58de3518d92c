"""Where an instance keeps its things: own secrets, own name, nothing shared by accident."""

from __future__ import annotations

import secrets as random
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal import config


def test_two_checkouts_have_two_instances() -> None:
    names = {config.default_instance(Path(p)) for p in ("/a/dozir", "/b/dozir", "/a/dozir2")}
    assert len(names) == 3
    assert config.default_instance(Path("/a/dozir")) == config.default_instance(Path("/a/dozir"))


def test_a_secret_is_made_once_and_only_its_owner_reads_it() -> None:
    name = f"test-{random.token_hex(4)}"
    with ThreadPoolExecutor(8) as threads:
        values = set(threads.map(lambda _: config.secret(name), range(32)))
    assert len(values) == 1
    assert len(values.pop()) >= 43
    path = config.settings().secrets_dir / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_empty_secret_is_none() -> None:
    """Compared with nothing, it would let everyone in."""
    name = f"test-{random.token_hex(4)}"
    config.secret(name)
    (config.settings().secrets_dir / name).write_text("\n")
    with pytest.raises(ValueError, match=f"{name} is empty"):
        config.secret(name)


def test_versions_name_the_runtime_and_the_assets() -> None:
    assert config.versions()["postgresql"]["major"] == 17
    assert "htmx.org" in config.versions()["vendor"]


@pytest.mark.parametrize("text", ["0", "-1", "ten", "nan", "inf", "3601"])
def test_a_deadline_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("DOZIR_BODY_SECONDS", text)
    config.settings.cache_clear()
    try:
        with pytest.raises(ValueError, match="DOZIR_BODY_SECONDS"):
            config.settings()
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()
