"""Where the workers of one server count: a folder of its own, empty when it starts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from portal import config


def fresh_folder() -> Path:
    """An empty folder for this process; those of servers that are gone are removed.

    Named by process, since another server of this installation may still be finishing.
    """
    parent = config.settings().metrics_dir
    parent.mkdir(parents=True, exist_ok=True)
    for folder in parent.iterdir():
        if not Path("/proc", folder.name).exists() or folder.name == str(os.getpid()):
            shutil.rmtree(folder, ignore_errors=True)
    own = parent / str(os.getpid())
    own.mkdir(mode=0o700)
    return own
