"""CPU and memory of a family of processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from portal.bench.processes import Family

BUSY = "import time\nwhile time.process_time() < 0.3: pass\n"


@contextmanager
def python(code: str) -> Iterator[subprocess.Popen[str]]:
    """A process that says a line when it is ready and ends with its input."""
    code += "print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.communicate("\n")


def test_cpu_of_a_process_is_counted() -> None:
    with python(BUSY) as process:
        assert 0.28 <= Family(process.pid).cpu_s() < 3


def test_cpu_of_living_and_ended_children_is_counted() -> None:
    parent = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])\n"
    with python(parent) as process:
        assert Family(process.pid).cpu_s() >= 0.28
    with python(BUSY):
        assert Family(os.getpid()).cpu_s() >= 0.28


def test_the_peak_of_memory_stays() -> None:
    with python("held = bytearray(50_000_000)\n") as process:
        family = Family(process.pid)
        family.look()
    family.look()
    assert family.peak_mb > 50


def test_a_process_that_is_gone_counts_nothing() -> None:
    with python("") as process:
        pass
    assert Family(process.pid).cpu_s() == 0
