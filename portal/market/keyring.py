"""What the demo market keeps on disk: its own description, and the secrets of its access keys.

The database holds no secret of a key, so whoever plays the operators must have kept the texts:
``demo-keys.json`` among this instance's secrets, mode 0600, operator's code -> key, and
``demo-test-keys.json`` beside it with the test key of one of them, to try ``/validate`` with.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.config import settings
from portal.market.market import DEFAULT_SEED, make_market
from portal.market.model import Operator


class NoDemoMarket(Exception):
    """No demo market was loaded into this instance."""


@dataclass(frozen=True, slots=True)
class Description:
    """All that the market follows from; ``anchor``: the day on which it was first loaded."""

    operators: int
    anchor: date
    seed: int = DEFAULT_SEED

    def market(self) -> list[Operator]:
        """The operators themselves."""
        return make_market(self.operators, anchor=self.anchor, seed=self.seed)


def _description_file() -> Path:
    return settings().instance_dir / "demo-market.json"


def _keys_file(mode: str) -> Path:
    name = {"live": "demo-keys.json", "test": "demo-test-keys.json"}[mode]
    return settings().secrets_dir / name


def read_description() -> Description | None:
    """The description of the market that was loaded here, if one was."""
    try:
        facts = json.loads(_description_file().read_bytes())
    except FileNotFoundError:
        return None
    return Description(facts["operators"], date.fromisoformat(facts["anchor"]), facts["seed"])


def write_description(description: Description) -> None:
    """Remember a market."""
    _write(_description_file(), asdict(description))


def read_keys(mode: str = "live") -> dict[str, str]:
    """Operator's code -> access key of a mode; empty if there is none."""
    try:
        keys: dict[str, str] = json.loads(_keys_file(mode).read_bytes())
    except FileNotFoundError:
        return {}
    return keys


def write_keys(keys: dict[str, str], mode: str = "live") -> None:
    """Keep the keys of a mode, whole or not at all."""
    _write(_keys_file(mode), keys)


def players(operators: int | None = None) -> tuple[list[Operator], dict[str, str]]:
    """The first ``operators`` of the loaded market (None: all) and the keys to play them with.

    Raises NoDemoMarket.
    """
    description = read_description()
    keys = read_keys()
    if description is None or not keys:
        raise NoDemoMarket
    market = description.market()[:operators]
    if not all(operator.code in keys for operator in market):
        raise NoDemoMarket
    return market, keys


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file, indent=1, default=str)
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
