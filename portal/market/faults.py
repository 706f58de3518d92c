"""Batches spoiled on purpose: one record is made wrong, and the whole batch must be refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from portal.market.columns import Columns


class Fault(NamedTuple):
    """How a record's text is spoiled, and the code of the problem it must be answered with."""

    code: str
    spoil: Callable[[str], str]


def _replace(pattern: str, by: str | Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, count=1)


def _next_digit(last: re.Match[str]) -> str:
    """Another last digit of a time."""
    return f'{(int(last[0][0]) + 1) % 10}Z"'


FAULTS = (
    Fault("amount_too_precise", _replace(r'"amount":"([0-9.]+)"', r'"amount":"\g<1>5"')),
    Fault("amount_not_positive", _replace(r'"amount":"[0-9.]+"', '"amount":"0.00"')),
    Fault("wrong_type", _replace(r'"amount":"([0-9.]+)"', r'"amount":\g<1>')),
    Fault("missing_field", _replace(r'"currency":"UAH",', "")),
    Fault("unknown_currency", _replace(r'"currency":"UAH"', '"currency":"XTS"')),
    Fault("unknown_field", _replace(r'"currency"', '"remark":"","currency"')),
    Fault("unknown_channel", _replace(r'"channel":"[^"]+"', '"channel":"NOT-REGISTERED"')),
    Fault("unknown_licence", _replace(r'"licence":"[^"]+"', '"licence":"NOT-ISSUED"')),
    Fault("id_time_mismatch", _replace(r"[0-9]Z\"", _next_digit)),
    Fault("invalid_player", _replace(r'"player":"[0-9a-f]{32}"', '"player":"0123"')),
)


def spoil(columns: Columns, draw: int) -> tuple[Columns, str]:
    """The same records but for one, and the code of the refusal; ``draw``: any number."""
    fault = FAULTS[draw % len(FAULTS)]
    place = draw // len(FAULTS) % len(columns)
    texts = list(columns.texts)
    texts[place] = fault.spoil(texts[place])
    return Columns(texts, columns.types, columns.amounts, columns.cancels), fault.code
