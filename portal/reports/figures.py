"""The figures of *Stakes and winnings*: six exact sums, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from portal import db
from portal.web import formats
from portal.web.i18n import LazyString, lazy_gettext

RATIO_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Figures:
    """Counts, and amounts in minor units of one currency.

    The derived figures repeat the definitions of ``api.stakes_and_winnings``, so that a total is
    computed from sums and never from rows of ratios; a test holds the two together.
    """

    bet_count: int = 0
    stake: int = 0
    win_count: int = 0
    win: int = 0
    refund_count: int = 0
    refund: int = 0

    @classmethod
    def of(cls, row: db.Row) -> Figures:
        """The sums in a row of ``api.stakes_and_winnings``."""
        return cls(
            row["bet_count"],
            row["stake_minor"],
            row["win_count"],
            row["win_minor"],
            row["refund_count"],
            row["refund_minor"],
        )

    @property
    def net_stake(self) -> int:
        return self.stake - self.refund

    @property
    def ggr(self) -> int:
        return self.net_stake - self.win

    @property
    def rtp_percent(self) -> Decimal | None:
        """Winnings per hundred of net stake, four decimals; None without net stake."""
        if self.net_stake <= 0:
            return None
        ratio = Decimal(100 * self.win) / Decimal(self.net_stake)
        return ratio.quantize(RATIO_STEP, ROUND_HALF_UP)

    @property
    def hold_percent(self) -> Decimal | None:
        """100 less the return to players."""
        if self.net_stake <= 0:
            return None
        ratio = 100 - Decimal(100 * self.win) / Decimal(self.net_stake)
        return ratio.quantize(RATIO_STEP, ROUND_HALF_UP)

    @property
    def average_stake(self) -> int | None:
        """Net stake per bet that was not refunded, to the minor unit; None without any."""
        bets = self.bet_count - self.refund_count
        if bets <= 0:
            return None
        return int((Decimal(self.net_stake) / bets).quantize(Decimal(1), ROUND_HALF_UP))


def total(parts: Iterable[Figures]) -> Figures:
    """The sum of all parts."""
    sums = [0] * 6
    for part in parts:
        own = (
            part.bet_count,
            part.stake,
            part.win_count,
            part.win,
            part.refund_count,
            part.refund,
        )
        sums = [whole + one for whole, one in zip(sums, own, strict=True)]
    return Figures(*sums)


@dataclass(frozen=True)
class Measure:
    """A column: its ``name`` among :class:`Figures`, its words, its formula in words.

    ``label`` heads a column, ``title`` stands alone; ``records`` are the transaction types behind
    the figure, none for ratios.
    """

    name: str
    label: LazyString
    title: LazyString
    hint: LazyString
    unit: Literal["count", "money", "percent"]
    records: tuple[str, ...] = ()

    def value(self, figures: Figures) -> int | Decimal | None:
        """This measure of some figures."""
        found: int | Decimal | None = getattr(figures, self.name)
        return found

    def widest(self, all_figures: Iterable[Figures], digits: int) -> str:
        """The longest text of this column; ``digits`` are those of the currency's minor units."""
        values = (self.value(one) for one in all_figures)
        longest = -max((abs(Decimal(value)) for value in values if value is not None), default=0)
        if self.unit == "count":
            return formats.count(int(longest))
        if self.unit == "money":
            return formats.amount(int(longest), digits)
        return formats.percent(Decimal(longest) / 100, 2)


_COLUMNS = (
    Measure(
        "bet_count",
        lazy_gettext("Bets"),
        lazy_gettext("Bets"),
        lazy_gettext("how many, less those taken back"),
        "count",
        ("bet",),
    ),
    Measure(
        "stake",
        lazy_gettext("Stakes"),
        lazy_gettext("Stakes"),
        lazy_gettext("sum of all bets"),
        "money",
        ("bet",),
    ),
    Measure(
        "refund",
        lazy_gettext("Refunds"),
        lazy_gettext("Refunds"),
        lazy_gettext("stakes given back"),
        "money",
        ("refund",),
    ),
    Measure(
        "net_stake",
        lazy_gettext("Net stakes"),
        lazy_gettext("Net stakes"),
        lazy_gettext("stakes − refunds"),
        "money",
        ("bet", "refund"),
    ),
    Measure(
        "win",
        lazy_gettext("Winnings"),
        lazy_gettext("Winnings"),
        lazy_gettext("sum of all wins"),
        "money",
        ("win",),
    ),
    Measure(
        "ggr",
        lazy_gettext("GGR"),
        lazy_gettext("Gross gaming revenue (GGR)"),
        lazy_gettext("stakes − refunds − winnings"),
        "money",
        ("bet", "refund", "win"),
    ),
    Measure(
        "rtp_percent",
        lazy_gettext("RTP"),
        lazy_gettext("Return to players (RTP)"),
        lazy_gettext("winnings ÷ net stakes"),
        "percent",
    ),
    Measure(
        "hold_percent",
        lazy_gettext("Hold"),
        lazy_gettext("Hold"),
        lazy_gettext("1 − RTP"),
        "percent",
    ),
    Measure(
        "average_stake",
        lazy_gettext("Average stake"),
        lazy_gettext("Average stake"),
        lazy_gettext("net stakes ÷ bets not refunded"),
        "money",
    ),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _COLUMNS}
