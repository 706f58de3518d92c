"""What R05 makes of paid rounds: the band, z, evidence, and the verdict among all rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.web.formats import KYIV
from tests.support.batches import BET, row, store
from tests.support.databases import Database, become, rows
from tests.support.market import register_market

DAY = datetime.now(KYIV).date() - timedelta(days=3)
ROUNDS = 1_000_000
# What is missing of a million rounds, in stakes -> what is made of it beside the others.
MISSING = {
    "G-01": (30_000, "below"),
    "G-02": (-40_000, "above"),
    "G-03": (22_000, "watch"),
    # The fourth would not pass; with the fifth, which is no weaker, both do.
    "G-04": (20_000, "watch"),
    "G-05": (20_000, "watch"),
    "G-06": (15_000, "fair"),
    "G-07": (9_000, "fair"),
    "G-08": (3_000, "fair"),
    "G-09": (0, "fair"),
    "G-10": (-3_000, "fair"),
    # Of this one no spread is declared: it is no row among which anything is proven.
    "G-11": (100_000, None),
}


@pytest.fixture
def told(fresh_database: Database) -> Any:
    """Asks for R05 by game, as the analyst of fairness."""
    alpha = register_market(fresh_database).alpha
    with fresh_database.connect() as conn:
        games = {
            code: rows(
                conn,
                "insert into registry.game (operator_id, code, title, provider, gambling_type_id,"
                " declared_rtp_ppm, declared_sigma_ppm, active_from) select %s, %s, 'T', 'P',"
                " t.id, 960000, %s, '2020-01-01' from registry.gambling_type as t"
                " where t.code = 'online_casino' returning id",
                (alpha.id, code, None if verdict is None else 6_000_000),
            )[0][0]
            for code, (_, verdict) in MISSING.items()
        }
    noon = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=KYIV)
    store(
        fresh_database,
        alpha,
        [row(alpha, noon, type=BET, amount_minor=100, game_id=one) for one in games.values()],
    )
    with fresh_database.connect() as conn:
        for code, (missing, _) in MISSING.items():
            won = 960_000 * ROUNDS - missing * 1_000_000
            conn.execute(
                "insert into rollup.return_day values (%s, 1, %s, %s, 980, %s, %s, %s, %s)",
                (alpha.id, DAY, games[code], ROUNDS, ROUNDS // 3, won,
                 36 * 10**12 * ROUNDS + won * won // ROUNDS),
            )  # fmt: skip
        conn.execute(
            "insert into rollup.return_month select * from rollup.return_months(%s, %s)",
            (DAY.replace(day=1), [alpha.id]),
        )
    columns = (
        "round_count, unit_rtp_percent, hit_percent, declared_sigma, observed_sigma, band_points,"
        " z_score, return_verdict"
    )

    def ask(*codes: str, **given: Any) -> dict[str | None, Any]:
        named = {str(one): code for code, one in games.items()}
        wanted = [games[code] for code in codes] or None
        with fresh_database.rolled_back() as conn:
            become(conn, "fairness")
            found = rows(
                conn,
                f"select keys[1], {columns} from api.report_r05(%s, %s, array['game'],"
                " p_games => %s, p_as_of => %s)",
                (DAY, DAY, wanted, given.get("as_of")),
            )
        return {named.get(key): tuple(figures) for key, *figures in found}

    return ask


def test_the_verdict_is_of_all_rows_together(told: Any) -> None:
    found = told()
    assert {code: found[code][-1] for code in MISSING} == {
        code: verdict for code, (_, verdict) in MISSING.items()
    }
    assert found["G-01"] == (
        ROUNDS, Decimal("93.0000"), Decimal("33.3333"), Decimal("6.0000"), Decimal("6.0000"),
        Decimal("1.5456"), Decimal("-5.0000"), "below",
    )  # fmt: skip
    assert found["G-11"] == (
        ROUNDS, Decimal("86.0000"), Decimal("33.3333"), None, Decimal("6.0000"), None, None, None,
    )  # fmt: skip
    # Ten games that declare alike are one series of rounds to the total.
    assert found[None][0] == 11 * ROUNDS
    assert found[None][-2:] == (Decimal("-4.0056"), "below")


def test_alone_a_row_has_less_to_prove(told: Any) -> None:
    assert told("G-03")["G-03"][-1] == "watch"
    assert told("G-03", "G-10")["G-10"][-1] == "fair"


def test_past_moments_have_no_verdict(told: Any) -> None:
    """Rounds are known as they are now."""
    found = told(as_of=datetime.now(KYIV))
    assert set(found["G-01"]) == {None}
