"""What `dozir doctor` looks at of those who vouch for the log: configured, and lately heard of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from portal.attest import authorities
from portal.attest.attester import STAMP_SECONDS
from portal.attest.authorities import ConfigurationInvalid
from portal.config import settings
from portal.runtime import checks, cluster
from portal.runtime.doctor import Finding
from portal.runtime.instance import maintenance_url
from portal.transparency import trusted
from portal.transparency.policy import NONE, PolicyInvalid

GUIDE = "docs/witness.md, `The log's side`"
SILENT_SECONDS_MOST = 300  # in which the log grew
RUN = f"dozir serve, or dozir attest run; {GUIDE}"

# Of each how long after the oldest checkpoint that it has not signed the log was signed again. What
# was signed before it was asked for the first time does not count.
_UNSIGNED = """
select extract(epoch from max(c.signed_at) - min(c.signed_at))::float8
from ledger.checkpoint as c
where c.size > coalesce((select max(x.size) from {} as x where {}), 0)
  and c.signed_at >= (select min(p.adopted_at) from ledger.trust_policy as p)
"""
_QUORUM = _UNSIGNED.format("ledger.quorum", "%s <> ''")
_WITNESS = _UNSIGNED.format("ledger.cosignature", "x.witness = %s")
_AUTHORITY = _UNSIGNED.format("ledger.timestamp_token", "x.authority = %s")


def check_witnesses() -> Iterator[Finding]:
    """The policy can be read, and its quorum and each of its witnesses keep up with the log."""
    try:
        policy = trusted.policy()
    except (PolicyInvalid, OSError) as problem:
        yield Finding("witnesses", "broken", f"DOZIR_LOG_POLICY: {problem}", GUIDE)
        return
    if policy.quorum == NONE:
        found = "none is asked for: only this log's own keys vouch for it"
        yield Finding("witnesses", "warning", found, f"DOZIR_LOG_POLICY; {GUIDE}")
    asked = [one.name for one in policy.witnesses if one.url]
    behind = _behind(_WITNESS, asked)
    for name, seconds in behind.items():
        if seconds > SILENT_SECONDS_MOST:
            found = f"{name} has signed nothing of the log's last {seconds / 60:.0f} minutes"
            yield Finding("witness", "warning", found, RUN)
    if policy.quorum != NONE:
        seconds = _behind(_QUORUM, ["quorum"]).get("quorum", 0)
        if seconds > SILENT_SECONDS_MOST:
            found = f"the policy was not met by the log's last {seconds / 60:.0f} minutes"
            yield Finding("witnesses", "broken", found, RUN)
        else:
            yield Finding("witnesses", "ok", f"{len(asked)} are asked, quorum {policy.quorum}")


def check_authorities() -> Iterator[Finding]:
    """The file of authorities can be read, and each keeps up."""
    path = settings().tsa
    if path is None:
        return
    try:
        known = authorities.read(path)
    except ConfigurationInvalid as problem:
        yield Finding("time-stamps", "broken", f"DOZIR_TSA: {problem}", GUIDE)
        return
    for name, seconds in _behind(_AUTHORITY, [one.name for one in known]).items():
        if seconds > 2 * STAMP_SECONDS:
            found = f"{name} has stamped nothing of the log's last {seconds / 3600:.0f} hours"
            yield Finding("time-stamps", "warning", found, RUN)
        else:
            yield Finding("time-stamps", "ok", name)


def _behind(query: Any, names: list[str]) -> dict[str, float]:
    """How many seconds of the log each has not signed; nothing where the database is away."""
    if not names or (not settings().database_url and not cluster.status().answers):
        return {}
    try:
        with psycopg.connect(maintenance_url(), connect_timeout=checks.CONNECT_TIMEOUT_S) as conn:
            there = conn.execute("select to_regclass('ledger.quorum') is not null").fetchone()
            if there is None or not there[0]:
                return {}
            found = {}
            for name in names:
                row = conn.execute(query, (name,)).fetchone()
                found[name] = float(row[0] or 0) if row else 0.0
            return found
    except psycopg.OperationalError:
        return {}  # said already


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (check_witnesses, check_authorities)
