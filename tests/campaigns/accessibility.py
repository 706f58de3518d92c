"""Every page in every language and look, examined for those who cannot use a mouse, see or hear.

The tests of ``tests/journeys`` that go through lists of pages take a quarter of them at each run
(``tests/support/sample.py``). Here the same tests take all.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter

from portal.config import ROOT
from tests.campaigns.campaign import Campaign, Task, say
from tests.support import sample

FOLDER = "tests/journeys"
# Those that take samples; a test compares.
FILES = {
    "portal": "test_accessibility.py",
    "registers": "test_registry_pages.py",
    "declarations": "test_declarations.py",
    "public": "test_public.py",
    "charts": "test_report_charts.py",
    "guides": "test_documentation.py",
    "paper": "test_print.py",
}
OUTCOMES = re.compile(r"(\d+) (passed|failed|skipped|errors?)")


def campaign(task: Task) -> Counter[str]:
    """Run the tests over all pages as often as there are rounds."""
    chosen = [one.partition(":")[0] for one in task.only] or list(FILES)
    seen: Counter[str] = Counter()
    for number in range(task.rounds):
        say(f"round {number + 1}: {', '.join(chosen)}")
        seen += outcomes([f"{FOLDER}/{FILES[one]}" for one in chosen], task.processes)
    return seen


def outcomes(tests: list[str], processes: int = 1) -> Counter[str]:
    """How tests ended that take everything: all of them well."""
    beside = ["-n", str(processes), "--dist", "loadfile"] if processes > 1 else []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *beside, *tests],
        cwd=ROOT,
        env={**os.environ, sample.WHOLE: "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    told = done.stdout.strip().splitlines()[-1]
    seen = Counter({outcome: int(number) for number, outcome in OUTCOMES.findall(told)})
    assert seen["passed"], done.stdout
    assert not seen["skipped"], done.stdout
    return seen


CAMPAIGN = Campaign(
    "accessibility",
    "every page in each language and look can be used by everyone and is printed whole",
    campaign,
    length=1,
    kinds=frozenset(FILES),
)
