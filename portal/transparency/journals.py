"""The leaf journal that the settings name: a folder here, or a journal on another host."""

from __future__ import annotations

from urllib.parse import urlsplit

from portal.config import secret, settings
from portal.transparency.journal import Journal, Place
from portal.transparency.journal_link import JournalLink

SECRET = "journal-secret"  # noqa: S105 - the name of its file


def opened() -> Place:
    """The journal of ``DOZIR_JOURNAL``. Raises ValueError where that is no address."""
    told = settings().journal
    if told is None or "://" not in told:
        return Journal(settings().journal_dir)
    parts = urlsplit(told)
    if parts.scheme != "tcp" or not parts.hostname or not parts.port or parts.path:
        raise ValueError("DOZIR_JOURNAL is a folder, or an address like tcp://host:9321")
    return JournalLink(parts.hostname, parts.port, secret(SECRET).encode())
