"""Licences along time: their terms and their suspensions, and the period asked for (R04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal import db
from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import (
    MOST,
    NAMES,
    ROW,
    WIDTH,
    Entry,
    Picture,
    link,
    not_shown,
    number,
    owner,
    short,
)
from portal.web.formats import ABSENT, date_only
from portal.web.i18n import gettext

LEFT = NAMES + 20
AROUND = timedelta(days=365)  # shown before and after the period
DATE = 84  # room for one
NO_LICENCE = "0"  # the key of what stands under none


def read(conn: db.Connection, answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """The licences with most staked outside of them, then those that end first."""
    if answer.asked.by != ("licence",):
        return []

    def urgent(line: Line) -> tuple[float, float]:
        left = line.figures["days_left"]
        outside = number(line.figures["outside_licence_stake"])
        return -outside, 1e9 if left is None else number(left)

    every = sorted((one for one in answer.lines if one.given != [NO_LICENCE]), key=urgent)
    lines, rest = every[:MOST], every[MOST:]
    answer.know(lines)
    ids = [one.keys[0].id for one in lines]
    terms = {
        row["id"]: (row["valid_from"], row["valid_until"])
        for row in conn.execute(
            "select l.id, l.valid_from, nullif(l.valid_until, 'infinity') as valid_until"
            " from api.licence as l where l.id = any (%s)",
            (ids,),
        )
    }
    stops = conn.execute(
        "select s.licence_id, s.suspended_from,"
        "  nullif(least(s.suspended_until, s.withdrawn_at), 'infinity') as suspended_until"
        " from api.licence_suspension as s where s.licence_id = any (%s)"
        "  and (s.withdrawn_at is null or s.withdrawn_at > s.suspended_from)"
        " order by s.suspended_from",
        (ids,),
    ).fetchall()
    lines = [one for one in lines if one.keys[0].id in terms]
    if not lines:
        return []
    period = answer.asked.period
    since, until = period.start - AROUND, period.end + AROUND
    floor = len(lines) * ROW + 6
    picture = Picture(
        gettext("Terms of licences"),
        gettext(
            "From a year before the period to a year after it. First those with stakes outside of "
            "their term, then those that end soonest."
        ),
        floor + 28,
        [
            ("one", gettext("valid")),
            ("below", gettext("suspended")),
            ("period", gettext("the period")),
        ],
        head=[gettext("Valid from"), gettext("Valid until"), gettext("Suspended")],
    )

    def place(moment: datetime | None) -> float:
        moment = until if moment is None else min(max(moment, since), until)
        return LEFT + (WIDTH - LEFT) * ((moment - since) / (until - since))

    wide = max(place(period.end) - place(period.start), 3)
    picture.rect("period", (place(period.start), 0, wide, floor))
    for row, one in enumerate(lines):
        y, target = row * ROW + 6, link(answer, one, up)
        first, last = terms[one.keys[0].id]
        begin, end = place(first), place(last)
        picture.text("beside", (0, y + 13), short(one.label))
        words = f"{one.label}: {_day(first)} – {_day(last)}"
        picture.rect("one", (begin, y, end - begin, 18), words, target)
        own = [stop for stop in stops if stop["licence_id"] == one.keys[0].id]
        spans = [f"{_day(s['suspended_from'])} – {_day(s['suspended_until'])}" for s in own]
        for stop, span in zip(own, spans, strict=True):
            start, stopped = place(stop["suspended_from"]), place(stop["suspended_until"])
            words = f"{one.label}, {gettext('suspended')}: {span}"
            picture.rect("below", (start, y + 5, max(stopped - start, 3), 8), words)
        if last and since < last < until:
            inside = end > WIDTH - DATE
            at = (end - 6 if inside else end + 6, y + 13)
            picture.text("on" if inside else "after", at, _day(last))
        cells = [_day(first), _day(last), ", ".join(spans) or ABSENT]
        picture.entries.append(Entry(one.label, cells, target, owner(one)))
    picture.line("axis", (LEFT, floor, WIDTH, floor))
    for moment, look in ((since, "after"), (period.start, "name"), (until, "scale")):
        picture.text(look, (place(moment), floor + 20), _day(moment))
    if rest:
        picture.left_out = not_shown(rest)
    return [picture]


def _day(moment: datetime | None) -> str:
    return "…" if moment is None else date_only(moment)
