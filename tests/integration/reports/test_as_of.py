"""Figures that are kept stay as they were shown, without what was in flight then or came later."""

from __future__ import annotations

import html
import random
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from portal.reports import catalogue
from tests.integration.reports import oracle
from tests.integration.reports.conftest import Pages
from tests.integration.reports.oracle import KYIV, Query
from tests.integration.reports.questions import answer, connected
from tests.integration.reports.worlds import NOW
from tests.support.batches import random_rows, store
from tests.support.databases import rows

TODAY = NOW.astimezone(KYIV).date()
LAST_DAY = TODAY - timedelta(days=2)


@dataclass(frozen=True)
class Kept:
    """What was shown of a moment, by report: of a month up to today, and of a closed day."""

    moment: datetime
    shown: dict[str, list[tuple[Query, oracle.Rows]]]
    state: Any
    definitions: dict[str, catalogue.Definition]


def _state(conn: Any, moment: datetime | None) -> Any:
    state = dict(
        conn.execute("select * from api.report_state(%s, null, %s)", (TODAY, moment)).fetchone()
    )
    del state["as_of"]
    return state


@pytest.fixture(scope="module")
def kept(pages: Pages) -> Kept:
    """Shown while a batch is in flight; it and another, of an old day, are stored afterwards."""
    operator = pages.operators[0]
    moments = [NOW, datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 12, tzinfo=KYIV)]
    batch = random_rows(operator, 40, random.Random(4), moments)
    with connected(pages.database, "regulator") as conn:
        definitions = {one.code: one for one in catalogue.read(conn)}
    shown: dict[str, list[tuple[Query, oracle.Rows]]] = {}
    with pages.database.connect("dozir_ingest") as flight:
        flight.execute("select")  # within this transaction, which goes on
        store(flight, operator, batch, stream="late", sequence=5)
        with connected(pages.database, "regulator") as conn:
            moment = conn.execute("select api.report_watermark() as moment").fetchone()["moment"]
            state = _state(conn, None)
            for code, one in definitions.items():
                for days in ((TODAY - timedelta(days=30), TODAY), (LAST_DAY, LAST_DAY)):
                    query = Query(*days, one.default_by)
                    shown.setdefault(code, []).append((query, answer(conn, code, query)))
    later = random_rows(operator, 10, random.Random(5), moments)
    store(pages.database, operator, later, stream="late", sequence=9)
    return Kept(moment, shown, state, definitions)


@pytest.mark.parametrize("code", oracle.REPORTS)
def test_figures_kept_are_those_that_were_shown(pages: Pages, kept: Kept, code: str) -> None:
    measures = kept.definitions[code].measures.values()
    with connected(pages.database, "regulator") as conn:
        for query, shown in kept.shown[code]:
            again = answer(conn, code, replace(query, as_of=kept.moment))
            assert set(again) <= set(shown)
            for key in set(shown) - set(again):  # of what is not told of a moment alone
                arrived = [shown[key][one.column] for one in measures if one.past == "arrived"]
                assert not any(arrived), (query, key)
            for key, row in again.items():
                for one in measures:
                    if one.past in ("arrived", "now") or row[one.column] is not None:
                        assert row[one.column] == shown[key][one.column], (query, key, one.code)
        # And what came is there now, so that there was something to leave out.
        now = answer(conn, code, kept.shown[code][0][0])
        assert now != kept.shown[code][0][1]


def test_completeness_is_that_of_the_moment(pages: Pages, kept: Kept) -> None:
    with connected(pages.database, "regulator") as conn:
        assert _state(conn, kept.moment) == kept.state
        now = _state(conn, None)
    assert (now["expected"], now["received"]) == (
        kept.state["expected"] + 5,
        kept.state["received"] + 2,
    )


def test_accounts_are_left_out_only_of_those_of_whom_something_came(
    pages: Pages, kept: Kept
) -> None:
    """A closed day: the operator that sent late has none, all others have theirs."""
    late = str(pages.operators[0].id)
    told = 0
    with connected(pages.database, "regulator") as conn:
        days = sorted({one.day for one in pages.world.facts if one.day <= LAST_DAY})[-3:]
        for day in {*days, LAST_DAY}:
            query = Query(day, day, ("operator",))
            now = answer(conn, "R07", query)
            then = answer(conn, "R07", replace(query, as_of=kept.moment))
            for key, row in then.items():
                touched = day == LAST_DAY and key in (None, (late,))
                expected = None if touched else now[key]["active_count"]
                assert row["active_count"] == expected, (day, key)
                told += expected is not None
    assert told


def test_taxes_are_of_the_rates_and_payments_that_were_recorded(pages: Pages) -> None:
    """The rate that stood at the moment, and no payment that was recorded later."""
    query = Query(date(2025, 12, 10), TODAY)
    with pages.database.connect() as conn:
        [(recorded,)] = rows(
            conn,
            "select max(recorded_from) from registry.tax_rate where recorded_until = 'infinity'",
        )
    with connected(pages.database, "tax_service") as conn:
        live = answer(conn, "R11", query)[None]
        then = answer(conn, "R11", replace(query, as_of=recorded - timedelta(seconds=1)))[None]
        unknown = replace(query, as_of=datetime(2019, 1, 1, tzinfo=KYIV))
        before = answer(conn, "R11", unknown)[None]
    past = replace(query, as_of=recorded - timedelta(seconds=1))
    paid = [oracle.REPORTS["R11"](pages.world, one)[None]["paid_minor"] for one in (query, past)]
    assert [live["paid_minor"], then["paid_minor"]] == paid
    assert paid[0] != paid[1] > 0
    assert then["estimated_of_win_minor"] not in (0, None, live["estimated_of_win_minor"])
    assert before["estimated_of_win_minor"] is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "R01",
            "Told of a period that had ended by this moment, and left out of any other: Requests",
        ),
        ("R07", "Told of days that had closed by this moment"),
        ("R04", "As registered now, not at this moment:"),
    ],
)
def test_a_page_of_a_moment_says_what_is_not_of_it(pages: Pages, code: str, told: str) -> None:
    client = pages.visit("regulator")
    address = f"/reports/{code}?from={TODAY - timedelta(days=6)}&to={TODAY}"
    live = html.unescape(client.get(address).text)
    assert told not in live
    [link] = re.findall(r'href="([^"]*as_of=[^"]*)">Keep these figures', live)
    assert told in html.unescape(client.get(link).text)
