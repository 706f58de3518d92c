"""Every address with everything that somebody who means ill may put into it."""

from __future__ import annotations

from tests.campaigns import whole
from tests.campaigns.campaign import Campaign

FILES = {"addresses": "tests/integration/pages/test_attacks.py"}

CAMPAIGN = Campaign(
    "attacks",
    "no address fails, leads elsewhere or gives away what it should not, whatever is put into it",
    lambda task: whole.run(FILES, task),
    length=1,
    kinds=frozenset(FILES),
)
