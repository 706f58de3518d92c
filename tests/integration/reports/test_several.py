"""Several choices of one filter: in the form, as chips, in files, behind figures, in views."""

from __future__ import annotations

import html
import json
import random
import re
from datetime import timedelta

from click.testing import CliRunner

from portal import db
from portal.reports import catalogue
from portal.reports.commands import report as command
from tests.integration.reports.conftest import Pages
from tests.integration.reports.questions import connected
from tests.integration.reports.test_ways_down import walk
from tests.integration.reports.worlds import TODAY

DAYS = f"from={TODAY - timedelta(days=20)}&to={TODAY}"


def ticked(text: str, field: str) -> list[str]:
    boxes = re.findall(rf'<input[^>]*name="{field}" value="([^"]+)"[^>]*>', text)
    found = re.findall(rf'<input[^>]*name="{field}" value="([^"]+)"[^>]* checked>', text)
    assert set(found) <= set(boxes)
    return found


def test_the_form_ticks_what_is_asked_for_and_each_chip_takes_one_away(pages: Pages) -> None:
    client = pages.visit("regulator")
    one, two = pages.operators[:2]
    kinds = ["bookmaker", "online_casino"]
    asked = f"/reports/R03?{DAYS}&by=operator&operator={one.id}&operator={two.id}"
    for kind in kinds:
        asked += f"&type={kind}"
    page = client.get(asked).text
    assert ticked(page, "operator") == [str(one.id), str(two.id)]
    assert sorted(ticked(page, "type")) == kinds
    chips = [html.unescape(link) for link in re.findall(r'class="chip" href="([^"]+)"', page)]
    assert len(chips) == 2 + len(kinds)
    first, second = chips[:2]
    assert f"operator={two.id}" in first
    assert f"operator={one.id}&" not in first
    assert ticked(client.get(second).text, "operator") == [str(one.id)]
    assert sorted(ticked(client.get(second).text, "type")) == kinds


def test_several_are_the_sum_of_each_in_every_form(pages: Pages) -> None:
    client = pages.visit("regulator")
    one, two = pages.operators[:2]

    def stake(query: str) -> int:
        answer = client.get(f"/reports/R03?{DAYS}&by=operator&{query}&format=json")
        rows = json.loads(answer.text)["rows"]
        return sum(int(row["stake"].replace(".", "")) for row in rows)

    each = stake(f"operator={one.id}") + stake(f"operator={two.id}")
    assert each != 0
    assert stake(f"operator={one.id}&operator={two.id}") == each
    assert stake(f"operator={one.id},{two.id}") == each
    db.close()
    told = CliRunner().invoke(
        command,
        f"R03 --as regulator --from {TODAY - timedelta(days=20)} --to {TODAY} --by operator"
        f" --operator {one.code},{two.code} --json".split(),
    )
    total = json.loads(told.output)["totals"]["stake"]
    assert int(total.replace(".", "")) == each


def test_a_kind_of_place_stands_for_all_its_places_in_every_form(pages: Pages) -> None:
    client = pages.visit("regulator")
    first = TODAY - timedelta(days=90)
    asked = f"/reports/R03?from={first}&to={TODAY}&by=operator"

    def stake(query: str) -> int:
        rows = json.loads(client.get(f"{asked}{query}&format=json").text)["rows"]
        return sum(int(row["stake"].replace(".", "")) for row in rows)

    kinds = ("venue", "website", "mobile_application")
    each = {kind: stake(f"&channel_kind={kind}") for kind in kinds}
    assert sum(each.values()) == stake("") > 0
    kind = max(each, key=lambda one: each[one])
    with connected(pages.database, "regulator") as conn:
        found = conn.execute("select c.id from api.channel as c where c.kind = %s", (kind,))
        places = [str(row["id"]) for row in found]
    assert each[kind] == stake(f"&channel={','.join(places[:100])}") or len(places) > 100
    others = [one for one in kinds if one != kind]
    assert stake(f"&channel_kind={others[0]}&channel={places[0]}") == 0
    page = client.get(f"{asked}&channel_kind={kind}").text
    assert ticked(page, "channel_kind") == [kind]
    assert client.get(f"{asked}&channel_kind=kiosk").status_code == 422
    assert 'name="channel_kind"' not in client.get(f"/reports/R08?{DAYS}").text
    document = json.loads(client.get(f"{asked}&channel_kind={kind}&format=json").text)
    assert kind in json.dumps(document["filters"])
    db.close()
    told = CliRunner().invoke(
        command,
        f"R03 --as regulator --from {first} --to {TODAY} --channel-kind {kind} --json".split(),
    )
    document = json.loads(told.output)
    assert document["filters"]["channel_kind"] == [kind]
    assert int(document["totals"]["stake"].replace(".", "")) == each[kind]


