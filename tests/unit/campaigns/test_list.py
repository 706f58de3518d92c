"""The guide for developers knows every campaign."""

from __future__ import annotations

import re

from portal.config import ROOT
from tests.campaigns.campaign import campaigns


def test_every_campaign_is_explained() -> None:
    text = (ROOT / "docs" / "development.md").read_text()
    table = text.partition("| campaign | proves |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == campaigns().keys()
