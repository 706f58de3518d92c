"""Tests that take a sample of a long list in each run, over the whole of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping

from portal.config import ROOT
from tests.campaigns.campaign import Campaign, Task, say
from tests.support import sample

OUTCOMES = re.compile(r"(\d+) (passed|failed|skipped|errors?)")


def campaign(name: str, proves: str, files: Mapping[str, str]) -> Campaign:
    """Of files of tests by kind."""
    return Campaign(name, proves, lambda task: run(files, task), length=1, kinds=frozenset(files))


def run(files: Mapping[str, str], task: Task) -> Counter[str]:
    """Run files, or those of the kinds asked for, as often as there are rounds."""
    chosen = [one.partition(":")[0] for one in task.only] or list(files)
    seen: Counter[str] = Counter()
    for number in range(task.rounds):
        say(f"round {number + 1}: {', '.join(chosen)}")
        seen += outcomes([files[one] for one in chosen], task.processes)
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
