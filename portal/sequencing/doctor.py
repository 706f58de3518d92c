"""What `dozir doctor` looks at of the log: its signer, its keys, what waits, what is published."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable, Iterator

import psycopg
from psycopg.rows import dict_row

from portal.config import settings
from portal.runtime import RuntimeProblem, checks, cluster
from portal.runtime.doctor import Finding
from portal.runtime.instance import maintenance_url
from portal.sequencing.link import SignerAway, SignerLink
from portal.sequencing.publishing import Publisher
from portal.sequencing.signer import USER
from portal.sequencing.vault import FOR_EVER, PUBLIC

WAITED_SECONDS_MOST = 10  # what receipts promise
GUIDE = "docs/operations.md, `The log`"

_FIGURES = """
select l.origin, l.refused_because, l.refusal_count,
  coalesce((select max(x.leaf_index) + 1 from ledger.leaf as x), 0) as size,
  (select max(c.size) from ledger.checkpoint as c) as signed,
  (select extract(epoch from clock_timestamp() - e.entered_at)::float8 from ledger.entry as e
   where e.id = (select min(u.entry_id) from ledger.unsequenced as u)) as waited
from ledger.log as l
"""


def check_signer() -> Iterator[Finding]:
    """The signer: running, on an account of its own, with closed keys."""
    folder = settings().signer_dir
    if not (folder / PUBLIC).exists() and not (folder / "keys.json").exists():
        mend = "dozir serve runs it; or dozir sign"
        yield Finding("signer", "warning", "no key was made yet", mend)
        return
    owner = folder.stat().st_uid
    for path in folder.iterdir():
        closed = not stat.S_IMODE(path.lstat().st_mode) & 0o077
        if path.name not in {PUBLIC, "socket"} and not closed:
            yield Finding("signer", "broken", f"{path} is open to others", f"chmod go= {path}")
    link = SignerLink(settings().signer_socket, folder)
    try:
        state = link.state()
    except SignerAway:
        mend = "systemctl start dozir-signer, or dozir serve without --no-log"
        yield Finding("signer", "warning", "it does not answer", mend)
    else:
        found = f"{state.size} leaves signed as {state.account}"
        yield Finding("signer", "ok", found)
        for one in state.keys:
            if one.valid_until != FOR_EVER.isoformat():
                found = f"{one.vkey.split('+')[1]} signs until {one.valid_until}"
                yield Finding("signer key", "ok", f"a key is being replaced: {found}")
    finally:
        link.close()
    others = {os.geteuid(), settings().instance_dir.stat().st_uid}
    if owner in others:
        mend = f"run it as {USER}: deploy/systemd/dozir-signer.service; {GUIDE}"
        name = pwd.getpwuid(owner).pw_name
        yield Finding("signer account", "warning", f"{name}'s, as the rest is", mend)
    elif 0 in others:
        mend = f"run the portal as an account of its own: deploy/systemd; {GUIDE}"
        yield Finding("signer account", "warning", "its own, but the portal runs as root", mend)
    else:
        yield Finding("signer account", "ok", f"its own: {pwd.getpwuid(owner).pw_name}")


def check_log() -> Iterator[Finding]:
    """The log: it goes on, nothing waits for long, what is published is what is recorded."""
    if not settings().database_url and not cluster.status().answers:
        return  # said already
    try:
        with psycopg.connect(
            maintenance_url(), connect_timeout=checks.CONNECT_TIMEOUT_S, row_factory=dict_row
        ) as conn:
            there = conn.execute("select to_regclass('ledger.earlier_batch') as it").fetchone()
            if there is None or there["it"] is None:
                return
            figures = conn.execute(_FIGURES).fetchone()
    except psycopg.OperationalError as error:
        raise RuntimeProblem(f"The database does not answer: {error}") from error
    if figures is None:
        yield Finding("log", "broken", "the database has no log", "dozir migrate")
        return
    if figures["refused_because"]:
        yield Finding("log", "broken", f"it stands still: {figures['refused_because']}", GUIDE)
    elif figures["waited"] and figures["waited"] > WAITED_SECONDS_MOST:
        found = f"an entry has waited {figures['waited']:.0f} s for its leaf"
        yield Finding("log", "broken", found, f"dozir serve, or dozir sequence; {GUIDE}")
    else:
        yield Finding("log", "ok", f"{figures['size']} leaves, {figures['origin']}")
    if settings().tiles_dir.exists():
        newest = Publisher(settings().tiles_dir).newest()
        if newest is not None and newest.size > figures["size"]:
            found = f"{newest.size} leaves were published, the database has {figures['size']}"
            yield Finding("log", "broken", found, "dozir restore-log")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (check_signer, check_log)
