"""The long files of which each run of the tests has a quarter, all of them."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns.whole import campaign
from tests.support.turns import IN_TURNS

FILES = {
    "-".join(Path(one).with_suffix("").parts[-2:]).replace("test_", ""): one for one in IN_TURNS
}

CAMPAIGN = campaign(
    "turns",
    "what takes long does what it should, too: backups, benchmarks, the demo market, long journeys",
    FILES,
)
