"""How often one address may ask for what costs something and needs no sign-in."""

from __future__ import annotations

import time
from collections import OrderedDict
from ipaddress import ip_address

_PER_SECOND, _AT_ONCE = 1.0, 30
_MAX_ADDRESSES = 10_000


class Turnstile:
    """So many checks from one address; each worker counts for itself, in bounded memory."""

    def __init__(self, per_second: float = _PER_SECOND, at_once: int = _AT_ONCE) -> None:
        self._per_second, self._at_once = per_second, at_once
        self._seen: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def admits(self, address: str | None) -> bool:
        """Whether one more may come from there now."""
        now, place = time.monotonic(), network(address)
        left, at = self._seen.pop(place, (float(self._at_once), now))
        left = min(self._at_once, left + (now - at) * self._per_second)
        admitted = left >= 1
        self._seen[place] = (left - 1 if admitted else left, now)
        if len(self._seen) > _MAX_ADDRESSES:
            self._seen.popitem(last=False)
        return admitted


def network(address: str | None) -> str:
    """An address of version 4, the network of 64 bits of one of version 6."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    if parsed.version == 6:
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else parsed.exploded[:19]
    return str(parsed)
