"""Records that take others back: each once, only one's own, only with the same facts."""

from __future__ import annotations

from typing import Any

import pytest

from portal.ingest.uuid7 import make_id
from tests.campaigns import http_races
from tests.support.api import DAY, HOUR, Client, now_ms, rfc3339


def test_a_good_one_counts_negative_in_its_own_hour(api: Client) -> None:
    old = now_ms() - 30 * HOUR
    targets = [
        api.record(old, amount="100.00"),
        api.record(old, type="win", amount="40.00"),
        api.record(old, type="deposit", amount="7.77", round_id=None),
    ]
    api.accepted(targets)
    before = api.inspector.sums(api.operator)
    hours = hours_of(api, old)

    answer = api.accepted([api.cancelling(target) for target in targets[:2]])

    after = api.inspector.sums(api.operator)
    assert after["bet"] == (before["bet"][0] - 1, before["bet"][1] - 10_000)
    assert after["win"] == (before["win"][0] - 1, before["win"][1] - 4_000)
    assert after["deposit"] == before["deposit"]
    assert hours_of(api, old) == hours, "a closed hour moved"
    assert answer.document["rows"] == 2
    assert [
        (total["type"], total["count"], total["cancelled_count"], total["cancelled_sum"])
        for total in answer.document["totals"]
    ] == [("bet", 0, 1, "100.00"), ("win", 0, 1, "40.00")]
    assert api.inspector.check_rollups() == []


def hours_of(api: Client, moment: int) -> list[tuple[Any, ...]]:
    hour = moment // HOUR * HOUR
    return api.inspector.rows(
        "select * from rollup.hour where operator_id = %s and hour = to_timestamp(%s)"
        " order by licence_id, channel_id, payment, flags, breach, received_hour",
        api.operator.id,
        hour // 1000,
    )


def test_a_late_cancellation_counts_in_the_hour_it_happened(api: Client) -> None:
    target = api.record(now_ms() - 3 * DAY)
    api.accepted([target])
    moment = now_ms() - DAY
    own = {"id": str(make_id(moment, target["id"])), "occurred_at": rfc3339(moment)}
    api.accepted([api.cancelling(target, **own)])


@pytest.mark.parametrize("before", [0, 20])
class TestRefused:
    """Each alone and after good records."""

    def refused(self, api: Client, before: int, records: Any, status: int, code: str) -> None:
        errors = [(f"/{before + row}/cancels", code) for row in range(len(records))]
        api.refused(status, code, errors, records=[*api.records(before), *records])

    def test_absent(self, api: Client, before: int) -> None:
        wrong = [api.cancelling(api.record()), api.cancelling(api.record(now_ms() - 9 * DAY))]
        self.refused(api, before, wrong, 422, "cancelled_not_found")

    def test_far_in_the_future_or_the_past(self, api: Client, before: int) -> None:
        wrong = [
            api.cancelling(api.record(), cancels={"id": id_, "reason": "other"})
            for id_ in (
                "ffffffff-ffff-7fff-bfff-ffffffffffff",
                "00000000-0000-7000-8000-000000000000",
                "00000000-0001-7000-8000-000000000000",
            )
        ]
        self.refused(api, before, wrong, 422, "cancelled_not_found")

    def test_foreign(self, api: Client, other: Client, before: int) -> None:
        target = other.record()
        other.accepted([target])
        own = api.record()
        cancels = {"id": target["id"], "reason": "operator_error"}
        self.refused(api, before, [own | {"cancels": cancels}], 422, "cancelled_not_found")

    def test_already_cancelled(self, api: Client, before: int) -> None:
        target = api.record()
        api.accepted([target])
        api.accepted([api.cancelling(target)])
        again = [api.cancelling(target, reason="duplicate")]
        self.refused(api, before, again, 409, "already_cancelled")

    def test_a_cancelling_record(self, api: Client, before: int) -> None:
        target = api.record()
        api.accepted([target])
        cancelling = api.cancelling(target)
        api.accepted([cancelling])
        plain = {name: value for name, value in cancelling.items() if name != "cancels"}
        self.refused(api, before, [api.cancelling(plain)], 422, "cancelled_is_cancellation")

    @pytest.mark.parametrize(
        "change",
        [
            {"amount": "12.51"},
            {"currency": "EUR"},
            {"type": "win"},
            {"player": "0123456789abcdef0123456789abcdef"},
            {"payment": "card"},
            {"bonus": True},
            {"round_id": "018f2f9e-7d2c-4e0c-8f46-0123456789ab"},
            {"game": "HOLDEM"},
            {"game": None},
            {"channel": "APP-1"},
            {"licence": "FA-POKER"},
            {"equipment": "SLOT-1"},
        ],
    )
    def test_unequal(self, api: Client, before: int, change: dict[str, Any]) -> None:
        target = api.record()
        api.accepted([target])
        wrong = [api.cancelling(target, **change)]
        self.refused(api, before, wrong, 422, "cancelled_differs")
        api.accepted([api.cancelling(target)])


def test_of_itself(api: Client) -> None:
    for before in (0, 20):
        record = api.record()
        wrong = record | {"cancels": {"id": record["id"], "reason": "other"}}
        errors = [(f"/{before}/cancels/id", "cancels_itself")]
        api.refused(422, "cancels_itself", errors, records=[*api.records(before), wrong])


def test_twice_in_one_batch(api: Client) -> None:
    target = api.record()
    api.accepted([target])
    for before in (0, 20):
        wrong = [*api.records(before), api.cancelling(target), api.cancelling(target)]
        errors = [(f"/{before + 1}/cancels/id", "cancelled_twice_in_batch")]
        api.refused(422, "cancelled_twice_in_batch", errors, records=wrong)


def test_of_a_record_of_the_same_batch(api: Client) -> None:
    """Sent together, a record and what takes it back leave nothing counted."""
    sums = api.inspector.sums(api.operator)
    target = api.record()
    api.accepted([target, api.cancelling(target)])
    assert api.inspector.sums(api.operator) == sums


def test_good_and_bad_together_store_nothing(api: Client) -> None:
    targets = api.records(3)
    api.accepted(targets)
    wrong = [
        api.cancelling(targets[0]),
        api.cancelling(targets[1], amount="0.01"),
        api.cancelling(api.record()),
        api.record(),
    ]
    errors = [("/1/cancels", "cancelled_differs"), ("/2/cancels", "cancelled_not_found")]
    api.refused(422, "invalid_batch", errors, records=wrong)
    api.accepted([api.cancelling(target) for target in targets])


def test_at_once_by_many_clients(api: Client) -> None:
    http_races.same_cancellation(api, seed=4, count=3, clients=5)


def test_ten_thousand_cancellations_of_as_many_days(api: Client) -> None:
    """Each day is looked up by itself: ten thousand of them must not hold a server up."""
    ids = [str(make_id(now_ms() - (day + 1) * DAY, str(day))) for day in range(10_000)]
    wrong = [api.record(cancels={"id": id_, "reason": "other"}) for id_ in ids]
    api.refused(422, "too_many_days", records=wrong)
    # Forty days are looked up, and each record that is not there is named.
    errors = [(f"/{row}/cancels", "cancelled_not_found") for row in range(40)]
    api.refused(422, "cancelled_not_found", errors, records=wrong[:40])
