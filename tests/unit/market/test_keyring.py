"""What the demo market keeps on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import config
from portal.market import keyring
from portal.market.keyring import Description
from tests.unit.market.test_market import ANCHOR


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("DOZIR_HOME", str(tmp_path))
    config.settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    config.settings.cache_clear()


def test_what_is_kept_comes_back() -> None:
    assert keyring.read_description() is None
    assert keyring.read_keys() == {}
    keyring.write_description(Description(45, ANCHOR))
    keyring.write_keys({"OC-0001": "dz_live_x"})
    assert keyring.read_description() == Description(45, ANCHOR)
    assert keyring.read_keys() == {"OC-0001": "dz_live_x"}
    assert keyring.read_keys("test") == {}
    keyring.write_keys({"OC-0001": "dz_test_x"}, "test")
    assert keyring.read_keys("test") == {"OC-0001": "dz_test_x"}
    assert keyring.read_keys() == {"OC-0001": "dz_live_x"}


def test_keys_are_for_the_owner_alone(home: Path) -> None:
    keyring.write_keys({"OC-0001": "dz_live_x"})
    [path] = home.rglob("demo-keys.json")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_players_need_a_market_and_all_its_keys() -> None:
    with pytest.raises(keyring.NoDemoMarket):
        keyring.players()
    keyring.write_description(Description(6, ANCHOR))
    with pytest.raises(keyring.NoDemoMarket):
        keyring.players()
    market = Description(6, ANCHOR).market()
    keys = {operator.code: "k" for operator in market[:4]}
    keyring.write_keys(keys)
    assert keyring.players(4) == (market[:4], keys)
    with pytest.raises(keyring.NoDemoMarket):
        keyring.players(5)
