"""The system user that the server runs as."""

from __future__ import annotations

import os
import subprocess
import sys
from uuid import uuid4

import pytest

MAKE = "import pwd, sys; from portal.runtime.account import make_system_user as make; \
make(sys.argv[1]); print(pwd.getpwnam(sys.argv[1]).pw_uid)"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes system users")
def test_many_who_make_the_system_user_at_once_find_one_number() -> None:
    name = f"dozir-{uuid4().hex[:8]}"
    try:
        racers = [
            subprocess.Popen([sys.executable, "-c", MAKE, name], stdout=subprocess.PIPE, text=True)
            for _ in range(8)
        ]
        told = {racer.communicate(timeout=60)[0].strip() for racer in racers}
        assert {racer.returncode for racer in racers} == {0}
        assert len(told) == 1
    finally:
        subprocess.run(["/usr/sbin/userdel", name], check=False, capture_output=True)
