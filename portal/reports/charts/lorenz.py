"""How unevenly losses are spread over accounts (R07)."""

from __future__ import annotations

from itertools import pairwise

from portal.reports.answering import Answer
from portal.reports.charts.picture import Entry, Picture, number
from portal.web import formats
from portal.web.i18n import gettext

LEFT, TOP, WIDE, HIGH = 70, 20, 420, 280
NEAREST = 24  # words under one another need so much room


def draw(answer: Answer) -> list[Picture]:
    """Through the two points that are known: the shares of the top tenth and hundredth."""
    known = [(top, answer.total[f"top{top}_share_percent"]) for top in (10, 1)]
    if any(share is None for _, share in known):
        return []
    shares = [(top, number(share)) for top, share in known]
    points = [(0.0, 0.0), *((100.0 - top, 100.0 - share) for top, share in shares), (100.0, 100.0)]
    picture = Picture(
        gettext("How losses are spread over accounts"),
        gettext(
            "To the right accounts, from those that lost least to those that lost most; upwards "
            "their share of what all that lost have lost, all rows together. What others won is "
            "not taken off, so that this is no share of GGR. Two points are known, and between "
            "them the line is straight: the true curve lies on it or below."
        ),
        TOP + HIGH + 30,
        [("running", gettext("accounts")), ("even", gettext("were all alike"))],
        head=[gettext("Share of losses")],
    )
    lowest = min(0.0, *(point[1] for point in points))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        high = HIGH * (100 - point[1]) / (100 - lowest)
        return LEFT + WIDE * point[0] / 100, TOP + high

    for share in (0, 50, 100):
        x, y = place((0, share))
        words = formats.percent(share / 100, 0)
        picture.line("axis" if share == 0 else "grid", (x, y, x + WIDE, y))
        picture.text("scale", (x - 8, y + 4), words)
        picture.text("name", (place((share, 0))[0], TOP + HIGH + 20), words)
    picture.line("guide", (*place((0, 0)), *place((100, 100))))
    for start, end in pairwise(points):
        picture.line("running", (*place(start), *place(end)))
    beside = 0.0
    for (top, held), point in zip(reversed(shares), reversed(points[1:3]), strict=True):
        part = formats.percent(top / 100, 0)
        accounts = gettext("The top %(accounts)s of accounts", accounts=part)
        words = gettext("%(share)s of losses", share=formats.percent(held / 100, 2))
        x, y = place(point)
        beside = max(y, beside + NEAREST)  # the words of the one must not lie on those of the other
        picture.line("guide", (x, y, LEFT + WIDE + 20, beside))
        picture.circle("running", (x, y), f"{accounts}: {words}")
        picture.text("after", (LEFT + WIDE + 26, beside + 4), f"{accounts}: {words}")
        picture.entries.append(Entry(accounts, [formats.percent(held / 100, 2)]))
    return [picture]
