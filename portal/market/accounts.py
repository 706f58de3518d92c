"""Players of one operator: pseudonyms, and who plays how much."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
from numpy.typing import NDArray

from portal.market.profiles import INTENSITY_S


class Accounts:
    """A population of ``count`` accounts; intensity of play is lognormal among them."""

    def __init__(self, operator: str, count: int, *, seed: int) -> None:
        self.count = count
        # As a real operator would: a keyed hash under a secret that never leaves it.
        self._secret = hashlib.sha256(f"demo/{seed}/{operator}".encode()).digest()
        source = np.random.default_rng(list(self._secret))
        intensity = np.exp(INTENSITY_S * source.standard_normal(count))
        self._up_to: NDArray[np.float64] = np.cumsum(intensity)
        self._pseudonyms: dict[int, str] = {}

    def draw(self, source: np.random.Generator, n: int) -> list[int]:
        """``n`` accounts, those who play much more often."""
        places = np.searchsorted(self._up_to, source.random(n) * self._up_to[-1])
        drawn: list[int] = places.tolist()
        return drawn

    def pseudonym(self, account: int) -> str:
        """32 hexadecimal digits, the same for an account for ever."""
        known = self._pseudonyms.get(account)
        if known is None:
            digest = hmac.digest(self._secret, b"account %d" % account, hashlib.sha256)
            known = self._pseudonyms[account] = digest[:16].hex()
        return known
