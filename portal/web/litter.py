"""When a worker looks for objects that hold each other and nothing else holds.

A page leaves thousands of them: macros and their context, and with those all that the page was
told. Left to the interpreter they are looked for in the middle of some request, all of the last
requests at once: every twentieth page took 150 ms longer.
"""

from __future__ import annotations

import gc

# Objects made and not yet gone: from this many on it is worth it.
WORTH_LOOKING = 2_000
# How many looks at the younger ones come before one at the older ones.
LOOKS = (30, 30)


def settle() -> None:
    """Once everything is imported: what lives now lives for ever, so never look at it again.

    A batch makes tens of thousands of objects that die together; the default thresholds would
    walk the young ones dozens of times for nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, *LOOKS)


def sweep() -> None:
    """After a page has gone: look for what it left, while nobody waits for it."""
    young, middle, old = gc.get_count()
    if young >= WORTH_LOOKING:
        gc.collect(2 if old >= LOOKS[1] else 1 if middle >= LOOKS[0] else 0)
