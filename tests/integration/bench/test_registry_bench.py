"""A tiny run of `dozir bench registry`: each page is shown to each role at each depth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from portal.bench import public_pages

DOZIR = Path(sys.executable).with_name("dozir")
ROLES = {"regulator", "tax_service", "operator"}


def test_functions_and_pages_are_measured_for_each_role() -> None:
    done = subprocess.run(
        [DOZIR, "bench", "registry", "--json", "--operators", "10", "--venues", "60",
         "--equipment", "700", "--games", "60", "--blocked", "200",
         "--calls", "1", "--page-calls", "1"],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "DOZIR_INSTANCE": "not-to-be-touched"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr  # it fails when a page is not shown
    figures = json.loads(done.stdout)
    pages = figures["page_latency_ms"]
    for name in (
        "list equipment at 0%", "list equipment at 50%", "list equipment at 98%",
        "list equipment, common search", "search, rare", "record of an organiser",
    ):  # fmt: skip
        assert set(pages[name]) == ROLES
        assert all(0 < one["p50"] <= one["p95"] for one in pages[name].values())
    assert figures["page_p95_ms_worst"] == max(
        one["p95"] for roles in pages.values() for one in roles.values()
    )
    public = figures["public_latency_ms"]
    assert {"kept", "after_a_change"} == set(public["/open/blocked.rpz"])
    shown = [one for name, one in public.items() if name not in public_pages.LISTS]
    for state, worst in (
        ("kept", "public_p95_ms_worst"), ("after_a_change", "public_after_a_change_p95_ms_worst")
    ):  # fmt: skip
        assert 0 < figures[worst] == max(one[state]["p95"] for one in shown)
    assert figures["latency_ms"]
