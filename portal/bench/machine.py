"""On what a benchmark ran: without it no figure means anything."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import Any

from portal import runtime
from portal.runtime import machine


def describe() -> dict[str, Any]:
    """Machine, versions and the settings that decide between speed and safety."""
    server = runtime.describe()
    return {
        "cores": machine.cores(),
        "cpu": _cpu(),
        "memory_gib": round(machine.memory() / machine.GIB, 1),
        "load_average_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "postgresql": server.version,
        "timescaledb": server.timescaledb,
        "settings": server.settings,
    }


def _cpu() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()
