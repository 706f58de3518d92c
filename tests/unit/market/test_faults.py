"""Spoilt batches are refused for what was spoilt."""

from __future__ import annotations

import pytest

from portal.ingest import wire
from portal.ingest.problems import CODES, Refusal
from portal.market.batch import json_body
from portal.market.faults import FAULTS, spoil
from tests.unit.market.support import CURRENCIES, EVERY_KIND, HOUR, NOON, source

OPERATOR = EVERY_KIND[1]


@pytest.mark.parametrize("fault", range(len(FAULTS)), ids=[fault.code for fault in FAULTS])
def test_one_wrong_record_refuses_the_batch(fault: int) -> None:
    columns, _ = source(OPERATOR).window(NOON, NOON + HOUR, 100)
    for place in (0, 17, len(columns) - 1):
        spoilt, code = spoil(columns, place * len(FAULTS) + fault)
        assert sum(a != b for a, b in zip(spoilt.texts, columns.texts, strict=True)) == 1
        assert code in CODES
        with pytest.raises(Refusal) as refused:
            wire.check_references(
                wire.decode(json_body(spoilt), wire.ContentKind.JSON, CURRENCIES),
                licence={one.number for one in OPERATOR.licences},
                channel={one.code for one in OPERATOR.channels},
                equipment={one.code for one in OPERATOR.equipment},
                game={one.code for one in OPERATOR.games},
            )
        assert refused.value.code == code
        assert refused.value.errors[0].index == place
