"""Licences along time: their terms and their suspensions, and the period asked for (R04)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal import db
from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import MOST, WIDTH, Picture, link, number, short
from portal.web.formats import KYIV, date_only
from portal.web.i18n import gettext

LEFT, ROW = 180, 26
AROUND = timedelta(days=365)  # shown before and after the period


def read(conn: db.Connection, answer: Answer, up: Sequence[str] = ()) -> Picture | None:
    """The licences with most staked outside of them, then those that end first."""
    if answer.asked.by != ("licence",):
        return None

    def urgent(line: Line) -> tuple[float, float]:
        left = line.figures["days_left"]
        outside = number(line.figures["outside_licence_stake"])
        return -outside, 1e9 if left is None else number(left)

    lines = sorted((one for one in answer.lines if one.keys[0].id), key=urgent)[:MOST]
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
        "  and (s.withdrawn_at is null or s.withdrawn_at > s.suspended_from)",
        (ids,),
    ).fetchall()
    lines = [one for one in lines if one.keys[0].id in terms]
    if not lines:
        return None
    period = answer.asked.period
    since, until = period.start - AROUND, period.end + AROUND
    picture = Picture(
        gettext("Terms of licences"),
        gettext("Each licence from a year before the period to a year after it."),
        len(lines) * ROW + 40,
        [
            ("stake", gettext("valid")),
            ("below", gettext("suspended")),
            ("period", gettext("the period")),
        ],
    )

    def place(moment: datetime | None) -> float:
        moment = until if moment is None else min(max(moment, since), until)
        return LEFT + (WIDTH - LEFT) * ((moment - since) / (until - since))

    floor = len(lines) * ROW + 6
    picture.rect("period", (place(period.start), 0, max(place(period.end) - place(period.start), 3),
                            floor))  # fmt: skip
    for row, one in enumerate(lines):
        y, target = row * ROW + 5, link(answer, one, up)
        first, last = terms[one.keys[0].id]
        picture.text("beside", (0, y + 14), short(one.label))
        told = f"{one.label}: {_day(first)} – {_day(last)}"
        picture.rect("stake", (place(first), y, place(last) - place(first), 16), told, target)
        for stop in stops:
            if stop["licence_id"] == one.keys[0].id:
                start, end = place(stop["suspended_from"]), place(stop["suspended_until"])
                told = f"{_day(stop['suspended_from'])} – {_day(stop['suspended_until'])}"
                picture.rect("below", (start, y + 4, max(end - start, 3), 8), told)
    picture.line("axis", (LEFT, floor, WIDTH, floor))
    for moment, side in ((since, 40), (period.start, 0), (until, -40)):
        picture.text("name", (place(moment) + side, floor + 20), _day(moment))
    return picture


def _day(moment: datetime | None) -> str:
    return "…" if moment is None else date_only(moment.astimezone(KYIV).date())
