"""An answer that is good for a while, so that asking often costs the database nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cached(Generic[T]):
    """What ``make`` said at most ``seconds`` ago; whoever asks meanwhile waits for one answer."""

    def __init__(self, make: Callable[[], T], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._lock = threading.Lock()
        self._made: tuple[float, T] | None = None

    def get(self) -> T:
        """The answer."""
        with self._lock:
            now = time.monotonic()
            if self._made is None or now - self._made[0] >= self._seconds:
                self._made = now, self._make()
            return self._made[1]
