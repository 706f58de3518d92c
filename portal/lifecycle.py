"""Whether this process is on its way out, and what must end before it can go."""

from __future__ import annotations

from collections.abc import Callable

_stopping = False
_endings: list[Callable[[], None]] = []


def stopping() -> bool:
    """Whether this process finishes what it has and takes nothing new."""
    return _stopping


def on_stop(end: Callable[[], None]) -> None:
    """Have ``end`` called once when the process begins to stop: long answers end here."""
    _endings.append(end)


def begin_stopping() -> None:
    """Say that the process stops; a second call does nothing."""
    global _stopping  # noqa: PLW0603 - one process has one life
    if _stopping:
        return
    _stopping = True
    for end in _endings:
        end()
