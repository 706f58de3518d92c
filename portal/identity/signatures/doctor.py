"""What `dozir doctor` looks at of the authorities whose signatures count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from portal.config import settings
from portal.identity.signatures import policy, trust
from portal.identity.signatures.policy import Policy, PolicyInvalid
from portal.identity.signatures.trust import Trust, TrustInvalid
from portal.runtime.doctor import Finding

NAME = "signatures"
GUIDE = "docs/signatures.md, `What is trusted: real anchors`"
_OTHERS_WRITE = 0o022


def check_signatures() -> Iterator[Finding]:
    """Authorities are there, in order, nobody else's to change, and not out of date."""
    folder = settings().trust_dir
    if not folder.exists():
        mend = "dozir demo" if settings().demo else GUIDE
        yield Finding(NAME, "warning", f"{folder} is absent: no signature counts", mend)
        return
    try:
        found = trust.read(folder)
        rules = policy.of(folder)
    except (TrustInvalid, PolicyInvalid) as problem:
        yield Finding(NAME, "broken", str(problem), GUIDE)
        return
    problems = [*_about(found, rules), *_open()]
    yield from problems
    for one in found.unusable:
        yield Finding(
            NAME, "warning", f"evidence that cannot be read: {one}", f"remove it; {GUIDE}"
        )
    if not problems:
        kind = "the demo authority" if found.is_demonstration else f"{len(found.anchors)} anchors"
        yield Finding(NAME, "ok", f"{kind}, in {folder}")


def _about(found: Trust, rules: Sequence[Policy]) -> Iterator[Finding]:
    now = datetime.now(UTC)
    grace = timedelta(hours=policy.at(now, rules).list_grace_hours)
    if not found.anchors:
        yield Finding(NAME, "broken", "no anchors: no signature counts", GUIDE)
    if found.is_demonstration and not settings().demo:
        mend = f"remove it, or set DOZIR_DEMO=1 for a demonstration; {GUIDE}"
        yield Finding(NAME, "broken", "the demo authority is trusted outside of demo mode", mend)
    if found.next_update is not None and now > found.next_update:
        due = f"the trusted list was due by {found.next_update:%Y-%m-%d %H:%M} UTC"
        mend = f"dozir signature refresh-trust; {GUIDE}"
        if found.is_stale(now, grace):
            yield Finding(NAME, "broken", f"{due}: no signature counts any more", mend)
        else:
            yield Finding(NAME, "warning", due, mend)


def _open() -> Iterator[Finding]:
    """Whoever may write there decides who is trusted."""
    folder = settings().trust_dir
    for path in (folder, folder / trust.ANCHORS, folder / trust.INTERMEDIATES):
        if path.exists() and path.stat().st_mode & _OTHERS_WRITE:
            yield Finding(NAME, "broken", f"others may write to {path}", f"chmod go-w {path}")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (check_signatures,)
