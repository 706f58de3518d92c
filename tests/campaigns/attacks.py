"""Every address with everything that somebody who means ill may put into it."""

from __future__ import annotations

from tests.campaigns.whole import campaign

FILES = {
    "addresses": "tests/integration/pages/test_attacks.py",
    "roles": "tests/integration/pages/test_matrix.py",
}

CAMPAIGN = campaign(
    "attacks",
    "no address fails, leads elsewhere or gives away what it should not, whatever is put into it "
    "and whoever asks",
    FILES,
)
