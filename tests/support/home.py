"""The throw-away installation that the tests run in."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "dozir-suite-"
MARK = "DOZIR_TEST_HOME"
# Which of several processes that share the tests (pytest-xdist) the home was made for.
SHARE = "DOZIR_TEST_SHARE"


def make() -> None:
    """Point this process and its children to an empty home; call before settings are read.

    The folder lies in /var/tmp with mode 0755: started by root, the server runs as the system user
    ``dozir``, which must be able to pass through, as it cannot through pytest's own folders.
    """
    share = os.environ.get("PYTEST_XDIST_WORKER", "")
    if MARK in os.environ and os.environ.get(SHARE) == share:
        return  # a test run within a test run keeps the home it was given
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/var/tmp"))
    folder.chmod(0o755)
    os.environ |= {
        MARK: str(os.getpid()),
        SHARE: share,
        "DOZIR_HOME": str(folder),
        "DOZIR_INSTANCE": f"test-{os.getpid()}",
    }
    os.environ.pop("DOZIR_DEMO", None)


def remove() -> None:
    """Stop the database if it runs, and remove everything; only in the process that made it."""
    if os.environ.get(MARK) != str(os.getpid()):
        return
    from portal import runtime

    try:
        runtime.stop()
    finally:
        shutil.rmtree(os.environ["DOZIR_HOME"], ignore_errors=True)
