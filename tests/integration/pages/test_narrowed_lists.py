"""Lists as tasks lead to them: refusals of a day, batches by receipt, records under a mark."""

from __future__ import annotations

import re

import pytest

from tests.support.databases import value


def panel_line(page):
    """What stands under the heading of the list."""
    part = page.split("<main")[1].split("panel-head")[1]
    return re.sub(r"\s+", " ", re.findall(r'<p class="quiet">(.*?)</p>', part, re.S)[0])


def refused(database, operator):
    """How many batches of an operator were refused; other tests send some too."""
    with database.rolled_back() as conn:
        return value(
            conn, "select count(*) from ledger.refusal where operator_id = %s", (operator.id,)
        )


def test_refusals_of_a_period_are_counted_and_those_of_others_left_out(visitor, scene, database):
    own = visitor("operator", scene.first, "en").get("/ledger/refusals?period=today").text
    count = refused(database, scene.first)
    assert count >= 3
    assert panel_line(own).startswith(f"{count} refused batches in this period")
    assert own.count('class="reason"') == count
    earlier = visitor("operator", scene.first, "en").get("/ledger/refusals?period=yesterday").text
    assert "No refusals" in earlier
    other = visitor("operator", scene.second, "en").get("/ledger/refusals?period=today").text
    assert "No refusals" in other


def test_batches_by_receipt_show_what_came_today_whenever_it_happened(visitor, scene, database):
    client = visitor("operator", scene.first, "en")
    received = client.get("/ledger/batches?time=received&period=today").text
    with database.rolled_back() as conn:
        count = value(
            conn, "select count(*) from ledger.batch where operator_id = %s", (scene.first.id,)
        )
    assert count >= len(scene.receipts)
    assert panel_line(received).startswith(f"{count} batches received")
    late = client.get("/ledger/batches?time=received&late=1&period=today").text
    numbers = re.findall(r"Late: ([\d,]+)", late)
    told = re.search(r"([\d,]+) late rows", panel_line(late))[1]
    assert sum(int(one.replace(",", "")) for one in numbers) == int(told.replace(",", ""))
    assert "No such batch" in client.get("/ledger/batches?time=received&period=last-month").text


def test_records_under_a_mark(visitor, scene):
    client = visitor("operator", scene.first, "en")
    day = scene.days[-1]
    address = f"/ledger/transactions?from={day}T00:00&until={day}T23:00"
    late = client.get(f"{address}&breach=late").text
    rows = late.split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr") == rows.count("Late</span>") > 0
    nothing = client.get(f"{address}&breach=licence&currency=UAH").text
    assert panel_line(nothing).startswith("0 records bear this mark")


@pytest.mark.parametrize(
    "path",
    [
        "/ledger/transactions?breach=all",
        "/ledger/refusals?period=ever",
        "/ledger/refusals?from=x",
        "/ledger/batches?time=received&from=x",
    ],
)
def test_what_makes_no_sense_is_told(visitor, path):
    assert visitor("regulator").get(path).status_code == 422


def test_a_task_page_is_of_its_kind_and_unknown_kinds_are_not_found(visitor, scene, database):
    page = visitor("operator", scene.first, "en").get("/tasks/refusals").text
    assert f"{refused(database, scene.first)} batches were refused today" in page
    assert "body_too_large" in page
    foreign = visitor("operator", scene.second, "en").get("/tasks/refusals").text
    assert "Nothing of this kind waits for you" in foreign
    assert visitor("regulator").get("/tasks/everything").status_code == 404


def test_a_kind_that_never_waits_for_a_role_is_not_found(visitor, scene):
    assert visitor("operator", scene.first).get("/tasks/changes").status_code == 404
    assert visitor("tax_service").get("/tasks/late").status_code == 404
    assert visitor("auditor").get("/tasks/changes").status_code == 200


def test_refusals_of_a_task_stand_beside_what_is_usual(visitor, scene):
    page = visitor("operator", scene.first, "en").get("/tasks/refusals").text
    assert re.search(r"Refused: \d+, usually 0 by this time of day \(accepted: \d+\)", page)


def test_changes_of_the_registry_are_read_to_the_last(visitor, scene, monkeypatch):
    monkeypatch.setattr("portal.reports.views.CHANGES", 3)
    client = visitor("auditor", language="en")
    address, seen, number = f"/tasks/changes?operator={scene.second.id}", [], 0
    while address:
        page = client.get(address).text
        listed = page.split('id="changes"')[1]
        number = int(
            re.search(r"([\d,]+) changes, the last come first", listed)[1].replace(",", "")
        )
        seen += re.findall(r'<th scope="row" class="nowrap"><time', listed)
        older = re.search(r'rel="next" href="([^"]+)"', listed)
        address = older and older[1].replace("&amp;", "&")
    assert len(seen) == number > 3


def test_changes_are_narrowed_by_whose_and_which(visitor, scene):
    client = visitor("auditor", language="en")
    narrowed = client.get(f"/tasks/changes?operator={scene.second.id}&register=licence").text
    assert f"/tasks/changes?operator={scene.second.id}&amp;register=licence#changes" in narrowed
    listed = narrowed.split('id="changes"')[1].split("<tbody>")[1].split("</tbody>")[0]
    assert listed.count("<tr>") == listed.count("<td>licences</td>") > 0
    for wrong in ("operator=999999", "operator=all", "register=secrets"):
        assert client.get(f"/tasks/changes?{wrong}").status_code == 404
