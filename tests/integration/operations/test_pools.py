"""Connections of a worker: as many as were meant, however many requests come first together."""

from __future__ import annotations

import subprocess
import sys

from portal import db
from tests.support.databases import Database

CROWD = """
from gevent import monkey; monkey.patch_all()
import gevent
from portal import db

def use():
    with db.connection(db.MOMENT) as conn:
        conn.execute("select pg_sleep(0.01)")
        return conn.info.backend_pid

crowd = [gevent.spawn(use) for _ in range(100)]
gevent.joinall(crowd, raise_error=True)
print(len({one.value for one in crowd}), len(list(db.pools())))
"""


def test_a_crowd_that_comes_first_opens_one_pool(database: Database) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CROWD], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    connections, pools = map(int, done.stdout.split())
    assert pools == 1
    assert connections <= db.POOL_SIZE[db.MOMENT]
