"""From the figures of every report down to the records, by more groupings than each run follows,
and days of a market counted anew.
"""

from __future__ import annotations

from tests.campaigns.whole import campaign

FILES = {
    "reports": "tests/integration/reports/test_ways_down.py",
    "days": "tests/integration/reports/test_campaign.py",
}

CAMPAIGN = campaign(
    "ways",
    "each figure of a report leads to what adds up to it, down to the records, and back; each day "
    "of a market is what the database counts anew",
    FILES,
)
