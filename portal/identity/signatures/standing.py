"""What the portal trusts: a folder, read again when it changes, with evidence fetched into it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from portal.config import settings
from portal.identity.signatures import demo_authority, fetching, policy, trust, verifying
from portal.identity.signatures.trust import Trust
from portal.identity.signatures.verifying import Result


class Standing:
    """A trust folder of a running process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = trust.Reader(folder)
        self._state: tuple[object, ...] | None = None
        self._trust: Trust | None = None
        self._lock = Lock()

    def trust(self) -> Trust:
        """What the folder holds now. Raises TrustInvalid."""
        with self._lock:
            state = trust.state(self.folder)
            if self._trust is None or state != self._state:
                self._trust = self._reader.read()
                self._state = state
            return self._trust

    def verify(
        self,
        signature: bytes,
        content: bytes | None = None,
        moment: datetime | None = None,
    ) -> Result:
        """Judge a signature as :func:`verifying.verify` does; missing evidence is fetched once.

        Nothing is fetched where the folder names no hosts, or for a moment that was given. Raises
        TrustInvalid, PolicyInvalid.
        """
        rules = policy.at(moment or datetime.now(UTC), policy.of(self.folder))
        told = verifying.verify(
            signature, self.trust(), content=content, moment=moment, policy=rules
        )
        if told.reason != "revocation_unknown" or moment is not None:
            return told
        if not fetching.hosts(self.folder):
            return told
        fetching.fetch(told.chain, self.folder)
        return verifying.verify(signature, self.trust(), content=content, policy=rules)


_standing: dict[Path, Standing] = {}


def current() -> Standing:
    """The portal's own, of ``settings().trust_dir``.

    A demo authority is made when it is first asked for, or its lists are renewed.
    """
    folder = settings().trust_dir
    if folder not in _standing:
        if folder.parent == settings().demo_authority_dir:
            _prepare(folder.parent)
        _standing[folder] = Standing(folder)
    return _standing[folder]


def _prepare(authority: Path) -> None:
    try:
        demo_authority.make(authority, [])
    except OSError:  # another worker was faster
        if not authority.is_dir():
            raise
