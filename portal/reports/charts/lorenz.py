"""How unevenly GGR is spread over accounts (R07)."""

from __future__ import annotations

from itertools import pairwise

from portal.reports.answering import Answer
from portal.reports.charts.picture import Picture, number
from portal.web import formats
from portal.web.i18n import gettext

LEFT, TOP, SIDE = 70, 16, 220


def draw(answer: Answer) -> Picture | None:
    """Through the two points that are known: the shares of the top tenth and hundredth."""
    tenth, hundredth = (answer.total[f"top{one}_share_percent"] for one in (10, 1))
    if tenth is None or hundredth is None:
        return None
    points = [(0.0, 0.0), (90.0, 100 - number(tenth)), (99.0, 100 - number(hundredth)), (100, 100)]
    picture = Picture(
        gettext("How GGR is spread over accounts"),
        gettext(
            "To the right: accounts, from those with the least to those with the most; upwards: "
            "their share of GGR. Known are two points, the top tenth and the top hundredth: "
            "between them the curve is a straight line."
        ),
        270,
        [("running", gettext("accounts")), ("guide", gettext("all alike"))],
    )

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return LEFT + 4 * SIDE / 2 * point[0] / 100, TOP + SIDE * (1 - max(point[1], 0) / 100)

    picture.line("axis", (*place((0, 0)), *place((100, 0))))
    picture.line("guide", (*place((0, 0)), *place((100, 100))))
    for share in (0, 50, 100):
        x, y = place((0, share))
        picture.text("scale", (x - 8, y + 4), formats.percent(share / 100, 0))
        picture.text(
            "name", (place((share, 0))[0], TOP + SIDE + 18), formats.percent(share / 100, 0)
        )
    for start, end in pairwise(points):
        picture.line("running", (*place(start), *place(end)))
    for point in points[1:3]:
        told = gettext(
            "the top %(accounts)s: %(share)s of GGR",
            accounts=formats.percent((100 - point[0]) / 100, 0),
            share=formats.percent((100 - point[1]) / 100),
        )
        x, y = place(point)
        picture.circle("running", (x, y), told)
        picture.text("scale", (x - 10, y + (4 if point[0] == 90 else -8)), told)
    return picture
