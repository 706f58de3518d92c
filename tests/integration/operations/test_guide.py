"""docs/operations.md speaks of what there is: every figure, command, setting, unit and check."""

from __future__ import annotations

import re

from portal.cli import COMMANDS
from portal.config import ROOT
from portal.health.readiness import examine

from .conftest import Place, figures, until
from .test_units import UNITS

GUIDE = (ROOT / "docs" / "operations.md").read_text()


def test_every_figure_is_explained_and_every_one_explained_is_there(place: Place) -> None:
    place.client.accepted()
    place.client.post(body=b"[")
    explained = set(re.findall(r"`(dozir_[a-z_]+)", GUIDE)) | {"dozir_database_connections_limit"}
    explained -= {"dozir_backup_timestamp_seconds"}  # the embedded database's alone

    def told() -> set[str]:
        names = (name.partition("{")[0] for name in figures(place.port))
        return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}

    until(lambda: told() >= explained)  # the pools' are noted each second
    assert told() == explained


def test_its_commands_units_and_settings_exist() -> None:
    commands = set(re.findall(r"(?:^|`|&& |then `)dozir ([a-z]+)", GUIDE, re.MULTILINE))
    assert len(commands) > 3
    assert commands <= COMMANDS.keys()
    units = set(re.findall(r"\bdozir(?:-[a-z]+)?\.(?:service|socket|timer|env)\b", GUIDE))
    assert units <= {path.name for path in UNITS.iterdir()}
    config = (ROOT / "portal" / "config.py").read_text()
    for setting in set(re.findall(r"DOZIR_[A-Z_]+", GUIDE)):
        assert f'"{setting}"' in config, setting


def test_its_checks_are_those_of_readyz(database) -> None:
    for name in examine().checks:
        assert f"`{name}`" in GUIDE
