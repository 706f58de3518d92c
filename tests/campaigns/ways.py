"""From the figures of every report down to the records, by more groupings than each run follows."""

from __future__ import annotations

from tests.campaigns.whole import campaign

FILES = {"reports": "tests/integration/reports/test_ways_down.py"}

CAMPAIGN = campaign(
    "ways",
    "each figure of a report leads to what adds up to it, down to the records, and back",
    FILES,
)
