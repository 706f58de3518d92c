"""What players paid in to the right, what they took out to the left, the difference on it (R10)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer
from portal.reports.charts.picture import (
    MOST,
    NAMES,
    ROW,
    WIDTH,
    Entry,
    Picture,
    Scale,
    axis,
    link,
    number,
    others,
    owner,
    ranked,
    short,
    summed,
    told,
)
from portal.web import formats
from portal.web.i18n import gettext

CODES = ("deposit", "withdrawal", "net_flow")


def draw(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """The rows by what flowed either way, most first; all others are told in words."""
    every = ranked(answer, CODES[:2])
    if not every:
        return []
    lines, rest = every[:MOST], every[MOST:]
    answer.know(lines)
    measures = [answer.asked.report.measures[code] for code in CODES]
    deposit, withdrawal, net_flow = measures
    floor = len(lines) * ROW + 6
    flows = [
        (number(one.figures["deposit"]), -number(one.figures["withdrawal"]),
         number(one.figures["net_flow"]))
        for one in lines
    ]  # fmt: skip
    # As far to either side, so that lengths compare.
    reach = max(abs(value) for row in flows for value in row)
    scale = Scale((reach, -reach), NAMES + 20, WIDTH)
    picture = Picture(
        gettext("Paid in and taken out"),
        gettext("To the right deposits, to the left withdrawals; the circle is the net flow."),
        floor + 26,
        [("two", withdrawal.name), ("one", deposit.name), ("mark", net_flow.name)],
        head=[one.name for one in measures],
    )
    axis(picture, scale, answer, deposit, floor)
    for place, (one, (paid_in, taken_out, net)) in enumerate(zip(lines, flows, strict=True)):
        y, target = place * ROW + 6, link(answer, one, up)
        figures = [told(answer, measures[at], number(one.figures[code]))
                   for at, code in enumerate(CODES)]  # fmt: skip
        words = [f"{one.label}, {m.name}: {f}" for m, f in zip(measures, figures, strict=True)]
        picture.text("beside", (0, y + 14), short(one.label))
        picture.bar("two", scale, taken_out, (y, ROW - 10), text=words[1], link=target)
        picture.bar("one", scale, paid_in, (y, ROW - 10), text=words[0], link=target)
        picture.circle("mark", (scale.at(net), y + (ROW - 10) / 2), words[2])
        picture.entries.append(Entry(one.label, figures, target, owner(one)))
    if rest:
        sums = [told(answer, m, summed(rest, m.code)) for m in measures]
        picture.entries.append(Entry(others(rest), sums))
        picture.left_out = gettext(
            "%(number)s more are not drawn: their sum stands in the table.",
            number=formats.count(len(rest)),
        )
    return [picture]
