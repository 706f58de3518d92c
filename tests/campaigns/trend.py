"""Whether a figure grew during a run, judged against the noise of that very run.

The first third of a run is warm-up: caches fill, chunks are made, the allocator finds its size.
What counts is the last third beside the second: the difference of their medians is the growth. It
is called growth only if it is larger than

* three times the noise, which is how far single samples of the second third lie from the line
  through them (median deviation, scaled to a standard deviation; from the line, because a leak must
  not pass for its own noise): an unsteady figure must move further; and
* an allowance in the figure's own unit: a figure that stands still has no noise at all, and one
  page more would then count. A leak is what goes on, and in a long run it passes any allowance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

NOISES = 3
# Of a normal distribution: the standard deviation in median deviations.
SCALE = 1.4826
FEWEST = 6  # samples; with less there is no trend to see


@dataclass(frozen=True)
class Trend:
    """The medians of the second and the last third, and how much more would still be noise."""

    second: float
    last: float
    allowed: float

    @property
    def grew(self) -> bool:
        return self.last - self.second > self.allowed

    def told(self) -> dict[str, Any]:
        """As the summary says it."""
        return {
            "second_third": round(self.second, 2),
            "last_third": round(self.last, 2),
            "growth_allowed": round(self.allowed, 2),
            "grew": self.grew,
        }


def trend(samples: Sequence[float], *, share: float, least: float) -> Trend:
    """The trend of ``samples``; allowed are ``share`` of the median, and at least ``least``."""
    assert len(samples) >= FEWEST, f"{len(samples)} samples show no trend"
    third = len(samples) // 3
    second, last = samples[third : 2 * third], samples[2 * third :]
    middle = median(second)
    noise = SCALE * median(abs(residual) for residual in _residuals(second))
    return Trend(middle, median(last), max(NOISES * noise, share * middle, least))


def _residuals(samples: Sequence[float]) -> list[float]:
    """Distances from the line through the samples (Theil and Sen's, which no spike bends)."""
    slopes = [
        (samples[later] - samples[place]) / (later - place)
        for place in range(len(samples))
        for later in range(place + 1, len(samples))
    ]
    slope = median(slopes)
    level = [sample - slope * place for place, sample in enumerate(samples)]
    middle = median(level)
    return [one - middle for one in level]
