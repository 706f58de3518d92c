"""The official's half of the check: sign in, read a report, compare it with what was sent."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import click

REPORT = "/reports/R03"
TYPES = {"bet": "stake", "win": "win", "refund": "refund"}


class Official:
    """A visitor with cookies and no scripts, signed in as the demonstration's regulator."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        ).open
        page = self.get("/login")
        form = re.search(r'action="(/login/demo/\d+)"', page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if not form or not token:
            raise click.ClickException("check: the sign-in page offers no demo identity")
        fields = urllib.parse.urlencode({"csrf_token": token[1]}).encode()
        self._open(self._address + form[1], fields, timeout=30).close()

    def get(self, path: str) -> str:
        """The text of a page."""
        with self._open(self._address + path, timeout=30) as answer:
            text: str = answer.read().decode()
            return text


def report_equals(address: str, summary: bytes) -> None:
    """Compare report R03, read over HTTP, with the simulator's receipts; else fail."""
    sent = json.loads(summary)
    today = datetime.now(ZoneInfo("Europe/Kyiv")).date()
    # Late records and a check that runs over midnight belong to the day before.
    query = {"from": today - timedelta(days=1), "to": today, "by": "operator", "format": "json"}
    report = json.loads(Official(address).get(f"{REPORT}?{urllib.parse.urlencode(query)}"))
    for type_, measure in TYPES.items():
        expected = sent["totals"][type_]
        counted = (int(report["totals"][f"{type_}_count"]), Decimal(report["totals"][measure]))
        if counted != (expected["count"], Decimal(expected["sum"])):
            raise click.ClickException(
                f"check: the report shows {counted} of {type_}, receipts say {expected}"
            )
    click.echo(
        f"check: {sum(one['count'] for one in sent['totals'].values())} transactions sent, "
        "the report shows the same to the kopiyka",
        err=True,
    )
