"""The trend of twelve months and shares by region, in a market small enough to work out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from portal import db
from tests.integration.reports.oracle import Query, months_later
from tests.integration.reports.questions import answer, connected
from tests.support.batches import BET, row, store
from tests.support.databases import Cluster, Database
from tests.support.market import Operator, document, game, licence, register, venue, website

LAST = date(2026, 6, 14)  # of the month that goes on, which the trend leaves out
MONTHS = [months_later(date(2025, 6, 1), number) for number in range(12)]


def days(month: date) -> int:
    return (months_later(month, 1) - month).days


@pytest.fixture(scope="module")
def market(cluster: Cluster) -> Iterator[tuple[Database, list[Operator]]]:
    """GROWS takes 1000 hryvnias a day more each month, online; YOUNG began a month later."""
    with cluster.fresh() as database, database.as_settings():
        made: list[Operator] = []
        with database.connect() as conn:
            for name, region in (("GROWS", "UA-46"), ("YOUNG", "UA-46"), ("THIRD", "UA-30")):
                made.append(
                    register(
                        conn,
                        document(
                            name,
                            licences=[licence(f"{name}-L", "slot_hall")],
                            channels=[website(f"{name}-SITE"), venue(f"{name}-H", region=region)],
                            games=[game("BOOK", "slot_hall")],
                        ),
                    )
                )
        for operator, since in zip(made, (0, 1, 0), strict=True):
            batch: list[Any] = []
            for number, month in enumerate(MONTHS[since:], since):
                moment = datetime(month.year, month.month, 10, 12, tzinfo=UTC)
                hryvnias = (10 + number) * days(month) if operator.code == "GROWS" else 310
                place = operator.channel[f"{operator.code}-SITE"]
                if operator.code != "GROWS":
                    place = operator.channel[f"{operator.code}-H"]
                batch.append(
                    row(operator, moment, type=BET, amount_minor=100 * hryvnias, channel_id=place)
                )
            store(database, operator, batch)
        yield database, made
        db.close()


def test_the_trend_is_the_slope_of_a_straight_line(market: Any) -> None:
    database, (grows, young, third) = market
    with connected(database, "regulator") as conn:
        rows = answer(conn, "R08", Query(date(2026, 5, 1), LAST, ("operator",)))
        # 1 a day more each month, of 15.5 on average: 6.4516 % a month.
        assert rows[(str(grows.id),)]["trend_percent"] == Decimal("6.4516")
        assert rows[(str(young.id),)]["trend_percent"] is None
        flat = rows[(str(third.id),)]["trend_percent"]
        a_day = [Fraction(310, days(month)) for month in MONTHS]
        slope = sum((n - Fraction(11, 2)) * y for n, y in enumerate(a_day)) / 143
        assert abs(flat - Decimal(float(100 * slope * 12 / sum(a_day)))) < Decimal("0.0001")
        # A kind of gambling has them all; a row of time and of a month earlier has none.
        kinds = answer(conn, "R08", Query(LAST, LAST, ("gambling_type",)))
        assert kinds[None]["trend_percent"] > 0
        by_month = answer(conn, "R08", Query(date(2026, 5, 1), LAST, ("month",)))
        assert by_month[("2026-05",)]["trend_percent"] is None
        assert by_month[None]["trend_percent"] == kinds[None]["trend_percent"]
        early = answer(conn, "R08", Query(date(2026, 4, 1), date(2026, 4, 30)))
        assert early[None]["trend_percent"] is None


def test_regions_are_those_of_venues_and_sites_are_online(market: Any) -> None:
    database, (_, young, third) = market
    span = (date(2026, 5, 1), date(2026, 5, 31))
    with connected(database, "regulator") as conn:
        rows = answer(conn, "R08", Query(*span, ("region",)))
        lviv, kyiv = "15", "10"
        assert {key: row["ggr_minor"] for key, row in rows.items()} == {
            ("0",): 100 * 21 * 31, (lviv,): 31_000, (kyiv,): 31_000, None: 100 * 21 * 31 + 62_000,
        }  # fmt: skip
        assert rows[("0",)]["hhi"] == 10_000
        both = answer(conn, "R08", Query(*span, ("operator", "region")))
        assert both[(str(young.id), lviv)]["share_percent"] == 100
        assert both[(str(young.id), lviv)]["previous_ggr_minor"] == 31_000
    with connected(database, "operator", third.id) as conn:
        own = answer(conn, "R08", Query(*span, ("region",)))
        assert set(own) == {(kyiv,), None}


def test_periods_of_regions_are_no_longer_than_those_of_places(market: Any) -> None:
    database, _ = market
    with connected(database, "regulator") as conn:
        with pytest.raises(Exception, match="at most 93 days"):
            answer(conn, "R08", Query(LAST - timedelta(days=93), LAST, ("region",)))
        conn.rollback()
        conn.execute("set role regulator")
        with pytest.raises(Exception, match="regions are counted beside"):
            answer(conn, "R08", Query(LAST, LAST, ("region", "gambling_type", "day")))
