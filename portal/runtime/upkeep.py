"""What `dozir doctor` says of recurring work: overdue, failing, or with something found."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from portal.runtime.checks import CONNECT_TIMEOUT_S, first_line
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import maintenance_url

OVERDUE_HOURS = 2
ACCOUNTS_BEHIND_S_MAX = 120  # an open day of R07 tells what is known, at most a minute behind
# The doctor itself compares the catalogue, so what was mended since is not told of.
LOOKED_AT_ANEW = {"check_drift"}

_JOBS = """
select j.name, j.paused, r.outcome, r.sqlstate,
  (select count(*) from maintenance.finding as f where f.run_id = r.id),
  j.next_run_at < clock_timestamp() - make_interval(hours => %s)
from maintenance.job as j left join lateral (
  select * from maintenance.run as x
  where x.job = j.name and x.outcome <> 'running' order by x.id desc limit 1
) as r on true
order by j.name
"""

# How far accounts are counted behind now; before the first count, since the first batch came.
_ACCOUNTS = """
select extract(epoch from clock_timestamp() - case
  when isfinite(p.counted_until) then p.counted_until
  else (select b.received_at from ledger.batch as b order by b.id limit 1)
end)::float8
from rollup.player_progress as p
"""

# name, found, what to do about it; nothing to do when all is well
Remark = tuple[str, str, str]


def remarks() -> Iterator[Remark]:
    """Everything about recurring work that a person should look at."""
    try:
        with psycopg.connect(maintenance_url(), connect_timeout=CONNECT_TIMEOUT_S) as conn:
            there = conn.execute(
                "select to_regclass('maintenance.run') is not null,"
                " to_regclass('rollup.player_progress') is not null"
            ).fetchone()
            if there is None or not there[0]:
                yield "jobs", "the database is not migrated", "dozir migrate"
                return
            jobs = conn.execute(_JOBS, (OVERDUE_HOURS,)).fetchall()
            accounts = conn.execute(_ACCOUNTS).fetchone() if there[1] else None
    except psycopg.OperationalError as error:
        raise RuntimeProblem(f"The database does not answer: {first_line(error)}") from error
    for name, paused, outcome, sqlstate, findings, overdue in jobs:
        if findings and name not in LOOKED_AT_ANEW:
            yield f"job {name}", f"found {findings} to look at", _look(name)
        elif outcome == "failed":
            yield f"job {name}", f"failed with SQLSTATE {sqlstate}", f"dozir jobs start {name}"
        if paused:
            yield f"job {name}", "is paused", f"dozir jobs resume {name}"
        elif overdue:
            yield f"job {name}", "is overdue: no runner is at work", "dozir jobs run"
    behind = accounts[0] if accounts else None
    if behind is not None and behind > ACCOUNTS_BEHIND_S_MAX:
        found = f"are counted {behind:.0f} s behind: R07 tells less of an open day than is known"
        yield "accounts", found, "dozir jobs run; dozir jobs start count_players"


def _look(name: str) -> str:
    return dict.fromkeys(("check_rollups", "verify_ledger"), "dozir verify").get(
        name, "select * from api.job_finding"
    )