def test_places_of_several_operators_are_found_and_what_is_ticked_stays(pages: Pages) -> None:
    client = pages.visit("regulator")
    one, two = pages.operators[:2]
    places = [str(next(iter(each.channel.values()))) for each in (one, two)]
    found = client.get(
        f"/registry/choices/channel?several=1&find_channel=nothing-is-called-so"
        f"&operator={one.id}&operator={two.id}&channel={places[0]}&channel={places[1]}"
    ).text
    assert sorted(ticked(found, "channel")) == sorted(places)
    found = client.get(f"/registry/choices/channel?several=1&operator={one.id},{two.id}").text
    assert set(places) <= set(re.findall(r'value="(\d+)"', found))
    # Without scripts the same is found by the page itself.
    page = client.get(f"/reports/R03?{DAYS}&find_operator={two.code}&operator={one.id}").text
    card = page.split('id="filter-operator-choices"')[1].split("</fieldset>")[0]
    assert re.findall(r'value="(\d+)"', card) == [str(one.id), str(two.id)]
    own = pages.visit("operator", one)
    found = own.get(f"/registry/choices/channel?several=1&channel={places[1]}").text
    assert places[1] not in re.findall(r'value="(\d+)"', found)


def test_the_way_down_keeps_the_others_and_adds_up(pages: Pages) -> None:
    client = pages.visit("regulator")
    ids = ",".join(str(one.id) for one in pages.operators[:3])
    with connected(pages.database, "regulator") as conn:
        found = {one.code: one for one in catalogue.read(conn)}
    deepest = 0
    for code, by in (("R03", "day"), ("R09", "month"), ("R10", "operator"), ("R06", "rule")):
        address = f"/reports/{code}?{DAYS}&by={by}&operator={ids}"
        deepest = max(deepest, walk(client, found[code], address, random.Random(code)))
    assert deepest >= 2


def test_a_saved_view_keeps_them_all(pages: Pages) -> None:
    client = pages.visit("regulator")
    one, two = pages.operators[:2]
    query = f"period=7-days&by=operator&operator={one.id}&operator={two.id}"
    saved = {"target": "reports.report", "path": '{"code": "R03"}', "query": query}
    client.post("/views", data={**saved, "name": "Two of them"})
    link = re.findall(r'href="(/views/\d+)"', client.get("/views").text)[0]
    page = client.get(link, follow_redirects=True).text
    assert ticked(page, "operator") == [str(one.id), str(two.id)]


def test_a_region_leads_to_its_places_and_what_they_took(pages: Pages) -> None:
    client = pages.visit("regulator")
    followed = 0
    for by in ("region", "operator,region", "region,week"):
        page = client.get(f"/reports/R08?{DAYS}&by={by}&column=ggr").text
        body = page.split("<tbody>")[-1].split("</tbody>")[0]
        for link, told in re.findall(r'<td class="num"><a href="([^"]+)"[^>]*>([^<]+)</a>', body):
            assert link.startswith("/reports/R09?")
            answer = client.get(html.unescape(link) + "&format=json")
            assert answer.status_code == 200, link
            rows = json.loads(answer.text)["rows"]
            below = sum(int(row["ggr"].replace(".", "")) for row in rows)
            sign = -1 if told[0] in "-\u2212" else 1
            assert below == sign * int(re.sub(r"\D", "", told)), link
            followed += 1
    assert followed > 5
