"""How requests of the operators' API were answered: counted in memory, summed up in the database.

One sum for each hour, operator, key, operation and outcome goes to the database every few seconds
and when the worker ends. What a killed worker had not handed over yet is lost; while the database
is away sums wait, so that its absence is told, too.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

import psycopg
import structlog

from portal import db
from portal.errors import DatabaseUnavailable
from portal.ingest.problems import CODES

EVERY_S = 5
# While the database is away, no more sums than these are kept: those beyond are told of nobody.
MOST_SUMS = 20_000
OF_NOBODY = 0
# Endpoint of the portal -> operation of openapi.yaml.
OPERATIONS: Mapping[str, str] = {
    "ingest.post_batch": "postBatch",
    "ingest.list_batches": "listBatches",
    "ingest.validate_batch": "validateBatch",
    "ingest.get_batch": "getBatch",
    "ingest.get_row_proof": "getRowProof",
    "ingest.post_check": "check",
    "ingest.get_consistency": "getConsistency",
    "ingest.get_registry": "getRegistry",
    "ingest.get_specification": "getSpecification",
    "registering.post_records": "postRecords",
    "registering.get_change": "getChange",
    "declarations_api.post_days": "declareDays",
    "declarations_api.list_days": "listDeclaredDays",
    "declarations_api.post_months": "declareMonths",
    "declarations_api.list_months": "listDeclaredMonths",
    "reports_api.list_reports": "listReports",
    "reports_api.get_report": "getReport",
}
ACCEPTED, REPLAYED, OK = "accepted", "replayed", "ok"
OUTCOMES = frozenset({ACCEPTED, REPLAYED, OK, *CODES})

# Hour since 1970, operator, key, operation, outcome, whether for a fault of ours.
_Sum = tuple[int, int, int, str, str, bool]
_counted: Counter[_Sum] = Counter()
log = structlog.get_logger(__name__)


def count(
    endpoint: str, status: int, outcome: str, operator_id: int | None, key_id: int | None
) -> None:
    """Count a request that was answered; requests to anything but an operation are not."""
    operation = OPERATIONS.get(endpoint)
    if operation is None:
        return
    if outcome not in OUTCOMES:
        outcome = _by_status(status)
    own = (
        int(time.time()) // 3600, operator_id or OF_NOBODY, key_id or OF_NOBODY, operation, outcome,
        status >= 500,
    )  # fmt: skip
    if len(_counted) >= MOST_SUMS and own not in _counted:
        own = (own[0], OF_NOBODY, OF_NOBODY, *own[3:])
    _counted[own] += 1


def _by_status(status: int) -> str:
    if status >= 500:
        return "internal_error"
    if status >= 400:
        return "invalid_parameter"
    return ACCEPTED if status == 201 else OK


def flush() -> None:
    """Hand over what was counted; what cannot be handed over now waits for the next time."""
    if not _counted:
        return
    own = dict(_counted)
    _counted.clear()
    try:
        with db.portal() as conn:
            db.call(
                conn,
                "api.count_requests",
                [datetime.fromtimestamp(3600 * one[0], UTC) for one in own],
                [one[1] for one in own],
                [one[2] for one in own],
                [one[3] for one in own],
                [one[4] for one in own],
                list(own.values()),
                [number if one[5] else 0 for one, number in own.items()],
            )
    except (DatabaseUnavailable, psycopg.Error) as problem:
        _counted.update(own)
        log.warning("requests not counted yet", sqlstate=getattr(problem, "sqlstate", None))
